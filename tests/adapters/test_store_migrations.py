"""Migrations: every older database becomes the same one, once, whoever comes first."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlite_utils import Database

from monitor.adapters.store import Store
from monitor.adapters.store.connection import connect
from monitor.adapters.store.schema import migrate, migrations
from monitor.errors import MonitorError, NewerDatabase, StoreError
from tests.adapters.store_memory import Account, a_class

STEPS = [step.name for step in migrations().pending(Database(memory=True))]


def _schema(path: Path) -> dict[str, str | None]:
    db = sqlite3.connect(path)
    try:
        return dict(db.execute("select name, sql from sqlite_schema"))
    finally:
        db.close()


def _older(path: Path, missing: str) -> None:
    """A database from before that step."""
    db = Database(str(path))
    migrations().apply(db, stop_before=missing)
    db.close()


def _made(path: Path) -> dict[str, str | None]:
    with Store.open(path):
        return _schema(path)


@pytest.mark.parametrize("missing", STEPS)
def test_every_older_version_ends_in_the_same_schema(tmp_path: Path, missing: str) -> None:
    path = tmp_path / "older.db"
    _older(path, missing)
    assert _made(path) == _made(tmp_path / "new.db")
    assert _made(path) == _made(tmp_path / "new.db")
    with Store.open(path) as store:
        Account(store).reads(a_class())
        assert list(store.records.current()) == [a_class()]


@pytest.mark.parametrize("missing", STEPS)
def test_a_reader_of_an_older_version_says_how_to_bring_it_up(tmp_path: Path, missing: str) -> None:
    path = tmp_path / "older.db"
    _older(path, missing)
    before = path.read_bytes()
    with pytest.raises(StoreError) as refused:
        Store.open(path, read_only=True)
    assert str(refused.value) == (
        f"{path} is older than this monitor ({missing} is missing): "
        "run `monitor run --once` on it first"
    )
    assert path.read_bytes() == before


def test_an_interrupted_migration_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    db = connect(path, read_only=False)
    db.execute("pragma max_page_count = 5")
    with pytest.raises(StoreError, match="the disk is full"):
        migrate(db, path)
    db.close()
    assert _schema(path) == {}
    assert _made(path) == _made(tmp_path / "new.db")


class _Migrating(threading.Thread):
    """Another process that opens the database; `waits` is set once it asks for the lock."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.waits = threading.Event()
        self.error: MonitorError | None = None

    def run(self) -> None:
        db = connect(self.path, read_only=False)
        db.set_trace_callback(self._traced)
        try:
            migrate(db, self.path)
        except MonitorError as error:
            self.error = error
        finally:
            db.close()

    def _traced(self, statement: str) -> None:
        if statement == "begin immediate":
            self.waits.set()


def _all_waiting(path: Path, holder: sqlite3.Connection, count: int) -> list[_Migrating]:
    holder.execute("begin immediate")
    others = [_Migrating(path) for _ in range(count)]
    for other in others:
        other.start()
        assert other.waits.wait(30)
    return others


def test_of_several_that_migrate_at_once_one_does_it(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    holder = sqlite3.connect(path, isolation_level=None)
    others = _all_waiting(path, holder, 2)
    holder.execute("commit")
    holder.close()
    for other in others:
        other.join()
    assert [other.error for other in others] == [None, None]
    assert _schema(path) == _made(tmp_path / "new.db")


def test_who_waited_while_a_newer_one_migrated_leaves_it_alone(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    _older(path, STEPS[-1])
    holder = sqlite3.connect(path, isolation_level=None)
    (other,) = _all_waiting(path, holder, 1)
    holder.execute(
        "insert into _sqlite_migrations(migration_set, name, applied_at) "
        "values ('sync-drift-monitor', 'm9999_future', '2031')"
    )
    holder.execute("commit")
    before = _schema(path)
    holder.close()
    other.join()
    assert isinstance(other.error, NewerDatabase)
    assert _schema(path) == before
