"""Quiet hours by the clock on the wall, also on the days when somebody puts it forward or back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.alerts.hours import QuietHours

NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
"""Its clock is put by half an hour only."""
ZONES = [UTC, NEW_YORK, LORD_HOWE, ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/Sao_Paulo")]
MINUTE = timedelta(minutes=1)


def hours(begin: str, end: str, zone: ZoneInfo = NEW_YORK) -> QuietHours:
    return QuietHours(time.fromisoformat(begin), time.fromisoformat(end), zone)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("quiet", "clock", "is_covered"),
    [
        pytest.param(hours("20:00", "07:00"), "19:59", False, id="before a night"),
        pytest.param(hours("20:00", "07:00"), "20:00", True, id="its first minute"),
        pytest.param(hours("20:00", "07:00"), "00:00", True, id="midnight"),
        pytest.param(hours("20:00", "07:00"), "06:59", True, id="its last minute"),
        pytest.param(hours("20:00", "07:00"), "07:00", False, id="its end"),
        pytest.param(hours("12:00", "13:30"), "11:59", False, id="before a day's pause"),
        pytest.param(hours("12:00", "13:30"), "12:00", True, id="the pause begins"),
        pytest.param(hours("12:00", "13:30"), "13:30", False, id="the pause is over"),
        pytest.param(hours("12:00", "13:30"), "23:00", False, id="a night beside a pause"),
    ],
)
def test_they_hold_from_their_begin_up_to_their_end(
    quiet: QuietHours, clock: str, is_covered: bool
) -> None:
    at = datetime.combine(date(2026, 7, 1), time.fromisoformat(clock), tzinfo=NEW_YORK)
    assert quiet.covers(at) is is_covered
    assert quiet.covers(at.astimezone(UTC)) is is_covered, "the same moment"


@pytest.mark.parametrize(
    ("quiet", "at", "ends"),
    [
        pytest.param(hours("20:00", "07:00"), "2026-07-02 02:00", "2026-07-02 11:00", id="summer"),
        pytest.param(hours("20:00", "07:00"), "2026-12-02 03:00", "2026-12-02 12:00", id="winter"),
        pytest.param(
            hours("20:00", "07:00"), "2026-03-08 02:00", "2026-03-08 11:00", id="a short night"
        ),
        pytest.param(
            hours("20:00", "07:00"), "2026-11-01 01:00", "2026-11-01 12:00", id="a long night"
        ),
        pytest.param(
            hours("20:00", "02:30"), "2026-03-08 05:00", "2026-03-08 07:00", id="an end left out"
        ),
        pytest.param(
            hours("22:00", "01:30"), "2026-11-01 05:00", "2026-11-01 05:30", id="an end seen twice"
        ),
        pytest.param(
            hours("01:30", "03:00"),
            "2026-11-01 05:45",
            "2026-11-01 06:00",
            id="put back before them",
        ),
        pytest.param(
            hours("22:00", "01:30"), "2026-11-01 06:15", "2026-11-01 06:30", id="its second time"
        ),
        pytest.param(
            hours("20:00", "07:00"), "2026-07-02 10:59:59.5", "2026-07-02 11:00", id="half a second"
        ),
        pytest.param(hours("20:00", "07:00"), "2026-07-02 15:00", "2026-07-02 15:00", id="by day"),
    ],
)
def test_they_end_by_the_clock_on_the_wall(quiet: QuietHours, at: str, ends: str) -> None:
    assert quiet.end_after(utc(at)) == utc(ends)


clock_times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
changes = st.sampled_from(
    [
        utc("2026-03-08 07:00"),
        utc("2026-11-01 06:00"),
        utc("2026-04-04 15:00"),
        utc("2026-10-03 15:30"),
    ]
)
moments = st.builds(
    lambda change, minutes: change + minutes * MINUTE, changes, st.integers(-2_000, 2_000)
)


@given(clock_times, clock_times, st.sampled_from(ZONES), moments)
def test_they_cover_what_the_wall_shows_between_begin_and_end(
    begin: time, end: time, zone: ZoneInfo, at: datetime
) -> None:
    wall = at.astimezone(zone).time()
    passed = (wall.hour - begin.hour) * 60 + wall.minute - begin.minute
    length = (end.hour - begin.hour) * 60 + end.minute - begin.minute
    assert QuietHours(begin, end, zone).covers(at) is (passed % 1440 < length % 1440)
