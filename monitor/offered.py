"""What Expensify's lists are believed to show: a list that lost its values is no sign of a sync."""

from __future__ import annotations

from datetime import datetime

from monitor.adapters.store import Store
from monitor.core.listed import ListHistory
from monitor.core.lost import AcceptedList, Drop, LostList, believed, drops, importable, lost_lists
from monitor.core.records import Kind, ListState
from monitor.core.subsidiaries import SubsidiaryTree
from monitor.core.workspace import Workspace


def history_of(store: Store, workspace: Workspace) -> ListHistory:
    """Everything the workspace's lists ever offered, as far as it is believed."""
    history = store.lists.history(workspace.policy_id)
    return believed(history, _lost(store, workspace, history))


def lost_of(store: Store, workspace: Workspace) -> tuple[LostList, ...]:
    """The workspace's lists that are without what NetSuite still has."""
    return _lost(store, workspace, store.lists.history(workspace.policy_id))


def accept_losses(
    store: Store, workspace: Workspace, kind: str, *, author: str, at: datetime
) -> tuple[LostList, ...]:
    """Believe the workspace's lists of this kind as they are at the newest poll, and return those
    that had lost something: nothing is written when none had. In a transaction.
    """
    told = (one for alert in store.alerts.open() for one in alert.lost)
    ours = (one for one in told if one.policy_id == workspace.policy_id)
    lost = {one.place: one for one in (*ours, *lost_of(store, workspace)) if kind in one.kinds}
    polls = store.lists.history(workspace.policy_id).polls
    for place in lost:
        store.lists.accept(AcceptedList(workspace.policy_id, place, polls[-1], author), at)
    return tuple(lost.values())


def _lost(store: Store, workspace: Workspace, history: ListHistory) -> tuple[LostList, ...]:
    # NetSuite's records are looked up only when so much vanished, which is nearly never.
    found = drops(history, workspace)
    if not found:
        return ()
    kinds = _readable(store, found, workspace)
    absent = {kind: {one for one, _ in store.records.missed(kind)} for kind in kinds}
    customers = {Kind.CUSTOMER} if Kind.PROJECT in kinds else set()
    book = importable(
        store.records.current(tuple(sorted(kinds | customers))),
        workspace,
        SubsidiaryTree(store.records.current((Kind.SUBSIDIARY,))),
        absent,
    )
    return lost_lists(
        history,
        found,
        workspace,
        lambda name, at_place: book.find(name, kinds & set(at_place)) is not None,
    )


def _readable(store: Store, found: tuple[Drop, ...], workspace: Workspace) -> set[str]:
    """The kinds kept there of which the newest snapshot says what NetSuite has."""
    newest = store.snapshots.latest()
    readings = store.snapshots.list_readings(newest.id) if newest else ()
    read = {one.kind for one in readings if one.state is ListState.READ}
    return read & {kind for drop in found for kind in workspace.kinds_at(drop.place)}
