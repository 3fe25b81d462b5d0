"""Shadow mode decides and records, and tells nobody; switched off, the living alert is told."""

from __future__ import annotations

from pathlib import Path

from monitor.simulator.sample import MARKETING
from tests.scenarios.story import a_story

SHADOW = "\n[alerts]\nshadow = true\n"


def test_nobody_hears_a_shadow_and_what_lives_is_told_afterwards(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        spoken = story.config.read_text()
        story.config.write_text(spoken + SHADOW)
        story.cycle()
        story.at("09:00").tables.inactivate("class", MARKETING)
        assert story.told(story.at("09:15").cycle()) == ["opened post"]
        assert story.world.slack.calls == []
        with story.store() as store:
            assert (store.outbox.delivery().waiting, store.outbox.delivery().dead) == (0, 0)
            assert len(store.alerts.open()) == 1
        story.config.write_text(spoken)
        story.at("09:30").cycle()
        assert story.channel == [], "nothing is news"
        story.office.recode("R-1041", "Sales : Marketing", "Sales : Field Sales")
        story.at("09:45").cycle()
        (message,) = story.channel
        assert "1 report (USD 1,300.50, 1 person) ready to export will fail" in message["text"]
