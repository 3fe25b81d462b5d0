"""Which two snapshots answer for the moments a person named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.answers.difference import Basis, Range
from monitor.answers.span import Named, SpanFinder
from monitor.core.records import Snapshot
from monitor.core.sync import LastSync
from monitor.errors import CannotAnswer, UsageError
from monitor.when import AtBaseline, AtLastSync, AtMoment, AtNewest, AtSnapshot, When

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def ago(hours: float = 0) -> datetime:
    return NOW - timedelta(hours=hours)


def moment(hours: float) -> AtMoment:
    return AtMoment(ago(hours), ago(hours))


class Book:
    """The snapshots of a list, oldest first."""

    def __init__(self, *snapshots: Snapshot) -> None:
        self._all = snapshots

    def latest(self) -> Snapshot | None:
        return self.back(1)

    def baseline(self) -> Snapshot | None:
        return self._all[0] if self._all else None

    def at(self, moment: datetime) -> Snapshot | None:
        return max((s for s in self._all if s.taken_at <= moment), default=None)

    def by_id(self, snapshot_id: int) -> Snapshot | None:
        return next((s for s in self._all if s.id == snapshot_id), None)

    def back(self, n: int) -> Snapshot | None:
        return self._all[-n] if n <= len(self._all) else None


FIRST, SECOND, THIRD = Snapshot(3, ago(72)), Snapshot(8, ago(10)), Snapshot(9, ago(0.25))


def a_finder(*syncs: tuple[str, float | None], book: Book | None = None) -> SpanFinder:
    named = [
        Named(name, LastSync(name, not_before=None if hours is None else ago(hours)))
        for name, hours in syncs
    ]
    return SpanFinder(
        book or Book(FIRST, SECOND, THIRD), named, now=NOW, time_zone="America/New_York"
    )


SYNCED = a_finder(("Acme US", 9.0))


@pytest.mark.parametrize(
    ("since", "found"),
    [
        pytest.param(
            AtLastSync(), Range(ago(9), THIRD.taken_at, Basis.LAST_SYNC, SECOND, THIRD), id="sync"
        ),
        pytest.param(
            AtBaseline(),
            Range(FIRST.taken_at, THIRD.taken_at, Basis.BASELINE, FIRST, THIRD),
            id="baseline",
        ),
        pytest.param(
            AtSnapshot(8),
            Range(SECOND.taken_at, THIRD.taken_at, Basis.SNAPSHOT, SECOND, THIRD),
            id="a snapshot by id",
        ),
        pytest.param(
            AtNewest(2),
            Range(SECOND.taken_at, THIRD.taken_at, Basis.SNAPSHOT, SECOND, THIRD),
            id="a snapshot counted from the newest",
        ),
        pytest.param(
            moment(11),
            Range(ago(11), THIRD.taken_at, Basis.MOMENT, FIRST, THIRD),
            id="a moment is answered by the snapshot before it",
        ),
        pytest.param(
            moment(10),
            Range(ago(10), THIRD.taken_at, Basis.MOMENT, SECOND, THIRD),
            id="a snapshot answers for its own moment",
        ),
    ],
)
def test_until_now_every_start_finds_its_snapshot(since: When, found: Range) -> None:
    assert SYNCED.find(since) == (found, (), ())


def test_a_whole_second_reaches_a_snapshot_later_in_it() -> None:
    shown_as_its_second = Snapshot(8, ago(10) + timedelta(milliseconds=400))
    finder = a_finder(book=Book(FIRST, shown_as_its_second, THIRD))
    second = AtMoment(ago(10), ago(10) + timedelta(milliseconds=999))
    assert finder.find(second).range.older == shown_as_its_second


def test_an_end_may_be_named() -> None:
    span = SYNCED.find(AtBaseline(), moment(1))
    assert span.range == Range(FIRST.taken_at, ago(1), Basis.BASELINE, FIRST, SECOND)


def test_of_several_workspaces_the_oldest_sync_counts() -> None:
    span = a_finder(("Acme US", 5.0), ("Acme UK", 30.0)).find(AtLastSync())
    assert (span.range.since, span.range.basis) == (ago(30), Basis.LAST_SYNC)


def test_an_unknown_sync_is_taken_to_be_a_day_ago_and_said() -> None:
    span = a_finder(("Acme US", None)).find(AtLastSync())
    assert (span.range.since, span.range.basis) == (ago(24), Basis.LAST_DAY)
    assert span.remarks == (
        "the last sync of Acme US is not known, looking at the last 24 hours: tell it with "
        '`monitor synced "Acme US" --at TIME`',
    )


def test_a_known_sync_older_than_a_day_outweighs_an_unknown_one() -> None:
    span = a_finder(("Acme US", None), ("Acme UK", 30.0)).find(AtLastSync())
    assert (span.range.since, span.range.basis) == (ago(30), Basis.LAST_SYNC)
    assert "Acme US is not known" in span.remarks[0]


def test_without_workspaces_the_last_day_is_looked_at_and_said() -> None:
    span = a_finder().find(AtLastSync())
    assert span.range.basis is Basis.LAST_DAY
    assert span.remarks


@pytest.mark.parametrize("since", [moment(100), AtLastSync()], ids=["a moment", "the last sync"])
def test_what_lies_before_the_first_snapshot_is_answered_from_it_and_said(since: When) -> None:
    span = a_finder(("Acme US", 100.0)).find(since)
    assert span.range == Range(FIRST.taken_at, THIRD.taken_at, Basis.BASELINE, FIRST, THIRD)
    assert span.remarks == (
        "the first snapshot is of 2026-11-19 05:00:00 EST, later than 2026-11-18 01:00:00 EST: "
        "answered from the first",
    )


def test_an_end_before_the_first_snapshot_is_answered_from_it_and_doubted() -> None:
    span = a_finder(("Acme US", 1.0)).find(moment(200), moment(100))
    assert span.range == Range(FIRST.taken_at, FIRST.taken_at, Basis.BASELINE, FIRST, FIRST)
    first = (
        "the first snapshot is of 2026-11-19 05:00:00 EST, later than 2026-11-{}: "
        "answered from the first"
    )
    assert (span.remarks, span.doubts) == (
        (first.format("13 21:00:00 EST"),),
        (first.format("18 01:00:00 EST"),),
    )


def test_a_sync_after_the_newest_snapshot_leaves_nothing_to_compare_and_is_said() -> None:
    span = a_finder(("Acme US", 0.125)).find(AtLastSync())
    assert span.range == Range(THIRD.taken_at, THIRD.taken_at, Basis.LAST_SYNC, THIRD, THIRD)
    assert span.remarks == (
        "nothing was read between 2026-11-22 04:52:30 EST and 2026-11-22 04:45:00 EST: "
        "both are answered by the snapshot @9 of 2026-11-22 04:45:00 EST",
    )


@pytest.mark.parametrize(
    ("since", "until"),
    [
        pytest.param(AtSnapshot(9), AtSnapshot(8), id="snapshots"),
        pytest.param(moment(1), moment(2), id="moments with the same snapshot"),
        pytest.param(AtLastSync(), moment(12), id="the last sync is later"),
    ],
)
def test_ends_the_wrong_way_round_are_refused(since: When, until: When) -> None:
    with pytest.raises(UsageError, match=r"--since .* is later than --until .*: exchange"):
        SYNCED.find(since, until)


@pytest.mark.parametrize("missing", [AtSnapshot(4), AtSnapshot(0), AtNewest(4)])
def test_a_snapshot_that_does_not_exist_is_refused_naming_those_that_do(missing: When) -> None:
    with pytest.raises(UsageError, match=r"no snapshot @.*: the first is @3, the newest is @9"):
        SYNCED.find(missing)


@pytest.mark.parametrize(
    "since", [AtLastSync(), AtBaseline(), AtSnapshot(1), AtNewest(1), moment(1)]
)
def test_without_any_snapshot_there_is_no_answer(since: When) -> None:
    with pytest.raises(CannotAnswer, match=r"monitor run --once"):
        a_finder(book=Book()).find(since)
