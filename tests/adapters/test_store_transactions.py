"""Whole or absent: whatever moment a process dies at, the file holds one state or the next."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.adapters.store import Store
from monitor.adapters.store.connection import connect
from monitor.core.records import ListReading, ListState
from monitor.errors import StoreError
from tests.adapters.store_memory import Account, a_class, moment, rows_of, some_classes

READ = [ListReading("class", ListState.READ)]

_DIES = """
import os, signal, sys
from pathlib import Path
from monitor.adapters.store import Store
from tests.adapters.test_store_transactions import READ
from tests.adapters.store_memory import Account, moment, some_classes

with Store.open(Path(sys.argv[1])) as store:
    staging = Account(store).stages(some_classes(3000, first=9))
    with store.immediate():
        store._db.execute("pragma cache_spill = 3")
        store._db.execute("pragma cache_size = 3")
        staging.commit(moment(2), READ, {})
        os.kill(os.getpid(), signal.SIGKILL)
"""


def _database(folder: Path) -> Path:
    path = folder / "monitor.db"
    with Store.open(path) as store:
        Account(store).reads(*some_classes(50))
    return path


@pytest.mark.parametrize("read_only", [True, False], ids=["a reader", "a writer"])
def test_what_a_killed_writer_left_is_rolled_back_by_whoever_comes_next(
    tmp_path: Path, read_only: bool
) -> None:
    path = _database(tmp_path)
    before = rows_of(path)
    died = subprocess.run([sys.executable, "-c", _DIES, str(path)], check=False)
    assert died.returncode == -signal.SIGKILL
    assert path.with_name("monitor.db-journal").stat().st_size > 0
    with Store.open(path, read_only=read_only) as store:
        assert list(store.records.current()) == some_classes(50)
        if read_only:
            with pytest.raises(StoreError, match="is read-only"):
                Account(store).reads(a_class())
    assert rows_of(path) == before


def test_at_every_statement_of_a_commit_the_file_holds_the_state_before(tmp_path: Path) -> None:
    path = _database(tmp_path)
    before, deaths = rows_of(path), tmp_path / "deaths"
    untouched = path.read_bytes()
    db = connect(path, read_only=False)
    # So small that SQLite writes to the file long before the commit.
    db.execute("pragma cache_spill = 2")
    db.execute("pragma cache_size = 2")
    moments: list[str] = []

    def die_here(statement: str) -> None:
        folder = deaths / str(len(moments))
        folder.mkdir(parents=True)
        for file in tmp_path.glob("monitor.db*"):
            shutil.copy(file, folder)
        moments.append(statement)

    with Store(db, path) as store:
        account = Account(store)
        account.next_moment()
        staging = account.stages([a_class("1", "Ads"), *some_classes(400, first=20)])
        with store.immediate():
            db.set_trace_callback(die_here)
            store.settings.save({"account": "1234567"}, moment(2))
            staging.commit(moment(2), READ, {"class": frozenset({"2"})})
            db.set_trace_callback(None)
    after = rows_of(path)
    assert len(moments) > 10
    copies = [deaths / str(number) / "monitor.db" for number in range(len(moments))]
    assert any(copy.read_bytes() != untouched for copy in copies)
    for copy in copies:
        assert rows_of(copy) == before
    assert after != before


def test_what_an_error_interrupts_is_undone_and_the_store_goes_on(tmp_path: Path) -> None:
    path = _database(tmp_path)
    before = rows_of(path)
    with Store.open(path) as store:
        account = Account(store)
        account.next_moment()
        with pytest.raises(ZeroDivisionError), store.immediate():
            store.settings.save({"account": "1234567"}, moment(2))
            raise ZeroDivisionError
        assert rows_of(path) == before
        account.reads(*some_classes(50))
        assert store.settings.load() is None
        assert [snapshot.id for snapshot in (store.snapshots.latest(),) if snapshot] == [2]


def test_a_page_that_cannot_be_merged_leaves_none_of_its_rows(tmp_path: Path) -> None:
    with Store.open(_database(tmp_path)) as store:
        sink = store.staging().sink("class")
        unreadable = a_class("2", "Ads", email=["not", "a", "text"])
        with pytest.raises(StoreError):
            sink.add([a_class("1", "Ads"), unreadable])
        assert store._db.execute("select count(*) from temp.staged").fetchone() == (0,)
        assert not store._db.in_transaction


def test_a_query_that_an_error_broke_off_keeps_nobody_from_writing(tmp_path: Path) -> None:
    path = _database(tmp_path)

    def reads_on(changes: Iterator[object]) -> None:
        next(changes)
        raise sqlite3.OperationalError("disk I/O error")

    with Store.open(path) as store:
        Account(store).reads(*some_classes(60))
    try:
        with Store.open(path) as store, store.immediate():
            reads_on(store.changes.between(1, 2))
    except StoreError:  # and as long as it is told
        with Store.open(path, patience=timedelta()) as store:
            Account(store).reads(*some_classes(70))
    else:
        pytest.fail("the error was swallowed")
