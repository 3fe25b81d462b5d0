"""When an alert that stands is told again, and who hears what of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.core.alerts import AlertPolicy, Sort
from monitor.core.reports import ReportState
from monitor.core.risks import Certainty, Risk
from tests.core.alert_builders import (
    Desk,
    a_draft,
    a_failed,
    a_submitted,
    failing,
    of_class,
)
from tests.core.builders import a_risk, an_exposed_report, hours

REMINDED = ["1 reminder reply"]
DAILY = AlertPolicy(remind_every=hours(24))
SECOND = timedelta(seconds=1)


def daily(*risks: Risk) -> Desk:
    """A desk that reminds daily, and told of these risks (default: one)."""
    desk = Desk(DAILY)
    desk.cycle(*(risks or [a_risk()]))
    return desk


def days(count: float) -> timedelta:
    return timedelta(days=count)


@pytest.mark.parametrize(
    ("policy", "after", "told"),
    [
        pytest.param(DAILY, hours(24) - SECOND, [], id="a second too early: silence"),
        pytest.param(DAILY, hours(24), REMINDED, id="after remind_every: told again"),
        pytest.param(DAILY, hours(300), REMINDED, id="after a long outage: once"),
        pytest.param(AlertPolicy(), hours(3_000), [], id="without remind_every: never"),
        pytest.param(DAILY, -hours(3), [], id="the clock jumped back three hours: silence"),
        pytest.param(DAILY, -hours(48), REMINDED, id="it jumped back two days: not lost for ever"),
        pytest.param(
            AlertPolicy(remind_every=days(10)),
            days(10) - SECOND,
            [],
            id="whoever asks for more than a week gets no reminder after a week",
        ),
        pytest.param(
            AlertPolicy(remind_every=days(10)), days(10), REMINDED, id="but after what was asked"
        ),
    ],
)
def test_an_alert_that_stands_is_told_again(
    policy: AlertPolicy, after: timedelta, told: list[str]
) -> None:
    desk = Desk(policy)
    desk.cycle(a_risk())
    assert desk.cycle(a_risk(), after=after) == told
    assert desk.cycle(a_risk(), after=timedelta(0)) == []


def test_reminders_double_up_to_a_week() -> None:
    desk = daily()
    waited = []
    for _ in range(5):
        passed = hours(1)
        while not desk.cycle(a_risk(), after=hours(1)):
            passed += hours(1)
        waited.append(passed)
    assert waited == [days(1), days(2), days(4), days(7), days(7)]


def test_other_news_begins_the_reminders_anew() -> None:
    desk = daily(a_risk(a_submitted()))
    assert desk.cycle(a_risk(a_submitted()), after=hours(24)) == REMINDED
    assert desk.cycle(a_risk(), after=hours(40)) == ["1 worse edit", "1 worse reply"]
    assert desk.cycle(a_risk(), after=hours(24)) == REMINDED


def test_a_changed_interval_counts_from_what_was_sent() -> None:
    desk = daily()
    desk.cycle(a_risk(), after=hours(5))
    desk.policy = AlertPolicy(remind_every=hours(2))
    assert desk.cycle(a_risk(), after=timedelta(0)) == REMINDED


@pytest.mark.parametrize(
    ("now", "told"),
    [
        pytest.param(
            a_risk(a_failed()),
            ["1 failed_for_real edit", "1 failed_for_real reply"],
            id="beside a refusal",
        ),
        pytest.param(
            a_risk(*(an_exposed_report(f"R{number}") for number in range(1, 3))),
            ["1 worse edit", "1 worse reply"],
            id="beside what is worse",
        ),
    ],
)
def test_a_reminder_never_comes_beside_other_news(now: Risk, told: list[str]) -> None:
    desk = daily()
    assert desk.cycle(now, after=hours(24)) == told


def test_a_reminder_never_comes_beside_an_ending() -> None:
    desk = daily(a_risk(), of_class(13))
    assert desk.cycle(a_risk(), after=hours(24)) == ["1 resolved edit", "1 resolved reply"]


def test_nothing_is_repeated_in_blindness() -> None:
    desk = daily()
    down = failing(desk.now)
    assert desk.cycle(sight=down, is_read=False, after=hours(24)) == [
        "1 blind edit",
        "1 blind reply",
    ]
    assert desk.cycle(sight=down, is_read=False, after=hours(48)) == []
    assert desk.cycle(a_risk()) == ["1 sighted edit", "1 sighted reply"]
    assert desk.cycle(a_risk(), after=hours(24)) == REMINDED


def test_what_was_never_sent_is_not_repeated() -> None:
    desk = daily()
    desk.sent_at.clear()
    assert desk.cycle(a_risk(), after=hours(24)) == []


def test_a_reminder_that_is_not_sent_is_promised_once_an_interval() -> None:
    desk = daily()
    opened_at = desk.now
    told = []
    for _ in range(60):
        told += desk.cycle(a_risk(), after=hours(1))
        desk.sent_at[1], desk.reminders[1] = opened_at, 0
    assert told == REMINDED * 2


def test_a_reminder_says_when_it_was_last_told() -> None:
    desk = daily()
    desk.cycle(a_risk(), after=hours(24))
    assert "Last told on Nov 24, 2026 12:15 UTC, and it still stands." in desk.said()


def test_the_monitors_own_blindness_is_not_repeated() -> None:
    desk = Desk(DAILY)
    down = failing(desk.now)
    assert desk.cycle(sight=down, is_read=False, after=hours(1)) == ["1 blind post"]
    assert desk.cycle(sight=down, is_read=False, after=hours(48)) == []


# -- who wakes whom -------------------------------------------------------------------------------


LIKELY = Certainty.LIKELY


@pytest.mark.parametrize(
    ("risk", "is_broadcast"),
    [
        pytest.param(a_risk(), True, id="certain and approved: the whole channel"),
        pytest.param(a_risk(certainty=LIKELY), True, id="likely and approved: the whole channel"),
        pytest.param(
            a_risk(an_exposed_report(state=ReportState.ARCHIVED)), True, id="later than approved"
        ),
        pytest.param(a_risk(a_submitted()), False, id="not approved yet: only the thread"),
        pytest.param(
            a_risk(a_submitted("R1"), an_exposed_report("R2", certainty=Certainty.POSSIBLE)),
            False,
            id="the approved one may only possibly fail: only the thread",
        ),
    ],
)
def test_only_what_is_ready_to_export_is_broadcast(risk: Risk, *, is_broadcast: bool) -> None:
    desk = daily(risk)
    assert desk.cycle(risk, after=hours(24)) == REMINDED
    assert desk.letters[-1].is_broadcast is is_broadcast


def test_only_replies_with_news_of_what_stands_are_broadcast() -> None:
    desk = daily(a_risk(a_submitted("R1"), certainty=LIKELY))
    desk.cycle(a_risk(*(an_exposed_report("R1"), an_exposed_report("R2"))))
    desk.cycle(a_risk(a_failed("R1"), an_exposed_report("R2")))
    desk.cycle()
    desk.cycle(a_risk())
    told = [(one.reason.code, one.method.value) for one in desk.letters if one.is_broadcast]
    assert told == [("worse", "reply"), ("reopened", "reply")]


@pytest.mark.parametrize(
    ("risk", "is_urgent"),
    [
        pytest.param(a_risk(), True, id="certain and approved"),
        pytest.param(a_risk(certainty=LIKELY), False, id="only likely"),
        pytest.param(a_risk(a_submitted()), False, id="not approved yet"),
        pytest.param(
            a_risk(a_submitted("R1"), an_exposed_report("R2", certainty=LIKELY)),
            False,
            id="certain for one that is not approved, likely for one that is",
        ),
        pytest.param(
            a_risk(a_draft("R1"), an_exposed_report("R2")), True, id="one approved among drafts"
        ),
    ],
)
def test_only_what_surely_fails_at_the_next_export_is_urgent(
    risk: Risk, *, is_urgent: bool
) -> None:
    desk = daily(risk)
    assert [one.is_urgent for one in desk.letters] == [is_urgent]


def test_reminders_figures_and_endings_are_never_urgent() -> None:
    desk = daily()
    desk.cycle(a_risk(), after=hours(24))
    desk.cycle(a_risk(full_name="Sales : Ads"))
    desk.lay(Sort.ACK)
    desk.cycle(a_risk(full_name="Sales : Ads"))
    desk.cycle()
    told = {one.reason.code for one in desk.letters if one.is_urgent}
    assert told == {"opened"}
    assert {one.reason.code for one in desk.letters} == {
        "opened",
        "reminder",
        "changed",
        "resolved",
    }


def test_the_list_of_what_the_first_message_leaves_out_follows_it_at_once() -> None:
    desk = Desk()
    many = a_risk(*(an_exposed_report(f"R{number}") for number in range(11)))
    assert desk.cycle(many) == ["1 opened post", "1 opened reply"]
    assert "R10" in desk.said()
    assert [one.is_urgent for one in desk.letters] == [True, True]
    assert desk.cycle(many) == []
