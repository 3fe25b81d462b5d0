"""A scenario language: the whole program against the simulated world, on a clock of the story."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.adapters.store import Store
from monitor.app import App
from monitor.cli.demo.clock import StoryClock
from monitor.cli.demo.folder import prepare
from monitor.config.load import load
from monitor.core.alerts import RiskState
from monitor.cycle import CycleResult
from monitor.simulator import World, serve
from monitor.simulator.sample import acme

DAY = datetime(2026, 11, 24, tzinfo=UTC)


class Story:
    """Moves the clock, changes the world, runs real cycles, and reads what Slack was told."""

    def __init__(self, world: World, clock: StoryClock, config: Path) -> None:
        self.world = world
        self.clock = clock
        self.config = config
        self.tables = world.netsuite.tables
        self.office = world.expensify.office
        self.app = App(load(config), clock)

    def at(self, time: str) -> Story:
        """Move on to a time of the day, "09:15"."""
        hour, minute = map(int, time.split(":"))
        self.clock.move_to(DAY.replace(hour=hour, minute=minute))
        return self

    def cycle(self) -> CycleResult:
        """One real cycle and its delivery, as a process of its own would do it."""
        self.app = App(load(self.config), self.clock)
        with self.app.sources() as (netsuite, expensify):
            return self.app.cycle(netsuite, expensify)[0]

    def told(self, result: CycleResult) -> list[str]:
        """What a cycle promised, as "reason method"."""
        return [f"{one.reason.code} {one.method}" for one in result.outcome.letters]

    @property
    def channel(self) -> list[dict[str, Any]]:
        """The messages that stand in the channel itself."""
        return self.world.slack.parents()

    def store(self) -> Store:
        return Store.open(self.app.settings.database)

    def open_risks(self) -> list[str]:
        """Fingerprints of the risks that stand open."""
        with self.store() as store:
            return [
                one.risk.fingerprint
                for one in store.alerts.tracked()
                if one.state is RiskState.OPEN
            ]


@contextmanager
def a_story(folder: Path, *, start: str = "08:00") -> Iterator[Story]:
    """Acme at the start of a day; both workspaces have just synced, nothing was read yet."""
    hour, minute = map(int, start.split(":"))
    clock = StoryClock(DAY.replace(hour=hour, minute=minute))
    world = acme(World(clock.now))
    with serve(world) as servers:
        yield Story(world, clock, prepare(folder / "demo", world, servers))
