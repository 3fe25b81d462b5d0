"""One process runs cycles on a database, and a second one is told who does."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from monitor.errors import Busy, StoreError
from monitor.lock import cycles_lock


def test_a_second_holder_is_refused_by_the_pid_of_the_first(tmp_path: Path) -> None:
    database = tmp_path / "monitor.db"
    with (
        cycles_lock(database),
        pytest.raises(Busy, match=rf"pid {os.getpid()}\b.*monitor\.db"),
        cycles_lock(database),
    ):
        raise AssertionError("two processes held one lock")


def test_the_lock_is_free_again_after_its_holder(tmp_path: Path) -> None:
    database = tmp_path / "monitor.db"
    with cycles_lock(database):
        pass
    with cycles_lock(database):
        pass


def test_two_databases_do_not_stand_in_each_others_way(tmp_path: Path) -> None:
    with cycles_lock(tmp_path / "one.db"), cycles_lock(tmp_path / "two.db"):
        pass


def test_the_lock_file_is_for_its_owner_only(tmp_path: Path) -> None:
    with cycles_lock(tmp_path / "monitor.db"):
        mode = (tmp_path / "monitor.db.lock").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    database = tmp_path / "nowhere" / "monitor.db"
    with pytest.raises(StoreError) as refused, cycles_lock(database):
        raise AssertionError("locked nothing")
    assert str(refused.value) == (
        f"the folder {database.parent} of the database ([store] path) is not there: make it, or "
        "name another file"
    )
