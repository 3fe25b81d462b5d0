"""Moments that can be: the zero of some calendar is none, and overflows in a zone of ours."""

from __future__ import annotations

from datetime import UTC, datetime

_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = datetime(9000, 1, 1, tzinfo=UTC)


def plausible(moment: datetime) -> datetime:
    """The same moment in UTC; raises ValueError for one that nobody can have meant."""
    try:
        told = moment.astimezone(UTC)
    except OverflowError:
        told = None
    if told is None or not _FIRST <= told < _LAST:
        raise ValueError(f"{moment.isoformat()} is no moment that can be")
    return told
