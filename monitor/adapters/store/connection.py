"""Opens the database file, or says in one sentence why it cannot; and one kind of transaction."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from monitor.adapters.private_file import open_private
from monitor.errors import StoreError

OLDEST_SQLITE = (3, 37, 0)
"""STRICT tables."""


NAMED_BY = "name it by --db, [store] path or $STATE_DIRECTORY"

PATIENCE = timedelta(seconds=30)
"""How long a statement waits for another process's lock."""


def connect(path: Path, *, read_only: bool, patience: timedelta = PATIENCE) -> sqlite3.Connection:
    """Open the file; a reader never creates it, a writer makes it for its owner only (0600).

    The rollback journal is on purpose: WAL can corrupt a database under SQLite before 3.51.3 when
    one connection checkpoints while another commits. Raises StoreError.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreError(
            f"SQLite {sqlite3.sqlite_version} is too old: the monitor needs 3.37 or newer"
        )
    _must_be_usable(path, read_only=read_only)
    with told(path):
        try:
            return _open(path, "ro" if read_only else "rw", patience, read_only=read_only)
        except sqlite3.OperationalError as error:
            if not (read_only and error.sqlite_errorname == "SQLITE_READONLY_ROLLBACK"):
                raise
        # A writer died in its commit: what it left is rolled back by who may write, also to read.
        return _open(path, "rw", patience, read_only=True)


def not_there(path: Path) -> StoreError:
    """What to say of a file that only a cycle makes."""
    return StoreError(
        f"{path.absolute()} is not there: run `monitor run --once` first, or the database is "
        f"another file: {NAMED_BY}"
    )


def _must_be_usable(path: Path, *, read_only: bool) -> None:
    try:
        if path.is_dir():
            raise StoreError(f"{path} is a folder: name a file in it, for example monitor.db")
        if path.exists() and not path.is_file():  # a pipe would be waited for for ever
            raise StoreError(f"{path} is a device or a pipe: name a file, for example monitor.db")
        if not read_only:
            os.close(open_private(path))
        elif not path.exists():
            raise not_there(path)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be opened ({error.strerror}): check the folder and its permissions"
        ) from error


def _open(path: Path, mode: str, patience: timedelta, *, read_only: bool) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"file:{_uri(path)}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=patience.total_seconds(),
    )
    try:
        _configure(db, read_only=read_only)
    except sqlite3.Error:
        db.close()
        raise
    return db


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite says into one sentence with the file and the cure."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(_sentence(path, error)) from error


@contextmanager
def transaction(
    db: sqlite3.Connection, path: Path, begin: str = "begin immediate"
) -> Iterator[None]:
    """All of it, or nothing; by default one that writes. Raises StoreError for whatever SQLite
    says, also in between.
    """
    with told(path):
        db.execute(begin)
        try:
            yield
            db.execute("commit")
        except BaseException:
            # After SQLITE_FULL or SQLITE_IOERR SQLite has rolled back by itself.
            if db.in_transaction:
                db.execute("rollback")
            raise


def let_go(error: BaseException | None) -> None:
    """End the queries that an error broke off.

    Its traceback keeps the frames that were reading, and a query that is not read to its end holds
    its lock although the connection is closed: nobody else could write while the error is told.
    """
    if error is None:
        return
    from traceback import clear_frames  # costs a start that meets no error

    while error is not None:
        clear_frames(error.__traceback__)
        error = error.__cause__


def _uri(path: Path) -> str:
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _configure(db: sqlite3.Connection, *, read_only: bool) -> None:
    db.execute("pragma foreign_keys = on")
    db.execute("pragma trusted_schema = off")
    db.execute("pragma cell_size_check = on")
    # The first statement that reads the file: what is no database is found out here.
    db.execute("select count(*) from sqlite_schema").fetchone()
    if read_only:
        db.execute("pragma query_only = on")
    else:
        db.execute("pragma journal_mode = truncate")
        db.execute("pragma synchronous = full")


def _sentence(path: Path, error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorname", "") or ""
    for begin, sentence in _SENTENCES.items():
        if code.startswith(begin):
            return f"{path} {sentence}"
    return f"{path} cannot be used: {error}"


_LOCKED = "is locked by another process for too long: find it with `fuser`, then try again"
_SENTENCES = {
    "SQLITE_NOTADB": "is not a database of the monitor: name another file, or move this one away",
    "SQLITE_CORRUPT": "is damaged: restore it from a backup, or move it away to start anew",
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_READONLY": "is read-only: the monitor needs to write to it and to its folder",
    "SQLITE_FULL": "cannot grow, the disk is full: free some space; nothing was half written",
    "SQLITE_CANTOPEN": "cannot be opened: check its permissions and those of its folder",
    "SQLITE_IOERR": "cannot be read or written: check the disk; nothing is half written",
}
