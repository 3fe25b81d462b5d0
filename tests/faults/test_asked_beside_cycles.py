"""Questions beside cycles: each answer is of one moment, nobody is refused, and no cycle fails."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from monitor.adapters.store import Store
from monitor.answers.compare import Question, compare
from monitor.answers.known import known, known_at_length
from monitor.clock import SystemClock
from monitor.errors import StoreError
from tests.faults.ready import LONGEST_SECONDS, Ready, Started
from tests.faults.rounds import Rounds, lists_at, lists_of, rounds
from tests.scenarios.process import start

CLASSES = range(1000, 1300)
DIFFS, STATES = 24, 4
MANY_DIFFS, MANY_STATES = 200, 20
_OTHERS = (
    ("status",),
    ("risks",),
    ("db", "check"),
    ("health",),
    ("explain", "class:1000"),
    ("backup", "{folder}"),
)


class Answer(NamedTuple):
    """What a difference says: of which snapshot, and how the classes were called and are."""

    snapshot: int
    before: frozenset[str]
    after: frozenset[str]
    count: int


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rounds]:
    """Its many classes are called "State 0" in the first snapshot."""
    with rounds(tmp_path_factory.mktemp("asked"), seed=0) as life:
        life.config.write_text(life.config.read_text().replace('every = "1s"', 'every = "15m"'))
        life.clock.move_to(datetime.now(UTC))
        for number in CLASSES:
            life.tables.add("class", number, name="State 0", parent=None, subsidiary=[1])
        life.is_left_alone()
        yield life


@contextmanager
def cycles_all_the_time(life: Rounds) -> Iterator[list[int]]:
    """Cycle after cycle, and before each all the classes get the next name, at once; the list has
    the exit codes so far.
    """
    codes: list[int] = []
    is_over = threading.Event()
    ready = Ready(life.config, life.config.parents[1] / "clock")

    def run() -> None:
        while not is_over.is_set():
            name_all(life, f"State {len(codes) + 1}")
            life.clock.move_to(datetime.now(UTC))
            codes.append(ready.run("run", "--once"))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield codes
    finally:
        is_over.set()
        thread.join()
        ready.end()


def name_all(life: Rounds, name: str) -> None:
    """As somebody does who imports a list of names."""
    with life.tables.lock:
        life.tables.db.execute(
            "update classification set name = ?1, fullname = ?1, lastmodifieddate = ?2 "
            "where id >= ?3",
            (name, life.tables.stamp(), CLASSES[0]),
        )


def asked_as_a_process(life: Rounds) -> Answer:
    arguments = ("diff", "--since", "baseline", "--kind", "class", "--json", "--exit-code")
    with life.ready.start(*arguments) as diff:
        code = diff.ended()
        assert code in (0, 1), diff.log.read_text()
        told = json.loads(diff.answer())
    assert code == bool(told["changes"])
    fields = [one for change in told["changes"] for one in change["fields"]]
    steps = [(one["old"], one["new"]) for one in fields if one["field"] == "name"]
    return _answer(told["snapshots"]["to"]["id"], steps)


def asked_in_here(life: Rounds) -> Answer:
    question = Question(since="baseline", kinds=("class",))
    with known(life.database) as database:
        found = compare(database, question, now=SystemClock().now())
    fields = [one for change in found.changes for one in change.change.fields]
    steps = [(one.old, one.new) for one in fields if one.field == "name"]
    return _answer(found.range.newer.id, steps)


def _answer(snapshot: int, steps: list[tuple[Any, Any]]) -> Answer:
    before, after = ({str(step[side]) for step in steps} for side in (0, 1))
    return Answer(snapshot, frozenset(before), frozenset(after), len(steps))


def test_each_difference_is_between_two_whole_snapshots(acme: Rounds) -> None:
    ask_beside_cycles(acme, DIFFS, STATES)


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_each_of_hundreds_of_differences_is_between_two_whole_snapshots(acme: Rounds) -> None:
    ask_beside_cycles(acme, MANY_DIFFS, MANY_STATES)


def ask_beside_cycles(life: Rounds, at_least: int, states: int) -> None:
    """Ask on until so many answers were given and so many different states were seen."""
    answers: list[Answer] = []
    asking = cycle((asked_as_a_process, asked_in_here))
    others = cycle(_OTHERS)
    with cycles_all_the_time(life) as codes:
        while len(answers) < at_least or len({one.snapshot for one in answers}) < states:
            answers += [ask(life) for ask in islice(asking, 2)]
            other = [one.format(folder=life.backups) for one in next(others)]
            with life.ready.start(*other) as started:
                assert started.ended() == 0, started.log.read_text()
    assert codes == [0] * len(codes), "a cycle failed"
    names: dict[int, frozenset[str]] = {}
    for one in answers:
        nothing, all_of_them = (0, frozenset(), frozenset()), len(CLASSES)
        if (one.count, one.before, one.after) != nothing:
            assert (one.count, one.before, len(one.after)) == (all_of_them, {"State 0"}, 1), one
        assert names.setdefault(one.snapshot, one.after) == one.after, one
    assert [one.snapshot for one in answers] == sorted(one.snapshot for one in answers)


def test_what_is_asked_together_is_of_one_moment(acme: Rounds) -> None:
    with known(acme.database) as database:
        before = database.store.settings.load()
        with suppress(StoreError):
            another_commits(acme.database, "meanwhile")
        assert database.store.settings.load() == before
    another_commits(acme.database, "afterwards")
    with known(acme.database) as database:
        assert database.store.settings.load() == {**before, "marked": "afterwards"}


def test_who_asks_at_length_holds_nobody_up(acme: Rounds) -> None:
    with known_at_length(acme.database) as database:
        database.store.settings.load()
        another_commits(acme.database, "meanwhile")


def another_commits(database: Path, mark: str) -> None:
    """Somebody else, who waits for nobody, marks the settings."""
    with Store.open(database, patience=timedelta()) as store, store.immediate():
        store.settings.save({**store.settings.load(), "marked": mark}, datetime.now(UTC))


def test_an_answer_that_nobody_reads_holds_nobody_up(acme: Rounds) -> None:
    name_all(acme, "Told")
    acme.is_left_alone()
    diff = start("--db", str(acme.database), "diff", "--since", "baseline", "--json")
    assert diff.stdout is not None
    os.read(diff.stdout.fileno(), 1)
    # It prints, and cannot end before more of it is read than a pipe holds.
    name_all(acme, "Not told")
    acme.is_left_alone()
    assert diff.poll() is None
    told, _ = diff.communicate(timeout=LONGEST_SECONDS)
    assert told.count('"new": "Told"') >= len(CLASSES)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_reader_that_stands_still_costs_cycles_and_no_more(acme: Rounds) -> None:
    config = acme.config.with_name("often.toml")
    config.write_text(acme.config.read_text().replace('every = "15m"', 'every = "1s"'))
    with acme.ready.start("run", config=config) as daemon:
        daemon.must_say("cycle_done")
        with a_backup_that_stands_still(acme) as backup:
            name_all(acme, "Not read")
            daemon.must_say("cycle_failed", seconds=600)
            assert "is locked by another process for too long" in daemon.log.read_text()
            backup.send(signal.SIGCONT)
            assert backup.ended() == 0
        daemon.must_say("cycle_done", daemon.said().count("cycle_done") + 2)
        daemon.send(signal.SIGTERM)
        assert daemon.ended() == 0
    with acme.store() as store:
        newest = store.snapshots.latest()
        assert newest is not None
        assert lists_at(store, newest.id) == lists_of(acme.world)
    left = {path.name: path.stat().st_size for path in acme.config.parent.glob("monitor.db-*")}
    assert left in ({}, {"monitor.db-journal": 0})


@contextmanager
def a_backup_that_stands_still(life: Rounds) -> Iterator[Started]:
    """Stopped in the middle of its reading: nobody can commit."""
    for number in range(1000):
        folder = life.backups / str(number)
        with life.ready.start("backup", str(folder)) as backup:
            while not backup.is_over() and not any(folder.glob(".*")):
                pass
            backup.send(signal.SIGSTOP)
            if is_being_read(life.database):
                yield backup
                return
            backup.send(signal.SIGCONT)
    raise AssertionError("no backup was stopped in the middle")


def is_being_read(database: Path) -> bool:
    """Whether somebody's reading keeps everybody from committing, now and a moment later."""
    with closing(sqlite3.connect(database, timeout=1, isolation_level=None)) as db:
        try:
            db.execute("begin exclusive")
        except sqlite3.OperationalError:
            return True
        return False
