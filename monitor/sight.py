"""What a cycle could see: how fresh both sides are, which lists are blind, what the role lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from monitor.adapters.store import Store
from monitor.core.alerts import Sight, UnsureView
from monitor.core.records import Kind, ListReading, ListState
from monitor.core.reports import Workspace
from monitor.core.subsidiaries import SubsidiaryTree
from monitor.offered import lost_of

NETSUITE, EXPENSIFY = "netsuite", "expensify"


def sight_of(store: Store, workspaces: Iterable[Workspace], *, is_whole: bool) -> Sight:
    """What the newest readings in the database show; `is_whole`: both were made just now."""
    workspaces = tuple(workspaces)
    newest = store.snapshots.latest()
    lists = store.snapshots.list_readings(newest.id) if newest else ()
    blind = [one for one in lists if one.state in (ListState.BLIND, ListState.HELD)]
    seen = {one.kind: store.snapshots.last_read_at(one.kind) for one in blind}
    return Sight(
        sources=(store.sources.freshness(NETSUITE), store.sources.freshness(EXPENSIFY)),
        is_whole=is_whole,
        blind_kinds=tuple((one.kind, _why(one)) for one in blind),
        held_kinds=frozenset(one.kind for one in blind if one.state is ListState.HELD),
        kinds_read_at={kind: at for kind, at in seen.items() if at is not None},
        unsure_policies=tuple(_unsure(store, workspaces)),
        lost_lists=tuple(one for workspace in workspaces for one in lost_of(store, workspace)),
        accepted_lists=tuple(
            one for workspace in workspaces for one in store.lists.accepted(workspace.policy_id)
        ),
        codings=frozenset(
            (one.policy_id, coding.place, coding.kind)
            for one in workspaces
            for coding in one.coding
        ),
    )


def missed_subsidiaries(store: Store) -> dict[str, datetime]:
    """Subsidiaries that were there once and that the newest snapshot did not show, and since when.

    Whoever loses sight of a subsidiary sees it vanish from every record's list as well: that a
    record lost it proves nothing then.
    """
    return dict(store.records.missed(Kind.SUBSIDIARY))


def _unsure(store: Store, workspaces: Iterable[Workspace]) -> Iterator[UnsureView]:
    missed = missed_subsidiaries(store)
    if not missed:
        return
    known = (*store.records.deleted((Kind.SUBSIDIARY,)), *store.records.current((Kind.SUBSIDIARY,)))
    tree = SubsidiaryTree(known)
    for workspace in workspaces:
        lineage = tree.lineage(workspace.subsidiary) if workspace.subsidiary else ()
        for subsidiary in lineage:
            if subsidiary in missed:
                yield UnsureView(workspace.policy_id, _out_of_sight(subsidiary), missed[subsidiary])
                break


def _out_of_sight(subsidiary: str) -> str:
    return (
        f"NetSuite does not show subsidiary {subsidiary} to the monitor's role any more: who may "
        "use a record there is not known; check the role's subsidiary restriction"
    )


def _why(reading: ListReading) -> str:
    return reading.detail or "so many records vanished at once: not believed yet"
