"""A simulated Expensify and the monitor's adapter at its door, on a clock of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.adapters.expensify import (
    Expensify,
    ExpensifyCredentials,
    ExpensifyOptions,
    Limiter,
)
from monitor.adapters.expensify.jobs import Jobs
from monitor.adapters.http import Http
from monitor.cli.demo.clock import StoryClock
from monitor.core.reports import Coding, Workspace
from monitor.simulator import World, serve
from monitor.simulator.expensify.office import Office
from monitor.simulator.faults import Faults

US, UK = "4C6722D4BD2BD941", "7A1D93E0C55F0B12"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class RecordingClock(StoryClock):
    """Remembers every wait; `meanwhile` happens during each of them."""

    def __init__(self, start: datetime = NOW) -> None:
        super().__init__(start)
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        super().sleep(seconds)
        self.meanwhile()

    def meanwhile(self) -> None:
        """Nothing."""


def a_workspace(policy_id: str = US, **fields: Any) -> Workspace:
    """Classes at the first tag level, projects at the second, departments as a report field."""
    return Workspace(
        policy_id,
        **{
            "name": "Acme US",
            "coding": (
                Coding("class", "tag:1"),
                Coding("project", "tag:2"),
                Coding("department", "report_field:Department"),
            ),
            **fields,
        },
    )


@dataclass(frozen=True)
class Desk:
    """Where a test sits: the world outside on one side, the adapter on the other."""

    world: World
    clock: RecordingClock
    expensify: Expensify
    jobs: Jobs
    url: str

    @property
    def office(self) -> Office:
        return self.world.expensify.office

    @property
    def faults(self) -> Faults:
        return self.world.expensify.faults

    @property
    def requests(self) -> list[str]:
        """What reached Expensify: the type of each job, or what went wrong instead."""
        return self.world.expensify.requests

    def answers(self, document: object, *, about: str = "") -> None:
        """The next answer is this document, whatever was asked."""
        text = document if isinstance(document, str) else json.dumps(document)
        self.faults.next("body", match=about, detail=text)

    def asked(self, kind: str) -> list[dict[str, Any]]:
        """The input settings of every job of that type that arrived."""
        return [job.get("inputSettings", {}) for job in self.office.asked if job["type"] == kind]


@contextmanager
def a_desk(
    folder: Path,
    *,
    clock: RecordingClock | None = None,
    credentials: tuple[str, str] = ("aa_simulated", "simulated-secret"),
    pending_since: timedelta = timedelta(days=60),
    export_deadline: timedelta = timedelta(minutes=8),
) -> Iterator[Desk]:
    """An office with one empty workspace, served over loopback."""
    clock = clock or RecordingClock()
    world = World(clock.now)
    world.expensify.office.add_policy(US, "Acme US")
    pair = ExpensifyCredentials(*credentials)
    limiter = Limiter(folder, *credentials, clock)
    with serve(world) as servers:
        options = ExpensifyOptions(servers.expensify_url, pending_since, export_deadline)
        http = Http("expensify", clock)
        jobs = Jobs(options.base_url, http, pair, limiter)
        with Expensify(options, pair, clock, limiter) as expensify:
            yield Desk(world, clock, expensify, jobs, servers.expensify_url)
        http.close()
