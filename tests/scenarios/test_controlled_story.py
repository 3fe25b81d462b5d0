"""What people said of alerts, in the whole program: who hears what, and what Slack shows."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.controls import acknowledge, lift, silence, snooze
from monitor.core.alerts import Matcher, Overlay
from monitor.simulator.sample import MARKETING, US
from tests.scenarios.story import DAY, Story, a_story

TWO_DAYS = timedelta(days=2)
USING = ("R-1041", "R-1043", "R-1050")


def told(story: Story, at: datetime) -> list[str]:
    """What one cycle at the moment promises."""
    story.clock.move_to(at)
    return story.told(story.cycle())


def opened(story: Story) -> None:
    """One alert stands: Marketing was inactivated at nine."""
    story.cycle()
    story.at("09:00").tables.inactivate("class", MARKETING)
    assert story.told(story.at("09:15").cycle()) == ["opened post"]


def ack(story: Story, target: str = "1", for_: timedelta = TWO_DAYS) -> Overlay:
    with story.store() as store:
        return acknowledge(
            store, target, author="Omar Diaz", reason="on it", now=story.clock.now(), for_=for_
        )


def snoozed(story: Story, *, for_: timedelta | None, until_worse: bool = False) -> Overlay:
    with story.store() as store:
        return snooze(
            store,
            "1",
            author="Omar Diaz",
            reason="",
            now=story.clock.now(),
            for_=for_,
            until_worse=until_worse,
        )


def silenced(story: Story, matcher: Matcher) -> Overlay:
    with story.store() as store:
        return silence(
            store, matcher, author="omar", reason="old", now=story.clock.now(), for_=TWO_DAYS
        )


def lifted(story: Story, overlay: Overlay) -> None:
    with story.store() as store:
        lift(store, overlay.overlay_id, story.clock.now())


def test_without_a_word_an_alert_is_repeated_after_a_day(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        opened(story)
        assert told(story, DAY + timedelta(days=1, hours=9)) == []
        assert "reminder reply" in told(story, DAY + timedelta(days=1, hours=9, minutes=30))


@pytest.mark.parametrize("target", ["1", f"{US}/class:{MARKETING}"], ids=["alert", "risk"])
def test_what_is_taken_says_who_and_is_not_repeated(tmp_path: Path, target: str) -> None:
    with a_story(tmp_path) as story:
        opened(story)
        taken = ack(story, target)
        assert story.told(story.at("09:30").cycle()) == ["changed edit"]
        (parent,) = story.channel
        shown = "cknowledged by Omar Diaz until Nov 26, 2026 09:15 UTC: on it"
        assert shown in parent["text"] and shown in str(parent["blocks"])
        assert told(story, DAY + timedelta(days=1, hours=10)) == []
        lifted(story, taken)
        later = told(story, DAY + timedelta(days=1, hours=10, minutes=15))
        assert sorted(later) == ["changed edit", "reminder reply"]
        assert "Omar Diaz" not in story.channel[0]["text"]


def test_what_is_taken_still_tells_its_end(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        opened(story)
        ack(story)
        for report_id in USING:
            story.office.recode(report_id, "Sales : Marketing", "Sales : Field Sales")
        assert story.told(story.at("09:30").cycle()) == ["resolved edit", "resolved reply"]


def test_what_is_snoozed_is_told_once_when_its_time_is_over(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        opened(story)
        snoozed(story, for_=TWO_DAYS)
        assert story.told(story.at("09:30").cycle()) == ["changed edit"]
        assert story.world.export("R-1041") == "NS0831"
        assert "failed_for_real reply" not in story.told(story.at("10:00").cycle())
        assert told(story, DAY + timedelta(days=1, hours=10)) == []
        after = told(story, DAY + timedelta(days=2, hours=10))
        assert sorted(after) == ["changed edit", "reminder reply"]
        assert told(story, DAY + timedelta(days=2, hours=10, minutes=15)) == []


def test_a_snooze_until_worse_ends_with_a_real_failure(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        opened(story)
        snoozed(story, for_=None, until_worse=True)
        assert story.told(story.at("09:30").cycle()) == ["changed edit"]
        assert story.world.export("R-1041") == "NS0831"
        assert "failed_for_real reply" in story.told(story.at("10:00").cycle())
        with story.store() as store:
            assert store.overlays.active(story.clock.now()) == ()


def test_what_is_silenced_opens_no_alert_until_the_silence_is_lifted(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        quiet = silenced(story, Matcher("class", "market*", US))
        story.at("09:00").tables.inactivate("class", MARKETING)
        assert story.told(story.at("09:15").cycle()) == []
        assert (story.channel, story.open_risks()) == ([], [f"{US}/class:{MARKETING}"])
        lifted(story, quiet)
        assert story.told(story.at("09:30").cycle()) == ["opened post"]
        assert "2 reports (USD 2,112.50, 2 people)" in story.channel[0]["text"]


def test_a_silence_that_runs_out_tells_what_still_stands(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        silenced(story, Matcher("class"))
        story.at("09:00").tables.inactivate("class", MARKETING)
        assert story.told(story.at("09:15").cycle()) == []
        assert told(story, DAY + timedelta(days=2, hours=8, minutes=1)) == ["opened post"]


def test_a_silence_hides_nothing_that_does_not_match(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        silenced(story, Matcher("class", "zz-*"))
        story.at("09:00").tables.inactivate("class", MARKETING)
        assert story.told(story.at("09:15").cycle()) == ["opened post"]
