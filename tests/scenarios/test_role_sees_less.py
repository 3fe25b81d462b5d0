"""The monitor's role loses sight of a subsidiary: nothing is called refused, nothing resolved."""

from __future__ import annotations

from pathlib import Path

from monitor.simulator.sample import UK
from tests.scenarios.story import Story, a_story

MOBILE = 22
"""The class of Acme UK's approved report R-2010."""


def loses_sight_of_the_uk(story: Story) -> None:
    """Subsidiary 2 vanishes from the list, and from every record that names it."""
    story.world.netsuite.suiteql.hidden_rows.add(("subsidiary", 2))
    story.tables.edit("class", MOBILE, subsidiary=[1])


def test_a_record_that_loses_a_subsidiary_out_of_sight_is_no_risk(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.tables.edit("class", MOBILE, subsidiary=[1, 2], includechildren="F")
        story.cycle()
        story.at("09:00")
        loses_sight_of_the_uk(story)
        for time in ("09:15", "09:30", "09:45"):
            assert "opened" not in " ".join(story.told(story.at(time).cycle()))
        assert story.open_risks() == []
        assert story.told(story.at("10:30").cycle()) == ["blind post"]
        assert (
            "does not show subsidiary 2 to the monitor's role any more"
            in (story.channel[0]["text"])
        )


def test_an_open_risk_of_a_subsidiary_out_of_sight_stays_open(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.tables.edit("class", MOBILE, subsidiary=[1, 2], includechildren="F")
        story.cycle()
        story.at("09:00").tables.edit("class", MOBILE, subsidiary=[1])
        assert story.told(story.at("09:15").cycle()) == ["opened post"]
        loses_sight_of_the_uk(story)
        told = [story.told(story.at(time).cycle()) for time in ("09:30", "09:45", "10:30")]
        assert "resolved" not in str(told)
        story.world.netsuite.suiteql.hidden_rows.clear()
        story.at("10:45").cycle()
        assert story.open_risks() == [f"{UK}/class:{MOBILE}"]
