"""Quiet hours and long outages: letters wait, and afterwards each alert speaks once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.adapters.store import Store
from monitor.core.alerts import Alert, AlertPolicy, Outcome
from monitor.core.alerts.hours import QuietHours
from monitor.delivery import DeliveryResult
from tests.adapters.slack_channel import NINE, Desk, a_desk

NIGHT = AlertPolicy(quiet_hours=QuietHours(time(20), time(7), UTC))
URGENT_NIGHT = AlertPolicy(quiet_hours=NIGHT.quiet_hours, quiet_hours_allow_certain=True)
NOTHING = DeliveryResult()


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        desk.policy = NIGHT
        yield desk


def at(desk: Desk, clock: str, *, day: int = 24) -> Desk:
    hour, minute = map(int, clock.split(":"))
    desk.simulated.clock.move_to(datetime(2026, 11, day, hour, minute, tzinfo=UTC))
    return desk


def in_the_morning(desk: Desk) -> Desk:
    return at(desk, "07:00", day=25)


def closes(desk: Desk, alert: int = 1) -> None:
    with Store.open(desk.path) as store, store.immediate():
        closed = Alert(alert, "P1", opened_at=NINE, closed_at=desk.now)
        store.alerts.apply(Outcome(alerts=(closed,)), desk.now)


def came_and_went(desk: Desk) -> int:
    with Store.open(desk.path) as store:
        return store.digests.came_and_went_since(NINE)


# --- within the hours


def test_nothing_is_sent_from_their_first_minute_to_their_last(desk: Desk) -> None:
    at(desk, "19:59").promise("opened post 1")
    assert desk.deliver().sent == 1
    at(desk, "20:00").promise("joined edit 2", "blind reply news")
    desk.promise("opened post another", alert=2)
    for clock, day in (("20:00", 24), ("23:59", 24), ("00:00", 25), ("06:59", 25)):
        waiting = DeliveryResult(sent=0, waiting=3, dead=0, error="")
        assert at(desk, clock, day=day).deliver() == waiting, "and that is no error"
    assert desk.channel() == ["1"]
    assert in_the_morning(desk).deliver().sent == 3
    assert desk.channel() == ["2", "  news", "another"]


def test_a_letter_whose_fate_is_unknown_waits_too(desk: Desk) -> None:
    desk.simulated.slack.faults.next("drop")
    at(desk, "19:59").promise("opened post 1")
    desk.deliver()
    at(desk, "20:30").deliver()
    assert desk.channel() == []
    in_the_morning(desk).deliver()
    assert desk.channel() == ["1"]


def test_the_hours_are_those_of_today(desk: Desk) -> None:
    at(desk, "21:00").promise("opened post 1")
    desk.deliver()
    desk.policy = AlertPolicy()
    assert desk.deliver().sent == 1


def test_the_summary_comes_when_it_was_ordered(desk: Desk) -> None:
    at(desk, "21:00").promise("digest post summary", alert=None)
    desk.promise("opened post 1")
    desk.deliver()
    assert desk.channel() == ["summary"]


def test_of_two_summaries_that_wait_the_newer_is_enough(desk: Desk) -> None:
    desk.simulated.slack.faults.next("500")
    desk.promise("digest post yesterday", alert=None)
    desk.simulated.slack.faults.next("some_new_word")
    desk.promise("digest post today", alert=None)
    desk.simulated.slack.faults.clear()
    desk.deliver()
    assert desk.channel() == ["today"]
    assert desk.errors() == ["a newer digest says it", ""]


def test_what_is_urgent_goes_if_it_may_with_all_of_its_alert(desk: Desk) -> None:
    desk.policy = URGENT_NIGHT
    at(desk, "21:00").promise("opened post 1", alert=1)
    desk.promise("opened post other", alert=2)
    desk.deliver()
    assert desk.channel() == []
    at(desk, "22:00").promise("worse edit! 2", "worse reply! approved", alert=1)
    desk.deliver()
    assert desk.channel() == ["2"], "its message says it as it is known now"
    at(desk, "23:00").promise("worse edit! 3", "worse reply! failed", alert=1)
    desk.deliver()
    assert desk.channel() == ["3", "  failed"]


def test_what_is_urgent_waits_like_all_else_unless_it_may(desk: Desk) -> None:
    at(desk, "21:00").promise("opened post! 1")
    desk.deliver()
    assert desk.channel() == []


# --- the catch-up


def test_an_alert_that_opened_in_the_hours_is_one_message_as_known_afterwards(desk: Desk) -> None:
    at(desk, "21:00").promise("opened post 1")
    at(desk, "22:00").promise("joined edit 2", "blind edit 3", "blind reply cannot see")
    at(desk, "23:00").promise("sighted edit 4", "sighted reply sees again")
    assert in_the_morning(desk).deliver() == DeliveryResult(sent=1)
    assert desk.channel() == ["4"]
    says = "the alert's message says it as it is known now"
    assert desk.errors() == ["", says, says, says, says, says]


def test_what_its_message_does_not_say_yet_is_told_beside_it(desk: Desk) -> None:
    at(desk, "21:00").promise("opened post 1", "opened reply all reports")
    at(desk, "22:00").promise("failed_for_real reply it failed")
    in_the_morning(desk).deliver()
    assert desk.channel() == ["1", "  all reports", "  it failed"]


def test_the_news_of_an_alert_that_stands_is_one_reply(desk: Desk) -> None:
    at(desk, "19:00").promise("opened post 1")
    desk.deliver()
    at(desk, "21:00").promise("worse edit 2", "worse broadcast approved")
    at(desk, "22:00").promise("blind edit 3", "blind reply cannot see", "reminder broadcast still")
    at(desk, "23:00").promise("sighted edit 4", "sighted reply sees again")
    assert in_the_morning(desk).deliver() == DeliveryResult(sent=2)
    assert desk.channel() == ["4", "  sees again"]
    reply = desk.simulated.slack.messages[1]
    lines = [line.strip() for line in reply["text"].splitlines()]
    before = lines.index("Before that, oldest first")
    said = ["Exports at risk: approved", "Exports at risk: cannot see"]
    assert [line for line in lines[before:] if line.startswith("Exports")] == said
    assert reply["reply_broadcast"] is True, "one of them was for everybody"
    assert "still" not in reply["text"], "whoever hears of news needs no reminder"


def test_of_reminders_that_wait_one_is_enough(desk: Desk) -> None:
    at(desk, "19:00").promise("opened post 1")
    desk.deliver()
    at(desk, "21:00").promise("reminder reply first", "reminder reply second")
    in_the_morning(desk).deliver()
    assert desk.channel() == ["1", "  second"]


def test_what_waited_and_what_is_fresh_are_one_reply(desk: Desk) -> None:
    at(desk, "19:00").promise("opened post 1")
    desk.deliver()
    at(desk, "21:00").promise("blind reply cannot see")
    at(desk, "07:10", day=25).promise("sighted reply sees again")
    desk.deliver()
    assert desk.channel() == ["1", "  sees again"]


def test_a_catch_up_that_is_refused_for_now_says_the_same_later_and_more(desk: Desk) -> None:
    at(desk, "19:00").promise("opened post 1")
    desk.deliver()
    at(desk, "21:00").promise("worse reply one", "blind reply two")
    desk.simulated.slack.faults.next("some_new_word")
    assert in_the_morning(desk).deliver().waiting == 1
    desk.passes(minutes=30).promise("sighted reply three")
    desk.deliver()
    assert desk.channel() == ["1", "  three"]
    text = desk.simulated.slack.messages[1]["text"]
    assert [text.count(f"Exports at risk: {one}") for one in ("one", "two", "three")] == [1, 1, 1]


@pytest.mark.parametrize("is_killed", [True, False])
def test_a_catch_up_of_unknown_fate_is_looked_up(desk: Desk, is_killed: bool) -> None:
    at(desk, "19:00").promise("opened post 1")
    desk.deliver()
    at(desk, "21:00").promise("worse reply one", "blind reply two")
    in_the_morning(desk)
    if is_killed:
        desk.is_killed_while_sending()
    else:
        desk.simulated.slack.faults.next("accept-then-drop")
        desk.deliver()
    desk.passes(minutes=30).promise("sighted reply three")
    desk.deliver()
    assert desk.channel() == ["1", "  two", "  three"]


def test_a_post_of_unknown_fate_keeps_the_replies_that_wait_for_it(desk: Desk) -> None:
    desk.simulated.slack.faults.next("accept-then-drop")
    at(desk, "19:59").promise("opened post 1")
    desk.deliver()
    at(desk, "21:00").promise("worse edit 2", "worse reply approved")
    in_the_morning(desk).deliver()
    assert desk.channel() == ["2", "  approved"]


def test_a_reply_of_unknown_fate_is_not_said_again_with_those_that_wait(desk: Desk) -> None:
    at(desk, "19:00").promise("opened post 1")
    desk.deliver()
    desk.simulated.slack.faults.next("accept-then-drop")
    at(desk, "19:59").promise("worse reply one")
    desk.deliver()
    at(desk, "21:00").promise("blind reply two", "sighted reply three")
    in_the_morning(desk).deliver()
    assert desk.channel() == ["1", "  one", "  three"]
    assert "Exports at risk: one" not in desk.simulated.slack.messages[2]["text"]


def test_after_an_outage_of_a_day_it_is_the_same(desk: Desk) -> None:
    desk.policy = AlertPolicy()
    desk.promise("opened post 1", "joined edit 2", "blind edit 3", "blind reply cannot see")
    desk.promise("sighted edit 4", "sighted reply sees again")
    desk.passes(hours=24, seconds=1)
    assert desk.deliver() == DeliveryResult(sent=1)
    assert desk.channel() == ["4"]


def test_within_a_day_everything_but_older_edits_is_told(desk: Desk) -> None:
    desk.policy = AlertPolicy()
    desk.promise("opened post 1", "blind edit 2", "blind reply cannot see")
    desk.promise("sighted edit 3", "sighted reply sees again")
    desk.passes(hours=23).deliver()
    assert desk.channel() == ["3", "  cannot see", "  sees again"]


def test_every_alert_catches_up_for_itself(desk: Desk) -> None:
    at(desk, "21:00")
    for alert in (1, 2):
        desk.promise(f"opened post {alert}", alert=alert)
        desk.promise(f"worse edit {alert} worse", f"worse reply {alert} approved", alert=alert)
    in_the_morning(desk).deliver()
    assert desk.channel() == ["1 worse", "2 worse"]


# --- what came and went


def test_an_alert_that_was_over_before_it_was_told_is_only_counted(desk: Desk) -> None:
    at(desk, "21:00").promise("opened post 1", alert=1)
    desk.promise("opened post 2", alert=2)
    at(desk, "23:00").promise("resolved edit over", "resolved reply how", alert=1)
    closes(desk)
    in_the_morning(desk).deliver()
    assert desk.channel() == ["2"]
    assert desk.errors() == ["came_and_went", "", "came_and_went", "came_and_went"]
    assert came_and_went(desk) == 1


def test_it_comes_and_goes_without_quiet_hours_as_well(desk: Desk) -> None:
    desk.policy = AlertPolicy()
    desk.simulated.slack.faults.next("some_new_word")
    desk.promise("opened post 1")
    desk.deliver()
    desk.passes(minutes=15).promise("resolved edit over", "resolved reply how")
    closes(desk)
    desk.deliver()
    assert desk.channel() == []
    assert came_and_went(desk) == 1


def test_an_alert_that_somebody_heard_of_is_told_to_its_end(desk: Desk) -> None:
    at(desk, "19:00").promise("opened post 1")
    desk.deliver()
    at(desk, "21:00").promise("resolved edit over", "resolved reply how")
    closes(desk)
    in_the_morning(desk).deliver()
    assert desk.channel() == ["over", "  how"]
    assert came_and_went(desk) == 0


def test_an_alert_that_somebody_may_have_heard_of_is_told_to_its_end(desk: Desk) -> None:
    desk.policy = AlertPolicy()
    desk.simulated.slack.faults.next("accept-then-drop")
    desk.promise("opened post 1")
    desk.deliver()
    desk.passes(minutes=15).promise("resolved edit over", "resolved reply how")
    closes(desk)
    desk.deliver()
    assert desk.channel() == ["over", "  how"]


def test_an_alert_whose_end_is_not_known_is_told(desk: Desk) -> None:
    at(desk, "21:00").promise("opened post 1")
    at(desk, "23:00").promise("uncertain edit cannot tell", "uncertain reply why")
    closes(desk)
    in_the_morning(desk).deliver()
    assert desk.channel() == ["cannot tell"]
    assert came_and_went(desk) == 0


# --- the clock on the wall


@pytest.mark.parametrize(
    ("day", "last", "first"),
    [
        pytest.param((2027, 3, 14), "10:59", "11:00", id="the clock is put forward"),
        pytest.param((2027, 11, 7), "11:59", "12:00", id="the clock is put back"),
    ],
)
def test_the_hours_end_by_the_clock_on_the_wall(
    desk: Desk, day: tuple[int, int, int], last: str, first: str
) -> None:
    desk.policy = AlertPolicy(
        quiet_hours=QuietHours(time(20), time(7), ZoneInfo("America/New_York"))
    )
    end = datetime(*day, int(first[:2]), tzinfo=UTC)
    desk.simulated.clock.move_to(end - timedelta(hours=10))
    desk.promise("opened post 1")
    desk.simulated.clock.move_to(end - timedelta(minutes=1))
    desk.deliver()
    assert desk.channel() == [], f"at {last} UTC it is 06:59 there"
    desk.simulated.clock.move_to(end)
    desk.deliver()
    assert desk.channel() == ["1"]
