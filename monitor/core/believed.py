"""Rows of evidence that contradict each other: which are believed, and what is said of the rest."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import datetime

from monitor.core.evidence import MARGIN, Bound, Evidence, Source

SOURCES, _BOUNDS = list(Source), list(Bound)


def lateness(row: Evidence) -> tuple[object, ...]:
    """The later moment is greater; the same order however the rows come."""
    return (row.moment, -SOURCES.index(row.source), row.observed_at, row.bound, row.note)


def _directness(row: Evidence) -> tuple[object, ...]:
    """The most direct first; the same order however the rows come."""
    is_missed = row.bound is Bound.NONE_SINCE
    later_first = (-row.observed_at.timestamp(), -row.moment.timestamp())
    return (SOURCES.index(row.source), is_missed, *later_first, _BOUNDS.index(row.bound), row.note)


def believed_of(rows: Iterable[Evidence]) -> tuple[list[Evidence], tuple[str, ...]]:
    """The rows that can be true together with all more direct ones, and what is said of others."""
    known = {source: _Believed() for source in Source}
    believed: list[Evidence] = []
    contradictions = set()
    for row in sorted(rows, key=_directness):
        rivals = (of_source.rival(row) for of_source in known.values())
        rival = next((rival for rival in rivals if rival is not None), None)
        if rival is None:
            believed.append(row)
            known[row.source].add(row)
        else:
            contradictions.add(
                f"“{_claim(row)}” ({row.source}) cannot be true together with “{_claim(rival)}” "
                f"({rival.source}): the latter is believed"
            )
    return believed, tuple(sorted(contradictions))


_CLAIMS = {
    Bound.EXACT: "the last sync was at {}",
    Bound.NOT_BEFORE: "a sync started after {}",
    Bound.NONE_SINCE: "no sync started after {}",
}


def _claim(row: Evidence) -> str:
    return _CLAIMS[row.bound].format(f"{row.moment:%Y-%m-%d %H:%M} UTC")


class _Believed:
    """The believed rows of one source; says quickly which of them rules another row out.

    Two rows rule each other out when one saw a sync within the time in which the other saw none.
    """

    def __init__(self) -> None:
        self._quiet = _Spans()
        self._seen = _Spans()

    def rival(self, row: Evidence) -> Evidence | None:
        if row.bound is not Bound.NONE_SINCE:
            begin, end = _seen(row)
            if rival := self._quiet.around(_stamp(begin - MARGIN), _stamp(end)):
                return rival
        if row.bound is not Bound.NOT_BEFORE:
            # The same question with time running backwards: which of the seen ones lies within?
            begin, end = row.moment, row.observed_at
            return self._seen.around(-_stamp(begin + MARGIN), -_stamp(end))
        return None

    def add(self, row: Evidence) -> None:
        if row.bound is not Bound.NOT_BEFORE:
            self._quiet.add(_stamp(row.moment), _stamp(row.observed_at), row)
        if row.bound is not Bound.NONE_SINCE:
            begin, end = _seen(row)
            self._seen.add(-_stamp(begin), -_stamp(end), row)


def _seen(row: Evidence) -> tuple[datetime, datetime]:
    """Between which moments the row says that a sync started."""
    return row.moment, row.moment + MARGIN if row.bound is Bound.EXACT else row.observed_at


def _stamp(moment: datetime) -> float:
    return moment.timestamp()


class _Spans:
    """Spans of which none begins later and ends sooner than another: those say nothing more."""

    def __init__(self) -> None:
        self._begins: list[float] = []
        self._ends: list[float] = []
        self._rows: list[Evidence] = []

    def around(self, begin: float, end: float) -> Evidence | None:
        """The span that reaches furthest of those that begin before `begin`, if to `end`."""
        last = bisect_left(self._begins, begin) - 1
        return self._rows[last] if last >= 0 and self._ends[last] >= end else None

    def add(self, begin: float, end: float, row: Evidence) -> None:
        first = bisect_right(self._begins, begin)
        if first and self._ends[first - 1] >= end:
            return
        beyond = bisect_right(self._ends, end, lo=first)
        for column, value in ((self._begins, begin), (self._ends, end)):
            column[first:beyond] = [value]
        self._rows[first:beyond] = [row]
