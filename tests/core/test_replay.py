"""A replay: what people laid over alerts follows them, quiet hours hold and join, nothing leaks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

import pytest

from monitor.core.alerts import (
    AlertPolicy,
    Endings,
    Letter,
    Method,
    Overlay,
    QuietHours,
    Reason,
    Sort,
)
from monitor.core.message import Message, Tone
from monitor.core.message.words import Voice
from monitor.core.pretended import Fate, PretendedChannel, Said
from monitor.core.recorded import Given, RecordedCycle
from monitor.core.replay import PastOverlays, replay
from monitor.core.reports import ReportState
from monitor.core.risks import Risk
from tests.core.alert_builders import WHOLE
from tests.core.builders import a_risk, an_exposed_report

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
NIGHT = QuietHours(time(20), time(7), UTC)
RISK = a_risk(an_exposed_report("R1"))
ENDED = Endings({RISK.fingerprint: "it is active again in NetSuite"})


def a_cycle(at: datetime, *risks: Risk) -> RecordedCycle:
    return RecordedCycle(at, Given(risks, WHOLE, ENDED))


def told(
    cycles: Iterable[RecordedCycle], policy: AlertPolicy, past: PastOverlays | None = None
) -> list[tuple[str, Method, Fate, timedelta | None]]:
    """Every letter: why, how, its fate, and how long after its promise that was."""
    said = replay(cycles, past or PastOverlays(), policy, voice=lambda _: Voice(), zone=UTC)
    return [
        (
            one.letter.reason.code,
            one.letter.method,
            one.fate,
            None if one.at is None else one.at - one.promised_at,
        )
        for one in said
    ]


def standing(hours: int, begin: datetime = NOON) -> list[RecordedCycle]:
    """A first cycle without a risk, then one that stands for so long."""
    return [a_cycle(begin - HOUR), *(a_cycle(begin + n * HOUR, RISK) for n in range(hours))]


def test_a_risk_is_opened_once_and_resolved_once() -> None:
    cycles = [*standing(3), a_cycle(NOON + 3 * HOUR)]
    now = timedelta(0)
    assert told(cycles, AlertPolicy()) == [
        ("opened", Method.POST, Fate.TOLD, now),
        ("resolved", Method.EDIT, Fate.SILENT, now),
        ("resolved", Method.REPLY, Fate.TOLD, now),
    ]


def test_what_stood_before_is_marked_as_old() -> None:
    cycles = [a_cycle(NOON, RISK), a_cycle(NOON + HOUR)]
    said = replay(cycles, PastOverlays(), AlertPolicy(), voice=lambda _: Voice(), zone=UTC)
    assert [one.is_old for one in said] == [True, False, False]


@pytest.mark.parametrize(
    ("every", "reminders"),
    [
        pytest.param(None, 0, id="never reminded"),
        pytest.param(12 * HOUR, 2, id="every 12 h, then ever more seldom: after 12 and 36 hours"),
        pytest.param(24 * HOUR, 1, id="every day: once in two days"),
    ],
)
def test_reminders_follow_the_policy_not_the_past(every: timedelta | None, reminders: int) -> None:
    said = told(standing(48), AlertPolicy(remind_every=every))
    assert [one[0] for one in said].count("reminder") == reminders


def test_shadow_mode_is_left_out_of_a_replay() -> None:
    assert told(standing(3), AlertPolicy(is_shadow=True)) == told(standing(3), AlertPolicy())


def test_what_comes_and_goes_in_quiet_hours_is_told_to_nobody() -> None:
    night = NOON.replace(hour=22)
    cycles = [*standing(3, night), a_cycle(night + 3 * HOUR), a_cycle(night + 12 * HOUR)]
    said = told(cycles, AlertPolicy(quiet_hours=NIGHT))
    assert {fate for *_, fate, _ in said} == {Fate.CAME_AND_WENT}


def test_what_still_stands_in_the_morning_is_told_then() -> None:
    night = NOON.replace(hour=22)
    (said,) = told(standing(11, night), AlertPolicy(quiet_hours=NIGHT))
    assert said == ("opened", Method.POST, Fate.TOLD, 9 * HOUR)


def test_what_the_night_still_holds_at_the_end_waits() -> None:
    (said,) = told(standing(2, NOON.replace(hour=22)), AlertPolicy(quiet_hours=NIGHT))
    assert said == ("opened", Method.POST, Fate.WAITING, None)


def test_certain_failures_of_approved_reports_may_break_the_quiet() -> None:
    policy = AlertPolicy(quiet_hours=NIGHT, quiet_hours_allow_certain=True)
    (said,) = told(standing(2, NOON.replace(hour=22)), policy)
    assert said == ("opened", Method.POST, Fate.TOLD, timedelta(0))


def test_a_digest_comes_once_a_day() -> None:
    cycles = [a_cycle(NOON + n * HOUR) for n in range(48)]
    said = told(cycles, AlertPolicy(digest_at=time(9)))
    assert [one[0] for one in said].count("digest") == 3, "the first cycle still owes today's"


def an_overlay(sort: Sort, at: datetime, **fields: object) -> Overlay:
    return Overlay(
        1,
        sort,
        "Dana Lee",
        "",
        at,
        **{"expires_at": at + 48 * HOUR, **fields},  # type: ignore
    )


def test_an_acknowledgement_follows_the_risks_to_the_alert_of_the_replay() -> None:
    held = {17: frozenset({RISK.fingerprint})}
    acked = PastOverlays((an_overlay(Sort.ACK, NOON + HOUR, alert_id=17),), held)
    policy = AlertPolicy(remind_every=6 * HOUR)
    reasons = [one[0] for one in told(standing(30), policy, acked)]
    assert "reminder" not in reasons
    assert "reminder" in [one[0] for one in told(standing(30), policy)]


def test_an_acknowledgement_of_another_alert_changes_nothing() -> None:
    other = PastOverlays(
        (an_overlay(Sort.ACK, NOON + HOUR, alert_id=18),), {18: frozenset({"P/class:99"})}
    )
    policy = AlertPolicy(remind_every=6 * HOUR)
    assert told(standing(30), policy, other) == told(standing(30), policy)


@pytest.mark.parametrize(
    ("lifted_at", "is_told"),
    [
        pytest.param(None, False, id="a snooze that nobody lifted hides the reminders"),
        pytest.param(NOON + 2 * HOUR, True, id="lifted since: reminded again from then on"),
    ],
)
def test_an_overlay_holds_until_the_moment_it_was_lifted(
    lifted_at: datetime | None, is_told: bool
) -> None:
    snooze = an_overlay(Sort.ACK, NOON + HOUR, fingerprint=RISK.fingerprint, lifted_at=lifted_at)
    said = told(standing(30), AlertPolicy(remind_every=6 * HOUR), PastOverlays((snooze,)))
    assert ("reminder" in [one[0] for one in said]) is is_told


def test_an_overlay_does_not_hold_before_somebody_laid_it() -> None:
    late = an_overlay(Sort.ACK, NOON + 20 * HOUR, fingerprint=RISK.fingerprint)
    said = told(standing(30), AlertPolicy(remind_every=6 * HOUR), PastOverlays((late,)))
    assert [one[0] for one in said].count("reminder") == 2, "after 6 and after 18 hours"


def test_a_snooze_that_worse_news_broke_stays_broken() -> None:
    waiting = a_risk(an_exposed_report("R1", state=ReportState.SUBMITTED))
    quiet = an_overlay(
        Sort.SNOOZE, NOON + HOUR, fingerprint=RISK.fingerprint, is_until_worse=True, expires_at=None
    )
    cycles = [
        a_cycle(NOON - HOUR),
        *(a_cycle(NOON + n * HOUR, waiting if n < 4 else RISK) for n in range(20)),
    ]
    said = told(cycles, AlertPolicy(remind_every=6 * HOUR), PastOverlays((quiet,)))
    reasons = [reason for reason, method, *_ in said if method is not Method.EDIT]
    assert reasons == ["opened", "worse", "reminder"]


def test_what_came_and_went_unheard_opens_anew_when_it_comes_back() -> None:
    night = NOON.replace(hour=22)
    cycles = [
        *standing(2, night),
        a_cycle(night + 2 * HOUR),
        a_cycle(night + 12 * HOUR),
        a_cycle(night + 13 * HOUR, RISK),
    ]
    said = told(cycles, AlertPolicy(quiet_hours=NIGHT))
    assert said[-1] == ("opened", Method.POST, Fate.TOLD, timedelta(0))


def test_a_digest_is_told_at_its_time_also_in_quiet_hours() -> None:
    cycles = [a_cycle(NOON + n * HOUR) for n in range(18)]
    said = told(cycles, AlertPolicy(quiet_hours=NIGHT, digest_at=time(5)))
    assert said[-1] == ("digest", Method.POST, Fate.TOLD, timedelta(0))


def a_letter(method: Method, reason: Reason = Reason.CHANGED) -> Letter:
    return Letter(f"{reason}-{method}", reason, method, 1, Message(Tone.AT_RISK, "2 reports"))


def night_and_morning(*evening: Letter, night: Iterable[Letter]) -> list[tuple[str, Fate]]:
    """Alert 1 lives; what a pretended channel made of its letters."""
    channel = PretendedChannel(AlertPolicy(quiet_hours=NIGHT))
    channel.take(evening, NOON, {1}, is_old=False)
    channel.take(night, NOON.replace(hour=23), {1}, is_old=False)
    channel.take((), NOON + 20 * HOUR, {1}, is_old=False)
    return [(one.letter.method.value, one.fate) for one in channel.all()]


def test_after_the_quiet_hours_one_reply_and_one_edit_say_it_all() -> None:
    opened = a_letter(Method.POST, Reason.OPENED)
    edit, reply = a_letter(Method.EDIT, Reason.WORSE), a_letter(Method.REPLY, Reason.WORSE)
    newest = a_letter(Method.EDIT, Reason.RESOLVED)
    last = a_letter(Method.REPLY, Reason.RESOLVED)
    assert night_and_morning(opened, night=(edit, reply, newest, last)) == [
        ("post", Fate.TOLD),
        ("edit", Fate.JOINED),
        ("reply", Fate.JOINED),
        ("edit", Fate.SILENT),
        ("reply", Fate.TOLD),
    ]


def test_a_parent_that_waited_takes_in_what_followed_it() -> None:
    opened = a_letter(Method.POST, Reason.OPENED)
    assert night_and_morning(night=(opened, a_letter(Method.EDIT))) == [
        ("post", Fate.TOLD),
        ("edit", Fate.JOINED),
    ]


def test_news_that_joins_is_as_loud_as_its_loudest_and_a_reminder_gives_way_to_it() -> None:
    channel = PretendedChannel(AlertPolicy(quiet_hours=NIGHT), heard={1})
    again = a_letter(Method.REPLY, Reason.REOPENED)._replace(is_broadcast=True)
    over, still = a_letter(Method.REPLY, Reason.RESOLVED), a_letter(Method.REPLY, Reason.REMINDER)
    channel.take((again, over, still), NOON.replace(hour=23), {1}, is_old=False)
    channel.take((), NOON + 20 * HOUR, {1}, is_old=False)
    assert [(one.letter, one.fate) for one in channel.all()] == [
        (again, Fate.JOINED),
        (over._replace(is_broadcast=True), Fate.TOLD),
        (still, Fate.JOINED),
    ]


def test_what_is_urgent_at_night_takes_along_what_waits_of_its_alert() -> None:
    policy = AlertPolicy(quiet_hours=NIGHT, quiet_hours_allow_certain=True)
    channel, night = PretendedChannel(policy, heard={1}), NOON.replace(hour=23)
    seen = a_letter(Method.REPLY, Reason.SIGHTED)
    worse = a_letter(Method.REPLY, Reason.WORSE)._replace(is_urgent=True)
    channel.take((seen, seen._replace(alert_id=2)), night, {1, 2}, is_old=False)
    channel.take((worse,), night + HOUR, {1, 2}, is_old=False)
    assert [(one.letter.reason, one.fate) for one in channel.all()] == [
        (Reason.SIGHTED, Fate.JOINED),
        (Reason.SIGHTED, Fate.WAITING),
        (Reason.WORSE, Fate.TOLD),
    ]


def test_what_waits_counts_as_told_so_that_nobody_is_reminded_of_it() -> None:
    channel = PretendedChannel(AlertPolicy(quiet_hours=NIGHT))
    night = NOON.replace(hour=23)
    channel.take((a_letter(Method.POST, Reason.OPENED),), night, {1}, is_old=False)
    assert channel.last_told(night + HOUR) == {1: night + HOUR}
    assert channel.waits(1)
    assert isinstance(channel.all()[0], Said)
