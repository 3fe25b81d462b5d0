"""What the monitor learns from exports, cycle by cycle, from NetSuite's refusals and its yes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.core.outcomes import Label, Outcome
from monitor.core.refutations import Trust
from monitor.core.risks import Cause
from monitor.simulator.sample import MARKETING
from tests.scenarios.story import DAY, Story, a_story

REPORT, OTHER = "R-1041", "R-1043"
SALES, PLATFORM = "Sales : Field Sales", "Engineering : Platform"


def outcomes(story: Story) -> list[Outcome]:
    with story.store() as store:
        return list(store.outcomes.since(DAY))


def labels(story: Story) -> list[tuple[str, Label]]:
    return [(one.report_id, one.label) for one in outcomes(story)]


def taken(story: Story, report_id: str) -> None:
    """NetSuite takes the report, against all that the monitor knows."""
    story.clock.sleep(1)
    story.office.add_action(report_id, "EXPORTINTEGRATION", label="NetSuite", markedManually=False)


def tried(story: Story, report_id: str) -> None:
    """Expensify exports the report; NetSuite decides by its own rules."""
    story.clock.sleep(1)
    story.world.export(report_id)


def begin(story: Story) -> None:
    """At nine Marketing is inactivated, at a quarter past that is predicted to fail."""
    story.cycle()
    story.at("09:00").tables.inactivate("class", MARKETING)
    story.at("09:15").cycle()


def test_a_refusal_confirms_what_was_predicted_and_how_long_before(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        begin(story)
        tried(story.at("10:00"), REPORT)
        story.at("10:15").cycle()
        (outcome,) = outcomes(story)
        assert (outcome.report_id, outcome.label, outcome.code) == (
            REPORT,
            Label.FAILED_AS_PREDICTED,
            "NS0831",
        )
        assert outcome.lead_seconds == 45 * 60 + 1


def test_the_same_refusal_is_counted_once_however_often_it_is_read_or_repeated(
    tmp_path: Path,
) -> None:
    with a_story(tmp_path) as story:
        begin(story)
        tried(story.at("10:00"), REPORT)
        story.at("10:15").cycle()
        tried(story.at("10:20"), REPORT)
        story.at("10:30").cycle()
        story.at("10:45").cycle()
        assert labels(story) == [(REPORT, Label.FAILED_AS_PREDICTED)]


def recode(story: Story) -> None:
    story.office.recode(REPORT, "Sales : Marketing", SALES)


def reactivate(story: Story) -> None:
    story.tables.reactivate("class", MARKETING)


@pytest.mark.parametrize(
    "fix", [pytest.param(recode, id="recoded"), pytest.param(reactivate, id="reactivated")]
)
@pytest.mark.parametrize(
    "looks", [pytest.param(True, id="seen before"), pytest.param(False, id="seen with the export")]
)
def test_what_was_fixed_before_its_export_is_no_false_alarm(
    tmp_path: Path, fix: Callable[[Story], None], looks: bool
) -> None:
    with a_story(tmp_path) as story:
        begin(story)
        fix(story.at("09:20"))
        if looks:
            story.at("09:30").cycle()
        tried(story.at("09:35"), REPORT)
        story.at("09:45").cycle()
        assert labels(story) == [(REPORT, Label.FIXED_FIRST)]
        with story.store() as store:
            assert store.lessons.known() is None


def test_inactivated_again_after_the_export_the_rule_stands(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        begin(story)
        reactivate(story.at("09:20"))
        tried(story.at("09:25"), REPORT)
        story.at("09:30").tables.inactivate("class", MARKETING)
        story.at("09:45").cycle()
        assert labels(story) == [(REPORT, Label.FIXED_FIRST)]
        assert len(story.open_risks()) == 1


def test_a_refusal_that_nobody_predicted_is_a_miss(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        begin(story)
        story.clock.sleep(1)
        message = {"messages": ["NS0831: Invalid or missing classification."]}
        story.office.add_action("R-1044", "INTEGRATIONSMESSAGE", label="NetSuite", result=message)
        story.at("09:30").cycle()
        (outcome,) = outcomes(story)
        assert (outcome.report_id, outcome.label) == ("R-1044", Label.MISSED)
        assert outcome.lacking


def test_a_persons_mark_is_neither_success_nor_false_alarm(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        begin(story)
        story.clock.sleep(1)
        story.office.add_action(REPORT, "EXPORTINTEGRATION", label="NetSuite", markedManually=True)
        story.at("09:30").cycle()
        assert labels(story) == []
        assert len(story.open_risks()) == 1


def test_while_netsuite_cannot_be_read_an_export_tests_nothing(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        begin(story)
        taken(story, REPORT)
        story.world.netsuite.faults.always("403")
        assert story.at("09:30").cycle().failures
        assert labels(story) == [(REPORT, Label.NOT_TESTED)]


def test_two_clean_exports_cap_the_rule_until_a_person_trusts_it(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        begin(story)
        taken(story, REPORT)
        taken(story, OTHER)
        story.at("09:30").cycle()
        assert story.open_risks() == []
        story.at("09:40").tables.inactivate("class", 21)
        story.at("09:45").cycle()
        assert story.open_risks() == []
        with story.store() as store, store.immediate():
            trust = Trust(Cause.INACTIVE, story.clock.now(), "dana", "opened for an hour")
            store.lessons.trust(trust)
        story.at("10:00").cycle()
        assert [risk.rpartition("/")[2] for risk in story.open_risks()] == ["class:21"]
