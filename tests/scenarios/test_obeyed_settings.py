"""What [alerts] says of hours and people is obeyed by the whole program, in the zone for people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.simulator.sample import MARKETING
from tests.scenarios.story import Story, a_story


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """A quiet first cycle at eight (UTC); Marketing is inactivated at nine."""
    with a_story(tmp_path) as story:
        story.cycle()
        story.at("09:00").tables.inactivate("class", MARKETING)
        yield story


def configured(story: Story, *lines: str, time_zone: str = "UTC") -> None:
    """The operator writes this under [alerts]."""
    text = story.config.read_text().replace('time_zone = "UTC"', f'time_zone = "{time_zone}"')
    story.config.write_text("\n".join([text, "[alerts]", *lines, ""]))


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        pytest.param("UTC", "20:00-10:00", id="in UTC"),
        pytest.param("America/New_York", "15:00-05:00", id="by New York's clocks"),
    ],
)
def test_quiet_hours_hold_what_was_decided_until_they_are_over(
    story: Story, zone: str, hours: str
) -> None:
    configured(story, f'quiet_hours = "{hours}"', time_zone=zone)
    assert story.told(story.at("09:15").cycle()) == ["opened post"]
    story.at("09:59").cycle()
    assert story.channel == []
    story.at("10:00").cycle()
    (parent,) = story.channel
    assert "2 reports (USD 2,112.50, 2 people) ready to export will fail" in parent["text"]


def test_what_is_certain_may_be_let_through(story: Story) -> None:
    configured(story, 'quiet_hours = "20:00-10:00"', "quiet_hours_allow_certain = true")
    story.at("09:15").cycle()
    assert len(story.channel) == 1


def test_an_alert_is_repeated_as_often_as_it_says(story: Story) -> None:
    configured(story, 'remind_every = "2h"')
    story.at("09:15").cycle()
    assert story.told(story.at("11:00").cycle()) == []
    assert "reminder reply" in story.told(story.at("11:20").cycle())
    assert story.told(story.at("13:30").cycle()) == []  # ever more seldom
    assert "reminder reply" in story.told(story.at("15:30").cycle())


def test_the_summary_comes_at_its_time_of_day(story: Story) -> None:
    configured(story, 'digest_at = "04:30"', time_zone="America/New_York")
    assert story.told(story.at("09:15").cycle()) == ["opened post"]
    assert "digest post" in story.told(story.at("09:30").cycle())
    assert "digest post" not in story.told(story.at("09:45").cycle())


def test_a_submitter_is_mentioned_when_the_configuration_says_whom(story: Story) -> None:
    configured(story, 'mentions = { "dana.lee@acme.example" = "U0123ABC" }')
    story.at("09:15").cycle()
    (parent,) = story.channel
    assert "<@U0123ABC>" in str(parent["blocks"])
    assert str(parent["blocks"]).count("<@") == 1
