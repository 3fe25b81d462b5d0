"""WHEN texts: every form, in one line each; what is unclear is refused with what to write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import UsageError
from monitor.when import (
    AtBaseline,
    AtLastSync,
    AtMoment,
    AtNewest,
    AtSnapshot,
    When,
    read_future,
    read_moment,
    read_when,
)

NOW = datetime(2026, 11, 22, 10, 0, 0, 300_000, tzinfo=UTC)
NEW_YORK = "America/New_York"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def exactly(text: str) -> AtMoment:
    return AtMoment(utc(text), utc(text))


def second(text: str) -> AtMoment:
    return AtMoment(utc(text), utc(text + ".999"))


def read(text: str, time_zone: str = NEW_YORK) -> When:
    return read_when(text, now=NOW, time_zone=time_zone)


@pytest.mark.parametrize("text", ["2026-11-31", "2026-02-30T10:00", "2026-13-01T09:30:00Z"])
def test_a_day_that_no_calendar_has_is_called_so(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(text)
    assert str(refused.value) == f"{text!r}: there is no such day, write one like 2026-11-20"


def test_a_wrong_hour_of_a_real_day_is_no_wrong_day() -> None:
    with pytest.raises(UsageError, match="is no moment the monitor understands"):
        read("2026-11-20T25:00")


@pytest.mark.parametrize(
    ("text", "means"),
    [
        pytest.param("last-sync", AtLastSync(), id="Expensify's last sync"),
        pytest.param("baseline", AtBaseline(), id="the first snapshot"),
        pytest.param("@42", AtSnapshot(42), id="a snapshot by its id"),
        pytest.param("@-1", AtNewest(1), id="the newest snapshot"),
        pytest.param("@-2", AtNewest(2), id="the snapshot before the newest"),
        pytest.param("now", AtMoment(NOW, NOW), id="now"),
        pytest.param("yesterday", exactly("2026-11-21T05:00"), id="yesterday begins at midnight"),
        pytest.param("Today", exactly("2026-11-22T05:00"), id="today begins at midnight"),
        pytest.param("2026-11-20", exactly("2026-11-20T05:00"), id="a date begins at midnight"),
        pytest.param("90s", exactly("2026-11-22T09:58:30.300"), id="seconds ago"),
        pytest.param("90m", exactly("2026-11-22T08:30:00.300"), id="minutes ago"),
        pytest.param("6h", exactly("2026-11-22T04:00:00.300"), id="hours ago"),
        pytest.param("3d", exactly("2026-11-19T10:00:00.300"), id="days ago are 24 hours each"),
        pytest.param("2w ago", exactly("2026-11-08T10:00:00.300"), id="weeks ago, in words"),
        pytest.param("1y", exactly("2025-11-22T10:00:00.300"), id="years ago are 365 days each"),
        pytest.param("2026-11-22T02:12:00Z", second("2026-11-22T02:12:00"), id="ISO in UTC"),
        pytest.param("2026-11-22t02:12:00z", second("2026-11-22T02:12:00"), id="ISO, lower case"),
        pytest.param("2026-11-22T03:12+01:00", second("2026-11-22T02:12:00"), id="ISO with offset"),
        pytest.param(
            "2026-11-22T02:12:00.250Z",
            exactly("2026-11-22T02:12:00.250"),
            id="a text with fractions means exactly that moment",
        ),
        pytest.param(
            "2026-11-21 21:12:00",
            second("2026-11-22T02:12:00"),
            id="a time without a zone is in the configured one",
        ),
        pytest.param(
            "2026-11-22T10:00:00Z",
            second("2026-11-22T10:00:00"),
            id="the second that is still running is not the future",
        ),
        pytest.param("  @7 ", AtSnapshot(7), id="blanks around do not matter"),
    ],
)
def test_every_form_has_one_meaning(text: str, means: When) -> None:
    assert read(text) == means


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "tomorrow", "last sync", "@", "@0", "@-0", "@x", "@--1", "6", "h", "-6h"),
        *("1.5h", "6h30m", "2026-11", "11/20/2026", "20261120"),
        *("2026-11-20T25:00Z", "2026-11-20T09:30:00+99:00", "999999999w", "0001-01-01T00:00+14:00"),
        *("٣d", "@٣", "2026-W47-1"),
    ],
)
def test_what_is_no_moment_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError) as refusal:
        read(text)
    assert repr(text) in str(refusal.value)
    assert "@42" in str(refusal.value)
    assert "90m" in str(refusal.value)


@pytest.mark.parametrize(
    "text", ["2026-11-22T10:00:01Z", "2026-11-23", "2027-01-01T00:00", "2026-11-22T12:00+01:00"]
)
def test_the_future_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match=r"is in the future: write .*yesterday or now"):
        read(text)


def test_a_time_that_came_twice_is_refused_with_both_readings() -> None:
    with pytest.raises(UsageError) as refusal:
        read("2026-11-01 01:30")
    assert str(refusal.value) == (
        "'2026-11-01 01:30' came twice in America/New_York, because clocks were changed: "
        "write 2026-11-01T01:30:00-04:00 or 2026-11-01T01:30:00-05:00"
    )


def test_a_time_that_was_skipped_is_refused_with_both_readings() -> None:
    with pytest.raises(UsageError) as refusal:
        read("2026-03-08T02:30:00")
    assert str(refusal.value) == (
        "'2026-03-08T02:30:00' did not exist in America/New_York, because clocks were changed: "
        "write 2026-03-08T01:30:00-05:00 or 2026-03-08T03:30:00-04:00"
    )


@pytest.mark.parametrize(
    "offered",
    ["2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00", "2026-03-08T03:30:00-04:00"],
)
def test_the_readings_offered_are_understood(offered: str) -> None:
    assert read(offered) == second(
        datetime.fromisoformat(offered).astimezone(UTC).replace(tzinfo=None).isoformat()
    )


def test_a_day_whose_midnight_was_skipped_begins_with_its_first_moment() -> None:
    # Beirut's clocks went from 23:59:59 to 01:00 that night
    assert read("2026-03-29", "Asia/Beirut") == exactly("2026-03-28T22:00")


def test_a_day_whose_midnight_came_twice_begins_with_the_first() -> None:
    # Havana's clocks went from 01:00 back to 00:00 that night
    assert read("2026-11-01", "America/Havana") == exactly("2026-11-01T04:00")


def test_a_zone_this_machine_does_not_know_is_named() -> None:
    with pytest.raises(UsageError, match=r"'Mars/Olympus'.*tzdata"):
        read("yesterday", "Mars/Olympus")


def test_a_zone_written_out_needs_no_knowledge_of_the_configured_one() -> None:
    assert read("2026-11-20T09:30:00Z", "Mars/Olympus") == second("2026-11-20T09:30:00")


@pytest.mark.parametrize("text", ["last-sync", "baseline", "@-1", "@3"])
def test_where_a_moment_is_asked_a_snapshot_is_none(text: str) -> None:
    with pytest.raises(UsageError, match="no moment"):
        read_moment(text, now=NOW, time_zone=NEW_YORK)


@given(
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2026, 11, 21)),  # noqa: DTZ001
    st.sampled_from([NEW_YORK, "Asia/Beirut", "Australia/Lord_Howe", "UTC"]),
)
def test_a_moment_shown_with_its_zone_is_read_back_as_itself(naive: datetime, zone: str) -> None:
    moment = naive.replace(tzinfo=UTC, microsecond=0)
    shown = moment.isoformat().replace("+00:00", "Z")
    assert read(shown, zone) == AtMoment(moment, moment + timedelta(milliseconds=999))


def coming(text: str, time_zone: str = NEW_YORK) -> datetime:
    return read_future(text, now=NOW, time_zone=time_zone)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("tomorrow", "2026-11-24T04:59:59", id="until tomorrow ends"),
        pytest.param("Today", "2026-11-23T04:59:59", id="until today ends"),
        pytest.param("2026-11-22", "2026-11-23T04:59:59", id="the same, by its date"),
        pytest.param(" 2026-11-30 ", "2026-12-01T04:59:59", id="until that day ends"),
        pytest.param("2027-03-14", "2027-03-15T03:59:59", id="a day of 23 hours"),
        pytest.param("2026-11-30T09:30", "2026-11-30T14:30", id="in the configured zone"),
        pytest.param("2026-11-30 09:30:15Z", "2026-11-30T09:30:15", id="in UTC"),
        pytest.param("2026-11-22T11:00:00.400+01:00", "2026-11-22T10:00:00.400", id="in 0.1 s"),
    ],
)
def test_a_moment_to_come_has_one_meaning(text: str, moment: str) -> None:
    assert coming(text) == utc(moment)


@pytest.mark.parametrize("text", ["", "soon", "2d", "@-1", "baseline", "12:00"])
def test_what_is_no_moment_to_come_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError) as refusal:
        coming(text)
    assert f"{text!r} is no moment the monitor understands: write today, tomorrow" in str(
        refusal.value
    )


@pytest.mark.parametrize(
    "text", ["now", "yesterday", "2026-11-21", "2026-11-22T10:00:00Z", "2026-11-22T05:00"]
)
def test_a_moment_that_is_over_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="lies in the past: write a moment to come, such as today"):
        coming(text)


def test_a_coming_time_that_comes_twice_or_never_is_refused_with_both_readings() -> None:
    with pytest.raises(UsageError, match=r"came twice .* write 2027-11-07T01:30:00-04:00 or "):
        coming("2027-11-07T01:30")
    with pytest.raises(UsageError, match=r"did not exist .* or 2027-03-14T03:30:00-04:00"):
        coming("2027-03-14T02:30")
