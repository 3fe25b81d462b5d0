"""What is learned about a workspace's last sync, piece by piece: who says what, and when."""

from __future__ import annotations

from collections.abc import Iterable
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

    POLICY_JSON = "the workspace's policy, as somebody exported it from Expensify"
    OPERATOR = "somebody read it on Expensify's accounting page"
    POLICY_LIST = "Expensify's own lists, compared with NetSuite's"
    LOGIN_AUDIT = "NetSuite's login audit of Expensify's integration"

    @property
    def is_direct(self) -> bool:
        """Whether Expensify itself named the moment of its last sync, and a person passed it on."""
        return self in (Source.POLICY_JSON, Source.OPERATOR)


class Bound(StrEnum):
    """What a piece of evidence says about the last sync."""

    EXACT = "the last sync, as of the observation, was at the moment"
    NOT_BEFORE = "a sync started after the moment"
    NONE_SINCE = "no sync started between the moment and the observation"
    FAILED = "a sync failed at the moment"
    RETRACTED = "what was said at the moment was said by mistake"


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


MARGIN = timedelta(minutes=2)
"""How far two clocks and a sync's own duration may blur a comparison of moments."""


def standing(rows: Iterable[Evidence]) -> list[Evidence]:
    """The rows that nobody took back, without the retractions; in their order."""
    rows = list(rows)
    retracted = {(row.source, row.moment) for row in rows if row.bound is Bound.RETRACTED}
    return [
        row
        for row in rows
        if row.bound is not Bound.RETRACTED and (row.source, row.observed_at) not in retracted
    ]


def newest_statement(rows: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """What a person said last and did not take back, from rows in the order they were learned: one
    row, or all that one file said.
    """
    said = [row for row in standing(rows) if row.source.is_direct]
    return tuple(
        row
        for row in said
        if (row.source, row.observed_at) == (said[-1].source, said[-1].observed_at)
    )


def is_retracted(said: Evidence, rows: Iterable[Evidence]) -> bool:
    """Whether one of the rows takes this back; stored moments end at milliseconds."""
    return any(
        row.bound is Bound.RETRACTED
        and row.source is said.source
        and abs(row.moment - said.observed_at) < timedelta(milliseconds=1)
        for row in rows
    )


def retraction(said: Evidence, *, now: datetime, note: str) -> Evidence:
    """Takes back what was said with this row, and all that was said with it."""
    return Evidence(said.policy_id, Bound.RETRACTED, said.observed_at, said.source, now, note)


def uncorrected(rows: Iterable[Evidence]) -> list[Evidence]:
    """The rows that nobody took back, without those readings that the same person's page, read
    again later, denies.

    Whoever reads of an earlier sync than somebody read before corrects a slip: the page shows the
    last one.
    """
    rows = standing(rows)
    read = [row for row in rows if row.source is Source.OPERATOR and row.bound is Bound.EXACT]
    newest = max(read, key=lambda row: (row.observed_at, row.moment), default=None)
    if newest is None:
        return rows
    slips = {row for row in read if row.moment > newest.moment}
    return [row for row in rows if row not in slips]
