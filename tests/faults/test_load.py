"""A hundred workspaces, a hundred thousand records and lines: within every limit, and bounded."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from monitor.app import App
from monitor.config.load import load
from monitor.simulator import serve
from tests.faults.loaded import SMALL, WINDOWS, LoadedWorld, Size, as_argument, configure
from tests.faults.one_cycle import one_cycle
from tests.faults.shared_clock import SharedClock

_BEGIN = datetime(2026, 11, 24, 8, tzinfo=UTC)
_INTERVAL = 900
_DEADLINE_SECONDS = 720
"""[schedule] cycle_deadline, by the story's clock."""
_QUIET = 4
"""Which cycle has nothing new to remember: those before still learn that what was stays so."""
_QUIET_ROWS = {"snapshot": 1, "expensify_reading": 1}
_PEAK_MB = 1_200
_ROOT = Path(__file__).parents[2]

Told = dict[str, Any]


class Load(NamedTuple):
    """The world, wherever it runs: cycles against it, and what its services counted."""

    cycle: Callable[[], Told]
    counted: Callable[[], Told]
    inactivate: Callable[[], Told]
    clock: SharedClock
    database: Path


@contextmanager
def in_this_process(folder: Path, size: Size) -> Iterator[Load]:
    clock = _a_clock(folder)
    world = LoadedWorld(clock, size)
    with serve(world) as servers:
        config = configure(folder / "demo", world, servers)

        def inactivate() -> Told:
            world.inactivate_what_is_used()
            return world.counted()

        yield Load(
            lambda: one_cycle(App(load(config), clock), clock),
            world.counted,
            inactivate,
            clock,
            config.parent / "monitor.db",
        )
    clock.close()


@contextmanager
def in_processes(folder: Path, size: Size) -> Iterator[Load]:
    """The world in a process, and each cycle in one of its own, as after a restart."""
    clock, told_clock = _a_clock(folder), str(folder / "clock")
    served = _python("tests.faults.loaded", str(folder / "demo"), told_clock, as_argument(size))
    world = subprocess.Popen(
        served, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT
    )
    assert world.stdin and world.stdout
    stdin, stdout = world.stdin, world.stdout
    config = json.loads(stdout.readline())

    def ask(word: str) -> Told:
        print(word, file=stdin, flush=True)
        answer: Told = json.loads(stdout.readline())
        return answer

    def cycle() -> Told:
        command = _python("tests.faults.one_cycle", config, told_clock)
        ended = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=_ROOT)
        answer: Told = json.loads(ended.stdout)
        return answer

    try:
        database = Path(config).parent / "monitor.db"
        yield Load(cycle, lambda: ask("counted"), lambda: ask("inactivate"), clock, database)
    finally:
        world.communicate()
        clock.close()


def test_a_small_customer_is_read_and_told_within_every_limit(tmp_path: Path) -> None:
    with in_this_process(tmp_path, SMALL) as load_:
        _live(load_, SMALL)


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_the_largest_customer_is_read_and_told_within_every_limit(tmp_path: Path) -> None:
    with in_processes(tmp_path, Size()) as load_:
        peaks = [told["peak_mb"] for told in _live(load_, Size())]
    assert max(peaks) < _PEAK_MB


def _live(load: Load, size: Size) -> list[Told]:
    """A first look, quiet cycles, and one after a class went in every workspace."""
    told = [load.cycle()]
    for before in (*(_nothing,) * (_QUIET - 1), load.inactivate):
        load.clock.sleep(_INTERVAL)
        before()
        rows = _rows(load.database)
        told.append(load.cycle())
        if len(told) == _QUIET:
            grew = {table: count - rows[table] for table, count in _rows(load.database).items()}
    counted = load.counted()
    print(json.dumps({"cycles": told, "quiet cycle wrote": grew, "counted": counted}, indent=1))
    assert [(one["failures"], one["error"]) for one in told] == [([], "")] * len(told)
    # With all that Slack's pace takes beside it.
    assert max(one["story_seconds"] for one in told) < _DEADLINE_SECONDS
    # Nothing came of nothing; and every workspace heard of what was done to it.
    quiet, last = told[_QUIET - 1], told[-1]
    assert (quiet["letters"], quiet["sent"]) == (0, 0)
    assert {table: count for table, count in grew.items() if count} == _QUIET_ROWS
    assert last["sent"] == last["letters"] >= size.workspaces
    _is_polite(counted, size)
    return told


def _is_polite(counted: Told, size: Size) -> None:
    """What the three services counted, over all the cycles. The simulated Slack refuses messages
    that are too long, and more than one a second.
    """
    assert (counted["refused"], counted["slack_refused"]) == (0, [])
    assert counted["at_once"] == size.at_once
    most = zip(counted["windows"], WINDOWS, strict=True)
    assert [(found, count) for found, (count, _) in most if found > count] == []


def _nothing() -> None:
    """A quarter of an hour in which nothing happens."""


def _rows(database: Path) -> dict[str, int]:
    """How many rows every table holds."""
    with closing(sqlite3.connect(database)) as db:
        names = [
            name for (name,) in db.execute("select name from sqlite_master where type='table'")
        ]
        return {name: db.execute(f"select count(*) from {name}").fetchone()[0] for name in names}


def _a_clock(folder: Path) -> SharedClock:
    clock = SharedClock(folder / "clock")
    clock.move_to(_BEGIN)
    return clock


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]
