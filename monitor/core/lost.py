"""Expensify's own lists that lost most of their values, though NetSuite still has the records."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from monitor.core.listed import ListedValue, ListHistory, is_offered
from monitor.core.match import RecordBook, normalise, tightened
from monitor.core.records import Record
from monitor.core.subsidiaries import Access, SubsidiaryTree
from monitor.core.workspace import Workspace

MASS_SHARE = 0.1
MASS_COUNT = 20
"""More than both at once is a mass; so is everything that a list had."""


class LostList(NamedTuple):
    """A list of one workspace that lost its values between two looks, and has not got them back.

    `gone` of the `before` values that it offered vanished although NetSuite still has the records.
    """

    policy_id: str
    place: str
    kinds: tuple[str, ...]
    """What the workspace keeps there."""
    gone: int
    before: int
    last_seen_at: datetime
    missed_at: datetime


class AcceptedList(NamedTuple):
    """Somebody says that what the list at the place lost up to a poll went on purpose."""

    policy_id: str
    place: str
    upto: datetime
    author: str
    """"" when nobody knows who."""


class Drop(NamedTuple):
    """So much vanished from one list at once that NetSuite is to be asked for it."""

    place: str
    at: datetime
    before: int
    vanished: frozenset[str]
    is_all: bool


def drops(history: ListHistory, workspace: Workspace) -> tuple[Drop, ...]:
    """The moments at which a list lost a mass of values, oldest first; nearly always none. What
    went before the list is believed to begin went on purpose.
    """
    places = dict.fromkeys(coding.place for coding in workspace.coding)
    return tuple(drop for place in places for drop in _drops_at(place, history))


def lost_lists(
    history: ListHistory,
    found: Iterable[Drop],
    workspace: Workspace,
    is_in_netsuite: Callable[[str, tuple[str, ...]], bool],
) -> tuple[LostList, ...]:
    """The lists that are still without what they lost, one for each place.

    `is_in_netsuite`: whether NetSuite has a record of these kinds that an import would offer by
    that name. What NetSuite itself gave up, and what another list offers now, is not lost.
    """
    offered = _names(history.values, history.polls[-1]) if history.polls else frozenset()
    by_place: dict[str, list[tuple[Drop, frozenset[str]]]] = {}
    for drop in found:
        kinds = workspace.kinds_at(drop.place)
        held = {name for name in drop.vanished if is_in_netsuite(name, kinds)}
        missing = frozenset(held - offered)
        if _is_mass(len(held), drop) and len(missing) > MASS_SHARE * drop.before:
            by_place.setdefault(drop.place, []).append((drop, missing))
    return tuple(_lost(of_place, workspace, history) for _, of_place in sorted(by_place.items()))


def believed(history: ListHistory, lost: Iterable[LostList]) -> ListHistory:
    """The history in which a list that lost its values is as it was last seen whole: that they are
    gone tells nothing of what was imported, nor of what a text means.
    """
    return history.until({one.place: one.missed_at for one in lost})


def importable(
    records: Iterable[Record],
    workspace: Workspace,
    tree: SubsidiaryTree,
    absent: Mapping[str, Collection[str]],
) -> RecordBook:
    """The records that an import would offer: active, open to the workspace, and not `absent` (ids
    by kind) from the newest snapshot.
    """
    return RecordBook(
        record
        for record in records
        if not record.is_inactive
        and record.id not in absent.get(record.kind, ())
        and record.allow_expenses is not False
        and tree.access(record, workspace.subsidiary) in (Access.ALLOWED, Access.UNKNOWN)
    )


def _drops_at(place: str, history: ListHistory) -> Iterator[Drop]:
    values = [value for value in history.values if value.place == place]
    ended = Counter(value.gone_at for value in values if value.is_enabled and value.gone_at)
    begin = history.begins.get(place)
    for at in sorted(at for at in ended if begin is None or at > begin):
        is_all = not any(is_offered((value,), at) for value in values)
        if ended[at] <= MASS_COUNT and not is_all:
            continue
        before = _names(values, history.polls[bisect_left(history.polls, at) - 1])
        drop = Drop(place, at, len(before), before - _names(values, at), is_all)
        if _is_mass(len(drop.vanished), drop):
            yield drop


def _is_mass(number: int, drop: Drop) -> bool:
    is_many = number > MASS_COUNT and number > MASS_SHARE * drop.before
    return is_many or (drop.is_all and number > 0)


def _names(values: Iterable[ListedValue], at: datetime) -> frozenset[str]:
    return frozenset(
        tightened(normalise(value.text)) for value in values if is_offered((value,), at)
    )


def _lost(
    of_place: list[tuple[Drop, frozenset[str]]], workspace: Workspace, history: ListHistory
) -> LostList:
    """What went in several steps is one loss, from the first step on, also of values that came in
    between.
    """
    first = of_place[0][0]
    last_seen_at = history.polls[bisect_left(history.polls, first.at) - 1]
    values = (value for value in history.values if value.place == first.place)
    vanished = (drop.vanished for drop, _ in of_place)
    return LostList(
        workspace.policy_id,
        first.place,
        workspace.kinds_at(first.place),
        len(frozenset[str]().union(*(missing for _, missing in of_place))),
        len(_names(values, last_seen_at).union(*vanished)),
        last_seen_at,
        first.at,
    )
