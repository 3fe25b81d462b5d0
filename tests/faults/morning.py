"""A morning, and the cycle after it in which everything happens that a cycle can do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from monitor.simulator import World
from monitor.simulator.sample import UK, US

DAY = datetime(2026, 11, 24, tzinfo=UTC)
TESTED = DAY.replace(hour=9, minute=30)
SETTINGS = """
[alerts]
digest_at = "09:20"

[health]
ping_url = "{ping}/ping"
"""


def _nothing(world: World) -> None:
    """Both sides as they are every morning."""


def _classes_go(world: World) -> None:
    """One alert with a long list, and one of another workspace."""
    _reports(world, "R-11", "Sales : Field Sales")
    world.netsuite.tables.inactivate("class", 11)
    world.netsuite.tables.inactivate("class", 14)


def _slack_fails(world: World) -> None:
    """What is posted meanwhile waits, and nobody knows whether it arrived."""
    assert world.export("R-1047") == "NS0831"
    world.slack.faults.always("500", match="chat.postMessage")


def everything(world: World, move_to: Callable[[datetime], None]) -> None:
    """What the tested cycle finds: a sync; risks that are new, worse, and over; exports, edits, a
    deletion, reports that left; and letters that wait.
    """
    office, tables = world.expensify.office, world.netsuite.tables
    world.slack.faults.clear()
    move_to(DAY.replace(hour=9, minute=20))
    world.sync(UK)
    move_to(DAY.replace(hour=9, minute=25))
    office.recode("R-2011", "Sales : Partner Sales", "Engineering : Mobile")
    office.move_on("R-1100", "APPROVED")
    _reports(world, "R-13", "Operations")
    tables.inactivate("class", 30)
    tables.rename("class", 21, "Core")
    tables.delete("location", -5)
    assert world.export("R-1043") == ""
    del office.reports["R-1050"]
    move_to(TESTED)


MORNING: tuple[tuple[str, Callable[[World], None]], ...] = (
    ("08:00", _nothing),
    ("08:30", _classes_go),
    ("09:15", _slack_fails),
)


def _reports(world: World, begin: str, tag: str) -> None:
    for number in range(26):
        world.expensify.office.add_report(
            f"{begin}{number:02}",
            US,
            tags=[(tag, "")],
            submitter="ines.costa@acme.example",
            state="SUBMITTED",
            total=1_000,
            currency="USD",
            name="Ines's expenses",
            customField={"Department": "Commercial"},
        )
