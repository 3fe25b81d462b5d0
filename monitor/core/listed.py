"""A change held against the lists Expensify offers: does it show the old state, or the new one?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from monitor.core.match import normalise, tightened
from monitor.core.records import Change, Record


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


class ListShows(Enum):
    """What Expensify's list shows of a change."""

    NEW = "the list shows NetSuite's present state"
    OLD = "the list still shows the state before"


class ListVerdict(NamedTuple):
    """What the latest poll shows; `is_transition`: an earlier poll was seen to show otherwise."""

    shows: ListShows
    is_seen: bool
    """The record's text was in the list at some poll."""


def list_verdict(
    change: Change, place: str, history: ListHistory, *, since: datetime
) -> ListVerdict | None:
    """Compare states, not times; None when the list cannot tell.

    `since`: the earliest moment of the change. It cannot tell where nobody polls, where the record
    was never seen though it should have been, or where somebody touched the value by hand (it
    differed before the change already, or flipped back).
    """
    values = [value for value in history.values if value.place == place]
    if not history.polls or not values:
        return None
    old, new = _texts(change.before), _texts(change.after)
    if old and new and old != new:
        return _renamed(values, old, new)
    return _offered(change, values, old or new, since)


def _texts(record: Record | None) -> frozenset[str]:
    return frozenset() if record is None else frozenset({tightened(normalise(record.full_name))})


def _renamed(
    values: list[ListedValue], old: frozenset[str], new: frozenset[str]
) -> ListVerdict | None:
    if any(_is_now(value) for value in _about(values, new)):
        return ListVerdict(ListShows.NEW, is_seen=bool(_about(values, old)))
    if any(_is_now(value) for value in _about(values, old)):
        return ListVerdict(ListShows.OLD, is_seen=True)
    return None


def _offered(
    change: Change, values: list[ListedValue], texts: frozenset[str], since: datetime
) -> ListVerdict | None:
    was_offered, is_offered = _is_usable(change.before), _is_usable(change.after)
    if was_offered == is_offered:
        return None  # subsidiaries and the like: the list would look the same
    seen = _about(values, texts)
    if was_offered and not seen:
        return None
    offered_now = any(_is_now(value) for value in seen)
    if offered_now != is_offered:
        return ListVerdict(ListShows.OLD, is_seen=bool(seen))
    if _is_touched_by_hand(seen, since, was_offered=was_offered):
        return None
    return ListVerdict(ListShows.NEW, is_seen=bool(seen))


def _is_touched_by_hand(seen: list[ListedValue], since: datetime, *, was_offered: bool) -> bool:
    enabled = [value for value in seen if value.is_enabled]
    flips = sum(value.first_seen_at > since for value in enabled) + sum(
        value.gone_at is not None and value.gone_at > since for value in enabled
    )
    if flips > 1:
        return True
    # Inactivated, and the value was gone before that: an import did not take it away.
    return was_offered and flips == 0


def _about(values: Iterable[ListedValue], texts: frozenset[str]) -> list[ListedValue]:
    return [value for value in values if tightened(normalise(value.text)) in texts]


def _is_usable(record: Record | None) -> bool:
    return record is not None and not record.is_inactive


def _is_now(value: ListedValue) -> bool:
    return value.gone_at is None and value.is_enabled
