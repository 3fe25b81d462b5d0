"""Delivery through a webhook: it adds, never edits, and leaves out what a reply says anyway."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from monitor.delivery import DeliveryResult
from tests.adapters.slack_channel import Desk, a_desk

REPEAT = "[(may be a repeat)]"
ALL_SENT = {"waiting": 0, "dead": 0, "error": ""}


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


def hooked(desk: Desk) -> DeliveryResult:
    return desk.deliver(desk.simulated.webhook)


def test_every_news_is_a_message_of_its_own_that_names_its_alert(desk: Desk) -> None:
    desk.promise("opened post 1")
    hooked(desk)
    desk.promise("joined edit 2")
    hooked(desk)
    for reason in ("blind", "sighted", "resolved", "uncertain"):
        desk.promise(f"{reason} edit as {reason} edit", f"{reason} reply {reason}")
    assert hooked(desk) == DeliveryResult(sent=4, **ALL_SENT)
    assert desk.channel() == ["1", "2", "blind", "sighted", "resolved", "uncertain"]
    assert all("Alert 1 ·" in message["text"] for message in desk.simulated.slack.messages)


def test_figures_are_left_out(desk: Desk) -> None:
    desk.promise("opened post 1")
    hooked(desk)
    desk.passes(hours=1).promise("changed edit 2")
    assert hooked(desk) == DeliveryResult(sent=0, **ALL_SENT)
    assert desk.channel() == ["1"]
    assert desk.errors() == ["", "a webhook cannot edit"]


@pytest.mark.parametrize("after", ["changed edit 3", "blind edit 3", "resolved edit 3"])
def test_what_is_left_out_never_stands_in_for_news(desk: Desk, after: str) -> None:
    desk.promise("opened post 1")
    hooked(desk)
    desk.passes(hours=1).promise("joined edit 2", after)
    assert hooked(desk).sent == 1
    assert desk.channel() == ["1", "2"]


def test_of_two_that_show_all_there_is_the_newer_is_enough(desk: Desk) -> None:
    desk.promise("opened post 1", "joined edit 2", "joined edit 3", "blind reply news")
    assert hooked(desk).sent == 2
    assert desk.channel() == ["3", "news"]


def test_an_unknown_outcome_is_sent_once_more_and_visibly_marked(desk: Desk) -> None:
    desk.simulated.slack.faults.next("accept-then-drop")
    desk.promise("opened post 1", "blind reply news")
    assert hooked(desk).waiting == 2
    desk.passes(minutes=1)
    assert hooked(desk) == DeliveryResult(sent=2, **ALL_SENT)
    assert desk.channel() == ["1", f"{REPEAT} 1", "news"]
    blocks = desk.simulated.slack.messages[1]["blocks"]
    assert blocks[0]["elements"][0]["text"] == "(may be a repeat)"
    assert len(blocks) > 3, "a repeat looks like the message it repeats"


def test_a_repeat_in_doubt_is_never_left_out_for_a_newer_one(desk: Desk) -> None:
    desk.simulated.slack.faults.next("accept-then-drop")
    desk.promise("opened post 1")
    hooked(desk)
    desk.passes(minutes=1).promise("joined edit 2")
    hooked(desk)
    assert desk.channel() == ["1", f"{REPEAT} 1", "2"]


def test_a_refusal_for_ever_is_dead_and_the_next_one_goes_out(desk: Desk) -> None:
    desk.simulated.slack.faults.next("no_service")
    desk.promise("opened post 1", alert=1)
    desk.promise("opened post 2", alert=2)
    result = hooked(desk)
    assert (result.sent, result.waiting, result.dead) == (1, 0, 1)
    assert "create a new webhook" in result.error
    assert desk.channel() == ["2"]


def test_too_much_at_once_is_waited_for(desk: Desk) -> None:
    desk.simulated.slack.limits_rate = True
    desk.simulated.slack.faults.next("429", detail="3")
    desk.promise("opened post 1", "blind reply news")
    assert hooked(desk) == DeliveryResult(sent=2, **ALL_SENT)
    assert desk.channel() == ["1", "news"]


def test_after_a_day_one_message_shows_what_is_known_by_then(desk: Desk) -> None:
    desk.promise("opened post 1", "joined edit 2", "blind edit 3", "blind reply cannot see")
    desk.promise("sighted edit 4", "sighted reply sees again")
    desk.passes(hours=25)
    hooked(desk)
    assert desk.channel() == ["4"], "no edit is shown, but what the newest one would have shown"


def test_after_a_day_the_news_of_an_alert_that_stands_is_one_message(desk: Desk) -> None:
    desk.promise("opened post 1")
    hooked(desk)
    desk.promise("blind edit 2", "blind reply cannot see", "sighted reply sees again")
    desk.passes(hours=25)
    hooked(desk)
    assert desk.channel() == ["1", "sees again"]
    assert "Exports at risk: cannot see" in desk.simulated.slack.messages[1]["text"]


def test_the_list_of_all_reports_is_left_out_for_want_of_a_thread(desk: Desk) -> None:
    desk.promise("opened post 1", "opened reply all reports")
    assert hooked(desk) == DeliveryResult(sent=1, **ALL_SENT)
    assert desk.channel() == ["1"]
    assert desk.errors() == ["", "a webhook has no threads"]


def test_a_bot_that_takes_over_from_a_webhook_begins_a_parent_of_its_own(desk: Desk) -> None:
    desk.promise("opened post 1")
    hooked(desk)
    desk.promise("blind edit 2", "blind reply news")
    assert desk.deliver() == DeliveryResult(sent=2, **ALL_SENT)
    assert desk.channel() == ["1", "2", "  news"]


def test_a_webhook_that_takes_over_from_a_bot_goes_on(desk: Desk) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    desk.promise("resolved edit 2", "resolved reply news")
    assert hooked(desk) == DeliveryResult(sent=1, **ALL_SENT)
    assert desk.channel() == ["1", "news"]
