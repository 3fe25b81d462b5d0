"""Shadow mode decides and records, and tells nobody; switched off, the living alert is told."""

from __future__ import annotations

from pathlib import Path

from monitor.simulator.sample import MARKETING
from tests.scenarios.story import Story, a_story

SHADOW = "\n[alerts]\nshadow = true\n"
USING = ("R-1041", "R-1043", "R-1050")


def _shadow(story: Story, *, is_on: bool) -> None:
    spoken = story.config.read_text().removesuffix(SHADOW)
    story.config.write_text(spoken + SHADOW if is_on else spoken)


def test_nobody_hears_a_shadow_and_what_lives_is_told_once_it_is_switched_off(
    tmp_path: Path,
) -> None:
    with a_story(tmp_path) as story:
        _shadow(story, is_on=True)
        story.cycle()
        story.at("09:00").tables.inactivate("class", MARKETING)
        assert story.told(story.at("09:15").cycle()) == ["opened post"]
        assert story.told(story.at("09:30").cycle()) == [], "nothing piles up"
        assert story.world.slack.calls == []
        with story.store() as store:
            assert (store.outbox.delivery().waiting, store.outbox.delivery().dead) == (0, 0)
            assert len(store.alerts.open()) == 1
        story.office.recode("R-1041", "Sales : Marketing", "Sales : Field Sales")
        _shadow(story, is_on=False)
        assert story.told(story.at("09:45").cycle()) == ["opened post"]
        (message,) = story.channel
        assert "1 report (USD 1,300.50, 1 person) ready to export will fail" in message["text"]
        assert story.told(story.at("10:00").cycle()) == []
        assert len(story.world.slack.messages) == 1


def test_what_lived_and_ended_in_the_shadow_is_never_told(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        _shadow(story, is_on=True)
        story.cycle()
        story.at("09:00").tables.inactivate("class", MARKETING)
        story.at("09:15").cycle()
        story.tables.reactivate("class", MARKETING)
        story.at("09:30").cycle()
        _shadow(story, is_on=False)
        story.at("09:45").cycle()
        assert story.channel == []


def test_a_message_that_stands_when_the_shadow_falls_is_brought_up_to_date_afterwards(
    tmp_path: Path,
) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.at("09:00").tables.inactivate("class", MARKETING)
        story.at("09:15").cycle()
        _shadow(story, is_on=True)
        for report_id in USING:
            story.office.recode(report_id, "Sales : Marketing", "Sales : Field Sales")
        story.at("09:30").cycle()
        assert "Resolved" not in story.channel[0]["text"]
        _shadow(story, is_on=False)
        story.at("09:45").cycle()
        (parent,) = story.channel
        assert "Resolved: 3 reports" in parent["text"]
        assert len(story.world.slack.replies(parent["ts"])) == 1


def test_what_slack_did_not_take_before_the_shadow_is_told_after_it(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.world.slack.faults.always("some_new_word")
        story.at("09:00").tables.inactivate("class", MARKETING)
        story.at("09:15").cycle()
        _shadow(story, is_on=True)
        story.world.slack.faults.clear()
        story.at("09:30").cycle()
        assert story.channel == []
        _shadow(story, is_on=False)
        assert story.told(story.at("09:45").cycle()) == ["opened post"]
        assert len(story.channel) == 1
