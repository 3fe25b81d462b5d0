"""One source fails, then the other: the channel says at each moment which of them is missing."""

from __future__ import annotations

from pathlib import Path

from monitor.simulator.sample import MARKETING
from tests.scenarios.story import Story, a_story


def _unseen(story: Story) -> list[str]:
    """The sources that the one message in the channel says cannot be read."""
    (parent,) = story.channel
    return [name for name in ("NetSuite", "Expensify") if f"{name} " in _first_lines(parent)]


def _first_lines(parent: dict[str, str]) -> str:
    _, _, after = parent["text"].partition("The monitor cannot see")
    return after.partition("Class “")[0]


def test_the_second_failure_is_told_and_the_first_does_not_stand_on(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.at("09:00").tables.inactivate("class", MARKETING)
        story.at("09:15").cycle()
        story.world.netsuite.faults.always("403")
        assert story.told(story.at("09:30").cycle()) == ["blind edit", "blind reply"]
        assert _unseen(story) == ["NetSuite"]
        story.world.netsuite.faults.clear()
        story.world.expensify.faults.always("401")
        assert story.told(story.at("09:45").cycle()) == ["blind edit", "blind reply"]
        assert _unseen(story) == ["Expensify"]
        assert story.told(story.at("14:00").cycle()) == []
        story.world.expensify.faults.clear()
        assert story.told(story.at("14:15").cycle())[:2] == ["sighted edit", "sighted reply"]
        assert _unseen(story) == []
