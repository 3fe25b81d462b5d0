"""What root's commands leave beside the database is of use to the service, another user."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp

import pytest

from monitor.adapters.expensify import Limiter
from monitor.adapters.private_file import open_private
from monitor.adapters.store import Store
from monitor.clock import SystemClock
from monitor.lock import cycles_lock
from tests.scenarios.process import served_acme

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
SERVICE = 65534
ROOT = Path(__file__).parents[2]
_LONGEST_SECONDS = 400


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of the service's, on a way that every user may go."""
    made = Path(mkdtemp())
    os.chown(made, SERVICE, SERVICE)
    yield made
    shutil.rmtree(made)


def owners(folder: Path) -> dict[str, tuple[int, int]]:
    found = {path.name: path.lstat() for path in folder.iterdir()}
    return {name: (one.st_uid, one.st_gid) for name, one in sorted(found.items())}


def holds_the_lock(folder: Path) -> None:
    with cycles_lock(folder / "monitor.db"):
        pass


def makes_the_database(folder: Path) -> None:
    with Store.open(folder / "monitor.db"):
        pass


def takes_a_turn_at_expensify(folder: Path) -> None:
    Limiter(folder, "id", "secret", SystemClock()).wait_for_turn()


@pytest.mark.parametrize("makes", [holds_the_lock, makes_the_database, takes_a_turn_at_expensify])
def test_what_root_makes_belongs_to_the_owner_of_the_folder(
    folder: Path, makes: Callable[[Path], None]
) -> None:
    makes(folder)
    assert set(owners(folder).values()) == {(SERVICE, SERVICE)}


def test_sqlite_gives_its_journal_to_the_owner_of_the_database(folder: Path) -> None:
    with Store.open(folder / "monitor.db"):
        pass
    with closing(sqlite3.connect(folder / "monitor.db", isolation_level=None)) as db:
        db.execute("begin immediate")
        db.execute("create table new (a)")
        beside = owners(folder)
    assert beside == {
        "monitor.db": (SERVICE, SERVICE),
        "monitor.db-journal": (SERVICE, SERVICE),
    }


def test_what_was_there_stays_whose_it_is(folder: Path) -> None:
    (folder / "monitor.db.lock").touch()
    holds_the_lock(folder)
    assert owners(folder) == {"monitor.db.lock": (0, 0)}


def test_a_link_out_of_the_folder_gives_nothing_away(folder: Path, tmp_path: Path) -> None:
    there, new = tmp_path / "there", tmp_path / "new"
    there.touch()
    for name, target in (("a.rate", there), ("b.rate", new)):
        (folder / name).symlink_to(target)
        os.close(open_private(folder / name))
    assert owners(tmp_path) == {"new": (0, 0), "there": (0, 0)}


AS_ROOT_THEN_AS_THE_SERVICE = f"""
import os, sys
from pathlib import Path
from monitor.cli import main
from tests.faults.test_as_root import does_all_of_it

def does() -> int | None:
    return main(sys.argv[1:]) if sys.argv[2:] else does_all_of_it(Path(sys.argv[1]))

first = does()
os.setgroups([])
os.setgid({SERVICE})
os.setuid({SERVICE})
print(first, does(), os.geteuid())
"""
"""One process, as another user may not be able to read this checkout: by then all is imported."""


def does_all_of_it(folder: Path) -> None:
    for does in (holds_the_lock, makes_the_database, takes_a_turn_at_expensify):
        does(folder)


def twice(*arguments: str) -> tuple[str, str]:
    """What a process prints that does it as root and then as the service, and what it says."""
    ended = subprocess.run(
        [sys.executable, "-c", AS_ROOT_THEN_AS_THE_SERVICE, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=_LONGEST_SECONDS,
        check=False,
    )
    return ended.stdout, ended.stderr


def test_the_service_goes_on_with_what_root_made(folder: Path) -> None:
    assert twice(str(folder)) == (f"None None {SERVICE}\n", "")


@pytest.mark.slow  # Expensify's rate limit: a second cycle has to wait for its turns
@pytest.mark.timeout(600)
def test_the_service_runs_the_second_cycle_where_root_ran_the_first(folder: Path) -> None:
    with served_acme(folder) as served:
        home = served.config.parent
        for path in (home, *home.iterdir()):
            os.chown(path, SERVICE, SERVICE)
        said, log = twice("--config", str(served.config), "run", "--once")
    assert said == f"0 0 {SERVICE}\n", log
