"""What people and clocks may do in any order, and what is promised all the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.alerts import Letter, Method, Reason, RiskState
from monitor.core.alerts.reopening import SOON
from tests.core.test_alerts_promises import STEPS, Step, reminding, take

DAY = timedelta(days=1)
ENDINGS = (Reason.RESOLVED, Reason.UNCERTAIN)
JUMPS = st.lists(st.integers(-2_000, 2_000).map(lambda minutes: timedelta(minutes=minutes)))


def jumping(steps: list[Step], jumps: list[timedelta]) -> list[Step]:
    """The same days under a clock that jumps, back and forth."""
    jumped = [replace(step, after=jump) for step, jump in zip(steps, jumps, strict=False)]
    return [*jumped, *steps[len(jumped) :]]


@given(STEPS)
def test_of_what_is_muted_nothing_is_replied_but_its_end(steps: list[Step]) -> None:
    desk = reminding()
    for step in steps:
        for letter in take(desk, step).letters:
            if letter.alert_id and letter.method is Method.REPLY and desk.is_muted(letter.alert_id):
                is_own = desk.alerts[letter.alert_id].policy_id == ""
                # The list of a message that opens belongs to that message.
                assert is_own or letter.reason in (*ENDINGS, Reason.OPENED)


@given(STEPS)
def test_what_is_laid_ends_with_what_it_is_about_or_until_worse_by_what_is(
    steps: list[Step],
) -> None:
    desk = reminding()
    for step in steps:
        outcome = take(desk, step)
        standing = {one.risk.fingerprint for one in desk.living if one.state is not RiskState.WATCH}
        personal = [one for one in desk.overlays if one.matcher is None]
        over = {
            one.overlay_id
            for one in personal
            if one.alert_id not in desk.open_alerts and one.fingerprint not in standing
        }
        assert not {one.overlay_id for one in personal if one.is_active(desk.now)} & over
        lifted = [one for one in desk.overlays if one.overlay_id in set(outcome.lifted) - over]
        assert all(one.is_until_worse for one in lifted)
        told = {letter.reason for letter in outcome.letters}
        assert not lifted or told & {Reason.WORSE, Reason.FAILED_FOR_REAL}


@given(STEPS)
def test_a_reminder_stands_alone_among_the_news_of_what_stands(steps: list[Step]) -> None:
    desk = reminding()
    for step in steps:
        letters = take(desk, step).letters
        for alert_id in {letter.alert_id for letter in letters}:
            replies = [one.reason for one in letters if one.alert_id == alert_id]
            if Reason.REMINDER in replies:
                assert not {Reason.WORSE, Reason.FAILED_FOR_REAL, Reason.REOPENED} & set(replies)


@given(STEPS)
def test_who_is_reminded_daily_hears_no_reminder_within_a_day_of_other_news(
    steps: list[Step],
) -> None:
    desk = reminding()
    noticed: dict[int | None, datetime] = {}
    for step in [replace(step, laid=None) for step in steps]:
        for letter in take(desk, step).letters:
            if letter.reason is Reason.REMINDER:
                assert desk.now - noticed[letter.alert_id] >= DAY
            if letter.method is not Method.EDIT:
                noticed[letter.alert_id] = desk.now


@given(STEPS, JUMPS)
def test_no_clock_makes_a_key_twice_or_the_same_moment_speak_twice(
    steps: list[Step], jumps: list[timedelta]
) -> None:
    desk = reminding()
    for step in jumping(steps, jumps):
        take(desk, step)
        assert desk.decide(step.predicted, sight=step.sight, endings=step.endings).letters == ()
    keys = Counter(letter.key for letter in desk.letters)
    assert [key for key, count in keys.items() if count > 1] == []


@given(STEPS, JUMPS)
def test_whatever_the_clock_does_no_risk_has_two_open_alerts(
    steps: list[Step], jumps: list[timedelta]
) -> None:
    desk = reminding()
    for step in jumping(steps, jumps):
        take(desk, step)
        lives = Counter(one.risk.fingerprint for one in desk.living)
        assert set(lives.values()) <= {1}
        held = {one.alert_id for one in desk.living} - {None}
        assert held <= set(desk.open_alerts)


@given(STEPS)
def test_a_new_alert_never_holds_what_another_told_within_a_week(steps: list[Step]) -> None:
    desk = reminding()
    ended: dict[str, datetime] = {}
    for step in steps:
        outcome = take(desk, step)
        posted = {one.alert_id for one in outcome.letters if _opens(one)}
        for one in outcome.tracked:
            if one.alert_id in posted and one.resolved_at is None:
                at = ended.get(one.risk.fingerprint)
                assert at is None or desk.now - at > SOON
            if one.resolved_at is not None and one.alert_id is not None:
                ended[one.risk.fingerprint] = one.resolved_at


@given(STEPS)
def test_every_refusal_of_a_told_loud_report_is_said_once(steps: list[Step]) -> None:
    desk, told = reminding(), dict[int, frozenset[str]]()
    for step in [replace(step, laid=None) for step in steps]:
        outcome = take(desk, step)
        replied = {one.alert_id for one in outcome.letters if one.reason in _TELLS_FAILURES}
        for alert in outcome.alerts:
            new = alert.told.failed - told.get(alert.alert_id, frozenset())
            assert not new or alert.alert_id in replied
            told[alert.alert_id] = alert.told.failed


_TELLS_FAILURES = (Reason.OPENED, Reason.REOPENED, Reason.FAILED_FOR_REAL)


def _opens(letter: Letter) -> bool:
    return letter.reason is Reason.OPENED and letter.method is Method.POST
