"""This machine: SQLite, the disk, and who may read or change what is kept on it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp

import pytest

from monitor.adapters.store import Store
from monitor.checking.findings import Finding, bad, fine, note
from monitor.checking.machine import is_at_risk, kept_by_others, library, machine, space

MB = 1_000_000
SRV = Path("/srv")
NOBODY = 65534


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """An empty database of the monitor in a folder of its owner."""
    tmp_path.chmod(0o700)
    path = tmp_path / "monitor.db"
    with Store.open(path):
        pass
    return path


def of_database(path: Path) -> list[Finding]:
    """What is found of its file and its folder."""
    return [one for one in machine(path) if one.subject == "database"]


@pytest.mark.parametrize("version", ["3.37.0", "3.51.3", "4.0.0"])
def test_an_sqlite_that_knows_strict_tables_will_do(version: str) -> None:
    assert library(version) == fine("SQLite", version)


def test_an_older_sqlite_is_named_with_what_is_needed() -> None:
    assert library("3.36.9") == bad(
        "SQLite",
        "3.36.9 is too old: the monitor needs 3.37",
        "use a Python with a newer SQLite (Debian 12's python3 has one)",
    )


@pytest.mark.parametrize(
    ("version", "is_bad"),
    [
        ("3.40.1", True),
        ("3.44.5", True),
        ("3.44.6", False),
        ("3.45.0", True),
        ("3.50.6", True),
        ("3.50.7", False),
        ("3.51.2", True),
        ("3.51.3", False),
        ("3.52.0", False),
    ],
)
def test_the_versions_whose_wal_mode_can_damage_a_database_are_known(
    version: str, is_bad: bool
) -> None:
    assert is_at_risk(version) is is_bad


@pytest.mark.parametrize(
    ("free", "size", "found"),
    [
        pytest.param(200 * MB, 0, fine("disk", "200.0 MB free in /srv"), id="enough"),
        pytest.param(5000 * MB, 0, fine("disk", "5.0 GB free in /srv"), id="more than enough"),
        pytest.param(
            199 * MB,
            3 * MB,
            note(
                "disk",
                "only 199.0 MB free in /srv, beside a database of 3.0 MB",
                "free at least 1.0 MB there, or thin it: `monitor db prune`",
            ),
            id="little, whatever the database",
        ),
        pytest.param(
            999 * MB,
            500 * MB,
            note(
                "disk",
                "only 999.0 MB free in /srv, beside a database of 500.0 MB",
                "free at least 1.0 MB there, or thin it: `monitor db prune`",
            ),
            id="less than twice the database",
        ),
        pytest.param(1000 * MB, 500 * MB, fine("disk", "1.0 GB free in /srv"), id="twice it"),
        pytest.param(
            19 * MB,
            0,
            bad(
                "disk",
                "only 19.0 MB free in /srv: a cycle may not find room",
                "free at least 181.0 MB there, or thin it: `monitor db prune`",
            ),
            id="next to nothing",
        ),
    ],
)
def test_room_is_measured_against_the_database(free: int, size: int, found: Finding) -> None:
    assert space(SRV, free, size) == found


def test_the_disk_of_the_folder_is_asked(database: Path) -> None:
    """In /proc there is never room."""
    here, nowhere = (
        next(one for one in machine(path) if one.subject == "disk")
        for path in (database, Path("/proc/monitor.db"))
    )
    assert f" free in {database.parent}" in here.sentence
    assert (nowhere.state, nowhere.sentence) == (
        "bad",
        "only 0.0 MB free in /proc: a cycle may not find room",
    )


def test_a_database_in_order_is_told_with_its_size(database: Path) -> None:
    size = f"{database.stat().st_size / MB:.1f} MB"
    assert of_database(database) == [fine("database", f"{database}, {size}, mode 0600")]


def test_before_the_first_cycle_there_is_a_folder_and_no_database(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    assert of_database(path) == [fine("database", f"{path} will be made by the first cycle")]
    assert not path.exists()


def test_a_folder_that_is_not_there_is_told_with_the_command_that_makes_it(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    assert of_database(folder / "monitor.db") == [
        bad("database", f"the folder {folder} is not there", f"run install -d -m 700 {folder}")
    ]


@pytest.fixture
def not_ours() -> Iterator[Path]:
    """A folder that everybody may look into and that this user may not write to."""
    folder = Path(mkdtemp(prefix="sync-drift-not-ours-"))
    folder.chmod(0o555)
    euid = os.geteuid()
    if euid == 0:
        os.seteuid(NOBODY)
    yield folder
    os.seteuid(euid)
    shutil.rmtree(folder)


def test_a_folder_that_this_user_may_not_write_to_is_told(not_ours: Path) -> None:
    (found, *_) = of_database(not_ours / "monitor.db")
    assert found == bad(
        "database",
        f"this user may not write to {not_ours}",
        f"run `monitor check` as the user of the service, or give that user {not_ours}",
    )


def test_a_database_that_this_user_may_not_write_is_told(not_ours: Path) -> None:
    euid = os.geteuid()
    os.seteuid(os.getuid())
    not_ours.chmod(0o777)
    path = not_ours / "monitor.db"
    path.touch(0o444)
    os.seteuid(euid)
    assert of_database(path)[1:] == [
        bad(
            "database",
            f"this user may not read and write {path}",
            f"run `monitor check` as the user of the service, or give that user {path}",
        )
    ]


def test_a_folder_in_the_place_of_the_database_is_no_database(tmp_path: Path) -> None:
    assert of_database(tmp_path) == [
        bad("database", f"{tmp_path} is no file", "name another in [store] path")
    ]


def test_the_mode_that_is_told_is_the_one_it_has(database: Path) -> None:
    database.chmod(0o700)
    assert of_database(database)[0].sentence.endswith(", mode 0700")


def test_a_command_can_be_typed_as_it_is_told(tmp_path: Path) -> None:
    (found,) = of_database(tmp_path / "a state" / "monitor.db")
    assert found.do == f"run install -d -m 700 '{tmp_path}/a state'"


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_database_that_others_can_read_is_told(database: Path, mode: int) -> None:
    database.chmod(mode)
    assert of_database(database) == [
        note(
            "database",
            f"others can read {database} ({mode:04o}), with names and amounts",
            f"run chmod 600 {database}",
        )
    ]


def test_a_folder_in_which_others_may_replace_the_database_is_told(database: Path) -> None:
    database.parent.chmod(0o770)
    found, _ = of_database(database)
    assert (found.state, found.do) == ("note", f"run chmod go-w {database.parent}")
    assert f"others can change {database.parent} (0770)" in found.sentence
    database.parent.chmod(0o1777)
    assert len(of_database(database)) == 1, "in a sticky folder nobody touches another's files"


def test_each_path_is_told_once(tmp_path: Path) -> None:
    tmp_path.chmod(0o707)
    assert len(list(kept_by_others("configuration", [tmp_path, tmp_path]))) == 1


def test_a_database_that_somebody_put_into_wal_mode_is_told_where_that_can_damage_it(
    database: Path,
) -> None:
    with closing(sqlite3.connect(database)) as db:
        db.execute("pragma journal_mode = wal")
    version = sqlite3.sqlite_version
    told = note(
        "database",
        f"it is in WAL mode, in which SQLite {version} can damage it",
        "let no other program write to it: the next cycle switches it back",
    )
    assert (told in of_database(database)) is is_at_risk(version)
