"""One cycle, top to bottom: read both sides, remember, compare, predict, promise what is news."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import structlog

from monitor.adapters.store import Store
from monitor.core.alerts import Outcome, RiskState
from monitor.core.records import Snapshot
from monitor.errors import SourceError
from monitor.judging import Parts, judge
from monitor.learning import attempts_in, remember_predictions
from monitor.reading import (
    ExpensifyReading,
    NetSuiteReading,
    Staging,
    read_expensify,
    read_netsuite,
)
from monitor.sight import EXPENSIFY, NETSUITE, sight_of
from monitor.summary import promise_digest
from monitor.testimony import Testimony, hear, last_note, remember_testimony

log = structlog.get_logger("monitor")

Reading = TypeVar("Reading")


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
    testimony = _hear(parts, store, netsuite)
    with store.immediate():
        store.settings.save(parts.settings, now)
        attempts = () if isinstance(expensify, SourceError) else attempts_in(store, expensify)
        _remember_expensify(store, expensify, now)
        snapshot = _remember_netsuite(store, staging, netsuite, now)
        policy_ids = [workspace.policy_id for workspace in parts.workspaces]
        remember_testimony(store, testimony, policy_ids, now)
        is_whole = not _failures(expensify, netsuite)
        sight = sight_of(store, parts.workspaces, is_whole=is_whole)
        outcome = judge(parts, store, snapshot, sight, now, attempts)
        store.alerts.apply(outcome, now)
        outcome = promise_digest(parts, store, snapshot, sight, outcome, now)
        remember_predictions(store, outcome.tracked, now)
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


def _hear(parts: Parts, store: Store, netsuite: NetSuiteReading | SourceError) -> Testimony:
    """What else NetSuite has to say; a NetSuite that failed is not asked further."""
    if parts.witnesses is None or isinstance(netsuite, SourceError):
        return Testimony()
    testimony = hear(
        parts.witnesses,
        parts.clock.now,
        application=parts.netsuite_application,
        after_note=last_note(store),
    )
    for failure in testimony.failures:
        log.warning("witness_failed", error=failure)
    return testimony


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
    for report in store.unread.record(reading.unread, reading.taken_at):
        log.warning("report_unread", report=report.report_id, error=report.sentence)
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
