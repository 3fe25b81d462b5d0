"""Past syncs -> about when Expensify's next auto-sync is due: a guess, and never evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from monitor.core.evidence import Bound, Evidence, uncorrected

_DAY = timedelta(days=1)
_LOOKS_BACK = timedelta(days=30)
_SAME_SYNC = timedelta(minutes=10)
_NARROW = timedelta(hours=1)
"""A sync that is only known to lie between two moments further apart says nothing of its hour."""
_WIDEST = timedelta(hours=3)
_FEWEST = 2
_SHARE = 0.75


class Estimate(NamedTuple):
    """When the next auto-sync is due, give or take `spread`, going by so many past syncs.

    Auto-sync repeats daily at a slot of its own, so most past syncs lie near one time of the day.
    Syncs that somebody started by hand lie anywhere: three quarters of all must be within the
    spread.
    """

    about: datetime
    spread: timedelta
    syncs: int


def next_sync_estimate(evidence: Iterable[Evidence], *, now: datetime) -> Estimate | None:
    """About when the next auto-sync is due; None where past syncs show no time of the day."""
    moments = list(_syncs(uncorrected(evidence), now))
    if len(moments) < _FEWEST:
        return None
    slot, spread = min(
        ((moment, _spread(moment, moments)) for moment in moments),
        key=lambda one: (one[1], -one[0].timestamp()),
    )
    if spread > _WIDEST:
        return None
    days = (now - slot) // _DAY + 1
    return Estimate(slot + days * _DAY, spread, len(moments))


def _syncs(evidence: Iterable[Evidence], now: datetime) -> Iterator[datetime]:
    """The moments of past syncs, each once, oldest first."""
    before: datetime | None = None
    for moment in sorted(_moments(evidence)):
        if moment > now or moment < now - _LOOKS_BACK:
            continue
        if before is None or moment - before > _SAME_SYNC:
            yield moment
        before = moment


def _moments(evidence: Iterable[Evidence]) -> Iterator[datetime]:
    for row in evidence:
        if row.bound is Bound.EXACT:
            yield row.moment
        elif row.bound is Bound.NOT_BEFORE and row.observed_at - row.moment <= _NARROW:
            yield row.moment + (row.observed_at - row.moment) / 2


def _spread(slot: datetime, moments: Iterable[datetime]) -> timedelta:
    """How far from the slot, by the time of the day, three quarters of the syncs lie at most."""
    distances = sorted(_apart(slot, moment) for moment in moments)
    return distances[ceil(_SHARE * len(distances)) - 1]


def _apart(one: datetime, other: datetime) -> timedelta:
    rest = (one - other) % _DAY
    return min(rest, _DAY - rest)
