"""Evidence -> what is known of the last sync; and of one change: has Expensify imported it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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


class ListedValue(NamedTuple):
    """One version of a value in an Expensify list: offered from the poll at `first_seen_at` until
    the one at `gone_at`.
    """

    place: str
    text: str
    is_enabled: bool
    first_seen_at: datetime
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListHistory:
    """What one workspace's pickers offered, poll by poll. `polls` are the moments of all polls,
    oldest first.
    """

    policy_id: str
    polls: tuple[datetime, ...] = ()
    values: tuple[ListedValue, ...] = ()
