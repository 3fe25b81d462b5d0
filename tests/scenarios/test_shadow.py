"""Shadow mode decides and records, and tells nobody; switched off, the living alert is told."""

from __future__ import annotations

from pathlib import Path

from monitor.answers.history import shadow
from monitor.answers.known import known
from monitor.simulator.sample import MARKETING
from tests.scenarios.story import DAY, Story, a_story

SHADOW = "\n[alerts]\nshadow = true\n"
USING = ("R-1041", "R-1043", "R-1050")


def _shadow(story: Story, *, is_on: bool) -> None:
    spoken = story.config.read_text().removesuffix(SHADOW)
    story.config.write_text(spoken + SHADOW if is_on else spoken)


def _kept_back(story: Story, until: str) -> list[str]:
    """Why each letter that shadow mode kept back is not told."""
    story.at(until)
    with known(story.app.settings.database) as database:
        return [one.why for one in shadow(database, DAY, story.clock.now()).letters]


def test_the_summary_of_a_day_that_nobody_heard_is_told_after_the_shadow(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.config.write_text(story.config.read_text() + SHADOW + 'digest_at = "09:00"\n')
        assert story.told(story.at("15:00").cycle()) == ["digest post"]
        assert story.told(story.at("15:15").cycle()) == []
        assert story.channel == []
        spoken = story.config.read_text().replace("shadow = true", "shadow = false")
        story.config.write_text(spoken.replace('"09:00"', '"11:00"'))
        assert story.told(story.at("17:00").cycle()) == ["digest post"]
        assert story.told(story.at("17:15").cycle()) == []
        (summary,) = story.channel
        assert summary["text"].startswith("Daily summary: Tuesday, Nov 24, 2026: ")


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
        assert _kept_back(story, "09:40") == ["waits for the end of shadow mode"] * 2
        _shadow(story, is_on=False)
        story.at("09:45").cycle()
        (parent,) = story.channel
        assert "Resolved: 3 reports" in parent["text"]
        assert len(story.world.slack.replies(parent["ts"])) == 1
        assert _kept_back(story, "09:50") == ["", ""], "told late, and counted all the same"


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
