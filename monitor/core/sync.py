"""Evidence -> what is known of the last sync; and of one change: has Expensify imported it?"""

from __future__ import annotations

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
    `contradictions` sentences about
    rows that could not all be true.
    """

    policy_id: str
    not_before: datetime | None = None
    not_after: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    contradictions: tuple[str, ...] = ()


MARGIN = timedelta(minutes=2)
"""How far two clocks and a sync's own duration may blur a comparison of moments."""


def last_sync(policy_id: str, evidence: Iterable[Evidence], *, as_of: datetime) -> LastSync:
    """What is known of the last good sync as of a moment, from evidence in any order.

    An observation bounds the end of the interval only as far as it reaches: after it, a sync may
    have run unseen, so `not_after` stays None unless the windows without a sync reach to `as_of`.
    A failed sync moves no bound. Rows that cannot all be true are said, and the more direct source
    is believed, of one source the later observation.
    """
    known = [row for row in evidence if row.observed_at <= as_of and row.bound is not Bound.FAILED]
    believed, contradictions = _believed(known)
    lows = [row for row in believed if row.bound in (Bound.EXACT, Bound.NOT_BEFORE)]
    lowest = max(lows, key=_weight_of_moment, default=None)
    not_after, windows = _reach_back(believed, as_of)
    used = ([lowest] if lowest else []) + [row for row in windows if row is not lowest]
    return LastSync(
        policy_id,
        not_before=lowest.moment if lowest else None,
        not_after=not_after,
        evidence=tuple(used),
        contradictions=contradictions,
    )


def _believed(rows: list[Evidence]) -> tuple[list[Evidence], tuple[str, ...]]:
    order = list(Source)
    ranked = sorted(rows, key=lambda row: (order.index(row.source), -row.observed_at.timestamp()))
    believed: list[Evidence] = []
    contradictions = []
    for row in ranked:
        against = next((other for other in believed if _contradict(row, other)), None)
        if against is None:
            believed.append(row)
        else:
            contradictions.append(
                f"{row.source} says that {row.bound} ({row.moment:%Y-%m-%d %H:%M} UTC), "
                f"which cannot be when {against.source}: the latter is believed"
            )
    return believed, tuple(sorted(set(contradictions)))


def _contradict(one: Evidence, other: Evidence) -> bool:
    return _breaks(one, other) or _breaks(other, one)


def _breaks(started: Evidence, window: Evidence) -> bool:
    """Whether `started` proves a sync inside the window in which `window` saw none."""
    if window.bound not in (Bound.EXACT, Bound.NONE_SINCE) or started.bound is Bound.NONE_SINCE:
        return False
    is_after_begin = started.moment > window.moment + MARGIN
    if started.bound is Bound.EXACT:
        return is_after_begin and started.moment + MARGIN < window.observed_at
    return is_after_begin and started.observed_at <= window.observed_at


def _weight_of_moment(row: Evidence) -> tuple[datetime, int, datetime]:
    return row.moment, -list(Source).index(row.source), row.observed_at


def _reach_back(rows: list[Evidence], as_of: datetime) -> tuple[datetime | None, list[Evidence]]:
    """Chain windows without a sync backwards from `as_of`; None when none reaches it."""
    windows = [row for row in rows if row.bound in (Bound.EXACT, Bound.NONE_SINCE)]
    reached = as_of
    used: list[Evidence] = []
    while True:
        reaching = [
            row for row in windows if row.observed_at + MARGIN >= reached and row.moment < reached
        ]
        if not reaching:
            return (reached if used else None), used
        earliest = min(reaching, key=lambda row: (row.moment, row.observed_at, row.note))
        used.append(earliest)
        reached = earliest.moment
