"""The channel's test of itself: the summary is found where it was posted, edited, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from monitor.adapters.slack.channel import Channel
from monitor.adapters.store import Store
from monitor.adapters.store.digests import CHANNEL
from monitor.core.freshness import SourceFreshness
from monitor.core.message.words import Voice
from monitor.self_test import prove_channel
from tests.adapters.slack_channel import Desk, a_desk

VOICE = Voice(zone=ZoneInfo("UTC"))
PASSED = "Channel self-test: posted, found and edited at"


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A summary has just reached the channel."""
    with a_desk() as desk:
        desk.promise("digest post all is well", alert=None)
        desk.deliver()
        yield desk


def prove(desk: Desk, channel: Channel | None = None) -> SourceFreshness:
    """Test the channel, as a process of its own would do it; what is remembered of it."""
    with Store.open(desk.path) as store:
        prove_channel(store, channel or desk.simulated.bot, desk.simulated.clock, VOICE)
        return store.sources.freshness(CHANNEL)


def test_the_summary_is_found_edited_and_says_so(desk: Desk) -> None:
    test = prove(desk)
    (message,) = desk.simulated.slack.messages
    assert PASSED in message["text"]
    assert message["metadata"]["event_payload"]["key"] == "letter-1", "it stays itself"
    assert (test.last_good_at, test.failing_since) == (desk.now, None)
    assert desk.simulated.slack.calls[-2:] == ["conversations.history", "chat.update"]


def test_one_summary_is_tested_once(desk: Desk) -> None:
    first = prove(desk)
    calls = len(desk.simulated.slack.calls)
    desk.passes(minutes=15)
    assert prove(desk) == first
    assert len(desk.simulated.slack.calls) == calls


def test_the_next_summary_is_tested_again(desk: Desk) -> None:
    prove(desk)
    desk.passes(days=1).promise("digest post all is well", alert=None)
    desk.deliver()
    assert prove(desk).last_good_at == desk.now
    assert all(PASSED in message["text"] for message in desk.simulated.slack.messages)


def test_a_history_that_may_not_be_read_fails_the_test_and_nothing_else(desk: Desk) -> None:
    desk.simulated.slack.scopes.discard("channels:history")
    test = prove(desk)
    assert (test.last_good_at, test.failing_since) == (None, desk.now)
    assert test.error
    assert PASSED not in desk.simulated.slack.messages[0]["text"]


def test_a_summary_that_is_gone_fails_the_test(desk: Desk) -> None:
    desk.simulated.slack.messages.clear()
    test = prove(desk)
    assert test.error == "Slack took the daily summary, but its history does not show it"


def test_what_failed_is_tried_again_for_an_hour_and_then_left_to_the_next_summary(
    desk: Desk,
) -> None:
    desk.simulated.slack.faults.always("500", match="conversations.history")
    assert prove(desk).failing_since is not None
    desk.simulated.slack.faults.clear()
    assert prove(desk.passes(minutes=15)).failing_since is None, "it passed in the end"
    desk.passes(days=1).promise("digest post all is well", alert=None)
    desk.deliver()
    calls = len(desk.simulated.slack.calls)
    prove(desk.passes(minutes=61))
    assert len(desk.simulated.slack.calls) == calls


def test_without_a_summary_nothing_is_asked() -> None:
    with a_desk() as desk:
        desk.promise("opened post 1 report will fail")
        desk.deliver()
        assert prove(desk) == SourceFreshness(CHANNEL)
        assert desk.simulated.slack.calls == ["chat.postMessage"]


def test_a_webhook_has_nothing_to_test(desk: Desk) -> None:
    calls = len(desk.simulated.slack.calls)
    assert prove(desk, desk.simulated.webhook) == SourceFreshness(CHANNEL)
    assert len(desk.simulated.slack.calls) == calls


def test_a_webhook_in_place_of_a_bot_forgets_how_the_last_test_went(desk: Desk) -> None:
    desk.simulated.slack.messages.clear()
    assert prove(desk).failing_since is not None
    assert prove(desk, desk.simulated.webhook) == SourceFreshness(CHANNEL)


def test_a_summary_in_another_channel_is_left_alone(desk: Desk) -> None:
    calls = len(desk.simulated.slack.calls)
    other = desk.simulated.a_bot(channel="C0000000009")
    assert prove(desk, other) == SourceFreshness(CHANNEL)
    assert len(desk.simulated.slack.calls) == calls
