"""The simulated Slack opens sockets by the app token, and whispers where the bot may write."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.adapters.slack_channel import Simulated, a_slack

BOT, APP = "xoxb-simulated", "xapp-simulated"


@pytest.fixture
def simulated() -> Iterator[Simulated]:
    with a_slack() as simulated:
        yield simulated


def refusal(simulated: Simulated, token: str, method: str, **arguments: str) -> str:
    """The word with which Slack refuses; "" when it does what is asked."""
    client = WebClient(token, simulated.api_url, retry_handlers=[])
    try:
        client.api_call(method, json=arguments)
    except SlackApiError as error:
        return str(error.response["error"])
    return ""


@pytest.mark.parametrize(
    ("token", "url", "word"),
    [
        pytest.param(APP, "ws://127.0.0.1:1/", "", id="the app token opens it"),
        pytest.param(BOT, "ws://127.0.0.1:1/", "invalid_auth", id="the bot token does not"),
        pytest.param(APP, "", "not_allowed", id="nor is it there while switched off"),
    ],
)
def test_a_socket_is_opened_by_the_app_token(
    simulated: Simulated, token: str, url: str, word: str
) -> None:
    simulated.slack.socket_url = url
    assert refusal(simulated, token, "apps.connections.open") == word


@pytest.mark.parametrize(
    ("token", "channel", "word"),
    [
        pytest.param(BOT, "C0123456789", "", id="the bot whispers in its channel"),
        pytest.param(APP, "C0123456789", "invalid_auth", id="the app token does not"),
        pytest.param(BOT, "C0ELSEWHERE", "channel_not_found", id="nor anywhere else"),
    ],
)
def test_a_whisper_is_the_bots(simulated: Simulated, token: str, channel: str, word: str) -> None:
    said = {"channel": channel, "user": "U0DANA", "text": "hush"}
    assert refusal(simulated, token, "chat.postEphemeral", **said) == word
    assert simulated.slack.whispers == ([said] if not word else [])
    assert simulated.slack.messages == []


def test_a_bot_without_its_scope_whispers_nothing(simulated: Simulated) -> None:
    simulated.slack.scopes.discard("chat:write")
    said = {"channel": "C0123456789", "user": "U0DANA", "text": "hush"}
    assert refusal(simulated, BOT, "chat.postEphemeral", **said) == "missing_scope"
