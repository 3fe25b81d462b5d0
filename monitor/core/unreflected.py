"""Lists of Expensify's that do not follow a sort of change: their old state proves nothing more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from monitor.core.imported import list_shows, moment_of
from monitor.core.listed import ListHistory, ListShows
from monitor.core.records import Change
from monitor.core.sync import LastSync
from monitor.core.workspace import Workspace


class Sort(NamedTuple):
    """A sort of change: records of this kind, changed like this."""

    kind: str
    change: str


class Unreflected(NamedTuple):
    """One workspace's list does not follow a sort of change, as seen since a moment, and how."""

    policy_id: str
    sort: Sort
    since: datetime
    note: str

    @property
    def sentence(self) -> str:
        """What people are told, once."""
        return (
            f"Expensify's list of {self.sort.kind} records does not show when one was "
            f"{self.sort.change} ({self.note}): whether such a change was imported is told by the "
            "last sync alone"
        )


def unreflected_by(
    changes: Iterable[Change], workspace: Workspace, history: ListHistory, last: LastSync
) -> Iterator[Unreflected]:
    """Sorts of change that the list still shows the old state of, although somebody read in
    Expensify of a sync after it, and the list was polled since.
    """
    read_at = last.read_at_least
    if read_at is None:
        return
    for change in changes:
        polls = history.polls_at(workspace.place_of(change.kind))
        if not polls or polls[-1] <= read_at:
            continue
        shown = list_shows(change, workspace, history)
        is_old = shown is not None and shown.is_proof and shown.shows is ListShows.OLD
        if is_old and moment_of(change)[1] + last.margin < read_at:
            yield Unreflected(
                workspace.policy_id,
                Sort(change.kind, change.change),
                polls[-1],
                f"{change.ref} was still offered as before after the sync of "
                f"{read_at:%Y-%m-%d %H:%M} UTC",
            )


def reflected_by(
    changes: Iterable[Change],
    workspace: Workspace,
    history: ListHistory,
    off: Collection[Unreflected],
) -> frozenset[Sort]:
    """Sorts that the list was seen to follow after all, after it had not."""
    since = {one.sort: one.since for one in off}
    found = set()
    for change in changes:
        sort = Sort(change.kind, change.change)
        if sort not in since or moment_of(change)[0] <= since[sort]:
            continue
        shown = list_shows(change, workspace, history)
        if shown is not None and shown.is_proof and shown.shows is ListShows.NEW:
            found.add(sort)
    return frozenset(found)
