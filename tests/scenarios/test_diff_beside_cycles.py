"""`monitor diff` says of a change what the cycles say of it."""

from __future__ import annotations

from pathlib import Path

from monitor.answers.compare import Question, compare
from monitor.answers.known import known
from monitor.core.sync import Imported
from monitor.simulator.sample import MARKETING, US
from tests.scenarios.story import Story, a_story


def imported(story: Story) -> dict[str, Imported]:
    """By id, whether Acme US has imported the net change since the baseline."""
    with known(story.app.settings.database) as database:
        difference = compare(database, Question(since="baseline"), now=story.clock.now())
    return {one.change.id: one.imported[US] for one in difference.changes}


def test_a_change_whose_first_half_was_imported_is_not(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.at("09:00").tables.rename("class", MARKETING, "Brand")
        story.at("09:05").world.sync(US)
        story.at("09:15").cycle()
        assert imported(story)[MARKETING] is Imported.YES
        story.at("09:20").tables.inactivate("class", MARKETING)
        story.at("09:30").cycle()
        assert imported(story)[MARKETING] is Imported.NO
        assert "Expensify has not imported the change yet" in story.channel[0]["text"]
        story.at("09:40").world.sync(US)
        story.at("09:45").cycle()
        assert imported(story)[MARKETING] is Imported.YES
