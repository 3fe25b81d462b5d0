"""The summary of a day: when it is due on every clock, what is well, and what goes together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.alerts import Sight, SourceFreshness, UnsureView
from monitor.core.digest import Hidden, OpenAlert, Post, bulk_edits, digest_day
from monitor.core.outcomes import Label, Outcome
from tests.core.builders import UK, US, a_risk, at
from tests.core.golden_digests import READ, a_broken_default, a_digest, a_silence, a_stale_rule

NEW_YORK = ZoneInfo("America/New_York")
NINE = time(9)
_A_MINUTE = timedelta(minutes=1)


def utc(month: int, day: int, clock: str) -> datetime:
    """A moment of 2026: utc(3, 8, "06:59")."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "at", "day"),
    [
        pytest.param(utc(11, 24, "13:59"), NINE, None, id="before its time: none"),
        pytest.param(utc(11, 24, "14:00"), NINE, date(2026, 11, 24), id="at its time: today's"),
        pytest.param(utc(11, 25, "01:59"), NINE, date(2026, 11, 24), id="half a day late: still"),
        pytest.param(utc(11, 25, "02:00"), NINE, None, id="later: not any more"),
        pytest.param(
            utc(11, 25, "05:00"),
            time(23, 50),
            date(2026, 11, 24),
            id="late in the evening: also after midnight, as that day's",
        ),
        pytest.param(
            utc(3, 8, "06:59"), time(2, 30), None, id="skipped by the clock: not before the gap"
        ),
        pytest.param(
            utc(3, 8, "07:00"),
            time(2, 30),
            date(2026, 3, 8),
            id="skipped by the clock: at the first moment after the gap",
        ),
        pytest.param(
            utc(11, 1, "05:29"), time(1, 30), None, id="shown twice: not before the first time"
        ),
        pytest.param(
            utc(11, 1, "05:30"), time(1, 30), date(2026, 11, 1), id="shown twice: at the first"
        ),
        pytest.param(
            utc(11, 1, "06:10"),
            time(1, 30),
            date(2026, 11, 1),
            id="shown twice: due all the same while the clock shows the hour again",
        ),
        pytest.param(utc(3, 8, "12:59"), NINE, None, id="on the day of the gap: by summer time"),
        pytest.param(
            utc(3, 8, "13:00"), NINE, date(2026, 3, 8), id="on the day of the gap: at nine"
        ),
        pytest.param(
            utc(11, 1, "14:00"), NINE, date(2026, 11, 1), id="on the long day: by winter time"
        ),
    ],
)
def test_whose_summary_is_due(now: datetime, at: time, day: date | None) -> None:
    assert digest_day(now, at, NEW_YORK) == day


@given(
    st.times(),
    st.integers(0, 365 * 24 * 60).map(lambda minutes: utc(1, 1, "00:00") + _A_MINUTE * minutes),
)
def test_every_local_day_has_its_summary_and_days_never_run_backwards(
    at: time, begin: datetime
) -> None:
    steps = [begin + timedelta(minutes=30) * step for step in range(4 * 48)]
    due = [digest_day(now, at, NEW_YORK) for now in steps]
    days = [day for day in due if day is not None]
    assert days == sorted(days)
    whole = (begin.astimezone(NEW_YORK).date() + timedelta(days=n) for n in (1, 2))
    assert set(whole) <= set(days)


def test_where_a_whole_day_is_skipped_its_summary_is_due_with_the_next_day() -> None:
    apia = ZoneInfo("Pacific/Apia")  # had no December 30, 2011
    first_moment = datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert digest_day(first_moment, NINE, apia) == date(2011, 12, 30)
    assert digest_day(first_moment - timedelta(minutes=1), NINE, apia) is None


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"alerts": (OpenAlert(3, US, at("09:15")),)}, id="an open alert"),
        pytest.param({"watched": (a_risk(),)}, id="a watched risk"),
        pytest.param({"broken_defaults": (a_broken_default(),)}, id="a broken default"),
        pytest.param(
            {"misses": (Outcome("R1", US, at("08:00"), Label.MISSED),)}, id="a missed failure"
        ),
        pytest.param({"hidden": (Hidden(a_silence(), 0),)}, id="a silence, even of nothing"),
        pytest.param({"post": Post(waiting=1)}, id="a message that waits"),
        pytest.param({"post": Post(refused=1)}, id="a message that was refused"),
        pytest.param(
            {"sight": Sight(sources=(SourceFreshness("netsuite", at("09:00"), at("09:15")),))},
            id="a source that fails",
        ),
        pytest.param(
            {"sight": Sight(sources=(SourceFreshness("netsuite"),))}, id="a source never read"
        ),
        pytest.param(
            {"sight": replace(READ, blind_kinds=(("class", "may not"),))}, id="a blind list"
        ),
        pytest.param(
            {"sight": replace(READ, unsure_policies=(UnsureView(US, "shrank"),))},
            id="a workspace in doubt",
        ),
        pytest.param(
            {"self_test": SourceFreshness("channel", None, at("09:00"), "no history")},
            id="a channel that failed its test",
        ),
    ],
)
def test_not_all_is_well_with(fields: dict[str, Any]) -> None:
    assert a_digest().is_all_well
    assert not a_digest(**fields).is_all_well


def test_what_one_person_edited_in_one_go_is_one_edit() -> None:
    minutes = (0, 9, 19, 30)  # each at most ten minutes after the one before, but the last
    rules = [a_stale_rule(n, after=timedelta(minutes=m)) for n, m in enumerate(minutes)]
    another = replace(a_stale_rule(8), changed_by="Omar Haddad")
    elsewhere = replace(a_stale_rule(9), policy_id=UK)
    edits = bulk_edits((elsewhere, another, *reversed(rules), a_risk()))
    assert [edit.risks for edit in edits] == [
        tuple(rules[:3]),
        tuple(rules[3:]),
        (another,),
        (elsewhere,),
    ]
    assert edits[0].since == rules[0].since


def test_edits_of_unknown_moments_go_together() -> None:
    rules = tuple(replace(a_stale_rule(number), since=None) for number in range(2))
    dated = a_stale_rule(2)
    assert [edit.risks for edit in bulk_edits((*rules, dated))] == [rules, (dated,)]


def test_stale_rules_are_told_by_their_edits_and_all_else_one_by_one() -> None:
    digest = a_digest(watched=(a_risk(), a_stale_rule(1)))
    assert digest.others_watched == (a_risk(),)
    assert [edit.risks for edit in digest.bulk_edits] == [(a_stale_rule(1),)]
