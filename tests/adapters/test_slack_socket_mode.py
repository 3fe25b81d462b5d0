"""Buttons over a real socket: every press is acknowledged, served once, and answered.

Whatever Slack's side does, the buttons come back, and end when they are told to.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from monitor.adapters.slack.connection import is_safe
from monitor.adapters.slack.pressing import Action, Press
from monitor.adapters.slack.socket_mode import NOT_OURS
from tests.adapters.slack_socket import (
    TICKET,
    Desk,
    SlackSide,
    a_payload,
    a_slack_side,
    buttons_of,
)


@pytest.fixture
def side() -> Iterator[SlackSide]:
    before = set(threading.enumerate())
    with a_slack_side() as side:
        yield side
    assert set(threading.enumerate()) <= before, "no thread is left"


@pytest.fixture
def said() -> Iterator[list[Any]]:
    with capture_logs() as logs:
        yield logs


def events(said: list[Any]) -> list[str]:
    return [line["event"] for line in said]


def test_a_press_is_acknowledged_served_and_answered_to_who_pressed(side: SlackSide) -> None:
    desk = Desk()
    with buttons_of(side, desk):
        side.is_connected()
        side.sends("e1", a_payload("snooze"))
        assert side.whispers() == ["SNOOZE 7"]
    assert desk.presses == [Press(Action.SNOOZE, 7, "Dana Lee", "C0123456789", "1.5")]
    shown = {"type": "mrkdwn", "text": "SNOOZE 7", "verbatim": True}
    assert side.slack.whispers == [
        {
            "channel": "C0123456789",
            "user": "U0DANA",
            "text": "SNOOZE 7",
            "parse": "none",
            "blocks": [{"type": "section", "text": shown}],
        }
    ]


def test_an_answer_is_escaped_and_cut_to_what_slack_shows(side: SlackSide) -> None:
    desk = Desk(lambda _press: "<!channel> R&D " + "x" * 3_000)
    with buttons_of(side, desk):
        side.is_connected()
        side.sends("e1", a_payload())
        (text,) = side.whispers()
    assert text.startswith("&lt;!channel&gt; R&amp;D xxx")
    assert (len(text), text[-1]) == (3_000, "…")


def test_an_envelope_is_acknowledged_while_an_earlier_press_is_still_served(
    side: SlackSide,
) -> None:
    is_acknowledged = threading.Event()

    def slow(press: Press) -> str:
        assert is_acknowledged.wait(10)
        return f"served {press.alert_id}"

    with buttons_of(side, Desk(slow)):
        side.is_connected()
        side.sends("e1", a_payload())
        side.sends("e2", a_payload(actions=[an_action("8")]))
        is_acknowledged.set()
        assert side.whispers(2) == ["served 7", "served 8"]


def an_action(value: str, action_ts: str = "2.0") -> dict[str, str]:
    return {"action_id": "sync_drift.ack", "value": value, "action_ts": action_ts}


def test_what_slack_tells_again_is_acknowledged_again_and_served_once(side: SlackSide) -> None:
    desk = Desk()
    with buttons_of(side, desk):
        side.is_connected()
        side.sends("e1", a_payload())
        side.sends("e1", a_payload(), retry_attempt=1, retry_reason="timeout")
        side.sends("e2", a_payload())  # the same click under another envelope
        side.sends("e3", a_payload(actions=[an_action("9")]))
        assert side.whispers(2) == ["ACK 7", "ACK 9"]
    assert side.acknowledged == ["e1", "e1", "e2", "e3"]
    assert [press.alert_id for press in desk.presses] == [7, 9]


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(a_payload(team={"id": "T1"}), id="another team"),
        pytest.param(a_payload(api_app_id="A1"), id="another app"),
        pytest.param(a_payload("mute"), id="an action of another version"),
        pytest.param(a_payload(value="seven"), id="a value that is no number"),
    ],
)
def test_a_foreign_press_is_refused_in_one_sentence_and_recorded(
    side: SlackSide, said: list[Any], payload: dict[str, Any]
) -> None:
    desk = Desk()
    with buttons_of(side, desk):
        side.is_connected()
        side.sends("e1", payload)
        assert side.whispers() == [NOT_OURS]
    assert desk.presses == []
    assert events(said) == ["buttons_connected", "press_refused"]


def test_a_press_in_another_channel_changes_nothing_and_is_recorded(
    side: SlackSide, said: list[Any]
) -> None:
    desk = Desk()
    with buttons_of(side, desk):
        side.is_connected()
        side.sends("e1", a_payload(channel={"id": "C0ELSEWHERE"}))
        side.sends("e2", a_payload(actions=[an_action("8")]))
        assert side.whispers() == ["ACK 8"], "the bot is not in the other channel"
    assert len(desk.presses) == 1
    assert "press_unanswered" in events(said)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        pytest.param("events_api", {"event": {"type": "message"}}, id="an event"),
        pytest.param("slash_commands", {"command": "/x"}, id="a slash command"),
        pytest.param("interactive", {"type": "view_submission"}, id="a form"),
        pytest.param("interactive", {}, id="nothing"),
    ],
)
def test_what_is_no_press_is_acknowledged_and_left_alone(
    side: SlackSide, said: list[Any], kind: str, payload: dict[str, Any]
) -> None:
    desk = Desk()
    with buttons_of(side, desk):
        side.is_connected()
        side.sends("e1", payload, kind)
    assert (desk.presses, events(said)) == ([], ["buttons_connected"])


def test_an_answer_that_fails_is_recorded_and_the_next_press_is_served(
    side: SlackSide, said: list[Any]
) -> None:
    def broken(press: Press) -> str:
        if press.alert_id == 7:
            raise LookupError("a bug")
        return "served"

    with buttons_of(side, Desk(broken)):
        side.is_connected()
        side.sends("e1", a_payload())
        side.sends("e2", a_payload(actions=[an_action("8")]))
        assert side.whispers() == ["served"]
    assert [line["error"] for line in said if line["event"] == "press_failed"] == ["LookupError"]


@pytest.mark.parametrize(
    "ends",
    [
        pytest.param(lambda side: side.asks_for_another_connection("warning"), id="a warning"),
        pytest.param(
            lambda side: side.asks_for_another_connection("refresh_requested"), id="a refresh"
        ),
        pytest.param(SlackSide.says_goodbye, id="a goodbye"),
        pytest.param(SlackSide.cuts, id="no word at all"),
    ],
)
def test_a_connection_that_ends_is_followed_by_another_and_the_first_is_closed(
    side: SlackSide, ends: Callable[[SlackSide], None]
) -> None:
    desk = Desk()
    with buttons_of(side, desk):
        side.is_connected()
        ends(side)
        side.is_connected(2)
        side.wait(lambda: len(side.connections) == 1)
        side.sends("e1", a_payload())
        assert side.whispers() == ["ACK 7"]
    side.wait(lambda: side.connections == [])


def test_a_click_told_before_and_after_a_refresh_is_served_once(side: SlackSide) -> None:
    desk = Desk()
    with buttons_of(side, desk):
        side.is_connected()
        side.sends("e1", a_payload())
        side.asks_for_another_connection("refresh_requested")
        side.is_connected(2)
        side.sends("e1", a_payload())
        side.sends("e2", a_payload(actions=[an_action("8")]))
        assert side.whispers(2) == ["ACK 7", "ACK 8"]


TIMES = 4


@pytest.mark.parametrize(
    ("kind", "match", "detail", "words"),
    [
        pytest.param("token_revoked", "apps.", "", "app token was", id="the app token revoked"),
        pytest.param("token_revoked", "auth.", "", "bot token was", id="the bot token revoked"),
        pytest.param("missing_scope", "apps.", "", "connections:write", id="a missing scope"),
        pytest.param("html", "apps.", "", "no clear answer", id="a page of somebody else"),
        pytest.param("500", "apps.", "", "no clear answer", id="a server error"),
        pytest.param("drop", "apps.", "", "no clear answer", id="a dropped connection"),
        pytest.param("429", "apps.", "0", "asks to wait", id="too many requests"),
        pytest.param("302", "apps.", "http://127.0.0.1:9/", "not followed", id="a redirect"),
    ],
)
def test_trouble_is_said_once_and_tried_again_until_it_is_over(
    side: SlackSide, said: list[Any], kind: str, match: str, detail: str, words: str
) -> None:
    slack = side.slack
    slack.faults.next(kind, times=TIMES, match=match, detail=detail)
    with buttons_of(side):
        side.is_connected()
        side.sends("e1", a_payload())
        assert side.whispers() == ["ACK 7"]
    assert events(said) == ["buttons_lost", "buttons_connected"]
    assert words in said[0]["error"]


def test_how_the_buttons_stand_is_told_with_every_attempt_and_every_connection(
    side: SlackSide,
) -> None:
    side.slack.faults.next("token_revoked", times=2, match="apps.")
    desk = Desk()
    with buttons_of(side, desk, lasting=timedelta()):
        assert [desk.hears() for _ in range(3)] == ["token_revoked", "token_revoked", "connected"]
        side.cuts()
        assert desk.hears() == "connected"


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # slack_sdk's, at a refused greeting
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("place", ["netsuite", "nobody"])
def test_a_socket_that_is_none_is_said_once_and_tried_again(
    side: SlackSide, said: list[Any], place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    slack = side.slack
    right = slack.socket_url
    page = side.api_url.replace("http://", "ws://")
    slack.socket_url = {"netsuite": page, "nobody": "ws://127.0.0.1:9/?ticket=x"}[place]
    with buttons_of(side):
        side.wait_for_calls("apps.connections.open", 3)
        slack.socket_url = right
        side.is_connected()
        side.sends("e1", a_payload())
        side.whispers()
    assert events(said) == ["buttons_lost", "buttons_connected"]
    assert capsys.readouterr().err == "", "slack_sdk has nothing to add"


@pytest.mark.parametrize(
    "url",
    ["wss://127.0.0.1/", "ws://elsewhere.example/", "http://127.0.0.1/", "ws://127.0.0.1:x/", ""],
)
def test_an_address_that_is_no_socket_on_this_machine_is_refused_beside_a_simulated_slack(
    side: SlackSide, said: list[Any], url: str
) -> None:
    side.slack.socket_url = url or " "
    with buttons_of(side):
        side.wait_for_calls("apps.connections.open", 2)
    assert [line["error"].split(",")[0] for line in said] == [
        "Slack handed out a socket's address that is not encrypted"
    ]


@pytest.mark.parametrize(
    ("url", "encrypted"),
    [
        pytest.param("wss://wss-primary.slack.com/link/?ticket=x", True, id="Slack's own"),
        pytest.param("wss://wss-primary.slack.com:443/link/", True, id="its usual port"),
        pytest.param("wss://wss-primary.slack.com:8443/link/", False, id="slack_sdk's plain port"),
        pytest.param("ws://wss-primary.slack.com:443/", False, id="plain by its name"),
        pytest.param("ws://127.0.0.1:80/", False, id="this machine"),
        pytest.param("wss:///link/", False, id="nowhere"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_slack_itself_is_reached_by_an_encrypted_socket_only(url: str, encrypted: bool) -> None:
    assert is_safe(url, is_loopback=False) is encrypted


def test_an_end_without_a_word_is_noticed_at_once_not_by_a_failing_ping(side: SlackSide) -> None:
    with buttons_of(side, ping_every=timedelta(hours=1)):
        side.is_connected()
        side.cuts()
        side.is_connected(2)


def test_a_host_that_the_environment_excepts_from_its_proxy_is_reached_without_it(
    side: SlackSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with buttons_of(side):
        side.is_connected()


def test_a_slack_that_drops_every_connection_at_once_is_said_once(
    side: SlackSide, said: list[Any]
) -> None:
    side.greets = False
    with buttons_of(side):
        side.wait_for_calls("apps.connections.open", 4)
    assert events(said) == ["buttons_lost"]


def test_the_waits_between_attempts_grow_and_end_at_once_with_the_buttons(
    side: SlackSide,
) -> None:
    side.slack.faults.always("token_revoked", match="apps.")
    with buttons_of(side, first_wait=timedelta(hours=1)):
        side.wait_for_calls("apps.connections.open", 1)
    assert side.slack.calls.count("apps.connections.open") == 1


def test_no_secret_is_said_and_the_ticket_is_remembered_as_one(
    side: SlackSide, said: list[Any]
) -> None:
    remembered: list[str] = []
    side.slack.faults.next("token_revoked", match="apps.")
    with buttons_of(side, remember_secret=remembered.append) as buttons:
        side.is_connected()
        side.cuts()
        side.is_connected(2)
        text = repr((said, vars(buttons)["_options"]))
    assert remembered == [TICKET, TICKET]
    for secret in (TICKET, "xapp-simulated", "xoxb-simulated"):
        assert secret not in text


def test_the_buttons_end_while_a_press_is_served(side: SlackSide) -> None:
    is_begun, may_end = threading.Event(), threading.Event()

    def slow(_press: Press) -> str:
        is_begun.set()
        assert may_end.wait(10)
        return "served"

    with buttons_of(side, Desk(slow)):
        side.is_connected()
        side.sends("e1", a_payload())
        assert is_begun.wait(10)
        threading.Timer(0.05, may_end.set).start()
    assert side.whispers() == ["served"]


def test_an_envelope_as_large_as_a_whole_message_is_read(side: SlackSide) -> None:
    with buttons_of(side):
        side.is_connected()
        side.sends("e1", a_payload(message={"text": "ü" * 150_000}))
        assert side.whispers() == ["ACK 7"]
