"""A change held against the lists Expensify offers: does it show the old state, or the new one?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from monitor.core.match import normalise, tightened
from monitor.core.records import Change, Kind, Record


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
    """What one workspace's pickers offered, poll by poll. `polls` are the moments of the polls,
    oldest first; those in between may be left out that saw nothing come or go, and nothing right
    after them.
    """

    policy_id: str
    polls: tuple[datetime, ...] = ()
    values: tuple[ListedValue, ...] = ()
    ends: Mapping[str, datetime] = field(default_factory=dict)
    """Places whose list is believed only up to a poll, that one left out."""
    begins: Mapping[str, datetime] = field(default_factory=dict)
    """Places whose list is believed only from a poll on: what it offered before says nothing."""

    def until(self, ends: Mapping[str, datetime]) -> ListHistory:
        """The same, with these places as they were before the poll of that moment."""
        return replace(self, ends=ends)

    def at(self, place: str) -> ListHistory:
        """What is believed of the one list at the place."""
        begin, end = self.begins.get(place), self.ends.get(place)
        values = (value for value in self.values if value.place == place)
        within = (_within(value, begin, end) for value in values)
        return ListHistory(
            self.policy_id,
            self.polls_at(place),
            tuple(value for value in within if value is not None),
        )

    def polls_at(self, place: str) -> tuple[datetime, ...]:
        """The polls whose list of the place is believed."""
        begin, end = self.begins.get(place), self.ends.get(place)
        first = bisect_left(self.polls, begin) if begin else 0
        return self.polls[first : bisect_left(self.polls, end) if end else None]


def _within(value: ListedValue, begin: datetime | None, end: datetime | None) -> ListedValue | None:
    """The value as the polls between show it; None when none of them offers it."""
    first, gone = value.first_seen_at, value.gone_at
    if (begin and gone and gone <= begin) or (end and first >= end):
        return None
    return value._replace(
        first_seen_at=max(first, begin) if begin else first,
        gone_at=None if end and gone and gone >= end else gone,
    )


class ListShows(Enum):
    """What Expensify's list shows of a change."""

    NEW = "the list shows NetSuite's present state"
    OLD = "the list still shows the state before"


class ListVerdict(NamedTuple):
    """What the latest poll shows, and since which poll.

    `is_proof`: the list was seen to hold the old state and then the new one, or still holds the old
    one of a value it is known to offer.
    """

    shows: ListShows
    is_proof: bool
    seen_at: datetime


def list_verdict(
    change: Change, place: str, history: ListHistory, *, happened: tuple[datetime, datetime]
) -> ListVerdict | None:
    """Compare states, not times; None when the list cannot tell.

    `happened`: the earliest and the latest moment of the change. The list cannot tell where nobody
    has polled since the old state was last seen in NetSuite, where the record was never seen though
    it should have been, or where somebody touched the value by hand: it showed the new state before
    the change already, or flipped back.
    """
    history = history.at(place)
    polls = history.polls
    if not polls or polls[-1] < change.seen_between[0]:
        return None
    look = _look(change, history.values)
    if look is None:
        return None
    runs = _runs(look, polls)
    seen_at, shown = runs[-1]
    if shown is ListShows.NEW:
        return _new(runs, seen_at, happened[0])
    if shown is ListShows.OLD and not _came_after(seen_at, happened[1], polls):
        return ListVerdict(ListShows.OLD, look.is_known, seen_at)
    return None


def is_shown(change: Change) -> bool:
    """Whether a list that follows NetSuite looks different after the change."""
    return _offered_names(change.before) != _offered_names(change.after)


def dropped_between(
    record: Record, place: str, history: ListHistory, *, since: datetime
) -> tuple[datetime, datetime] | None:
    """The poll that last offered a record, and the next, from which on it is missing to this day.

    None when it is offered, or never was; or when it came and went twice `since` then, as a hand
    does it.
    """
    history = history.at(place)
    about = _about(history.values, _offered_names(record))
    if not about:
        return None
    look = _Look(lambda at: ListShows.NEW if is_offered(about, at) else ListShows.OLD, about)
    runs = _runs(look, history.polls)
    gone_at, shown = runs[-1]
    ends = [moment for moment, what in runs if what is ListShows.OLD and moment > since]
    if shown is ListShows.NEW or ends != [gone_at] or len(runs) == 1:
        return None
    return history.polls[max(bisect_left(history.polls, gone_at) - 1, 0)], gone_at


@dataclass(frozen=True, slots=True)
class _Look:
    """How to tell from the list, at the moment of a poll, which state it shows."""

    shown_at: Callable[[datetime], ListShows | None]
    values: tuple[ListedValue, ...]
    """Those it depends on."""

    @property
    def is_known(self) -> bool:
        return bool(self.values)


_Run = tuple[datetime, ListShows | None]


def _look(change: Change, values: Iterable[ListedValue]) -> _Look | None:
    """None when both states look the same in a list, or the list does not know the record."""
    old, new = _offered_names(change.before), _offered_names(change.after)
    if old and new:
        return _renamed(_about(values, old - new), _about(values, new - old))
    about = _about(values, old or new)
    if not about and (old or change.kind in _OF_MANY_NAMES):
        return None
    if old:
        return _Look(lambda at: ListShows.OLD if is_offered(about, at) else ListShows.NEW, about)
    if new:
        return _Look(lambda at: ListShows.NEW if is_offered(about, at) else ListShows.OLD, about)
    return None


def _renamed(old: tuple[ListedValue, ...], new: tuple[ListedValue, ...]) -> _Look | None:
    def shown_at(poll: datetime) -> ListShows | None:
        if is_offered(new, poll):
            return ListShows.NEW
        return ListShows.OLD if is_offered(old, poll) else None

    return _Look(shown_at, old + new) if old or new else None


_OF_MANY_NAMES = (Kind.PROJECT, Kind.CUSTOMER)
"""Expensify may show them by a name we do not think of, so that not seeing them says nothing."""


def _offered_names(record: Record | None) -> frozenset[str]:
    """What the record would be called in a list; nothing when none should offer it."""
    if record is None or record.is_inactive:
        return frozenset()
    names = (record.full_name, *record.other_names)
    return frozenset(tightened(normalise(name)) for name in names)


def _about(values: Iterable[ListedValue], names: frozenset[str]) -> tuple[ListedValue, ...]:
    return tuple(value for value in values if tightened(normalise(value.text)) in names)


def is_offered(values: Iterable[ListedValue], at: datetime) -> bool:
    """Whether one of the values could be picked at the moment of a poll."""
    return any(
        value.is_enabled
        and value.first_seen_at <= at
        and (value.gone_at is None or value.gone_at > at)
        for value in values
    )


def _runs(look: _Look, polls: tuple[datetime, ...]) -> list[_Run]:
    """What the list showed since when, oldest first; two in a row differ."""
    moments = {polls[0]}
    for value in look.values:
        moments |= {value.first_seen_at} | ({value.gone_at} if value.gone_at else set())
    runs: list[_Run] = []
    for moment in sorted(moments):
        shown = look.shown_at(moment)
        if not runs or runs[-1][1] is not shown:
            runs.append((moment, shown))
    return runs


def _new(runs: list[_Run], seen_at: datetime, happened: datetime) -> ListVerdict | None:
    """It shows the new state; but did an import bring it?"""
    is_early = seen_at <= happened
    has_flipped = any(moment > happened for moment, shown in runs[:-1] if shown is ListShows.NEW)
    if is_early or has_flipped:
        return None
    has_been_old = any(shown is ListShows.OLD for _, shown in runs)
    return ListVerdict(ListShows.NEW, has_been_old, seen_at)


def _came_after(seen_at: datetime, happened: datetime, polls: tuple[datetime, ...]) -> bool:
    """The old state came when NetSuite had the new one: between two polls after the change."""
    before = bisect_left(polls, seen_at) - 1
    return before >= 0 and polls[before] >= happened
