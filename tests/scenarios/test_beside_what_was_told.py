"""What is merely possible of a record is predicted also while its failed reports wait."""

from __future__ import annotations

from pathlib import Path

from monitor.core.risks import Cause, Certainty
from monitor.simulator.sample import MARKETING, US
from tests.scenarios.story import Story, a_story

SALES, FAILED, OTHERS = "10", "R-1041", ("R-1043", "R-1050")


def predicted(story: Story, *report_ids: str) -> dict[str, tuple[Cause, Certainty]]:
    """What stands of each report because of Marketing."""
    with story.store() as store:
        known = store.outcomes.predictions(report_ids)
    return {
        one.report_id: (one.cause, one.certainty)
        for predictions in known.values()
        for one in predictions
        if one.until is None and one.ref.id == MARKETING
    }


def failed_and_cured(story: Story) -> None:
    """R-1041 fails by Marketing; then Marketing is active again, and Expensify knows it."""
    story.cycle()
    story.at("09:00").tables.inactivate("class", MARKETING)
    story.at("09:15").cycle()
    story.world.export(FAILED)
    story.at("09:30").tables.reactivate("class", MARKETING)
    story.world.sync(US)


def test_beside_a_failed_report_the_possible_is_predicted_and_no_second_alert_is_told(
    tmp_path: Path,
) -> None:
    with a_story(tmp_path) as story:
        failed_and_cured(story)
        story.at("10:00").cycle()
        assert predicted(story, FAILED, *OTHERS) == {}
        story.at("10:05").tables.inactivate("class", SALES)
        result = story.at("10:15").cycle()
        possible = (Cause.PARENT_INACTIVE, Certainty.POSSIBLE)
        assert predicted(story, FAILED, *OTHERS) == dict.fromkeys((FAILED, *OTHERS), possible)
        assert [letter.alert_id for letter in result.outcome.letters if letter.alert_id != 1] == []
