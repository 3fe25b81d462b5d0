"""Somebody whom NetSuite has not hired yet submits: the export fails until their first day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.simulator.sample import US
from tests.scenarios.story import Story, a_story

TOMORROW, TODAY = "2026-11-25", "2026-11-24"
REPORT = "R-1043"
OMAR = 502
RISK = [(f"employee:{OMAR}", "employee_unusable", (REPORT,))]


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with a_story(tmp_path) as one:
        yield one


def risks(story: Story) -> list[tuple[str, str, tuple[str, ...]]]:
    """What stands of the workspace: the record, the cause and the reports."""
    with story.store() as store:
        return [
            (
                str(one.risk.ref),
                one.risk.cause.code,
                tuple(report.report_id for report in one.risk.reports),
            )
            for one in store.alerts.tracked()
            if one.risk.policy_id == US and one.ended == "" and one.resolved_at is None
        ]


def test_it_is_foretold_and_so_it_happens(story: Story) -> None:
    story.tables.edit("employee", OMAR, hiredate=TOMORROW)
    story.at("09:00").cycle()
    assert risks(story) == RISK
    assert story.world.export(REPORT) == "NS0023"


def test_on_the_first_day_it_exports(story: Story) -> None:
    story.tables.edit("employee", OMAR, hiredate=TODAY)
    story.at("09:00").cycle()
    assert risks(story) == []
    assert story.world.export(REPORT) == ""


def test_the_first_day_comes_without_any_edit(story: Story) -> None:
    story.tables.edit("employee", OMAR, hiredate=TOMORROW)
    story.at("09:45").cycle()
    assert risks(story) == RISK
    story.at("10:00").cycle()
    assert risks(story) == [], "it is the 25th by now in the zone furthest east"


def test_on_the_last_day_and_the_day_after_in_some_zone_nothing_is_said(story: Story) -> None:
    story.tables.edit("employee", OMAR, releasedate="2026-11-23")
    story.at("11:45").cycle()
    assert risks(story) == [], "it is still the 23rd in the zone furthest west"
    story.at("12:00").cycle()
    assert risks(story) == RISK


def test_where_the_role_is_shown_no_first_days_nothing_is_said(story: Story) -> None:
    story.tables.edit("employee", OMAR, hiredate=TOMORROW)
    story.world.netsuite.suiteql.hidden_columns["employee", "hiredate"] = "identifier"
    story.at("09:00").cycle()
    assert risks(story) == []


def test_a_role_that_comes_to_be_shown_them_edits_nobody(story: Story) -> None:
    for person in (501, OMAR, 503, 504, 505, 506):
        story.tables.edit("employee", person, hiredate="2019-12-31")
    hidden = story.world.netsuite.suiteql.hidden_columns
    hidden["employee", "hiredate"] = "identifier"
    story.at("09:00").cycle()
    hidden.clear()
    story.at("09:15").cycle()
    with story.store() as store:
        assert list(store.changes.each(1, 2)) == []
        assert {one.hired_on for one in store.records.current(["employee"])} == {"2019-12-31"}
