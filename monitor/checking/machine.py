"""This machine: its SQLite, and the folder and the file of the database."""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from monitor.adapters.store.connection import OLDEST_SQLITE
from monitor.checking.findings import Finding, bad, fine, note

_MB = 1_000_000
_ENOUGH = 200 * _MB
"""Free bytes for a year and more of a middling account."""
_LEAST = 20 * _MB
"""Less does not hold a cycle of a large one."""
_TIMES_ITSELF = 2
"""A copy of the database, and the journal of a commit, which may be as large."""
_OTHERS_READ, _OTHERS_WRITE = 0o077, 0o022
_WAL = b"\x02\x02"
"""Bytes 18 and 19 of a database in WAL mode (sqlite.org/fileformat.html)."""
_WAL_IS_SAFE_SINCE, _WAL_IS_SAFE_IN = (3, 51, 3), ((3, 50, 7), (3, 44, 6))


def machine(database: Path) -> Iterator[Finding]:
    """Whether this user, on this machine, can keep the database there."""
    yield library(sqlite3.sqlite_version)
    folder = database.absolute().parent
    yield from _folder(folder)
    if folder.is_dir():
        size = database.stat().st_size if database.is_file() else 0
        yield space(folder, shutil.disk_usage(folder).free, size)
        yield from _file(database)


def library(version: str) -> Finding:
    """Whether this SQLite understands our tables."""
    if _numbers(version) >= OLDEST_SQLITE:
        return fine("SQLite", version)
    oldest = ".".join(map(str, OLDEST_SQLITE[:2]))
    return bad(
        "SQLite",
        f"{version} is too old: the monitor needs {oldest}",
        "use a Python with a newer SQLite (Debian 12's python3 has one)",
    )


def space(folder: Path, free: int, size: int) -> Finding:
    """Whether a database of this size has room to grow, and to be copied."""
    found = f"{_in_words(free)} free in {folder}"
    wanted = max(_ENOUGH, _TIMES_ITSELF * size)
    if free >= wanted:
        return fine("disk", found)
    freed = f"free at least {_in_words(wanted - free)} there, or thin it: `monitor db prune`"
    if free < _LEAST:
        return bad("disk", f"only {found}: a cycle may not find room", freed)
    return note("disk", f"only {found}, beside a database of {_in_words(size)}", freed)


def is_at_risk(version: str) -> bool:
    """Whether this SQLite can corrupt a database in WAL mode (sqlite.org/wal.html#walresetbug)."""
    numbers = _numbers(version)
    is_mended = any(numbers[:2] == one[:2] and numbers >= one for one in _WAL_IS_SAFE_IN)
    return numbers < _WAL_IS_SAFE_SINCE and not is_mended


def kept_by_others(subject: str, paths: Iterable[Path]) -> Iterator[Finding]:
    """The files and folders that other users may change."""
    for path in dict.fromkeys(map(Path.absolute, paths)):
        mode = path.stat().st_mode
        # In a sticky folder (/tmp) nobody touches another's files.
        if mode & _OTHERS_WRITE and not mode & stat.S_ISVTX:
            yield note(
                subject,
                f"others can change {path} ({_octal(mode)}), and with it whom the monitor asks "
                "and tells",
                f"run chmod go-w {_typed(path)}",
            )


def _folder(folder: Path) -> Iterator[Finding]:
    if not folder.is_dir():
        make = f"run install -d -m 700 {_typed(folder)}"
        yield bad("database", f"the folder {folder} is not there", make)
    elif not os.access(folder, os.W_OK | os.X_OK, effective_ids=True):
        yield bad("database", f"this user may not write to {folder}", _as_user(folder))
    else:
        yield from kept_by_others("database", [folder])


def _file(database: Path) -> Iterator[Finding]:
    if not database.exists():
        yield fine("database", f"{database} will be made by the first cycle")
        return
    if not database.is_file():
        yield bad("database", f"{database} is no file", "name another in [store] path")
        return
    if not os.access(database, os.R_OK | os.W_OK, effective_ids=True):
        yield bad("database", f"this user may not read and write {database}", _as_user(database))
        return
    mode = database.stat().st_mode
    if mode & _OTHERS_READ:
        yield note(
            "database",
            f"others can read {database} ({_octal(mode)}), with names and amounts",
            f"run chmod 600 {_typed(database)}",
        )
    else:
        size = _in_words(database.stat().st_size)
        yield fine("database", f"{database}, {size}, mode {_octal(mode)}")
    if _is_in_wal_mode(database) and is_at_risk(sqlite3.sqlite_version):
        yield note(
            "database",
            f"it is in WAL mode, in which SQLite {sqlite3.sqlite_version} can damage it",
            "let no other program write to it: the next cycle switches it back",
        )


def _is_in_wal_mode(database: Path) -> bool:
    try:
        with database.open("rb") as file:
            return file.read(20)[18:] == _WAL
    except OSError:
        return False  # opening it says why


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _as_user(path: Path) -> str:
    return f"run `monitor check` as the user of the service, or give that user {path}"


def _typed(path: Path) -> str:
    return shlex.quote(str(path))


def _octal(mode: int) -> str:
    return f"{stat.S_IMODE(mode):04o}"


def _in_words(count: int) -> str:
    return f"{count / _MB:,.1f} MB" if count < 1000 * _MB else f"{count / (1000 * _MB):,.1f} GB"
