"""Slack's answers may hold anything, or never end: a delivery fails, in one of our sentences."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.slack.bot import BotChannel
from monitor.adapters.slack.calls import web_client
from monitor.adapters.slack.channel import Place
from monitor.adapters.slack.connection import address
from monitor.adapters.slack.opener import opener
from monitor.adapters.slack.webhook import WebhookChannel
from monitor.core.message import Attachment
from monitor.errors import DeliveryError
from tests.adapters.slack_channel import NINE, a_message
from tests.adapters.slack_socket import (
    Desk,
    SlackSide,
    a_payload,
    a_slack_side,
    buttons_of,
)
from tests.adapters.switchboard import Switchboard, a_switchboard
from tests.faults.hostile import ANYTHING, examples, short_and_long
from tests.faults.rogue import a_rogue

_LONGEST_SENTENCE = 1_000
_MESSAGE = a_message(attachment=Attachment("list.txt", "R-1\n"))
_PLACE = Place("C0123456", "1.2")
_LISTS = st.lists(
    ANYTHING | st.dictionaries(st.sampled_from(["ts", "metadata", "files"]), ANYTHING)
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "ok": st.just(True) | ANYTHING,
        "error": ANYTHING | st.sampled_from(["missing_scope", "invalid_auth", "ratelimited"]),
        "needed": ANYTHING,
        "channel": st.just("C0123456") | ANYTHING,
        "ts": st.just("1.2") | ANYTHING,
        "messages": _LISTS | ANYTHING,
        "response_metadata": ANYTHING,
        "permalink": ANYTHING,
        "url": ANYTHING | st.sampled_from(["wss://[::1", "wss://x:y", "ws://h/?ticket=%00"]),
        "upload_url": ANYTHING,
        "file_id": ANYTHING,
        "files": ANYTHING,
        "user": ANYTHING,
    },
)
BODIES = st.one_of(
    ANSWERS.map(lambda answer: {"ok": True, **answer}).map(json.dumps),
    (ANSWERS | ANYTHING).map(json.dumps),
    st.text(max_size=60),
    st.sampled_from(["[" * 50_000, "9" * 10_000, "ok", ""]),
)


@pytest.fixture
def board() -> Iterator[Switchboard]:
    with a_switchboard() as one:
        yield one


@pytest.fixture
def side() -> Iterator[SlackSide]:
    with a_slack_side() as one:
        yield one


def ask_all(url: str) -> Iterator[Callable[[], object]]:
    """Everything that is ever asked of Slack."""
    bot = BotChannel("xoxb-rogue", "C0123456", url)
    yield lambda: bot.post("k", _MESSAGE)
    yield lambda: bot.edit(_PLACE, "k", _MESSAGE)
    yield lambda: bot.attach(_PLACE, _MESSAGE)
    yield lambda: bot.find("k", since=NINE)
    yield lambda: bot.find("k", since=NINE, thread="1.2", file="list.txt")
    yield lambda: bot.link(_PLACE)
    yield bot.examine
    yield lambda: address(web_client("xoxb-rogue", url), "xapp-rogue", lambda _: None)
    yield lambda: WebhookChannel(url).post("k", _MESSAGE)


@short_and_long(15, 2_000)
def test_whatever_slack_answers_a_delivery_is_done_or_fails_in_a_sentence(
    board: Switchboard, number: int
) -> None:
    @given(
        body=BODIES,
        status=st.sampled_from([200, 200, 200, 302, 400, 429, 500]),
        headers=st.fixed_dictionaries(
            {},
            optional={
                "Content-Type": st.sampled_from(["application/json; charset=none", "a", "text/x"]),
                "Retry-After": st.sampled_from(["-1", "1e9", "soon", "999999999999"]),
                "X-OAuth-Scopes": st.sampled_from(["", "chat:write", ",,,"]),
            },
        ),
    )
    @examples(number)
    def holds(body: str, status: int, headers: dict[str, str]) -> None:
        board.status, board.headers = status, headers
        board.body = body.encode("utf-8", "replace")
        for ask in ask_all(f"{board.url}/api/"):
            fails_in_a_sentence(ask)

    holds()


def test_an_answer_that_does_not_say_where_the_message_stands_leaves_that_open(
    board: Switchboard,
) -> None:
    board.body = b'{"ok": true}'
    with pytest.raises(DeliveryError) as failed:
        BotChannel("xoxb-rogue", "C0123456", f"{board.url}/api/").post("k", _MESSAGE)
    assert (failed.value.code, failed.value.is_permanent) == ("unknown_outcome", False)


@short_and_long(15, 1_500)
def test_whatever_an_envelope_holds_the_next_press_is_served(side: SlackSide, number: int) -> None:
    desk = Desk()
    drawn: list[tuple[Any, Any, Any]] = []

    # All are drawn first: the threads of the socket ask for chance, too, which confuses hypothesis.
    @given(said=ANYTHING, payload=ANYTHING, kind=st.just("interactive") | ANYTHING)
    @examples(number)
    def draw(said: Any, payload: Any, kind: Any) -> None:
        drawn.append((said, payload, kind))

    draw()
    with buttons_of(side, desk):
        side.is_connected()
        for at, (said, payload, kind) in enumerate(drawn):
            side.connections[-1].send(json.dumps(said))
            odd = {"envelope_id": "odd", "type": kind, "payload": payload}
            side.connections[-1].send(json.dumps(odd))
            side.sends(f"e{at}", a_payload("explain", "7", action_ts=str(at)))
        side.whispers(1)
    assert {press.alert_id for press in desk.presses} == {7}


@pytest.mark.parametrize("how", ["head", "body", "endless"])
def test_an_answer_without_end_is_given_up(how: str) -> None:
    with a_rogue(how) as url, pytest.raises(OSError, match=r"too long|too large|timed out"):
        opener(seconds=0.3, largest=1_000_000).open(url, timeout=30).read()


def test_slack_sdk_itself_reads_no_answer_without_end() -> None:
    with a_rogue("endless") as url, pytest.raises(DeliveryError) as failed:
        BotChannel("xoxb-rogue", "C0123456", f"{url}/api/").examine()
    assert failed.value.code == "unknown_outcome"


def fails_in_a_sentence(ask: Callable[[], object]) -> None:
    try:
        ask()
    except DeliveryError as failed:
        assert len(str(failed)) < _LONGEST_SENTENCE
        assert "\n" not in str(failed)
        assert "rogue" not in str(failed), "the token"
