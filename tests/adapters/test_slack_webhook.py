"""The webhook's channel over real sockets: it adds messages, and knows nothing of them after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from monitor.adapters.slack.blocks import blocks_of, text_of
from monitor.adapters.slack.channel import Place
from monitor.adapters.slack.webhook import WebhookChannel
from monitor.core.message import Section
from monitor.errors import DeliveryError
from tests.adapters.slack_channel import Simulated, a_message, a_slack


@pytest.fixture
def simulated() -> Iterator[Simulated]:
    with a_slack() as simulated:
        yield simulated


def refused(channel: WebhookChannel) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.post("alert-1", a_message())
    return caught.value


def test_a_message_goes_with_blocks_note_and_text(simulated: Simulated) -> None:
    message = a_message()
    place = simulated.webhook.post("alert-1", message, thread="1.2", note="(may be a repeat)")
    assert place == Place("", ""), "a webhook tells no place"
    (posted,) = simulated.slack.messages
    assert posted["text"] == text_of(message, "(may be a repeat)")
    assert posted["blocks"] == blocks_of(message, "(may be a repeat)")
    assert (posted["unfurl_links"], posted["unfurl_media"]) == (False, False)
    assert "thread_ts" not in posted


def test_a_name_mentions_nobody(simulated: Simulated) -> None:
    for name in ("<!channel>", "@here", "<@U0PERSON>"):
        message = a_message(name, sections=(Section(name, (name,)),), footer=name)
        simulated.webhook.post("alert-1", message)
        simulated.slack.faults.next("invalid_blocks")
        simulated.webhook.post("alert-1", message)
    assert len(simulated.slack.messages) == 6
    assert simulated.slack.mentioned() == []


def test_a_message_refused_as_blocks_goes_as_text(simulated: Simulated) -> None:
    for word in ("invalid_blocks", "invalid_payload", "msg_blocks_too_long"):
        simulated.slack.faults.next(word)
        simulated.webhook.post("alert-1", a_message())
    assert [one.get("blocks") for one in simulated.slack.messages] == [None] * 3
    simulated.slack.faults.next("invalid_blocks", times=2)
    assert refused(simulated.webhook).is_permanent


@pytest.mark.parametrize(
    ("word", "cure"),
    [
        ("no_service", "create a new webhook"),
        ("channel_is_archived", "create a new webhook"),
        ("channel_not_found", "create a new webhook"),
        ("action_prohibited", "ask its administrator"),
        ("invalid_token", "copy it again"),
    ],
)
def test_a_refusal_is_a_word_with_a_cure(simulated: Simulated, word: str, cure: str) -> None:
    simulated.slack.faults.next(word)
    error = refused(simulated.webhook)
    assert (error.code, error.is_permanent) == (word, True)
    assert cure in str(error)
    assert simulated.slack.messages == []


@pytest.mark.parametrize(
    ("fault", "code", "is_there"),
    [
        pytest.param("500", "unknown_outcome", False, id="a server error"),
        pytest.param("rollup_error", "unknown_outcome", False, id="a word under 500"),
        pytest.param("html", "unknown_outcome", False, id="somebody else's page"),
        pytest.param("drop", "unknown_outcome", False, id="dropped before Slack took it"),
        pytest.param("accept-then-drop", "unknown_outcome", True, id="dropped after it"),
        pytest.param("accept-then-cut", "unknown_outcome", True, id="half an answer after it"),
        pytest.param("some_new_word", "some_new_word", False, id="a word we do not know"),
    ],
)
def test_no_clear_answer_is_no_refusal_and_nothing_is_sent_again(
    simulated: Simulated, fault: str, code: str, is_there: bool
) -> None:
    simulated.slack.faults.next(fault)
    error = refused(simulated.webhook)
    assert (error.code, error.is_permanent) == (code, False)
    assert simulated.slack.calls == ["webhook"]
    assert len(simulated.slack.messages) == is_there


def test_too_much_at_once_says_how_long_to_wait(simulated: Simulated) -> None:
    simulated.slack.faults.next("429", detail="7")
    assert refused(simulated.webhook).retry_after == timedelta(seconds=7)


def test_an_address_that_nobody_serves_is_known_to_have_got_nothing() -> None:
    with a_slack() as simulated:
        webhook = simulated.webhook
    error = refused(webhook)
    assert (error.code, error.is_permanent) == ("unreachable", False)
    assert simulated.webhook_url not in str(error)


def test_a_redirect_is_not_followed_and_the_message_stays_here(simulated: Simulated) -> None:
    with a_slack() as elsewhere:
        simulated.slack.faults.next("302", detail=elsewhere.webhook_url)
        error = refused(simulated.webhook)
        assert elsewhere.slack.calls == []
    assert (error.code, error.is_permanent) == ("redirected", True)
    assert str(error) == (
        "Slack's address answers that it moved (HTTP 302), which is not followed: "
        "check the addresses in [slack] and the proxy"
    )
