"""What a cycle remembered -> what it means: drift, risks, and the decisions about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from monitor.adapters.store import Store
from monitor.clock import Clock
from monitor.core.alerts import AlertPolicy, Endings, Memory, Outcome, RiskState, Sight, decide
from monitor.core.drift import Drift, drift_of
from monitor.core.employees import EmployeeBook
from monitor.core.imported import evidence_from_lists
from monitor.core.listed import ListHistory
from monitor.core.match import RecordBook
from monitor.core.message.words import Voice
from monitor.core.predict import Situation, blind_risks, ending_of, predict
from monitor.core.records import Change, Kind, ListState, Snapshot
from monitor.core.reports import Workspace
from monitor.core.subsidiaries import SubsidiaryTree
from monitor.core.sync import LastSync, last_sync
from monitor.core.unreflected import reflected_by, unreflected_by
from monitor.reading import ExpensifySource, NetSuiteSource
from monitor.sight import missed_subsidiaries
from monitor.testimony import Witnesses


@dataclass(frozen=True, slots=True)
class Parts:
    """What a cycle works with; made in app.py."""

    netsuite: NetSuiteSource
    expensify: ExpensifySource
    clock: Clock
    workspaces: tuple[Workspace, ...]
    lists: tuple[str, ...]
    witnesses: Witnesses | None = None
    """NetSuite again, for what testifies beside its lists; None = nothing is asked."""
    netsuite_application: str = "Expensify"
    """What Expensify's integration is called in NetSuite's login audit."""
    policy: AlertPolicy = field(default_factory=AlertPolicy)
    time_zone: str = "UTC"
    netsuite_url: str = ""
    """Where people open NetSuite."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """The non-secret settings, kept so that --db answers as this cycle did."""


def judge(
    parts: Parts, store: Store, snapshot: Snapshot | None, sight: Sight, now: datetime
) -> Outcome:
    """Predict and decide; without a new snapshot nothing is predicted anew."""
    memory = store.alerts.memory()
    voice = _voice(parts, sight)
    if snapshot is None:
        return decide(
            None,
            memory,
            sight=sight,
            endings=Endings({}),
            now=now,
            policy=parts.policy,
            voice=voice,
        )
    situation = _situation(parts, store, snapshot, now)
    return decide(
        predict(situation),
        memory,
        sight=sight,
        endings=_endings(store, memory, situation),
        now=now,
        policy=parts.policy,
        voice=voice,
    )


def _situation(parts: Parts, store: Store, snapshot: Snapshot, now: datetime) -> Situation:
    coded = [coding.kind for workspace in parts.workspaces for coding in workspace.coding]
    # A project is called by its customer's name too, and may belong to its subsidiaries.
    kinds = tuple(dict.fromkeys([*coded, *([Kind.CUSTOMER] if Kind.PROJECT in coded else [])]))
    unreadable = {
        reading.kind
        for reading in store.snapshots.list_readings(snapshot.id)
        if reading.state is not ListState.READ
    }
    book = RecordBook(
        store.records.current(kinds),
        former=store.records.former(kinds),
        gone=store.records.deleted(kinds),
    )
    preferences = parts.settings.get("netsuite", {}).get("preferences", {})
    return Situation(
        now=now,
        book=book,
        workspaces=parts.workspaces,
        reports=store.reports.pending(),
        drift={ws.policy_id: _drift(store, ws, snapshot, now) for ws in parts.workspaces},
        tree=SubsidiaryTree(store.records.current((Kind.SUBSIDIARY,))),
        unreadable=unreadable | ({Kind.EMPLOYEE} - set(parts.lists)),
        unsure_subsidiaries=frozenset(missed_subsidiaries(store)),
        netsuite_url=parts.netsuite_url,
        employees=_employees(store, now),
        show_projects_only=preferences.get("show_projects_only", "unknown"),
        lists={ws.policy_id: store.lists.history(ws.policy_id) for ws in parts.workspaces},
    )


def _employees(store: Store, now: datetime) -> EmployeeBook:
    people = (Kind.EMPLOYEE,)
    return EmployeeBook(
        store.records.current(people),
        former=store.records.former(people),
        gone=store.records.deleted(people),
        today=now.date(),
    )


def _drift(store: Store, workspace: Workspace, snapshot: Snapshot, now: datetime) -> Drift:
    """What changed since the workspace's last sync; its lists may prove something about that."""
    history = store.lists.history(workspace.policy_id)
    since = _last_synced_snapshot(store, workspace, now) or snapshot
    kinds = (*(coding.kind for coding in workspace.coding), Kind.EMPLOYEE)
    changes = store.changes
    net = tuple(store.notes.explain(changes.between(since.id, snapshot.id, kinds=kinds)))
    steps = tuple(store.notes.explain(changes.each(since.id, snapshot.id, kinds=kinds)))
    seen = (*net, *{step.ref: step for step in steps}.values())
    _doubt_lists(store, workspace, history, since, seen, now)
    off = frozenset(one.sort for one in store.unreflected.of(workspace.policy_id))
    store.evidence.add(evidence_from_lists(seen, workspace, history, unreflected=off))
    last = _known_sync(store, workspace, now)
    return drift_of(workspace, net, steps, history, last, since=since.taken_at, unreflected=off)


_CALLED_TO_ACCOUNT = timedelta(days=2)
"""How long before a sync a change may lie that the lists must show after it."""


def _doubt_lists(
    store: Store,
    workspace: Workspace,
    history: ListHistory,
    since: Snapshot,
    seen: Sequence[Change],
    now: datetime,
) -> None:
    """Remember which sorts of change the workspace's lists do not follow, or follow after all.

    `seen`: what changed since the last sync; before it lies what the lists must show by now.
    """
    policy_id, last = workspace.policy_id, _known_sync(store, workspace, now)
    known = store.unreflected.of(policy_id)
    store.unreflected.forget(policy_id, reflected_by(seen, workspace, history, known))
    earlier = store.snapshots.at(since.taken_at - _CALLED_TO_ACCOUNT) or store.snapshots.baseline()
    if last.read_at_least is None or earlier is None or earlier.id >= since.id:
        return
    kinds = tuple(coding.kind for coding in workspace.coding)
    again = {change.ref for change in seen}
    due = (
        change
        for change in store.changes.between(earlier.id, since.id, kinds=kinds)
        if change.ref not in again
    )
    store.unreflected.add(unreflected_by(due, workspace, history, last))


def _known_sync(store: Store, workspace: Workspace, now: datetime) -> LastSync:
    evidence = store.evidence.all(workspace.policy_id)
    return last_sync(workspace.policy_id, evidence, as_of=now, skew=store.witnesses.skew())


def _last_synced_snapshot(store: Store, workspace: Workspace, now: datetime) -> Snapshot | None:
    last = _known_sync(store, workspace, now)
    synced = store.snapshots.at(last.not_before) if last.not_before else None
    return synced or store.snapshots.baseline()


def _endings(store: Store, memory: Memory, situation: Situation) -> Endings:
    risks = [one.risk for one in memory.tracked if one.state is not RiskState.RESOLVED]
    exposed = {report.report_id for one in memory.tracked for report in one.risk.reports}
    departed = store.reports.departures(sorted(exposed))
    return Endings(
        {risk.fingerprint: ending_of(risk, situation, departed) for risk in risks},
        still_failed=frozenset(r.report_id for r in situation.reports if r.has_failed),
        departed=departed,
        unseen=blind_risks(risks, situation),
    )


def _voice(parts: Parts, sight: Sight) -> Voice:
    read = [source.last_good_at for source in sight.sources if source.last_good_at]
    return Voice(
        zone=ZoneInfo(parts.time_zone),
        names={workspace.policy_id: workspace.name for workspace in parts.workspaces},
        mask_people=parts.policy.mask_people,
        experiences={workspace.policy_id: workspace.experience for workspace in parts.workspaces},
        read_at=min(read, default=None),
    )
