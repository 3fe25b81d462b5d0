"""`monitor backup DIR`: a whole, checked copy or none, and no other file is touched."""

from __future__ import annotations

import re
import resource
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from monitor.adapters.store import Store
from monitor.adapters.store.backup import back_up
from monitor.errors import StoreError
from tests.adapters.store_memory import BEGIN, rows_of
from tests.scenarios.asking import Run, ago, asking
from tests.scenarios.memory import Memory, a_class

_ROOT = Path(__file__).parents[2]
_NAME = re.compile(r"monitor-[A-Za-z0-9_]+-\d{8}T\d{6}Z\.db")


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    memory = Memory(tmp_path / "monitor.db")
    memory.reads(ago(hours=1), *(a_class(str(number)) for number in range(1, 200)))
    return memory


@pytest.fixture
def monitor(memory: Memory, capsys: pytest.CaptureFixture[str]) -> Run:
    return asking(memory.path, capsys)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def series(memory: Memory, folder: Path, *days: int, keep: int = 14) -> list[str]:
    """The names that backups of these days get."""
    return [
        back_up(memory.path, folder, at=BEGIN + timedelta(days=day), keep=keep).path.name
        for day in days
    ]


def test_the_copy_holds_every_row_and_is_its_owners_alone(
    memory: Memory, monitor: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    ended = monitor("backup", str(folder))
    (copy,) = folder.iterdir()
    assert ended.code == 0 and str(copy) in ended.out
    assert _NAME.fullmatch(copy.name)
    assert rows_of(copy) == rows_of(memory.path)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_copy_answers_like_the_database(memory: Memory, tmp_path: Path) -> None:
    (name,) = series(memory, tmp_path / "backups", 0)
    with Store.open(memory.path, read_only=True) as store:
        known = store.snapshots.latest()
    with Store.open(tmp_path / "backups" / name, read_only=True) as copy:
        assert copy.snapshots.latest() == known is not None


def test_what_a_writer_has_not_committed_is_not_in_the_copy(memory: Memory, tmp_path: Path) -> None:
    before = rows_of(memory.path)
    with Store.open(memory.path) as store, store.immediate():
        store.sources.failed("netsuite", ago(), "half said", is_permanent=False)
        (name,) = series(memory, tmp_path / "backups", 0)
    assert rows_of(tmp_path / "backups" / name) == before


def test_beside_a_writer_every_copy_is_of_one_moment(memory: Memory, tmp_path: Path) -> None:
    rounds, both_begin = 10, Barrier(2)

    def write() -> None:
        with Store.open(memory.path) as store:
            for number in range(rounds):
                both_begin.wait(60)
                with store.immediate():
                    for source in ("netsuite", "expensify"):
                        store.sources.failed(source, ago(), f"{number}", is_permanent=False)

    with ThreadPoolExecutor() as pool:
        writer, made = pool.submit(write), []
        for day in range(rounds):
            both_begin.wait(60)
            made += series(memory, tmp_path / "backups", day)
        writer.result()
    said = [[row[3] for row in rows_of(tmp_path / "backups" / name)["source"]] for name in made]
    assert all(len({*words}) == 1 for words in said), said


def test_only_the_newest_of_its_own_are_kept(memory: Memory, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    made = series(memory, folder, 0, 1, 2)
    strangers = ["monitor-other-20200101T000000Z.db", "notes.txt", f"{made[0]}.bak"]
    for stranger in strangers:
        (folder / stranger).write_text("of somebody else")
    target = tmp_path / "elsewhere"
    target.write_text("kept")
    link = folder / made[0].replace("20261122", "20200101")
    link.symlink_to(target)
    made += series(memory, folder, 3, keep=2)
    assert names(folder) == sorted([*made[-2:], *strangers, link.name])


def test_the_new_one_stays_though_the_clock_ran_backwards(memory: Memory, tmp_path: Path) -> None:
    later, _, earlier = series(memory, tmp_path, 9, 10, 3, keep=1)
    assert (tmp_path / earlier).exists() and not (tmp_path / later).exists()


def test_what_a_killed_backup_left_goes_with_the_next(memory: Memory, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    (name,) = series(memory, folder, 0)
    (folder / f".{name}.4711.partial").write_text("half")
    series(memory, folder, 1)
    assert [left for left in names(folder) if left.endswith(".partial")] == []


def test_a_full_disk_leaves_nothing_half_and_the_older_ones_whole(
    memory: Memory, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    (old,) = series(memory, folder, 0)
    held = rows_of(folder / old)
    half = memory.path.stat().st_size // 2
    ended = subprocess.run(
        [sys.executable, "-B", "-m", "monitor", "--db", memory.path, "backup", folder, "--keep=1"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (half, half)),
        capture_output=True,
        text=True,
        cwd=_ROOT,
        check=False,
    )
    assert ended.returncode == 2 and "check the disk" in ended.stderr
    assert names(folder) == [old] and rows_of(folder / old) == held


def test_a_damaged_database_gives_no_backup_and_takes_none_away(
    memory: Memory, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    (old,) = series(memory, folder, 0)
    _damage(memory.path)
    with pytest.raises(StoreError, match="older ones stand"):
        series(memory, folder, 1, keep=1)
    assert names(folder) == [old]


@pytest.mark.parametrize("place", ["monitor.db", "note.txt"])
def test_a_file_is_no_folder_for_backups(
    memory: Memory, monitor: Run, tmp_path: Path, place: str
) -> None:
    (tmp_path / "note.txt").write_text("mine")
    before = rows_of(memory.path)
    ended = monitor("backup", str(tmp_path / place))
    assert ended.code == 2 and "name a folder for the backups" in ended.err
    assert ("the database itself" in ended.err) == (place == "monitor.db")
    assert rows_of(memory.path) == before and "note.txt" in names(tmp_path)
    assert (tmp_path / "note.txt").read_text() == "mine"


def test_without_a_database_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = asking(tmp_path / "none.db", capsys)("backup", str(tmp_path / "backups"))
    assert ended.code == 2 and "is not there" in ended.err
    assert names(tmp_path) == []


def _damage(path: Path) -> None:
    """An index loses what its table has, as a page that was never written would."""
    db = sqlite3.connect(path)
    root, size = db.execute(
        "select rootpage, (select page_size from pragma_page_size) "
        "from sqlite_schema where name = 'version_from'"
    ).fetchone()
    db.close()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(bytes([10]) + bytes(4) + size.to_bytes(2, "big") + bytes(1))
