"""The database -> the situation that the rules look at; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from monitor.adapters.store import Store
from monitor.beginning import kinds_of, unseen_edits
from monitor.core.drift import Drift, drift_of
from monitor.core.employees import EmployeeBook
from monitor.core.listed import ListHistory
from monitor.core.match import RecordBook
from monitor.core.predict import Situation
from monitor.core.predict.situation import NO_REFUTATIONS
from monitor.core.records import Change, Kind, ListState, Record, Snapshot
from monitor.core.subsidiaries import SubsidiaryTree
from monitor.core.sync import LastSync, last_sync
from monitor.core.unseen import joined
from monitor.core.workspace import Workspace
from monitor.offered import history_of
from monitor.present import looked_at
from monitor.sight import missed_subsidiaries
from monitor.testimony import failing_syncs


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the configuration says of both systems, as far as the rules ask."""

    workspaces: tuple[Workspace, ...]
    lists: tuple[str, ...]
    netsuite_url: str = ""
    """Where people open NetSuite."""
    preferences: Mapping[str, Any] = field(default_factory=dict)
    """NetSuite's preferences, as the operator says them."""


class Content(NamedTuple):
    """The records of the kinds that the rules look at, as they are, were, and last were."""

    present: tuple[Record, ...]
    former: tuple[Record, ...]
    gone: tuple[Record, ...]
    subsidiaries: tuple[Record, ...] = ()


class SinceSync(NamedTuple):
    """What changed since a workspace's last sync, as the snapshots and its lists show it."""

    workspace: Workspace
    history: ListHistory
    begin: Snapshot
    net: tuple[Change, ...]
    steps: tuple[Change, ...]
    last: LastSync
    """As it was known then."""

    @property
    def seen(self) -> tuple[Change, ...]:
        """Every net change, and the last step of each record."""
        return (*self.net, *{step.ref: step for step in self.steps}.values())


def situation_of(
    store: Store,
    snapshot: Snapshot,
    now: datetime,
    surroundings: Surroundings,
    drift: Mapping[str, Drift],
    content: Content | None = None,
) -> Situation:
    """The present state of both sides; `content`: the store's records, if they were read before."""
    workspaces = surroundings.workspaces
    readings = store.snapshots.list_readings(snapshot.id)
    unreadable = {one.kind for one in readings if one.state is not ListState.READ}
    held = with_what_was_told(content or content_of(store, workspaces), drift)
    book, employees = books_of(held, now)
    return Situation(
        now=now,
        book=book,
        workspaces=workspaces,
        reports=store.reports.pending(),
        drift=drift,
        tree=SubsidiaryTree(held.subsidiaries),
        unreadable=unreadable | ({Kind.EMPLOYEE} - set(surroundings.lists)),
        unsure_subsidiaries=frozenset(missed_subsidiaries(store)),
        first_read={
            one.kind: at for one in readings if (at := store.snapshots.first_read_at(one.kind))
        },
        netsuite_url=surroundings.netsuite_url,
        employees=employees,
        show_projects_only=surroundings.preferences.get("show_projects_only", "unknown"),
        failing=failing_syncs(store, [one.policy_id for one in workspaces], now=now),
        health_before=store.places.before(workspaces),
        lists={ws.policy_id: history_of(store, ws) for ws in workspaces},
        refutations=store.lessons.known({ws.policy_id: ws.subsidiary for ws in workspaces})
        or NO_REFUTATIONS,
    )


def content_of(
    store: Store, workspaces: tuple[Workspace, ...], also: Iterable[str] = ()
) -> Content:
    """Everything that the store holds of the kinds that rules look at, and of the kinds `also`."""
    coded = [coding.kind for workspace in workspaces for coding in workspace.coding]
    # A project is called by its customer's name too, and may belong to its subsidiaries.
    customers = [Kind.CUSTOMER] if Kind.PROJECT in coded else []
    kinds = tuple(dict.fromkeys([*coded, *customers, Kind.EMPLOYEE, *also]))
    return Content(
        tuple(store.records.current(kinds)),
        tuple(store.records.former(kinds)),
        tuple(store.records.deleted(kinds)),
        tuple(store.records.current((Kind.SUBSIDIARY,))),
    )


def with_what_was_told(content: Content, drift: Mapping[str, Drift]) -> Content:
    """The content, and what records were before the first look, as far as notes tell it: Expensify
    may know them by what they were called then.
    """
    known = set(content.former)
    befores = (one.change.before for of in drift.values() for one in of.changes.values())
    told = dict.fromkeys(one for one in befores if one is not None and one not in known)
    return content._replace(former=(*content.former, *told))


def books_of(content: Content, now: datetime) -> tuple[RecordBook, EmployeeBook]:
    """The records by every name they ever had, and the employees among them by e-mail."""
    people, others = (
        [[one for one in records if (one.kind == Kind.EMPLOYEE) is is_person] for records in held]
        for held, is_person in ((content[:3], True), (content[:3], False))
    )
    return (
        RecordBook(others[0], former=others[1], gone=others[2]),
        EmployeeBook(people[0], former=people[1], gone=people[2], now=now),
    )


def since_sync(store: Store, workspace: Workspace, snapshot: Snapshot, now: datetime) -> SinceSync:
    """What changed up to the snapshot since the workspace last synced, as far as is known."""
    last = known_sync(store, workspace, now)
    begin = _last_synced_snapshot(store, last) or snapshot
    kinds = kinds_of(workspace)
    changes, unseen = store.changes, unseen_edits(store, workspace, last)
    net = store.notes.explain(changes.between(begin.id, snapshot.id, kinds=kinds))
    steps = store.notes.explain(changes.each(begin.id, snapshot.id, kinds=kinds))
    return SinceSync(
        workspace,
        history_of(store, workspace),
        begin,
        joined(net, unseen.changes),
        tuple(steps),
        last,
    )


def drift_since(store: Store, since: SinceSync) -> Drift:
    """The same with a verdict for each change: has the workspace imported it?"""
    workspace = since.workspace
    return drift_of(
        workspace,
        since.net,
        since.steps,
        since.history,
        since.last,
        since=since.begin.taken_at,
        unreflected=frozenset(one.sort for one in store.unreflected.of(workspace.policy_id)),
    )


def known_sync(store: Store, workspace: Workspace, now: datetime) -> LastSync:
    """What the evidence in the database says of the workspace's last sync."""
    evidence = store.evidence.all(workspace.policy_id, as_of=now)
    as_of = looked_at(store, evidence, now)
    return last_sync(workspace.policy_id, evidence, as_of=as_of, skew=store.witnesses.skew())


def _last_synced_snapshot(store: Store, last: LastSync) -> Snapshot | None:
    synced = store.snapshots.at(last.not_before) if last.not_before else None
    return synced or store.snapshots.baseline()
