"""What a cycle remembered -> what it means: drift, risks, and the decisions about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from monitor.adapters.store import Store
from monitor.asking import remember_places
from monitor.clock import Clock
from monitor.core.alerts import AlertPolicy, Endings, Memory, Outcome, RiskState, Sight, decide
from monitor.core.attempts import Attempt
from monitor.core.drift import Drift
from monitor.core.imported import evidence_from_lists
from monitor.core.message.words import Voice
from monitor.core.predict import Situation, blind_risks, ending_of, predict, ways_of
from monitor.core.recorded import Given
from monitor.core.records import Snapshot
from monitor.core.reports import Workspace
from monitor.core.unreflected import reflected_by, unreflected_by
from monitor.learning import learn, learn_blindly
from monitor.reading import ExpensifySource, NetSuiteSource
from monitor.situation import (
    SinceSync,
    Surroundings,
    drift_since,
    known_sync,
    since_sync,
    situation_of,
)
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
    parts: Parts,
    store: Store,
    snapshot: Snapshot | None,
    sight: Sight,
    now: datetime,
    attempts: tuple[Attempt, ...] = (),
) -> Outcome:
    """Learn from the exports attempted, predict and decide; without a new snapshot nothing is
    predicted anew.
    """
    memory = store.alerts.memory(now)
    if snapshot is None:
        learn_blindly(store, attempts)
        given = Given(None, sight)
    else:
        situation = learn(store, situation_now(parts, store, snapshot, now), attempts)
        remember_places(store, situation, parts.lists)
        given = Given(predict(situation), sight, _endings(store, memory, situation))
    outcome = decide(
        given.risks,
        memory,
        sight=sight,
        endings=given.endings,
        now=now,
        policy=parts.policy,
        voice=voice_of(parts, sight),
    )
    store.recording.keep(given, now, has_spoken=bool(outcome.letters))
    return outcome


def situation_now(parts: Parts, store: Store, snapshot: Snapshot, now: datetime) -> Situation:
    """Everything that the rules look at; what Expensify's lists prove is remembered by the way."""
    return situation_of(
        store,
        snapshot,
        now,
        Surroundings(
            parts.workspaces,
            parts.lists,
            parts.netsuite_url,
            parts.settings.get("netsuite", {}).get("preferences", {}),
        ),
        {ws.policy_id: _drift(store, ws, snapshot, now) for ws in parts.workspaces},
    )


def _drift(store: Store, workspace: Workspace, snapshot: Snapshot, now: datetime) -> Drift:
    """What changed since the workspace's last sync. Its lists may prove a later one: then it counts
    at once, so that the next look at the same says nothing else.
    """
    since = since_sync(store, workspace, snapshot, now)
    _doubt_lists(store, since)
    off = frozenset(one.sort for one in store.unreflected.of(workspace.policy_id))
    store.evidence.add(evidence_from_lists(since.seen, workspace, since.history, unreflected=off))
    if known_sync(store, workspace, now) != since.last:
        since = since_sync(store, workspace, snapshot, now)
    return drift_since(store, since)


_CALLED_TO_ACCOUNT = timedelta(days=2)
"""How long before a sync a change may lie that the lists must show after it."""


def _doubt_lists(store: Store, since: SinceSync) -> None:
    """Remember which sorts of change the workspace's lists do not follow, or follow after all.

    What changed before the last sync is what the lists must show by now.
    """
    workspace, history, begin = since.workspace, since.history, since.begin
    policy_id, last = workspace.policy_id, since.last
    known = store.unreflected.of(policy_id)
    store.unreflected.forget(policy_id, reflected_by(since.seen, workspace, history, known))
    earlier = store.snapshots.at(begin.taken_at - _CALLED_TO_ACCOUNT) or store.snapshots.baseline()
    if last.read_at_least is None or earlier is None or earlier.id >= begin.id:
        return
    kinds = tuple(coding.kind for coding in workspace.coding)
    again = {change.ref for change in since.seen}
    due = (
        change
        for change in store.changes.between(earlier.id, begin.id, kinds=kinds)
        if change.ref not in again
    )
    store.unreflected.add(unreflected_by(due, workspace, history, last))


def _endings(store: Store, memory: Memory, situation: Situation) -> Endings:
    risks = [one.risk for one in memory.tracked if one.state is not RiskState.RESOLVED]
    exposed = {report.report_id for one in memory.tracked for report in one.risk.reports}
    departed = store.reports.departures(sorted(exposed))
    return Endings(
        {risk.fingerprint: ending_of(risk, situation, departed) for risk in risks},
        still_failed=frozenset(r.report_id for r in situation.reports if r.has_failed),
        ways={risk.fingerprint: ways_of(risk, situation, departed) for risk in risks},
        unseen=blind_risks(risks, situation),
    )


def voice_of(parts: Parts, sight: Sight) -> Voice:
    """How a cycle words what it has to say."""
    read = [source.last_good_at for source in sight.sources if source.last_good_at]
    return Voice(
        zone=ZoneInfo(parts.time_zone),
        names={workspace.policy_id: workspace.name for workspace in parts.workspaces},
        mask_people=parts.policy.mask_people,
        experiences={workspace.policy_id: workspace.experience for workspace in parts.workspaces},
        read_at=min(read, default=None),
    )
