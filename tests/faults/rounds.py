"""A monitor that is killed again and again at random moments, in a world that goes on meanwhile."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from monitor.adapters.store import Store
from monitor.cli.demo.folder import prepare
from monitor.simulator import World, serve
from monitor.simulator.sample import UK, US, acme
from tests.faults.day import NotingSlack
from tests.faults.ready import LONGEST_SECONDS, Ready, Started
from tests.faults.shared_clock import SharedClock
from tests.scenarios import anything
from tests.scenarios.story import Story

_REST = timedelta(hours=8)
"""All rounds in the present take less of the story."""
_BEFORE = timedelta(weeks=5) + _REST
_KINDS = ("class", "department", "location", "subsidiary", "project", "customer", "employee")
_WRITING_SECONDS = 0.01
"""A commit takes about as long."""
_AWAY_SECONDS = 0.02
_PAUSE_SECONDS = 1.0
"""Between two cycles of the daemon: it knows no shorter interval."""

Lists = dict[str, frozenset[tuple[str, bool, str]]]
"""By kind, the records' ids, whether they are active, and the names of classes."""


class Unlimited(list[float]):
    """An Expensify that counts no requests, nor lets the monitor count them: else a cycle waits."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def append(self, _moment: float) -> None:
        for path in self._folder.glob("expensify-*.rate"):
            path.write_bytes(b"")


class DistantSlack(NotingSlack):
    """Its calls take a while, before it takes them and after, so that kills can fall into both."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(now)
        self.calls_begun = 0
        self.seconds_away = 0.0

    def call(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        self.calls_begun += 1
        time.sleep(self.seconds_away)
        answer = super().call(method, arguments)
        time.sleep(self.seconds_away)
        return answer


class Rounds(Story):
    """One life of a monitor. Everything that is drawn is drawn from the seed."""

    clock: Any

    def __init__(
        self, world: World, slack: DistantSlack, clock: SharedClock, config: Path, seed: int
    ) -> None:
        super().__init__(world, clock, config)  # type: ignore[arg-type]
        self.slack = slack
        self.draw = Random(seed)
        self.database = config.parent / "monitor.db"
        self.backups = config.parent / "backups"
        self.backups.mkdir()
        self.states = [lists_of(world)]
        self.length = 0.0
        """How many seconds a cycle takes that nobody kills."""
        self.hit: Counter[str] = Counter()
        """Where kills hit: what ran, and what it had last said."""
        self.has_ended_well = False
        """Whether the last round held a cycle that read all and ended, killed or not later on."""
        self.ready = Ready(config, config.parents[1] / "clock")
        self._is_present = False

    def passes(self) -> None:
        """A quarter of an hour passes, and something happens."""
        self.clock.sleep(anything.QUARTER.total_seconds())
        for _ in range(self.draw.choice((1, 1, 2))):
            self._happens(_ANYTHING)

    def five_weeks_pass(self) -> None:
        """Enough for some to be pruned. From here on the story is so near to the machine's time
        that the daemon's scheduler, which asks that, runs a cycle at once and then every second.
        """
        self.clock.move_to(datetime.now(UTC) - _REST)
        self._is_present = True

    def kill(self) -> None:
        """Start the monitor and kill it."""
        self.has_ended_well = False
        # How long a cycle takes is not known before the first that ends, nor needed here.
        ways = _IN_THE_PRESENT if self._is_present else _WAYS if self.length else _AT_FIRST
        self.slack.seconds_away = _AWAY_SECONDS
        self.draw.choice(ways)(self)
        self.slack.seconds_away = 0.0

    def is_left_alone(self) -> None:
        """One cycle to its end."""
        began = time.monotonic()
        assert self.ready.run("run", "--once") == 0
        self.length = time.monotonic() - began

    def _at_any_moment(self) -> None:
        with self.ready.start("run", "--once") as cycle:
            self._let_run(1.2)
            self._killed("once", cycle)

    def _in_a_transaction(self) -> None:
        after = self.draw.choice(("", "reading netsuite", "cycle_done"))
        with self.ready.start("run", "--once") as cycle:
            self._await(lambda: self._is_being_written() and _has_said(cycle, after), cycle)
            time.sleep(self.draw.uniform(0, _WRITING_SECONDS))
            self._killed("once, writing", cycle)

    def _among_its_pages(self) -> None:
        """While a commit writes into the file itself: that takes no millisecond."""
        after = self.draw.choice(("", "reading netsuite", "reading netsuite", "cycle_done"))
        with self.ready.start("run", "--once") as cycle:
            self._await(lambda: _has_said(cycle, after), cycle)
            before = self._written_at()
            self._await(lambda: self._written_at() != before, cycle)
            self._killed("once, among its pages", cycle)

    def _in_a_call(self) -> None:
        """While Slack is told: it has not heard it yet, or it has and nobody knows."""
        before = self.slack.calls_begun
        nth = self.draw.choice((1, 1, 2, 3))
        with self.ready.start("run", "--once") as cycle:
            self._await(lambda: self.slack.calls_begun >= before + nth, cycle)
            time.sleep(self.draw.uniform(0, 2.5 * _AWAY_SECONDS))
            self._killed("once, telling", cycle)

    def _as_a_daemon(self) -> None:
        with self.ready.start("run") as daemon:
            self._let_run(1.5)
            self._killed("daemon", daemon)

    def _as_a_daemon_later(self) -> None:
        with self.ready.start("run") as daemon:
            self._let_run(1.0)
            time.sleep(_PAUSE_SECONDS)
            self._let_run(1.0)
            self._killed("daemon, later", daemon)

    def _beside_a_backup(self) -> None:
        before = self._copies()
        with (
            self.ready.start("run") as daemon,
            self.ready.start("backup", str(self.backups), "--keep", "3") as backup,
        ):
            self._await(lambda: self._copies() != before, backup)
            time.sleep(self.draw.uniform(0, _WRITING_SECONDS))
            self._killed("backup", backup)
            self._let_run(1.0)
            self._killed("daemon beside a backup", daemon)

    def _beside_a_prune(self) -> None:
        with (
            self.ready.start("run", "--once") as cycle,
            self.ready.start("db", "prune") as prune,
            self.ready.start("diff", "--since", "baseline") as diff,
        ):
            self._await(self._is_being_written, prune)
            time.sleep(self.draw.uniform(0, _WRITING_SECONDS))
            self._killed("prune", prune)
            self._let_run(1.0)
            self._killed("once beside a prune", cycle)
            self._killed("diff", diff)

    def _let_run(self, cycles: float) -> None:
        """Up to so many lengths of a cycle, with something that happens in between or not."""
        seconds = self.draw.uniform(0, cycles * self.length)
        before = self.draw.uniform(0, seconds)
        is_eventful = self.draw.random() < 0.5
        time.sleep(before)
        if is_eventful:
            self._happens(_MEANWHILE)
        time.sleep(seconds - before)

    def _await(self, is_so: Callable[[], bool], started: Started) -> None:
        """Until it is so, or the process has ended."""
        deadline = time.monotonic() + LONGEST_SECONDS
        while not is_so() and not started.is_over():
            assert time.monotonic() < deadline, started.log.read_text()

    def _copies(self) -> set[str]:
        return {path.name for path in self.backups.iterdir()}

    def _written_at(self) -> int:
        return self.database.stat().st_mtime_ns if self.database.exists() else 0

    def _is_being_written(self) -> bool:
        """Whether a transaction is under way that would be rolled back now."""
        try:
            return self.database.with_name("monitor.db-journal").stat().st_size > 0
        except FileNotFoundError:
            return False

    def _killed(self, what: str, started: Started) -> None:
        is_dead = started.kill() < 0
        said = ["starting", *started.said()][-1] if is_dead else "had ended"
        self.has_ended_well |= "cycle_done" in started.said()
        torn = ", in a transaction" if is_dead and self._is_being_written() else ""
        self.hit[f"{what}: {said}{torn}"] += 1

    def _happens(self, choice: tuple[Callable[[Rounds], None], ...]) -> None:
        with self.tables.lock:
            self.draw.choice(choice)(self)
            self.states.append(lists_of(self.world))


def _has_said(started: Started, event: str) -> bool:
    return not event or event in started.said()


def lists_of(world: World) -> Lists:
    """NetSuite's lists now."""
    with world.netsuite.tables.lock:
        return {
            kind: frozenset(
                (str(row["id"]), row["isinactive"] == "F", row["name"] if kind == "class" else "")
                for row in world.netsuite.tables.all(kind)
            )
            for kind in _KINDS
        }


def lists_at(store: Store, snapshot: int) -> Lists:
    """The same lists as the snapshot has them."""
    lists: dict[str, set[tuple[str, bool, str]]] = {kind: set() for kind in _KINDS}
    for one in store.records.at(snapshot):
        name = one.name if one.kind == "class" else ""
        lists[one.kind].add((one.id, not one.is_inactive, name))
    return {kind: frozenset(found) for kind, found in lists.items()}


@contextmanager
def rounds(folder: Path, seed: int) -> Iterator[Rounds]:
    """Acme on a morning; the monitor was never started."""
    folder.mkdir(exist_ok=True)
    clock = SharedClock(folder / "clock")
    clock.move_to(datetime.now(UTC) - _BEFORE)
    world = acme(World(clock.now))
    world.slack = slack = DistantSlack(clock.now)
    world.expensify.polls_until_ready = 0
    with serve(world) as servers:
        config = prepare(folder / "acme", world, servers)
        config.write_text(config.read_text().replace('every = "15m"', 'every = "1s"'))
        world.expensify.moments = Unlimited(config.parent)
        played = Rounds(world, slack, clock, config, seed)
        try:
            yield played
        finally:
            played.ready.end()
            clock.close()


def _inactivate(one: Rounds) -> None:
    anything.inactivate(one, one.draw.choice(sorted(anything.PATHS)))


def _reactivate(one: Rounds) -> None:
    anything.reactivate(one, one.draw.choice(sorted(anything.PATHS)))


def _rename(one: Rounds) -> None:
    one.tables.rename("class", one.draw.choice(("13", "14", "31")), f"Named {len(one.states)}")


def _add(one: Rounds) -> None:
    number = 100 + len(one.states)
    columns = {"name": f"New {number}", "parent": None, "includechildren": "T", "subsidiary": [1]}
    one.tables.add("class", number, **columns)


def _delete(one: Rounds) -> None:
    added = [row["id"] for row in one.tables.all("class") if row["id"] >= 100]
    if added:
        anything.delete(one, one.draw.choice(added), is_logged=True)


def _somebody_leaves_or_returns(one: Rounds) -> None:
    person = one.draw.choice(("504", "505"))
    is_active = one.tables.get("employee", person)["isinactive"] == "F"  # type: ignore[index]
    (one.tables.inactivate if is_active else one.tables.reactivate)("employee", person)


def _approve(one: Rounds) -> None:
    anything.move_on(one, one.draw.choice(anything.REPORTS), "APPROVED")


def _recode(one: Rounds) -> None:
    class_id = one.draw.choice(sorted(anything.PATHS))
    anything.recode(one, one.draw.choice(anything.REPORTS), class_id)


def _sync(one: Rounds) -> None:
    anything.sync(one, one.draw.choice((US, UK)))


def _export(one: Rounds) -> None:
    anything.export(one, one.draw.choice(anything.REPORTS))


_MEANWHILE = (
    _inactivate,
    _reactivate,
    _rename,
    _add,
    _delete,
    _somebody_leaves_or_returns,
    _approve,
)
_ANYTHING = (*_MEANWHILE, _inactivate, _recode, _sync, _export)
_AT_FIRST: tuple[Callable[[Rounds], None], ...] = (
    Rounds._in_a_transaction,
    Rounds._among_its_pages,
)
_WAYS = (
    *_AT_FIRST,
    Rounds._among_its_pages,
    Rounds._at_any_moment,
    Rounds._in_a_call,
    Rounds._in_a_call,
    Rounds._beside_a_prune,
)
_IN_THE_PRESENT = (
    *_WAYS,
    Rounds._as_a_daemon,
    Rounds._as_a_daemon,
    Rounds._as_a_daemon_later,
    Rounds._beside_a_backup,
)
