"""The outbox goes to Slack: in order, at Slack's pace, and no letter in the way of another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest

from monitor.adapters.store import Store
from monitor.cli.demo.clock import StoryClock
from monitor.core.alerts import AlertPolicy
from monitor.delivery import DeliveryResult, deliver
from monitor.errors import Stopped
from tests.adapters.slack_channel import Desk, a_desk

ALL_SENT = {"waiting": 0, "dead": 0, "error": ""}


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


def test_an_alert_is_posted_edited_in_place_and_answered_in_its_thread(desk: Desk) -> None:
    desk.promise("opened post 2 reports")
    assert desk.deliver() == DeliveryResult(sent=1, **ALL_SENT)
    assert desk.channel() == ["2 reports"]
    desk.promise("resolved edit no longer at risk", "resolved reply how it ended")
    assert desk.deliver() == DeliveryResult(sent=2, **ALL_SENT)
    assert desk.channel() == ["no longer at risk", "  how it ended"]
    assert desk.deliver() == DeliveryResult(sent=0, **ALL_SENT), "nothing is said twice"
    assert desk.simulated.slack.calls == ["chat.postMessage", "chat.update", "chat.postMessage"]


def test_every_letter_carries_its_key(desk: Desk) -> None:
    desk.promise("opened post", "blind edit", "blind reply")
    desk.deliver()
    keys = [one["metadata"]["event_payload"]["key"] for one in desk.simulated.slack.messages]
    assert keys == ["letter-2", "letter-3"]


def test_one_message_a_second(desk: Desk) -> None:
    desk.simulated.slack.limits_rate = True
    for alert in (1, 2, 3):
        desk.promise("opened post", "blind reply", alert=alert)
    assert desk.deliver().sent == 6
    desk.promise("sighted reply")
    assert desk.deliver().sent == 1
    assert desk.simulated.slack.calls == ["chat.postMessage"] * 7, "none was refused for its pace"


class Stopping(StoryClock):
    """A clock on which somebody asks the program to end at the first wait."""

    def sleep(self, seconds: float) -> None:
        raise Stopped("stopped while waiting")


@pytest.mark.parametrize("fault", ["", "some_new_word", "500"])
def test_a_stop_is_obeyed_between_two_letters_and_the_outbox_is_whole(
    desk: Desk, fault: str
) -> None:
    for alert in (1, 2, 3):
        desk.promise(f"opened post {alert}", alert=alert)
    if fault:
        desk.simulated.slack.faults.next(fault)
    with Store.open(desk.path) as store, pytest.raises(Stopped):
        deliver(store, desk.simulated.bot, Stopping(desk.now), AlertPolicy())
    assert desk.simulated.slack.calls == ["chat.postMessage"]
    desk.passes(minutes=1).deliver()
    assert sorted(desk.channel()) == ["1", "2", "3"]


# --- edits that only follow the figures


def test_figures_wait_a_minute_after_the_post_and_after_the_last_edit(desk: Desk) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    desk.promise("changed edit 2")
    assert desk.deliver() == DeliveryResult(sent=0, waiting=1, dead=0, error="")
    assert desk.passes(seconds=58).deliver().sent == 0
    assert desk.passes(seconds=1).deliver().sent == 1
    desk.promise("changed edit 3")
    assert desk.passes(seconds=50).deliver().sent == 0
    assert desk.passes(seconds=10).deliver().sent == 1
    assert desk.channel() == ["3"]


def test_of_the_figures_that_wait_the_newest_wins(desk: Desk) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    desk.promise("changed edit 2", "changed edit 3", "changed edit 4")
    desk.deliver()
    assert desk.states() == ["sent", "queued", "queued", "queued"]
    desk.passes(minutes=1).deliver()
    assert desk.states() == ["sent", "dropped", "dropped", "sent"]
    assert desk.errors()[1] == "a newer letter says it"
    assert desk.channel() == ["4"]
    assert desk.simulated.slack.calls == ["chat.postMessage", "chat.update"]


@pytest.mark.parametrize("reason", ["joined", "blind", "sighted", "resolved", "uncertain"])
def test_every_other_reason_is_told_at_once(desk: Desk, reason: str) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    desk.promise("changed edit 2", f"{reason} edit 3", f"{reason} reply news")
    assert desk.deliver() == DeliveryResult(sent=2, **ALL_SENT)
    assert desk.channel() == ["3", "  news"]


def test_figures_that_wait_hold_nothing_back(desk: Desk) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    desk.promise("changed edit 2", "blind reply news")
    assert desk.deliver().sent == 1
    assert desk.channel() == ["1", "  news"]


def test_figures_that_must_wait_do_not_stand_in_for_other_news(desk: Desk) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    desk.promise("joined edit 2", "changed edit 3")
    desk.deliver()
    assert desk.channel() == ["2"]
    desk.passes(minutes=1).deliver()
    assert desk.channel() == ["3"]


def test_figures_that_may_go_say_the_other_news_with_them(desk: Desk) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    desk.passes(minutes=5).promise("joined edit 2", "changed edit 3")
    assert desk.deliver().sent == 1
    assert desk.channel() == ["3"]
    assert desk.states() == ["sent", "dropped", "sent"]


def test_an_edit_is_outdone_by_a_newer_one_of_its_own_alert_only(desk: Desk) -> None:
    for alert in (1, 2):
        desk.promise(f"opened post {alert}", alert=alert)
    desk.deliver()
    desk.promise("blind edit 1 blind", alert=1)
    desk.promise("blind edit 2 blind", alert=2)
    desk.promise("resolved edit 1 over", alert=1)
    assert desk.deliver().sent == 2
    assert desk.channel() == ["1 over", "2 blind"]


def test_a_post_says_what_is_known_by_now(desk: Desk) -> None:
    desk.promise("opened post 1", "blind reply news", "changed edit 2", "changed edit 3")
    desk.promise("opened post another", alert=2)
    desk.deliver()
    assert desk.channel() == ["3", "  news", "another"]
    desk.passes(minutes=1).deliver()
    assert desk.channel() == ["3", "  news", "another"]


# --- a clock that jumps back


@pytest.mark.parametrize("back", [timedelta(minutes=31), timedelta(days=30)])
def test_nothing_waits_for_a_clock_that_jumped_back(desk: Desk, back: timedelta) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    desk.promise("changed edit 2", "blind reply news")
    with Store.open(desk.path) as store:
        earlier = StoryClock(desk.now - back)
        result = deliver(store, desk.simulated.bot, earlier, AlertPolicy())
    assert result == DeliveryResult(sent=2, **ALL_SENT)
    assert desk.channel() == ["2", "  news"]


# --- a letter that fails


def test_a_bad_message_is_dead_and_the_next_ones_go_out(desk: Desk) -> None:
    desk.simulated.slack.faults.next("invalid_blocks", times=2)
    desk.promise("opened post bad", alert=1)
    desk.promise("opened post good", alert=2)
    result = desk.deliver()
    assert (result.sent, result.waiting, result.dead) == (1, 0, 1)
    assert "Slack cannot read the message" in result.error
    assert desk.channel() == ["good"]
    assert desk.states() == ["dead", "sent"]
    desk.promise("opened post another", alert=3)
    result = desk.deliver()
    assert (result.sent, result.dead) == (1, 1)
    assert "Slack cannot read the message" in result.error, "an open alert is still unheard"


def test_a_dead_parent_blocks_no_news_of_its_own_alert(desk: Desk) -> None:
    desk.simulated.slack.faults.next("msg_too_long", times=2)
    desk.promise("opened post bad", "joined edit all of it", "blind reply news")
    assert desk.deliver().dead == 0, "what it had to say is said"
    assert desk.channel() == ["all of it", "  news"], "an edit without its parent becomes it"


def test_a_reply_without_a_parent_stands_by_itself_and_never_becomes_the_parent(
    desk: Desk,
) -> None:
    desk.simulated.slack.faults.next("msg_too_long", times=2)
    desk.promise("opened post bad", "blind reply news")
    desk.deliver()
    desk.promise("sighted edit all of it")
    desk.deliver()
    assert desk.channel() == ["news", "all of it"]


def test_a_letter_that_failed_is_tried_again_and_the_order_stays(desk: Desk) -> None:
    desk.simulated.slack.faults.next("some_new_word")
    desk.promise("opened post 1", "joined edit 2", "blind reply news")
    result = desk.deliver()
    assert (result.sent, result.waiting, result.dead) == (0, 3, 0)
    assert "some_new_word" in result.error
    assert desk.passes(seconds=10).deliver().error != "", "it still waits for Slack"
    assert desk.simulated.slack.calls == ["chat.postMessage"]
    assert desk.passes(seconds=20).deliver() == DeliveryResult(sent=3, **ALL_SENT)
    assert desk.channel() == ["2", "  news"]


def test_a_failing_letter_holds_back_no_other_alert(desk: Desk) -> None:
    desk.simulated.slack.faults.next("some_new_word")
    desk.promise("opened post 1", alert=1)
    desk.promise("opened post 2", alert=2)
    assert desk.deliver().sent == 1
    assert desk.channel() == ["2"]


def test_letters_of_no_alert_do_not_wait_for_each_other(desk: Desk) -> None:
    desk.simulated.slack.faults.next("some_new_word")
    desk.promise("blind post 1", "blind post 2", alert=None)
    assert desk.deliver().sent == 1
    assert desk.channel() == ["2"]


def test_figures_that_fail_hold_back_no_news(desk: Desk) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    desk.simulated.slack.faults.next("some_new_word", match="chat.update")
    desk.passes(minutes=5).promise("changed edit 2", "blind reply news")
    desk.deliver()
    assert desk.channel() == ["1", "  news"]


def test_figures_that_are_to_be_the_parent_hold_back_what_follows_them(desk: Desk) -> None:
    desk.simulated.slack.faults.next("msg_too_long", times=2)
    desk.promise("opened post bad")
    desk.deliver()
    desk.simulated.slack.faults.next("some_new_word")
    desk.promise("changed edit 2", "blind reply news")
    assert desk.deliver().waiting == 2
    desk.passes(minutes=1).deliver()
    assert desk.channel() == ["2", "  news"]


def test_news_that_fail_hold_back_what_follows_them(desk: Desk) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    desk.simulated.slack.faults.next("some_new_word", match="chat.update")
    desk.promise("resolved edit over", "resolved reply how")
    desk.deliver()
    assert desk.channel() == ["1"]
    desk.passes(minutes=1).deliver()
    assert desk.channel() == ["over", "  how"]


@pytest.mark.parametrize("fault", ["some_new_word", "500"])
def test_the_back_off_grows_and_is_capped(desk: Desk, fault: str) -> None:
    desk.simulated.slack.faults.always(fault)
    desk.promise("opened post 1")
    waits = []
    for _ in range(10):
        desk.deliver()
        (wait,) = desk.due_in()
        waits.append(wait + timedelta(seconds=1))  # the pause after the call
        desk.passes(seconds=wait.total_seconds())
    assert waits[0] == timedelta(seconds=30)
    assert waits == sorted(waits)
    assert all(later <= 4 * wait for wait, later in pairwise(waits))
    assert waits[-2:] == [timedelta(minutes=30)] * 2


def test_a_short_wait_that_slack_asks_for_is_waited_and_the_letter_goes_out(desk: Desk) -> None:
    desk.simulated.slack.faults.next("429", detail="9")
    desk.promise("opened post 1")
    assert desk.deliver() == DeliveryResult(sent=1, **ALL_SENT)
    assert desk.now.second == 10, "nine seconds as asked, one for the pace"
    assert desk.channel() == ["1"]


def test_a_long_wait_ends_the_round_and_is_kept(desk: Desk) -> None:
    desk.simulated.slack.faults.next("429", detail="45")
    desk.promise("opened post 1", alert=1)
    desk.promise("opened post 2", alert=2)
    result = desk.deliver()
    assert (result.sent, result.waiting) == (0, 2)
    assert "wait 45 s" in result.error
    assert desk.simulated.slack.calls == ["chat.postMessage"], "Slack asked for a rest"
    assert desk.passes(seconds=40).deliver().sent == 1
    assert desk.passes(seconds=5).deliver().sent == 1
    assert desk.channel() == ["2", "1"]


def test_no_wait_is_longer_than_the_longest(desk: Desk) -> None:
    desk.simulated.slack.faults.next("429", detail="86400")
    desk.promise("opened post 1")
    desk.deliver()
    assert desk.passes(minutes=30).deliver().sent == 1


def test_slack_that_asks_again_and_again_is_not_waited_for(desk: Desk) -> None:
    desk.simulated.slack.faults.always("429", detail="9")
    desk.promise("opened post 1")
    assert desk.deliver().sent == 0
    assert desk.simulated.slack.calls == ["chat.postMessage"] * 2


def test_an_outage_is_not_waited_for_letter_by_letter(desk: Desk) -> None:
    desk.simulated.slack.faults.always("500")
    for alert in range(1, 8):
        desk.promise(f"opened post {alert}", alert=alert)
    assert desk.deliver().waiting == 7
    assert len(desk.simulated.slack.calls) == 3
    desk.simulated.slack.faults.clear()
    desk.passes(minutes=1).deliver()
    assert sorted(desk.channel()) == ["1", "2", "3", "4", "5", "6", "7"]


def test_letters_that_get_no_answer_among_good_ones_are_no_outage(desk: Desk) -> None:
    for alert in (1, 2, 3, 4):
        desk.promise(f"opened post {alert}", alert=alert)
    desk.deliver()
    desk.simulated.slack.faults.always("500", match="chat.update")
    for alert in (1, 2, 3, 4):
        desk.promise("joined edit", alert=alert)
        desk.promise(f"opened post 1{alert}", alert=10 + alert)
    assert desk.deliver().sent == 4
    assert desk.channel() == ["1", "2", "3", "4", "11", "12", "13", "14"]


def test_what_was_refused_is_counted_and_kept_for_status(desk: Desk) -> None:
    desk.simulated.slack.faults.always("token_revoked")
    for alert in (1, 2):
        desk.promise("opened post", alert=alert)
    assert desk.deliver().dead == 2
    with Store.open(desk.path, read_only=True) as store:
        delivery = store.outbox.delivery()
    assert (delivery.waiting, delivery.dead, delivery.last_sent_at) == (0, 2, None)
    assert "the bot token was revoked: install the app again" in delivery.last_error


# --- a parent that is not there


def test_an_edit_of_a_deleted_message_becomes_a_new_parent_that_says_so(desk: Desk) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    (parent,) = desk.simulated.slack.parents()
    desk.simulated.slack.delete(parent["ts"])
    desk.promise("resolved edit over", "resolved reply how")
    assert desk.deliver().sent == 2
    note = "This replaces the earlier message of alert 1, which is gone or closed"
    assert desk.channel() == [f"[{note}] over", "  how"]
    (parent,) = desk.simulated.slack.parents()
    assert parent["blocks"][0]["elements"][0]["text"] == note
    desk.promise("blind edit again")
    desk.deliver()
    assert desk.channel() == ["again", "  how"], "later edits go to the new parent"


@pytest.mark.parametrize("word", ["cant_update_message", "edit_window_closed"])
def test_a_message_that_cannot_be_edited_is_replaced_by_one_that_links_it(
    desk: Desk, word: str
) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    (old,) = desk.simulated.slack.parents()
    desk.simulated.slack.faults.next(word, match="chat.update")
    desk.promise("joined edit 2")
    assert desk.deliver().sent == 1
    _, new = desk.simulated.slack.parents()
    address = f"https://simulated.slack.com/archives/C0123456789/p{old['ts'].replace('.', '')}"
    assert f"of alert 1, which cannot be edited any more: {address}" in new["text"]
    assert f"<{address}>" in new["blocks"][0]["elements"][0]["text"]


def test_a_reply_whose_thread_is_gone_stands_by_itself(desk: Desk) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    (parent,) = desk.simulated.slack.parents()
    desk.simulated.slack.delete(parent["ts"])
    desk.promise("blind reply news")
    assert desk.deliver().sent == 1
    assert desk.channel() == ["news"]
    assert "Alert 1 ·" in desk.simulated.slack.messages[0]["text"], "it names its alert"


def test_an_alert_moves_with_the_configured_channel(desk: Desk) -> None:
    desk.promise("opened post 1")
    desk.deliver()
    desk.simulated.slack.channel = "C9999999999"
    desk.promise("joined edit 2", "blind reply news")
    assert desk.deliver(desk.simulated.a_bot(channel="C9999999999")).sent == 2
    assert desk.channel() == ["1", "2", "  news"]
