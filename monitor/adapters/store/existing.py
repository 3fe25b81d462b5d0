"""A database that is there already, opened for its upkeep: never made, never migrated."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.adapters.store.connection import connect, not_there, told
from monitor.adapters.store.schema import check_version


@contextmanager
def existing(path: Path, *, read_only: bool) -> Iterator[sqlite3.Connection]:
    """The database at this version, closed at the end; raises StoreError and NewerDatabase."""
    if not path.exists():
        raise not_there(path)
    db = connect(path, read_only=read_only)
    try:
        check_version(db, path)
        with told(path):
            yield db
    finally:
        db.close()
