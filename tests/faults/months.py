"""A world that lives on for months at the pace of its cycles, and the one process that watches."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.cli.demo.folder import prepare
from monitor.simulator import World, serve
from monitor.simulator.sample import UK, US, acme
from tests.faults.shared_clock import SharedClock

_BEGAN = datetime(2026, 11, 24, tzinfo=UTC)
_QUARTER = timedelta(minutes=15)
_A_DAY = timedelta(days=1) // _QUARTER
_ROOT = Path(__file__).parents[2]
_USED = {
    "11": "Sales : Field Sales",
    "12": "Sales : Marketing",
    "21": "Engineering : Platform",
}
"""Classes that pending reports name."""
_UNUSED = range(100, 200)


class Months:
    """What happens to Acme in each quarter of an hour, and a cycle at its end."""

    def __init__(
        self, world: World, clock: SharedClock, watching: subprocess.Popen[str], alert_every: int
    ) -> None:
        self._world = world
        self._clock = clock
        self._watching = watching
        self._passed = 0
        self._waiting: list[str] = []
        self._happens: tuple[tuple[int, int, Callable[[], None]], ...] = (
            (_A_DAY, 50, self._a_class_is_renamed),
            (_A_DAY, 70, self._expensify_syncs),
            (20, 3, self._a_report_comes),
            (20, 13, self._a_report_goes),
            (alert_every, 21, self._a_class_is_inactivated),
            (alert_every, 26, self._it_is_active_again),
        )
        """What, every so many cycles, and before which of them."""
        self._alert_every = alert_every

    def pass_cycle(self) -> None:
        """A quarter of an hour, and a cycle that reads and tells all."""
        for every, before, happens in self._happens:
            if self._passed % every == before:
                happens()
        assert self._ask("cycle") == [""]
        self._forget_what_was_asked()
        self._passed += 1
        self._clock.move_to(_BEGAN + self._passed * _QUARTER)

    def figures(self) -> dict[str, int]:
        """What the process holds now."""
        told: dict[str, int] = self._ask("figures")
        return told

    def _a_class_is_renamed(self) -> None:
        """One of a hundred a day."""
        record_id = _UNUSED[self._passed // _A_DAY % len(_UNUSED)]
        self._world.netsuite.tables.rename("class", record_id, f"Class of {self._passed}")

    def _expensify_syncs(self) -> None:
        for policy_id in (US, UK):
            self._world.sync(policy_id)

    def _a_report_comes(self) -> None:
        report_id = f"R-{10_000 + self._passed}"
        self._waiting.append(report_id)
        self._world.expensify.office.add_report(
            report_id,
            US,
            tags=[(list(_USED.values())[self._passed % len(_USED)], "")],
            submitter="ines.costa@acme.example",
            total=1_000,
            currency="USD",
            customField={"Department": "Commercial"},
        )

    def _a_report_goes(self) -> None:
        """The newest is exported, and the one before it is nobody's any more."""
        assert self._world.export(self._waiting[-1]) == ""
        if len(self._waiting) > 1:
            del self._world.expensify.office.reports[self._waiting.pop(0)]

    def _a_class_is_inactivated(self) -> None:
        self._world.netsuite.tables.inactivate("class", self._at_risk)

    def _it_is_active_again(self) -> None:
        self._world.netsuite.tables.reactivate("class", self._at_risk)
        self._world.sync(US)

    @property
    def _at_risk(self) -> str:
        return list(_USED)[self._passed // self._alert_every % len(_USED)]

    def _ask(self, order: str) -> Any:
        assert self._watching.stdin
        assert self._watching.stdout
        print(order, file=self._watching.stdin, flush=True)
        return json.loads(self._watching.stdout.readline())

    def _forget_what_was_asked(self) -> None:
        """The simulated services would drown in it."""
        expensify = self._world.expensify
        self._world.netsuite.requests.clear()
        expensify.requests.clear()
        expensify.files.clear()
        expensify.moments.clear()
        expensify.office.asked.clear()


@contextmanager
def months(folder: Path, *, alert_every: int) -> Iterator[tuple[Months, str]]:
    """Acme with a hundred more classes, watched; and where the process serves its numbers."""
    clock = SharedClock(folder / "clock")
    clock.move_to(_BEGAN)
    world = acme(World(clock.now))
    for number in _UNUSED:
        world.netsuite.tables.db.execute(
            "insert into classification(id, name, fullname, isinactive, lastmodifieddate) "
            "select ?1, ?2, ?2, 'F', lastmodifieddate from classification where id = 10",
            (number, f"Class {number}"),
        )
    with serve(world) as servers, (folder / "log").open("w") as log:
        config = prepare(folder / "acme", world, servers)
        address = _free_address()
        config.write_text(
            f'{config.read_text()}\n[alerts]\ndigest_at = "09:00"\n'
            f'[health]\nmetrics = "{address}"\n'
        )
        watching = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.endless", str(config), str(folder / "clock")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=_ROOT,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
        )
        try:
            yield Months(world, clock, watching, alert_every), address
        finally:
            watching.communicate()
            clock.close()


def _free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"127.0.0.1:{free.getsockname()[1]}"
