"""The Explain button tells the gist of `monitor explain`, and no name where names are masked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.answers.in_short import told_in_short
from monitor.core.message.words import Voice
from monitor.errors import UsageError
from tests.core.builders import a_line, a_report, a_subsidiary
from tests.scenarios.memory import US, Memory, a_class
from tests.scenarios.story import a_story

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BESIDE = (a_subsidiary("1"), a_class("7", "Field"), a_class("30", "Old", is_inactive=True))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A class was inactivated after the last sync; one report uses it."""
    memory = Memory(tmp_path / "monitor.db", (US, "Acme US"))
    memory.reads(NOON - timedelta(hours=2), a_class(), *BESIDE)
    memory.synced(US, NOON - timedelta(hours=1), read=NOON - timedelta(minutes=1))
    memory.reads(NOON - timedelta(minutes=30), a_class(), *BESIDE)
    memory.reads(NOON - timedelta(minutes=5), a_class(is_inactive=True), *BESIDE)
    memory.waits(a_report("R1"), a_report("R2", a_line("Sales : Field")))
    return memory.path


def test_a_risk_is_told_from_what_is_wrong_to_what_ends_it(path: Path) -> None:
    lines = told_in_short(path, Voice(), f"{US}/class:12", NOON).splitlines()
    assert [line for line in lines if not line.startswith("  ")] == [
        "Acme US: class:12 “Sales : Marketing” is inactive in NetSuite: will fail with NS0831.",
        "At stake: 1 report (USD 812.00, 1 person).",
        "Why: it is inactive in NetSuite",
        "What changed: class “Sales : Marketing” was inactivated, Nov 24, 2026 11:55 UTC",
        "Was it imported? the last known sync was before it",
        "What to do: Recode the lines, or reactivate the record; "
        "Sync so that new expenses stop using it.",
        "It is resolved when it is active in NetSuite, or no pending report uses it any more: "
        "recoded, exported or deleted.",
        f"All of it: monitor explain {US}/class:12",
    ]
    assert [line[:12] for line in lines if line.startswith("  ")] == [
        "  1. Recode ",
        "  2. Or a Ne",
        "  3. After r",
    ]


def test_people_are_told_by_initials_where_they_are_masked(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.tables.edit("employee", 502, hiredate="2026-11-25")
        story.at("09:00").cycle()
        with story.store() as store:
            (risk,) = [one.risk for one in store.alerts.tracked() if one.risk.ref.id == "502"]
        path = story.app.settings.database
        named, masked = (
            told_in_short(path, Voice(mask_people=is_masked), risk.fingerprint, story.clock.now())
            for is_masked in (False, True)
        )
    people = {risk.full_name, *(report.submitter for report in risk.reports)}
    initials = {Voice(mask_people=True).person(name) for name in people}
    assert [risk.full_name in named, any(one in masked for one in initials)] == [True, True]
    assert [name for name in people if name in masked] == []


def test_a_record_that_harms_nobody_is_told_in_one_line(path: Path) -> None:
    assert told_in_short(path, Voice(), f"{US}/class:7", NOON) == (
        "Acme US: class:7 “Sales : Field”: nothing would fail by it as things stand."
    )


def test_what_nobody_knows_is_refused(path: Path) -> None:
    with pytest.raises(UsageError):
        told_in_short(path, Voice(), f"{US}/class:999", NOON)
