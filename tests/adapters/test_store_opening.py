"""Opening a database: what it makes, what a reader leaves alone, and what is said when it fails."""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.adapters.store import Store
from monitor.adapters.store.connection import connect
from monitor.errors import MonitorError, NewerDatabase, StoreError
from tests.adapters.store_memory import Account, a_class, rows_of, some_classes

AT_ONCE = timedelta(milliseconds=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database after one reading."""
    path = tmp_path / "monitor.db"
    with Store.open(path) as store:
        Account(store).reads(*some_classes(200))
    return path


@contextmanager
def _another(path: Path, *statements: str) -> Iterator[sqlite3.Connection]:
    """Another process at work on the file."""
    db = sqlite3.connect(path, isolation_level=None)
    try:
        for statement in statements:
            db.execute(statement).fetchall()
        yield db
    finally:
        db.close()


@contextmanager
def _as_nobody() -> Iterator[Path]:
    """Without the superuser's rights, which no permission stops; in a folder that all may read."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        root = os.geteuid() == 0
        try:
            yield Path(folder)
        finally:
            if root:
                os.seteuid(0)


def _drop_rights() -> None:
    if os.geteuid() == 0:
        os.seteuid(65534)


def _refusal(path: Path, *, read_only: bool = False) -> MonitorError:
    with pytest.raises(MonitorError) as refused:
        Store.open(path, read_only=read_only, patience=AT_ONCE)
    return refused.value


def _says(path: Path, sentence: str, *, read_only: bool = False) -> None:
    error = _refusal(path, read_only=read_only)
    assert (type(error), str(error)) == (StoreError, f"{path} {sentence}")
    assert error.exit_code == 2


# What is made


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_new_database_is_for_its_owner_only(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with Store.open(tmp_path / "monitor.db") as store:
            Account(store).reads(a_class())
    finally:
        os.umask(before)
    modes = {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in tmp_path.iterdir()}
    assert modes.pop("monitor.db") == 0o600
    assert set(modes.values()) <= {0o600}


@pytest.mark.parametrize("name", ["a b.db", "what?.db", "100%41.db", "1#2.db", "mönitor.db"])
def test_any_name_of_a_file_will_do(tmp_path: Path, name: str) -> None:
    with Store.open(tmp_path / name) as store:
        Account(store).reads(a_class())
    with Store.open(tmp_path / name, read_only=True) as store:
        assert list(store.records.current()) == [a_class()]
    assert [entry.name for entry in tmp_path.iterdir() if entry.stat().st_size] == [name]


def test_a_writer_is_durable_strict_and_no_friend_of_wal(path: Path) -> None:
    with _another(path, "pragma journal_mode = wal"):
        pass
    db = connect(path, read_only=False)
    settings = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout")
    assert [db.execute(f"pragma {name}").fetchone()[0] for name in settings] == [
        "truncate",
        2,
        1,
        0,
        30_000,
    ]
    tables = db.execute("select name, strict from pragma_table_list where type = 'table'")
    loose = {name for name, is_strict in tables.fetchall() if not is_strict}
    assert loose == {"_sqlite_migrations", "sqlite_schema", "sqlite_temp_schema"}
    db.close()


# Readers


def test_a_reader_changes_nothing(path: Path) -> None:
    before, folder = path.read_bytes(), sorted(path.parent.iterdir())
    with Store.open(path, read_only=True) as store:
        assert list(store.records.current()) == some_classes(200)
        assert list(store.changes.between(1, 1)) == []
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == folder


def test_a_reader_cannot_write(path: Path) -> None:
    before = path.read_bytes()
    read_only = "is read-only: the monitor needs to write to it and to its folder"
    with Store.open(path, read_only=True) as store, pytest.raises(StoreError) as refused:
        Account(store).reads(a_class())
    assert str(refused.value) == f"{path} {read_only}"
    assert path.read_bytes() == before


def test_a_reader_makes_no_database(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    _says(
        path,
        "is not there: run `monitor run --once` first, or the database is another file: "
        "name it by --db, [store] path or $STATE_DIRECTORY",
        read_only=True,
    )
    assert list(tmp_path.iterdir()) == []


def test_readers_and_a_writer_between_its_commits_do_not_meet(path: Path) -> None:
    with Store.open(path) as writer, Store.open(path, read_only=True) as reader:
        staging = Account(writer).stages(some_classes(2))
        assert len(list(reader.records.current())) == 200
        assert staging.absent("class")[:1] == ("3",)


# What is said


LOCKED = "is locked by another process for too long: find it with `fuser`, then try again"
NOT_OURS = "is not a database of the monitor: name another file, or move this one away"


@pytest.mark.parametrize("read_only", [False, True])
def test_a_locked_database_is_waited_for_and_then_named(path: Path, read_only: bool) -> None:
    with _another(path, "begin exclusive"):
        _says(path, LOCKED, read_only=read_only)


def test_a_write_waits_for_another_and_then_names_the_lock(path: Path) -> None:
    with Store.open(path, patience=AT_ONCE) as store, _another(path, "begin immediate"):
        with pytest.raises(StoreError) as refused, store.immediate():
            raise AssertionError("it was let in")
        assert str(refused.value) == f"{path} {LOCKED}"


def test_a_commit_that_a_reader_holds_up_leaves_nothing_and_can_be_made_again(path: Path) -> None:
    before = rows_of(path)
    with Store.open(path, patience=AT_ONCE) as store:
        with _another(path, "begin", "select * from version"):
            with pytest.raises(StoreError, match="is locked by another process"):
                Account(store).reads(a_class("1", "Ads"))
            assert rows_of(path) == before
        Account(store).reads(a_class("1", "Ads"))
    assert rows_of(path) != before


@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary, today NetSuite refused 14 exports. " * 50)
    before = path.read_bytes()
    _says(path, NOT_OURS, read_only=read_only)
    assert path.read_bytes() == before


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize(
    "schema",
    [
        ["create table photo(id integer)"],
        [
            "create table log(id integer)",
            "create table _sqlite_migrations(migration_set text, name text, applied_at text)",
            "insert into _sqlite_migrations values ('llm.migrations', 'm001', '2024')",
        ],
    ],
    ids=["any other", "one that uses sqlite-utils, too"],
)
def test_the_database_of_another_program_is_left_alone(
    tmp_path: Path, schema: list[str], read_only: bool
) -> None:
    path = tmp_path / "photos.db"
    with _another(path, *schema):
        pass
    before = path.read_bytes()
    _says(path, NOT_OURS, read_only=read_only)
    assert path.read_bytes() == before


@pytest.mark.parametrize("read_only", [False, True])
def test_a_damaged_header_is_no_database(path: Path, read_only: bool) -> None:
    with path.open("r+b") as file:
        file.write(b"\0" * 16)
    _says(path, NOT_OURS, read_only=read_only)


def test_damage_found_later_is_told_as_well(path: Path) -> None:
    with _another(path) as db:
        (page,) = db.execute("select rootpage from sqlite_schema where name = 'version'").fetchone()
        (size,) = db.execute("pragma page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with Store.open(path, read_only=True) as store:
        assert store.snapshots.latest() is not None
    with pytest.raises(StoreError) as refused, Store.open(path, read_only=True) as store:
        list(store.records.current())
    assert str(refused.value) == (
        f"{path} is damaged: restore it from a backup, or move it away to start anew"
    )


@pytest.mark.parametrize("read_only", [False, True])
def test_a_database_from_a_newer_version_is_refused(path: Path, read_only: bool) -> None:
    with _another(
        path,
        "insert into _sqlite_migrations(migration_set, name, applied_at) "
        "values ('sync-drift-monitor', 'm9999_future', '2031')",
    ):
        pass
    error = _refusal(path, read_only=read_only)
    assert (type(error), error.exit_code) == (NewerDatabase, 78)
    assert str(error) == (
        f"{path} was written by a newer monitor (m9999_future): upgrade this one, "
        "or name another database"
    )


@pytest.mark.parametrize("read_only", [False, True])
def test_a_folder_is_no_database(tmp_path: Path, read_only: bool) -> None:
    _says(tmp_path, "is a folder: name a file in it, for example monitor.db", read_only=read_only)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_device_or_a_pipe_is_no_database(tmp_path: Path, read_only: bool) -> None:
    sentence = "is a device or a pipe: name a file, for example monitor.db"
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path(os.devnull)):
        _says(path, sentence, read_only=read_only)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    _says(
        tmp_path / "nowhere" / "monitor.db",
        "cannot be opened (No such file or directory): check the folder and its permissions",
    )


def test_a_file_that_may_only_be_read_can_only_be_read() -> None:
    with _as_nobody() as folder:
        path = folder / "monitor.db"
        with Store.open(path) as store:
            Account(store).reads(a_class())
        path.chmod(0o444)
        _drop_rights()
        _says(path, "cannot be opened (Permission denied): check the folder and its permissions")
        with Store.open(path, read_only=True) as store:
            assert list(store.records.current()) == [a_class()]


def test_a_file_that_may_not_be_read_says_so() -> None:
    with _as_nobody() as folder:
        path = folder / "monitor.db"
        with Store.open(path):
            path.chmod(0o000)
        _drop_rights()
        _says(
            path,
            "cannot be opened: check its permissions and those of its folder",
            read_only=True,
        )


def test_a_full_disk_is_said_and_nothing_is_half_written(path: Path) -> None:
    before = rows_of(path)
    db = connect(path, read_only=False)
    (pages,) = db.execute("pragma page_count").fetchone()
    db.execute(f"pragma max_page_count = {pages + 1}")
    with Store(db, path) as store, pytest.raises(StoreError) as refused:
        Account(store).reads(*some_classes(5000))
    assert str(refused.value) == (
        f"{path} cannot grow, the disk is full: free some space; nothing was half written"
    )
    assert rows_of(path) == before
