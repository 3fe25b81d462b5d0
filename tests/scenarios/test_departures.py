"""How a report leaves the pending ones: always for a reason that was asked for, never by a date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.core.outcomes import Label
from monitor.simulator.sample import MARKETING, UK
from tests.scenarios.story import DAY, Story, a_story

REPORT = "R-1041"


def delete(story: Story) -> None:
    del story.office.reports[REPORT]


def move_away(story: Story) -> None:
    story.office.reports[REPORT]["policyID"] = "ANOTHER"


def lose_all_expenses(story: Story) -> None:
    story.office.reports[REPORT]["transactionList"] = []


def export(story: Story) -> None:
    story.clock.sleep(1)
    story.office.add_action(REPORT, "EXPORTINTEGRATION", label="NetSuite", markedManually=False)


def mark_by_hand(story: Story) -> None:
    story.clock.sleep(1)
    story.office.add_action(REPORT, "EXPORTINTEGRATION", label="NetSuite", markedManually=True)


@pytest.mark.parametrize(
    ("leaves", "how"),
    [
        pytest.param(delete, "was deleted in Expensify", id="deleted"),
        pytest.param(move_away, "was moved to another workspace", id="moved"),
        pytest.param(lose_all_expenses, "has no expenses any more", id="emptied"),
        pytest.param(export, "was exported to NetSuite", id="exported"),
        pytest.param(mark_by_hand, "was marked as exported by hand", id="marked"),
    ],
)
def test_a_report_leaves_with_its_reason_and_the_alert_says_it(
    tmp_path: Path, leaves: Callable[[Story], None], how: str
) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.at("09:00").tables.inactivate("class", MARKETING)
        story.at("09:15").cycle()
        leaves(story)
        story.at("09:30").cycle()
        with story.store() as store:
            assert REPORT not in store.reports.pending_ids()
            assert store.reports.departures([REPORT]) == {REPORT: how}
        exposed = story.channel[0]["text"].partition("Resolved")[0]
        assert REPORT not in exposed


def test_a_clean_export_takes_the_rule_back_for_the_reports_that_still_wait(
    tmp_path: Path,
) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.at("09:00").tables.inactivate("class", MARKETING)
        story.at("09:15").cycle()
        assert len(story.open_risks()) == 1
        export(story)
        story.at("09:30").cycle()
        assert story.open_risks() == []
        assert f"report {REPORT} exported all the same" in story.channel[0]["text"]
        with story.store() as store:
            (outcome,) = store.outcomes.since(DAY)
        assert (outcome.report_id, outcome.label) == (REPORT, Label.EXPORTED)


def test_a_report_too_old_for_every_window_is_still_pending(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.clock.move_to(story.clock.now() + timedelta(days=90))
        story.cycle()
        with story.store() as store:
            assert REPORT in store.reports.pending_ids()


def test_a_report_in_another_watched_workspace_goes_on_there(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.office.reports[REPORT]["policyID"] = UK
        story.at("09:15").cycle()
        with story.store() as store:
            (report,) = [one for one in store.reports.pending() if one.report_id == REPORT]
        assert report.policy_id == UK
