"""The summary of a day in the whole program: once a local day, whatever happens to the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.core.alerts import AlertPolicy, Matcher, Outcome, Overlay, Sight, Sort
from monitor.core.message.words import Voice
from monitor.cycle import run_cycle
from monitor.delivery import deliver
from monitor.self_test import prove_channel
from monitor.simulator.sample import MARKETING
from monitor.summary import promise_digest
from tests.scenarios.story import Story, a_story

NINE = AlertPolicy(digest_at=time(9))
PASSED = "Channel self-test: posted, found and edited at"


def cycle(story: Story, policy: AlertPolicy = NINE, zone: str = "UTC") -> list[str]:
    """One cycle and its delivery with a summary every day; what was promised."""
    app = story.app
    with app.sources() as (netsuite, expensify), story.store() as store:
        parts = replace(app.parts(netsuite, expensify), policy=policy, time_zone=zone)
        result = run_cycle(parts, store)
        deliver(store, app.channel, story.clock, policy)
        prove_channel(store, app.channel, story.clock, Voice())
    return story.told(result)


def summaries(story: Story) -> list[dict[str, Any]]:
    """The summaries in the channel, oldest first."""
    return [one for one in story.channel if one["text"].startswith("Daily summary: ")]


def test_a_quiet_day_has_one_short_summary_and_it_tests_the_channel(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        assert cycle(story) == []
        assert cycle(story.at("09:00")) == ["digest post"]
        assert cycle(story.at("09:15")) == []
        (summary,) = summaries(story)
        assert summary["text"].startswith("Daily summary: Tuesday, Nov 24, 2026: ")
        assert PASSED in summary["text"]
        assert summary["metadata"]["event_payload"]["key"] == "digest-2026-11-24"
        assert story.channel == [summary]


def test_without_a_time_of_day_there_is_no_summary(tmp_path: Path) -> None:
    with a_story(tmp_path, start="09:00") as story:
        assert cycle(story, AlertPolicy()) == []


def test_a_day_has_one_summary_also_when_the_clock_jumps_back(tmp_path: Path) -> None:
    with a_story(tmp_path, start="09:00") as story:
        assert cycle(story) == ["digest post"]
        with story.app.sources() as sources, story.store() as store:
            parts = replace(story.app.parts(*sources), policy=NINE)
            for hour in (8, 9, 20):
                now = datetime(2026, 11, 24, hour, tzinfo=UTC)
                assert promise_digest(parts, store, None, Sight(), Outcome(), now) == Outcome()


def test_the_next_day_has_its_own(tmp_path: Path) -> None:
    with a_story(tmp_path, start="09:00") as story:
        cycle(story)
        story.clock.sleep(timedelta(days=1).total_seconds())
        assert cycle(story) == ["digest post"]
        keys = [one["metadata"]["event_payload"]["key"] for one in summaries(story)]
        assert keys == ["digest-2026-11-24", "digest-2026-11-25"]
        assert "Channel self-test: posted, found and edited" in summaries(story)[1]["text"]


def test_the_day_is_that_of_the_zone_for_people(tmp_path: Path) -> None:
    with a_story(tmp_path, start="08:00") as story:
        assert cycle(story, zone="Asia/Tokyo") == ["digest post"]
        assert "17:00 JST" in summaries(story)[0]["text"]
        assert cycle(story.at("09:00"), zone="Asia/Tokyo") == [], "nine in Tokyo is long past"


def test_it_tells_what_stands_and_who_took_it(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        cycle(story)
        story.at("08:30").tables.inactivate("class", MARKETING)
        assert cycle(story.at("08:45")) == ["opened post"]
        _lay(story, sort=Sort.ACK, alert_id=1)
        assert "digest post" in cycle(story.at("09:00"))
        (summary,) = summaries(story)
        assert "1 open alert" in summary["text"]
        assert "Alert 1 (Acme US, open since Nov 24, 2026 08:45 UTC): 2 reports" in summary["text"]
        assert "Acknowledged by Dana Lee until Nov 25, 2026 08:00 UTC: on it." in summary["text"]


def test_what_its_own_cycle_has_just_promised_does_not_wait_yet(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        cycle(story)
        story.at("08:30").tables.inactivate("class", MARKETING)
        assert cycle(story.at("09:00")) == ["opened post", "digest post"]
        assert "1 open alert" in _text(story)
        assert "waiting" not in _text(story)


def test_it_counts_what_a_silence_hides(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        cycle(story)
        _lay(story, sort=Sort.SILENCE, matcher=Matcher("class", "market*"))
        story.at("08:30").tables.inactivate("class", MARKETING)
        assert "digest post" in cycle(story.at("09:00"))
        assert "1 risk hidden by silence 1 (class market*) of Dana Lee" in _text(story)
        headline = _text(story).split("\n")[0]
        assert headline == "Daily summary: Tuesday, Nov 24, 2026: 1 silenced risk"


def test_a_cycle_that_could_not_read_says_so_in_its_summary(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        cycle(story)
        story.world.netsuite.faults.always("500")
        assert "digest post" in cycle(story.at("09:00"))
        assert "the monitor cannot see everything" in _text(story)
        assert "NetSuite cannot be read since Nov 24, 2026 09:00 UTC" in _text(story)
        assert "Not looked at today, for NetSuite could not be read." in _text(story)


@pytest.mark.parametrize("is_read", [True, False], ids=["read", "blind"])
def test_what_could_not_be_promised_is_promised_by_the_next_cycle(
    tmp_path: Path, is_read: bool
) -> None:
    with a_story(tmp_path, start="08:59") as story:
        cycle(story)
        if not is_read:
            story.world.expensify.faults.always("500")
        assert "digest post" in cycle(story.at("11:59")), "the monitor was not running at nine"


def test_a_miss_that_was_read_only_after_a_summary_is_told_by_the_next(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        cycle(story)
        refused = {"messages": ["NS0831: Invalid or missing classification."]}
        story.at("08:30").office.add_action(
            "R-1044", "INTEGRATIONSMESSAGE", label="NetSuite", result=refused
        )
        story.world.expensify.faults.always("500")
        assert "digest post" in cycle(story.at("09:00"))
        assert "R-1044" not in _text(story)
        story.world.expensify.faults.clear()
        cycle(story.at("09:15"))
        story.clock.sleep(timedelta(days=1).total_seconds())
        cycle(story)
        assert "failed with NS0831 on Nov 24, 2026 08:30 UTC" in _text(story)


def test_a_channel_that_hides_its_history_is_noticed(tmp_path: Path) -> None:
    with a_story(tmp_path, start="09:00") as story:
        story.world.slack.scopes.discard("channels:history")
        cycle(story)
        assert PASSED not in _text(story)
        story.clock.sleep(timedelta(days=1).total_seconds())
        cycle(story)
        assert "Channel self-test: fails since Nov 24, 2026 09:00 UTC" in _text(story)


def _text(story: Story) -> str:
    return str(summaries(story)[-1]["text"])


def _lay(story: Story, **fields: Any) -> None:
    """Dana Lee lays something over an alert, for a day."""
    now = story.clock.now()
    expires_at = datetime(2026, 11, 25, 8, tzinfo=UTC)
    overlay = Overlay(
        0, author="Dana Lee", reason="on it", created_at=now, expires_at=expires_at, **fields
    )
    with story.store() as store, store.immediate():
        store.overlays.add(overlay)
