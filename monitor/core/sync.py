"""Evidence -> what is known of the last sync, and whether syncs are failing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.core.believed import SOURCES, believed_of, lateness
from monitor.core.evidence import (
    MARGIN,
    Bound,
    Evidence,
    Imported,
    Source,
    standing,
    uncorrected,
)

__all__ = [
    "MARGIN",
    "Bound",
    "Evidence",
    "Imported",
    "LastSync",
    "Source",
    "SyncFailure",
    "failures_since",
    "last_sync",
    "sync_failure",
]


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
    margin: timedelta = MARGIN
    """How far apart a change and a sync must be for their order to be known."""


class SyncFailure(NamedTuple):
    """A workspace's syncs are failing: since when, and what was said of the failure."""

    policy_id: str
    since: datetime
    words: str


def last_sync(
    policy_id: str,
    evidence: Iterable[Evidence],
    *,
    as_of: datetime,
    skew: timedelta = timedelta(0),
) -> LastSync:
    """What is known of the last good sync as of a moment, from evidence in any order.

    `skew`: how far NetSuite's clock was measured to be from ours, either way.

    An observation bounds the end of the interval only as far as it reaches: after it, a sync may
    have run unseen, so `not_after` stays None unless the windows without a sync reach to `as_of`.
    A failed sync moves no bound. Rows that cannot all be true are said, and the more direct source
    is believed; of one source a sync that was seen before one that was missed, then the later
    observation. What a person read by mistake, and read again, is not held against anything.
    """
    known = [row for row in evidence if row.observed_at <= as_of and row.bound is not Bound.FAILED]
    believed, contradictions = believed_of(uncorrected(known))
    lows = [row for row in believed if row.bound in (Bound.EXACT, Bound.NOT_BEFORE)]
    lowest = max(lows, key=lateness, default=None)
    low = lowest.moment if lowest else None
    not_after, windows = _reach_back(believed, as_of, low)
    used = ([lowest] if lowest else []) + [row for row in windows if row != lowest]
    return LastSync(
        policy_id,
        not_before=low,
        not_after=not_after,
        evidence=tuple(used),
        contradictions=contradictions,
        read_at_least=max((row.moment for row in lows if row.source.is_direct), default=None),
        margin=MARGIN + abs(skew),
    )


def sync_failure(last: LastSync, evidence: Iterable[Evidence]) -> SyncFailure | None:
    """Whether syncs have failed since the last good one: since the first of these failures, in the
    words of the newest.
    """
    failed = failures_since(last, evidence)
    if not failed:
        return None
    newest = failed[-1]
    return SyncFailure(last.policy_id, failed[0].moment, newest.note or newest.source.value)


def failures_since(last: LastSync, evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The failures that no good sync followed, oldest first, from the evidence known by then.

    A refused login counts until Expensify's integration logged in again after it; any other failure
    until a sync is known to have started after it.
    """
    rows = standing(evidence)
    admitted = max((row.moment for row in rows if _is_login(row)), default=None)
    failed = (
        row
        for row in rows
        if row.bound is Bound.FAILED
        and _is_later(row.moment, last.not_before)
        and not (row.source is Source.LOGIN_AUDIT and not _is_later(row.moment, admitted))
    )
    ordered = sorted(failed, key=lambda row: (row.moment, row.source, row.note, row.observed_at))
    # What was seen again and again is one failure, as it was seen last.
    return tuple({(row.moment, row.source, row.note): row for row in ordered}.values())


def _is_login(row: Evidence) -> bool:
    """The login audit says "none since": its moment is that of the newest login that succeeded."""
    return row.source is Source.LOGIN_AUDIT and row.bound is Bound.NONE_SINCE


def _is_later(moment: datetime, than: datetime | None) -> bool:
    return than is None or moment > than


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
    reached = as_of
    used: list[Evidence] = []
    earliest: Evidence | None = None
    while True:
        while waiting and waiting[-1].observed_at >= reached:
            earliest = min(filter(None, (earliest, waiting.pop())), key=_earliness)
        if earliest is None or (used and earliest.moment >= reached):
            return (max(filter(None, (reached, low))) if used else None), used
        used.append(earliest)
        reached = earliest.moment


def _earliness(row: Evidence) -> tuple[object, ...]:
    return (row.moment, SOURCES.index(row.source), row.observed_at, row.bound, row.note)
