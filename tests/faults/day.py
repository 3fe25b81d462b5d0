"""A scripted day with every reason to speak, against a world that outlives the monitor."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGKILL
from typing import Any, NamedTuple

from monitor.adapters.store import Store
from monitor.cli.demo.folder import prepare
from monitor.controls import acknowledge
from monitor.simulator import World, serve
from monitor.simulator.sample import MARKETING, US, acme
from monitor.simulator.slack import Slack
from tests.faults.shared_clock import SharedClock

FIELD_SALES = "11"
_DAY = datetime(2026, 11, 24, tzinfo=UTC)
_ROOT = Path(__file__).parents[2]
_ALERTS = """
[alerts]
digest_at = "09:00"
quiet_hours = "12:00-13:00"
remind_every = "3h"
"""


class Taken(NamedTuple):
    """A call that Slack accepted: what stands there since, and in whose thread."""

    method: str
    key: str
    """The letter's; of a file its name."""
    text: str
    thread: str
    """The key of the thread's parent as it was posted."""


class NotingSlack(Slack):
    """A Slack that also remembers what it took, whatever became of who said it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(now)
        self.taken: list[Taken] = []
        self._keys: dict[str, str] = {}

    def call(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        answer = super().call(method, arguments)
        if method in ("chat.postMessage", "chat.update", "files.completeUploadExternal"):
            thread = self._keys.get(arguments.get("thread_ts") or "", "")
            said = arguments.get("text") or arguments.get("initial_comment") or ""
            key = _key(arguments)
            self.taken.append(Taken(method, key, said, thread))
            if method == "chat.postMessage":
                self._keys[answer["ts"]] = key
        return answer

    def posted(self) -> dict[str, tuple[str, ...]]:
        """Every text that was posted under a key, oldest first."""
        texts: dict[str, tuple[str, ...]] = {}
        for one in self.taken:
            if one.method != "chat.update":
                texts[one.key] = (*texts.get(one.key, ()), one.text)
        return texts

    def standing(self) -> list[Taken]:
        """What the channel and its threads show."""
        return [
            Taken(
                "broadcast" if one.get("reply_broadcast") else "message",
                _key(one),
                one["text"],
                self._keys.get(one.get("thread_ts") or "", ""),
            )
            for one in self.messages
        ]


def _key(arguments: dict[str, Any]) -> str:
    if arguments.get("metadata"):
        metadata = arguments["metadata"]
        metadata = json.loads(metadata) if isinstance(metadata, str) else metadata
        return str(metadata["event_payload"]["key"])
    files = arguments["files"]
    files = json.loads(files) if isinstance(files, str) else files
    return str(files[0]["title"])


class Day:
    """The world, the configuration that watches it, and the process that runs the cycles."""

    def __init__(self, world: World, slack: NotingSlack, clock: SharedClock, config: Path) -> None:
        self.world = world
        self.slack = slack
        self.clock = clock
        self._config = config
        self._victim = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.victim"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
        )

    def cycle(self, dies_at: int | None = None) -> dict[str, Any]:
        """A process runs one cycle now, and dies at that point of it, if it gets there."""
        order = {"config": str(self._config), "clock": str(self._config.parents[1] / "clock")}
        assert self._victim.stdin and self._victim.stdout
        print(json.dumps({**order, "dies_at": dies_at}), file=self._victim.stdin, flush=True)
        ended: dict[str, Any] = json.loads(self._victim.stdout.readline())
        return ended

    def store(self) -> Store:
        return Store.open(self._config.parent / "monitor.db")

    def end(self) -> None:
        self._victim.communicate()


@contextmanager
def a_day(folder: Path) -> Iterator[Day]:
    """Acme at midnight; nothing was read yet."""
    folder.mkdir()
    clock = SharedClock(folder / "clock")
    clock.move_to(_DAY)
    world = acme(World(clock.now))
    slack = NotingSlack(clock.now)
    world.slack = slack
    with serve(world) as servers:
        config = prepare(folder / "acme", world, servers)
        config.write_text(config.read_text() + _ALERTS)
        day = Day(world, slack, clock, config)
        try:
            yield day
        finally:
            day.end()
            clock.close()


def _nothing(day: Day) -> None:
    """Both sides as they are every morning."""


def _a_class_goes(day: Day) -> None:
    """A class is inactivated that many reports use, none of them approved: with a long list."""
    for number in range(26):
        _report(day, f"R-11{number:02}", "Sales : Field Sales")
    day.world.netsuite.tables.inactivate("class", FIELD_SALES)


def _reports_join(day: Day) -> None:
    _report(day, "R-1200", "Sales : Field Sales")
    day.world.netsuite.tables.inactivate("class", "30")
    _report(day, "R-1300", "Operations")


def _one_is_approved(day: Day) -> None:
    day.world.expensify.office.move_on("R-1047", "APPROVED")


def _an_export_fails(day: Day) -> None:
    assert day.world.export("R-1047") == "NS0831"


def _somebody_takes_it(day: Day) -> None:
    with day.store() as store:
        acknowledge(
            store,
            "1",
            author="Dana Lee",
            reason="on it",
            now=day.clock.now(),
            for_=timedelta(hours=2),
        )


def _netsuite_refuses(day: Day) -> None:
    day.world.netsuite.faults.always("403")


def _netsuite_answers(day: Day) -> None:
    day.world.netsuite.faults.clear()


def _more_in_quiet_hours(day: Day) -> None:
    """An alert of its own, and an old one that gets worse."""
    day.world.netsuite.tables.inactivate("class", MARKETING)
    day.world.expensify.office.move_on("R-1300", "APPROVED")


def _an_export_fails_in_quiet_hours(day: Day) -> None:
    assert day.world.export("R-1300") == "NS0831"


def _all_is_mended(day: Day) -> None:
    """Nothing uses the bad classes any more, and what had failed is exported by hand."""
    office = day.world.expensify.office
    for report_id, report in office.reports.items():
        if report["policyID"] == US:
            for old in ("Sales : Field Sales", "Operations", "Sales : Marketing"):
                office.recode(report_id, old, "Engineering : Platform")
    day.world.sync(US)
    assert (day.world.export("R-1047"), day.world.export("R-1300")) == ("", "")


def _one_comes_back(day: Day) -> None:
    day.world.expensify.office.recode("R-1044", "Engineering : Platform", "Sales : Marketing")


def _report(day: Day, report_id: str, tag: str) -> None:
    day.world.expensify.office.add_report(
        report_id,
        US,
        tags=[(tag, "")],
        submitter="ines.costa@acme.example",
        state="SUBMITTED",
        total=1_000,
        currency="USD",
        name="Ines's expenses",
        customField={"Department": "Commercial"},
    )


_SCRIPT: tuple[tuple[str, Callable[[Day], None]], ...] = (
    ("08:00", _nothing),
    ("08:30", _a_class_goes),
    ("08:45", _reports_join),
    ("09:00", _one_is_approved),
    ("09:30", _an_export_fails),
    ("09:45", _somebody_takes_it),
    ("10:00", _netsuite_refuses),
    ("10:15", _netsuite_answers),
    ("12:15", _more_in_quiet_hours),
    ("12:30", _an_export_fails_in_quiet_hours),
    ("13:00", _nothing),
    ("14:00", _all_is_mended),
    ("15:00", _one_comes_back),
    ("18:30", _nothing),
)
"""When a cycle runs, and what happened before it. At noon the letters wait, and the last cycle is
that of a reminder.
"""
CYCLES = len(_SCRIPT)


class Look(NamedTuple):
    """The channel after a cycle, and what it took to get there."""

    time: str
    died_at: int | None
    ended: dict[str, Any]
    posted: dict[str, tuple[str, ...]]
    """The texts that Slack took under each key, oldest first; edits are no posts."""
    standing: tuple[Taken, ...]

    @property
    def points(self) -> tuple[str, ...]:
        return tuple(self.ended["points"])


def looks(
    folder: Path, *, reads_history: bool, kills: Sequence[int | None] = (None,) * CYCLES
) -> Generator[Look, None, None]:
    """Live through the day. A cycle that is killed at its point is run again by a new process."""
    with a_day(folder) as day:
        if not reads_history:
            day.slack.scopes.discard("channels:history")
        for (time, happens), dies_at in zip(_SCRIPT, kills, strict=True):
            hour, minute = map(int, time.split(":"))
            day.clock.move_to(_DAY.replace(hour=hour, minute=minute))
            happens(day)
            if dies_at is not None:
                assert day.cycle(dies_at) == {"signal": SIGKILL}
            yield Look(time, dies_at, day.cycle(), day.slack.posted(), tuple(day.slack.standing()))
