"""Evidence -> what is known of the last sync; and of one change: has Expensify imported it?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Imported(StrEnum):
    """Whether Expensify has taken over a change."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """Who says so, most direct first: where sources contradict each other, the earlier one is
    believed.
    """

    OPERATOR = "somebody read it on Expensify's accounting page"
    POLICY_LIST = "Expensify's own lists, compared with NetSuite's"


class Bound(StrEnum):
    """What a piece of evidence says about the last sync."""

    EXACT = "the last sync, as of the observation, was at the moment"
    NOT_BEFORE = "a sync started after the moment"
    NONE_SINCE = "no sync started between the moment and the observation"
    FAILED = "a sync failed at the moment"


class Evidence(NamedTuple):
    """One thing learned about a workspace's last sync. Rows are kept for ever and never
    overwritten. Moments UTC.
    """

    policy_id: str
    bound: Bound
    moment: datetime
    source: Source
    observed_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class LastSync:
    """What is known of a workspace's last good sync as of a moment: it started in [not_before,
    not_after].

    None = not known on that side. `evidence` are the rows that made the two bounds,
    `contradictions` sentences about rows that could not all be true. `read_at_least`: the latest
    sync that a person read of, as far as it is believed.
    """

    policy_id: str
    not_before: datetime | None = None
    not_after: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    contradictions: tuple[str, ...] = ()
    read_at_least: datetime | None = None


MARGIN = timedelta(minutes=2)
"""How far two clocks and a sync's own duration may blur a comparison of moments."""


def last_sync(policy_id: str, evidence: Iterable[Evidence], *, as_of: datetime) -> LastSync:
    """What is known of the last good sync as of a moment, from evidence in any order.

    An observation bounds the end of the interval only as far as it reaches: after it, a sync may
    have run unseen, so `not_after` stays None unless the windows without a sync reach to `as_of`.
    A failed sync moves no bound. Rows that cannot all be true are said, and the more direct source
    is believed; of one source a sync that was seen before one that was missed, then the later
    observation.
    """
    known = [row for row in evidence if row.observed_at <= as_of and row.bound is not Bound.FAILED]
    believed, contradictions = _believed(known)
    lows = [row for row in believed if row.bound in (Bound.EXACT, Bound.NOT_BEFORE)]
    lowest = max(lows, key=_lateness, default=None)
    low = lowest.moment if lowest else None
    not_after, windows = _reach_back(believed, as_of, low)
    used = ([lowest] if lowest else []) + [row for row in windows if row != lowest]
    return LastSync(
        policy_id,
        not_before=low,
        not_after=not_after,
        evidence=tuple(used),
        contradictions=contradictions,
        read_at_least=max(
            (row.moment for row in lows if row.source is Source.OPERATOR), default=None
        ),
    )


_SOURCES, _BOUNDS = list(Source), list(Bound)


def _lateness(row: Evidence) -> tuple[object, ...]:
    return (row.moment, -_SOURCES.index(row.source), row.observed_at, row.bound, row.note)


def _directness(row: Evidence) -> tuple[object, ...]:
    """The most direct first; the same order however the rows come."""
    is_missed = row.bound is Bound.NONE_SINCE
    later_first = (-row.observed_at.timestamp(), -row.moment.timestamp())
    return (_SOURCES.index(row.source), is_missed, *later_first, _BOUNDS.index(row.bound), row.note)


def _believed(rows: Iterable[Evidence]) -> tuple[list[Evidence], tuple[str, ...]]:
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


def _reach_back(
    rows: Iterable[Evidence], as_of: datetime, low: datetime | None
) -> tuple[datetime | None, list[Evidence]]:
    """Chain windows without a sync backwards from `as_of`; None when none reaches it.

    Between two windows there must be no gap. One that began before the last sync that was seen
    ended before it too, so it is left out.
    """
    windows = [
        row
        for row in rows
        if row.bound is not Bound.NOT_BEFORE and (low is None or row.moment + MARGIN >= low)
    ]
    waiting = sorted(windows, key=lambda row: (row.observed_at, *_earliness(row)))
    reached = as_of - MARGIN
    used: list[Evidence] = []
    earliest: Evidence | None = None
    while True:
        while waiting and waiting[-1].observed_at >= reached:
            earliest = min(filter(None, (earliest, waiting.pop())), key=_earliness)
        if earliest is None or earliest in used:
            return (max(filter(None, (reached, low))) if used else None), used
        used.append(earliest)
        reached = earliest.moment


def _earliness(row: Evidence) -> tuple[object, ...]:
    return (row.moment, _SOURCES.index(row.source), row.observed_at, row.bound, row.note)
