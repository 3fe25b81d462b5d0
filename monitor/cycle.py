"""One cycle, top to bottom: read both sides, remember, compare, predict, promise what is news."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import structlog

from monitor.adapters.store import Store
from monitor.clock import Clock
from monitor.core.alerts import AlertPolicy, Memory, Outcome, RiskState, Sight, decide
from monitor.core.alerts.track import Endings
from monitor.core.drift import Drift, drift_of
from monitor.core.imported import evidence_from_lists
from monitor.core.match import RecordBook
from monitor.core.message.words import Voice
from monitor.core.predict import Situation, ending_of, predict
from monitor.core.records import Kind, ListState, Snapshot
from monitor.core.reports import Workspace
from monitor.core.subsidiaries import SubsidiaryTree
from monitor.core.sync import last_sync
from monitor.errors import SourceError
from monitor.reading import (
    ExpensifyReading,
    ExpensifySource,
    NetSuiteReading,
    NetSuiteSource,
    Staging,
    read_expensify,
    read_netsuite,
)

log = structlog.get_logger("monitor")

NETSUITE, EXPENSIFY = "netsuite", "expensify"
Reading = TypeVar("Reading")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a cycle works with; made in app.py."""

    netsuite: NetSuiteSource
    expensify: ExpensifySource
    clock: Clock
    workspaces: tuple[Workspace, ...]
    lists: tuple[str, ...]
    policy: AlertPolicy = field(default_factory=AlertPolicy)
    time_zone: str = "UTC"
    netsuite_url: str = ""
    """Where people open NetSuite."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """The non-secret settings, kept so that --db answers as this cycle did."""


@dataclass(frozen=True, slots=True)
class CycleResult:
    """What one cycle did. `failures` are sentences about sources that could not be read."""

    snapshot: Snapshot | None
    failures: tuple[str, ...]
    outcome: Outcome

    @property
    def exit_code(self) -> int:
        return 2 if self.failures else 0


def run_cycle(parts: Parts, store: Store) -> CycleResult:
    """Read both sides, remember them, predict, and promise what is news, in one transaction.

    Each source is kept whole or not at all: with one of them down the other is still remembered.
    """
    now = parts.clock.now()
    staging = store.staging()
    # Read first: a sync during this cycle then causes a false alarm, never a false calm.
    expensify = _attempt(lambda: _read_expensify(parts, store, now))
    netsuite = _attempt(lambda: _read_netsuite(parts, staging))
    with store.immediate():
        store.settings.save(parts.settings, now)
        _remember_expensify(store, expensify, now)
        snapshot = _remember_netsuite(store, staging, netsuite, now)
        outcome = _judge(parts, store, snapshot, _sight(store, expensify, netsuite), now)
        store.alerts.apply(outcome, now)
    result = CycleResult(snapshot, _failures(expensify, netsuite), outcome)
    _log(result)
    return result


def _attempt(read: Callable[[], Reading]) -> Reading | SourceError:
    """A reading, or why there is none: the other source is remembered all the same."""
    try:
        return read()
    except SourceError as error:
        return error


def _read_expensify(parts: Parts, store: Store, now: datetime) -> ExpensifyReading:
    log.info("reading", source=EXPENSIFY, workspaces=len(parts.workspaces))
    return read_expensify(
        parts.expensify,
        parts.workspaces,
        pending_before=store.reports.pending_ids(),
        taken_at=now,
    )


def _read_netsuite(parts: Parts, staging: Staging) -> NetSuiteReading:
    log.info("reading", source=NETSUITE, lists=len(parts.lists))
    return read_netsuite(parts.netsuite, staging, parts.lists, taken_at=parts.clock.now())


def _remember_expensify(
    store: Store, reading: ExpensifyReading | SourceError, now: datetime
) -> None:
    if isinstance(reading, SourceError):
        store.sources.failed(EXPENSIFY, now, str(reading), is_permanent=reading.is_permanent)
        return
    reading_id = store.reports.new_reading(reading.taken_at)
    store.reports.record(reading_id, reading.reports, reading.departed)
    for lists in reading.lists:
        store.lists.record(reading_id, lists)
    store.sources.good(EXPENSIFY, reading.taken_at)


def _remember_netsuite(
    store: Store, staging: Any, reading: NetSuiteReading | SourceError, now: datetime
) -> Snapshot | None:
    if isinstance(reading, SourceError):
        store.sources.failed(NETSUITE, now, str(reading), is_permanent=reading.is_permanent)
        return None
    store.sources.good(NETSUITE, reading.taken_at)
    snapshot: Snapshot = staging.commit(reading.taken_at, reading.lists, reading.confirmed_deleted)
    return snapshot


def _sight(
    store: Store,
    expensify: ExpensifyReading | SourceError,
    netsuite: NetSuiteReading | SourceError,
) -> Sight:
    newest = store.snapshots.latest()
    lists = store.snapshots.list_readings(newest.id) if newest else ()
    return Sight(
        sources=(store.sources.freshness(NETSUITE), store.sources.freshness(EXPENSIFY)),
        is_whole=not isinstance(expensify, SourceError) and not isinstance(netsuite, SourceError),
        blind_kinds=tuple(
            (reading.kind, reading.detail or "so many records vanished at once: not believed yet")
            for reading in lists
            if reading.state in (ListState.BLIND, ListState.HELD)
        ),
    )


def _judge(
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
    kinds = tuple(dict.fromkeys(coding.kind for ws in parts.workspaces for coding in ws.coding))
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
    return Situation(
        now=now,
        book=book,
        workspaces=parts.workspaces,
        reports=store.reports.pending(),
        drift={ws.policy_id: _drift(store, ws, snapshot, now) for ws in parts.workspaces},
        tree=SubsidiaryTree(store.records.current((Kind.SUBSIDIARY,))),
        unreadable=unreadable,
        netsuite_url=parts.netsuite_url,
    )


def _drift(store: Store, workspace: Workspace, snapshot: Snapshot, now: datetime) -> Drift:
    """What changed since the workspace's last sync; its lists may prove something about that."""
    history = store.lists.history(workspace.policy_id)
    since = _last_synced_snapshot(store, workspace, now) or snapshot
    kinds = tuple(coding.kind for coding in workspace.coding)
    changes = tuple(store.changes.between(since.id, snapshot.id, kinds=kinds))
    store.evidence.add(evidence_from_lists(changes, workspace, history))
    last = last_sync(workspace.policy_id, store.evidence.all(workspace.policy_id), as_of=now)
    return drift_of(workspace, changes, history, last)


def _last_synced_snapshot(store: Store, workspace: Workspace, now: datetime) -> Snapshot | None:
    evidence = store.evidence.all(workspace.policy_id)
    last = last_sync(workspace.policy_id, evidence, as_of=now)
    synced = store.snapshots.at(last.not_before) if last.not_before else None
    return synced or store.snapshots.baseline()


def _endings(store: Store, memory: Memory, situation: Situation) -> Endings:
    gone = store.reports.departures(
        [report.report_id for one in memory.tracked for report in one.risk.reports]
    )
    living = (one for one in memory.tracked if one.state is not RiskState.RESOLVED)
    return Endings(
        {one.risk.fingerprint: ending_of(one.risk, situation, gone) for one in living},
        still_failed=frozenset(r.report_id for r in situation.reports if r.has_failed),
    )


def _voice(parts: Parts, sight: Sight) -> Voice:
    read = [source.last_good_at for source in sight.sources if source.last_good_at]
    return Voice(
        zone=ZoneInfo(parts.time_zone),
        names={workspace.policy_id: workspace.name for workspace in parts.workspaces},
        mask_people=parts.policy.mask_people,
        data_at=min(read, default=None),
    )


def _failures(*readings: object) -> tuple[str, ...]:
    return tuple(str(reading) for reading in readings if isinstance(reading, SourceError))


def _log(result: CycleResult) -> None:
    told = len(result.outcome.letters)
    open_risks = sum(one.state is RiskState.OPEN for one in result.outcome.tracked)
    for failure in result.failures:
        log.error("source_failed", error=failure)
    event = "cycle_failed" if result.failures else "cycle_done"
    snapshot = result.snapshot.id if result.snapshot else None
    log.info(event, snapshot=snapshot, open_risks=open_risks, promised=told)
