"""When a cycle is due after a start, and how long a silence is still believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.daemon import Rhythm, first_cycle_at
from monitor.daemon.rhythm import Progress, due_after_step

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
RHYTHM = Rhythm(every=QUARTER, cycle_deadline=timedelta(minutes=12))


class Seconds:
    """A clock that stands until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, length: timedelta) -> None:
        self.now += length.total_seconds()


@pytest.mark.parametrize(
    ("ago", "wait"),
    [
        pytest.param(None, 0, id="never read: at once"),
        pytest.param(0, 15, id="just read: a whole interval"),
        pytest.param(5, 10, id="read 5 minutes ago: the rest of the interval"),
        pytest.param(15, 0, id="exactly an interval ago: at once"),
        pytest.param(600, 0, id="forty were missed: one, at once"),
        pytest.param(-1, 0, id="read in the future (the clock was set back): at once"),
    ],
)
def test_the_first_cycle_after_a_start(ago: int | None, wait: int) -> None:
    last = None if ago is None else NOW - timedelta(minutes=ago)
    assert first_cycle_at(NOW, last, QUARTER) == NOW + timedelta(minutes=wait)


@given(minutes=st.integers(-10_000_000, 10_000_000))
def test_no_record_delays_the_first_cycle_by_more_than_an_interval(minutes: int) -> None:
    first_at = first_cycle_at(NOW, NOW + timedelta(minutes=minutes), QUARTER)
    assert NOW <= first_at <= NOW + QUARTER


@pytest.mark.parametrize(
    ("next_in", "due_in", "expected"),
    [
        pytest.param(10, 10, 10, id="nothing but the rest of the interval"),
        pytest.param(70, 10, 10, id="set back by an hour: the interval counts, not the moment"),
        pytest.param(-50, 10, 0, id="set forward over the moment: at once"),
        pytest.param(4, 10, 4, id="set forward a little: the moment stands"),
        pytest.param(-525_600, 0, 0, id="a year forward: once, at once"),
    ],
)
def test_the_next_cycle_after_the_clock_was_set(next_in: int, due_in: int, expected: int) -> None:
    next_at = NOW + timedelta(minutes=next_in)
    due_at = due_after_step(NOW, next_at, timedelta(minutes=due_in))
    assert due_at == NOW + timedelta(minutes=expected)


@pytest.mark.parametrize(
    ("begins", "minutes", "is_stuck"),
    [
        pytest.param(False, 15 + 22, False, id="none ran, and it is as late as the longest cycle"),
        pytest.param(False, 15 + 23, True, id="none ran, and it is later: none will"),
        pytest.param(True, 22, False, id="a cycle runs out its deadline, then Slack is slow"),
        pytest.param(True, 23, True, id="a cycle hangs"),
    ],
)
def test_a_silence_is_believed_for_the_deadline_and_ten_minutes(
    begins: bool, minutes: int, is_stuck: bool
) -> None:
    seconds = Seconds()
    progress = Progress(seconds, RHYTHM, due_in=QUARTER)
    if begins:
        progress.begin()
    seconds.pass_by(timedelta(minutes=minutes))
    assert progress.is_stuck() is is_stuck


def test_the_next_cycle_is_due_an_interval_after_the_last_began() -> None:
    seconds = Seconds()
    progress = Progress(seconds, RHYTHM, due_in=timedelta())
    progress.begin()
    seconds.pass_by(timedelta(minutes=4))
    progress.end()
    assert progress.due_in() == timedelta(minutes=11)
    assert not progress.is_stuck()


def test_turns_that_a_long_cycle_ran_over_are_skipped() -> None:
    seconds = Seconds()
    progress = Progress(seconds, RHYTHM, due_in=timedelta())
    progress.begin()
    seconds.pass_by(timedelta(minutes=20))
    progress.end()
    assert progress.due_in() == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("every", "due_in"),
    [
        pytest.param(timedelta(minutes=30), 25, id="a longer one: due later"),
        pytest.param(timedelta(minutes=1), 0, id="a much shorter one: due now"),
    ],
)
def test_another_rhythm_counts_from_the_last_cycle(every: timedelta, due_in: int) -> None:
    seconds = Seconds()
    progress = Progress(seconds, RHYTHM, due_in=timedelta())
    progress.begin()
    seconds.pass_by(timedelta(minutes=5))
    progress.keep(Rhythm(every=every, cycle_deadline=every))
    assert progress.due_in() == timedelta(minutes=due_in)
