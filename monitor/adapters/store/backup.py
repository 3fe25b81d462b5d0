"""A copy of the database beside its writer: whole, checked, and there only when it is both."""

from __future__ import annotations

import fcntl
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from monitor.adapters.store.connection import told
from monitor.adapters.store.existing import existing
from monitor.adapters.store.soundness import integrity
from monitor.errors import StoreError, UsageError

_PARTIAL = ".partial"
_MOMENT = r"\d{8}T\d{6}Z"


class Backup(NamedTuple):
    """One backup that was written, and the older ones that had to go for it."""

    path: Path
    size: int
    removed: tuple[Path, ...]
    kept: int
    """How many there are now, this one among them."""


def back_up(database: Path, folder: Path, *, at: datetime, keep: int) -> Backup:
    """Copy the database into the folder, named by the moment; keep the newest `keep` of its own.

    Other files stay untouched; whatever fails leaves the folder as it was. Raises StoreError and
    UsageError.
    """
    try:
        with _prepared(folder, database), existing(database, read_only=True) as db:
            series = _series(db, database)
            copy = folder / f"{series}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.db"
            _sweep(folder, series)
            with _partial(copy) as partial:
                _copy(db, partial)
                _check(partial)
                _flush(partial)
                partial.replace(copy)
        _flush(folder)
        others = _of_series(folder, series, besides=copy)
        removed = others[: max(0, len(others) - (keep - 1))]
        for old in removed:
            old.unlink(missing_ok=True)
        return Backup(copy, copy.stat().st_size, removed, len(others) - len(removed) + 1)
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be written ({error.strerror}): no backup was made, "
            "check the folder, its permissions and the free space"
        ) from error


@contextmanager
def _prepared(folder: Path, database: Path) -> Iterator[None]:
    """The folder is there; one that was made for nothing goes again."""
    is_new = not folder.exists()
    _prepare(folder, database)
    try:
        yield
    except BaseException:
        if is_new:
            with suppress(OSError):
                folder.rmdir()
        raise


def _prepare(folder: Path, database: Path) -> None:
    if folder.exists() and not folder.is_dir():
        what = "the database itself" if folder.samefile(database) else "a file"
        raise UsageError(f"{folder} is {what}: name a folder for the backups")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be made ({error.strerror}): make it, or name another folder"
        ) from error


def _series(db: sqlite3.Connection, database: Path) -> str:
    """How all backups of this database begin: its own name, and the account once it is known, as
    several instances may share a folder.
    """
    row = db.execute(
        "select json_extract(body, '$.netsuite.account') from settings order by rowid desc limit 1"
    ).fetchone()
    account = str(row[0] or "") if row else ""
    return "-".join(filter(None, (database.stem, re.sub(r"[^A-Za-z0-9_]+", "_", account))))


def _of_series(folder: Path, series: str, *, besides: Path) -> tuple[Path, ...]:
    """The other backups of the series, oldest first."""
    ours = re.compile(rf"{re.escape(series)}-{_MOMENT}\.db")
    return tuple(
        sorted(
            one
            for one in folder.iterdir()
            if ours.fullmatch(one.name) and one != besides and _is_plain_file(one)
        )
    )


def _is_plain_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


@contextmanager
def _partial(copy: Path) -> Iterator[Path]:
    """The copy while it is unfinished: locked as long as somebody works on it, gone at the end."""
    path = copy.with_name(f".{copy.name}.{os.getpid()}{_PARTIAL}")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield path
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _sweep(folder: Path, series: str) -> None:
    """Remove what a backup left that was killed: nobody holds its lock any more."""
    left = re.compile(rf"\.{re.escape(series)}-{_MOMENT}\.db\.\d+{re.escape(_PARTIAL)}")
    for path in folder.iterdir():
        if left.fullmatch(path.name) and _is_plain_file(path):
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            try:
                with suppress(BlockingIOError):
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink(missing_ok=True)
            finally:
                os.close(descriptor)


def _copy(db: sqlite3.Connection, partial: Path) -> None:
    """All pages in one step under one read lock: a writer waits, and cannot make it begin anew."""
    db.execute("begin")
    db.execute("select count(*) from sqlite_schema").fetchone()
    with told(partial.parent):
        copy = sqlite3.connect(partial, isolation_level=None)
        try:
            # Nobody sees the copy before it was flushed: a journal of its own protects nothing.
            copy.execute("pragma journal_mode = off")
            copy.execute("pragma synchronous = off")
            db.backup(copy)
        finally:
            copy.close()
    db.execute("rollback")


def _check(partial: Path) -> None:
    with existing(partial, read_only=True) as copy:
        if broken := integrity(copy):
            raise StoreError(
                f"the copy is damaged, and so is the database ({broken[0]}): no backup was "
                "made, the older ones stand; restore one of them"
            )


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
