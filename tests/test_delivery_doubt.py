"""A letter that may have arrived: looked up where that is allowed, marked where it is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from monitor.adapters.slack.bot import BotChannel
from monitor.delivery import DeliveryResult
from tests.adapters.slack_channel import Desk, a_desk

REPEAT = "[(may be a repeat)]"
ALL_SENT = {"waiting": 0, "dead": 0, "error": ""}
ACCEPTED = ["accept-then-drop", "accept-then-cut", "accept-then-500", "accept-then-html"]
NOT_ACCEPTED = ["drop", "500", "html", "internal_error"]


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


@pytest.mark.parametrize("fault", ACCEPTED)
def test_a_post_that_arrived_all_the_same_is_found_and_not_sent_twice(
    desk: Desk, fault: str
) -> None:
    desk.simulated.slack.faults.next(fault)
    desk.promise("opened post 1")
    result = desk.deliver()
    assert (result.sent, result.waiting) == (0, 1)
    assert "may or may not" in result.error
    assert desk.passes(minutes=1).deliver() == DeliveryResult(sent=1, **ALL_SENT)
    assert desk.channel() == ["1"]
    desk.promise("resolved edit over", "resolved reply how")
    assert desk.deliver() == DeliveryResult(sent=2, **ALL_SENT)
    assert desk.channel() == ["over", "  how"], "its place is known, so it can be edited"


def test_a_post_after_which_the_process_was_killed_is_found_and_not_sent_twice(
    desk: Desk,
) -> None:
    desk.promise("opened post 1", "blind reply news")
    desk.is_killed_while_sending()
    assert desk.states() == ["sending", "queued"]
    assert desk.deliver() == DeliveryResult(sent=2, **ALL_SENT)
    assert desk.channel() == ["1", "  news"]


@pytest.mark.parametrize("fault", NOT_ACCEPTED)
def test_what_never_arrived_is_sent_unmarked_once_the_history_was_read(
    desk: Desk, fault: str
) -> None:
    desk.promise("opened post 1")
    desk.simulated.slack.faults.next(fault)
    desk.deliver()
    assert desk.states() == ["sending"]
    assert desk.passes(minutes=1).deliver().sent == 1
    assert desk.channel() == ["1"], "the history says that it is not there"


@pytest.mark.parametrize("fault", ACCEPTED)
def test_a_reply_that_arrived_is_found_in_its_thread(desk: Desk, fault: str) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    desk.simulated.slack.faults.next(fault)
    desk.promise("blind reply news", "sighted reply good news")
    desk.deliver()
    assert desk.passes(minutes=1).deliver().sent == 2
    assert desk.channel() == ["1", "  news", "  good news"]


def test_a_reply_after_which_the_process_was_killed_is_found(desk: Desk) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    desk.promise("blind reply news")
    desk.is_killed_while_sending()
    assert desk.deliver().sent == 1
    assert desk.channel() == ["1", "  news"]


def test_an_edit_is_simply_made_again(desk: Desk) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    desk.promise("joined edit 2")
    desk.is_killed_while_sending()
    assert desk.deliver().sent == 1
    assert desk.channel() == ["2"]
    assert "conversations.history" not in desk.simulated.slack.calls


@pytest.mark.parametrize("fault", ACCEPTED)
def test_an_edit_that_became_the_parent_is_found_too(desk: Desk, fault: str) -> None:
    desk.simulated.slack.faults.next("msg_too_long", times=2)
    desk.promise("opened post bad")
    desk.deliver()
    desk.simulated.slack.faults.next(fault)
    desk.promise("joined edit all of it")
    desk.deliver()
    desk.promise("blind edit newer")
    assert desk.passes(minutes=1).deliver().waiting == 0
    assert desk.channel() == ["newer"]


@pytest.mark.parametrize("fault", ACCEPTED)
def test_a_new_parent_for_a_deleted_one_is_found_too(desk: Desk, fault: str) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    desk.simulated.slack.delete(desk.simulated.slack.parents()[0]["ts"])
    desk.simulated.slack.faults.next(fault, match="chat.postMessage")
    desk.promise("joined edit 2")
    desk.deliver()
    assert desk.passes(minutes=1).deliver().sent == 1
    assert len(desk.channel()) == 1


@pytest.mark.parametrize("fault", ACCEPTED)
def test_a_reply_without_its_thread_is_found_in_the_channel(desk: Desk, fault: str) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    desk.simulated.slack.delete(desk.simulated.slack.parents()[0]["ts"])
    desk.simulated.slack.faults.next("thread_not_found", match="chat.postMessage")
    desk.simulated.slack.faults.next(fault, match="chat.postMessage")
    desk.promise("blind reply news")
    desk.deliver()
    assert desk.passes(minutes=1).deliver().sent == 1
    assert len(desk.channel()) == 1


@pytest.mark.parametrize(
    ("fault", "standing"),
    [
        *((one, ["1", f"{REPEAT} 1"]) for one in ACCEPTED),
        *((f, [f"{REPEAT} 1"]) for f in NOT_ACCEPTED),
    ],
)
def test_without_the_history_it_is_sent_once_more_and_visibly_marked(
    desk: Desk, fault: str, standing: list[str]
) -> None:
    desk.simulated.slack.scopes.remove("channels:history")
    desk.simulated.slack.faults.next(fault)
    desk.promise("opened post 1")
    desk.deliver()
    assert desk.passes(minutes=1).deliver() == DeliveryResult(sent=1, **ALL_SENT)
    assert desk.channel() == standing
    note = desk.simulated.slack.messages[-1]["blocks"][0]
    assert [one["text"] for one in note["elements"]] == ["(may be a repeat)"]
    desk.promise("resolved edit over")
    desk.deliver()
    assert desk.channel()[-1] == "over", "the later one is the parent from now on"


def test_a_named_channel_has_no_history_and_marks_the_repeat(desk: Desk) -> None:
    bot = desk.simulated.a_bot(channel="#netsuite-exports")
    desk.simulated.slack.faults.next("accept-then-drop")
    desk.promise("opened post 1")
    desk.deliver(bot)
    assert desk.passes(minutes=1).deliver(bot).sent == 1
    assert desk.channel() == ["1", f"{REPEAT} 1"]


@pytest.mark.parametrize("fault", ["500", "drop", "429"])
def test_a_history_that_does_not_answer_is_asked_again_before_anything_is_sent(
    desk: Desk, fault: str
) -> None:
    desk.simulated.slack.faults.next("accept-then-drop")
    desk.promise("opened post 1")
    desk.deliver()
    desk.simulated.slack.faults.always(fault, match="conversations", detail="60")
    assert desk.passes(minutes=1).deliver().waiting == 1
    assert desk.simulated.slack.calls.count("chat.postMessage") == 1
    desk.simulated.slack.faults.clear()
    assert desk.passes(minutes=30).deliver().sent == 1
    assert desk.channel() == ["1"]


def test_a_history_that_never_answers_does_not_keep_the_letter_for_ever(desk: Desk) -> None:
    desk.simulated.slack.faults.next("accept-then-drop")
    desk.simulated.slack.faults.always("500", match="conversations")
    desk.promise("opened post 1")
    for _ in range(6):
        desk.deliver()
        desk.passes(minutes=30)
    assert desk.states() == ["sent"]
    assert desk.channel() == ["1", f"{REPEAT} 1"]


def test_a_letter_stays_in_doubt_until_it_is_sent(desk: Desk) -> None:
    desk.simulated.slack.scopes.remove("channels:history")
    desk.simulated.slack.faults.next("accept-then-drop")
    desk.promise("opened post 1")
    desk.deliver()
    desk.simulated.slack.faults.next("some_new_word", match="chat.postMessage")
    desk.passes(minutes=1).deliver()
    assert desk.passes(minutes=30).deliver().sent == 1
    assert desk.channel() == ["1", f"{REPEAT} 1"], "another refusal does not make it certain"


def test_what_never_left_this_machine_is_in_no_doubt(desk: Desk) -> None:
    desk.promise("opened post 1")
    nobody = BotChannel("xoxb-simulated", "C0123456789", "http://127.0.0.1:1/api/")
    result = desk.deliver(nobody)
    assert (result.sent, result.waiting) == (0, 1)
    assert "cannot be reached" in result.error
    assert desk.states() == ["queued"]
    assert desk.passes(minutes=1).deliver().sent == 1
    assert desk.simulated.slack.calls == ["chat.postMessage"], "nothing had to be looked up"


def test_an_outdated_edit_in_doubt_is_not_made_again(desk: Desk) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    desk.simulated.slack.faults.next("accept-then-drop")
    desk.promise("joined edit 2")
    desk.deliver()
    desk.passes(minutes=1).promise("joined edit 3")
    assert desk.deliver().sent == 1
    assert desk.channel() == ["3"]
    assert desk.simulated.slack.messages[0]["edits"] == 2
