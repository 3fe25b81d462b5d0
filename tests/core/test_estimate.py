"""The next auto-sync is guessed from past ones, with its spread, or not guessed at all."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.estimate import Estimate, next_sync_estimate
from monitor.core.sync import Bound, Evidence, Source
from tests.core.builders import NOW, an_evidence, at


def _read(*moments: datetime) -> list[Evidence]:
    return [an_evidence(Bound.EXACT, moment, observed=NOW) for moment in moments]


def _between(begin: datetime, end: datetime) -> Evidence:
    return an_evidence(Bound.NOT_BEFORE, begin, observed=end, source=Source.POLICY_LIST)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("rows", "estimate"),
    [
        pytest.param([], None, id="no past sync: no guess"),
        pytest.param(_read(at("04:00")), None, id="one past sync shows no habit"),
        pytest.param(
            _read(at("04:00", 23), at("04:10", 24)),
            Estimate(at("04:10", 25), minutes(10), 2),
            id="two at one time of the day: about then, tomorrow",
        ),
        pytest.param(
            _read(at("13:00", 22), at("13:04", 23)),
            Estimate(at("13:04", 24), minutes(4), 2),
            id="the slot of today is still to come",
        ),
        pytest.param(
            _read(at("23:55", 21), at("00:05", 23)),
            Estimate(at("00:05", 25), minutes(10), 2),
            id="midnight lies between two times that are close",
        ),
        pytest.param(
            _read(at("04:00", 21), at("04:06", 22), at("17:30", 22), at("04:02", 23)),
            Estimate(at("04:02", 25), minutes(4), 4),
            id="a sync by hand at another hour does not move it",
        ),
        pytest.param(
            _read(at("04:00", 22), at("10:00", 23), at("16:00", 23)),
            None,
            id="syncs at any hour show no slot",
        ),
        pytest.param(
            _read(at("04:00"), at("04:05")), None, id="two readings of one sync are one sync"
        ),
        pytest.param(
            [_between(at("03:50", 23), at("04:10", 23)), *_read(at("04:00"))],
            Estimate(at("04:00", 25), minutes(0), 2),
            id="a sync known within an hour counts by its middle",
        ),
        pytest.param(
            [_between(at("03:00", 23), at("04:01", 23)), *_read(at("04:00"))],
            None,
            id="one known less well does not",
        ),
        pytest.param(
            [an_evidence(Bound.FAILED, at("04:00", 23)), *_read(at("04:00"))],
            None,
            id="a failed sync is none",
        ),
        pytest.param(
            _read(at("04:00") - timedelta(days=31), at("04:00")),
            None,
            id="what was longer ago than a month says nothing of today",
        ),
    ],
)
def test_the_next_auto_sync(rows: list[Evidence], estimate: Estimate | None) -> None:
    assert next_sync_estimate(rows, now=NOW) == estimate
    assert next_sync_estimate(reversed(rows), now=NOW) == estimate


@given(st.lists(st.integers(0, 23 * 24 * 60).map(minutes), max_size=8))
def test_a_guess_lies_within_the_day_ahead_and_keeps_to_its_spread(
    since_the_first: list[timedelta],
) -> None:
    rows = _read(*(at("00:00", 1) + after for after in since_the_first))
    guess = next_sync_estimate(rows, now=NOW)
    if guess is not None:
        assert NOW < guess.about <= NOW + timedelta(days=1)
        assert guess.spread <= timedelta(hours=3)
        assert 2 <= guess.syncs <= len(rows)
