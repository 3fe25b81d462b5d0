"""A disk under SQLite that fails at its n-th use: a layer of its own between it and the system.

SQLite asks for all that it does with files through a table of functions, its VFS. This one hands
everything on to the usual one, counts, and answers one call with an error in the system's place.
"""

from __future__ import annotations

import _sqlite3
import ctypes
from collections.abc import Callable
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass
from typing import Any

FULL, BUSY, CANNOT_OPEN = "SQLITE_FULL", "SQLITE_BUSY", "SQLITE_CANTOPEN"
READ, WRITE, SYNC, TRUNCATE, LOCK, UNLOCK, SIZE = (
    f"SQLITE_IOERR_{name}"
    for name in ("READ", "WRITE", "FSYNC", "TRUNCATE", "LOCK", "UNLOCK", "FSTAT")
)
_CODES = {FULL: 13, BUSY: 5, CANNOT_OPEN: 14} | {
    READ: 266, WRITE: 778, SYNC: 1034, TRUNCATE: 1546, LOCK: 3850, UNLOCK: 2058, SIZE: 1802
}  # fmt: skip
ERRORS = {
    "open": (CANNOT_OPEN,),
    "read": (READ,),
    "write": (WRITE, FULL),
    "truncate": (TRUNCATE,),
    "sync": (SYNC,),
    "size": (SIZE,),
    "lock": (BUSY, LOCK),
    "unlock": (UNLOCK,),
}
"""What each use of the disk can end with."""
_PATIENCE_MICROSECONDS = 30_000_000
"""How long the program waits for a lock, which nobody gives back before."""


@dataclass(frozen=True, slots=True)
class Defect:
    """At which use of the disk, counted from 1, it fails, and with what."""

    at: int
    error: str
    lasts: bool = False
    """From then on every use fails that can end so."""


class Disk:
    """Counts its uses by their names, and fails as told."""

    def __init__(self, defect: Defect | None, passes: Callable[[float], None]) -> None:
        self.uses: list[str] = []
        self._defect = defect
        self._passes = passes
        self._is_struck = False
        self._waited = 0

    def mend(self) -> None:
        """It works again."""
        self._defect = None

    def use(self, name: str) -> int:
        """The error's number, or 0."""
        self.uses.append(name)
        defect = self._defect
        if defect is None or defect.error not in ERRORS[name]:
            return 0
        if len(self.uses) == defect.at:
            self._is_struck = True
        if not self._is_struck:
            return 0
        self._is_struck = defect.lasts or self._is_locked(defect)
        return _CODES[defect.error]

    def wait(self, microseconds: int) -> int:
        """A lock is waited for: that takes the story's time only."""
        self._waited += microseconds
        self._passes(microseconds / 1_000_000)
        return microseconds

    def _is_locked(self, defect: Defect) -> bool:
        return defect.error == BUSY and self._waited < _PATIENCE_MICROSECONDS


_Read = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_Sized = CFUNCTYPE(c_int, c_void_p, c_int64)
_Flagged = CFUNCTYPE(c_int, c_void_p, c_int)
_Pointed = CFUNCTYPE(c_int, c_void_p, c_void_p)
_Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_OF_A_FILE: tuple[tuple[str, str, Any], ...] = (
    ("xRead", "read", _Read),
    ("xWrite", "write", _Read),
    ("xTruncate", "truncate", _Sized),
    ("xSync", "sync", _Flagged),
    ("xFileSize", "size", _Pointed),
    ("xLock", "lock", _Flagged),
    ("xUnlock", "unlock", _Flagged),
)


class _Methods(Structure):
    """sqlite3_io_methods: what SQLite does with an open file."""

    _fields_ = [
        ("iVersion", c_int),
        ("xClose", c_void_p),
        *((name, kind) for name, _, kind in _OF_A_FILE),
        ("others", c_void_p * 10),
    ]


class _File(Structure):
    """The beginning of every sqlite3_file."""

    _fields_ = [("methods", POINTER(_Methods))]


class _Vfs(Structure):
    """sqlite3_vfs: how SQLite opens files, and waits."""

    _fields_ = [
        ("iVersion", c_int),
        ("szOsFile", c_int),
        ("mxPathname", c_int),
        ("pNext", c_void_p),
        ("zName", c_char_p),
        ("pAppData", c_void_p),
        ("xOpen", _Open),
        ("others", c_void_p * 8),
        ("xSleep", _Flagged),
        ("more", c_void_p * 6),
    ]


def mount(disk: Disk) -> None:
    """From now on this process's SQLite keeps its files there; it stays so."""
    sqlite = ctypes.CDLL(_sqlite3.__file__)
    sqlite.sqlite3_vfs_find.restype = POINTER(_Vfs)
    usual = sqlite.sqlite3_vfs_find(None)
    layer = _Vfs.from_buffer_copy(usual.contents)
    layer.zName = b"failing"
    layer.xOpen = _Open(_opening(disk, usual))
    layer.xSleep = _Flagged(lambda _vfs, microseconds: disk.wait(microseconds))
    _kept.append(layer)
    sqlite.sqlite3_vfs_register(ctypes.byref(layer), 1)


_kept: list[object] = []
"""What SQLite points to lives as long as the process."""


def _opening(disk: Disk, usual: Any) -> Callable[..., int]:
    layers: dict[int, _Methods] = {}

    def opened(_vfs: int, name: int, file: int, flags: int, told: int) -> int:
        beginning = ctypes.cast(file, POINTER(_File)).contents
        if error := disk.use("open"):
            beginning.methods = POINTER(_Methods)()
            return error
        code: int = usual.contents.xOpen(ctypes.cast(usual, c_void_p), name, file, flags, told)
        if code == 0:
            at = ctypes.addressof(beginning.methods.contents)
            if at not in layers:
                layers[at] = _layered(disk, beginning.methods.contents)
                _kept.append(layers[at])
            beginning.methods = ctypes.pointer(layers[at])
        return code

    return opened


def _layered(disk: Disk, usual: _Methods) -> _Methods:
    """The file's own functions, each behind one that counts."""
    layer = _Methods.from_buffer_copy(usual)
    for name, use, kind in _OF_A_FILE:
        setattr(layer, name, kind(_counted(disk, use, getattr(usual, name))))
    return layer


def _counted(disk: Disk, use: str, usual: Callable[..., int]) -> Callable[..., int]:
    return lambda *arguments: disk.use(use) or usual(*arguments)
