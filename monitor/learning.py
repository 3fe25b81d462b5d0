"""What exports teach: outcomes beside their predictions, and rules that exports speak against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from monitor.adapters.store import Store
from monitor.core.alerts import RiskState, TrackedRisk
from monitor.core.attempts import Attempt
from monitor.core.outcomes import Look, outcomes_of
from monitor.core.predict import Situation
from monitor.core.predict.refuted import refuted_by
from monitor.core.predict.situation import NO_REFUTATIONS
from monitor.core.predictions import Prediction, foretold_at
from monitor.core.records import Ref
from monitor.core.refutations import Refutation
from monitor.core.risks import Cause
from monitor.reading import ExpensifyReading

_Known = Mapping[str, tuple[Prediction, ...]]
"""What was predicted, by report id."""


def attempts_in(store: Store, reading: ExpensifyReading) -> tuple[Attempt, ...]:
    """The reports whose history says something new of an export; before the reading is kept."""
    told = {
        report.report_id: report
        for report in (*reading.reports, *reading.left)
        if report.exports or report.failures
    }
    return tuple(
        attempt
        for attempt in (store.outcomes.attempts(told) if told else ())
        if attempt.before is None
        or (attempt.before.exports, attempt.before.failures)
        != (attempt.after.exports, attempt.after.failures)
    )


def learn(store: Store, situation: Situation, attempts: tuple[Attempt, ...]) -> Situation:
    """Keep what the attempts teach; the situation as it is with that. In a transaction."""
    if not attempts:
        return situation
    known = _predictions_about(store, attempts)
    refutations = _refutations(store, situation, attempts, known)
    store.lessons.add(refutations)
    wrong = frozenset((one.report_id, one.ref, one.cause) for one in refutations)
    _keep(store, attempts, known, wrong, tuple(map(str, situation.unreadable)))
    subsidiaries = {one.policy_id: one.subsidiary for one in situation.workspaces}
    return replace(situation, refutations=store.lessons.known(subsidiaries) or NO_REFUTATIONS)


def learn_blindly(store: Store, attempts: tuple[Attempt, ...]) -> None:
    """The same while NetSuite cannot be read: nobody can say what was fixed. In a transaction."""
    if attempts:
        _keep(store, attempts, _predictions_about(store, attempts), None, ("netsuite",))


def remember_predictions(store: Store, tracked: Iterable[TrackedRisk], now: datetime) -> None:
    """Keep what stands from now on, report by report. In a transaction."""
    store.outcomes.predict(_predictions(tracked, now), now)


def _predictions_about(store: Store, attempts: tuple[Attempt, ...]) -> _Known:
    return store.outcomes.predictions([one.after.report_id for one in attempts])


def _refutations(
    store: Store, situation: Situation, attempts: tuple[Attempt, ...], known: _Known
) -> tuple[Refutation, ...]:
    parts = [part for attempt in attempts if (part := attempt.settled()) is not None]
    exported = {report.report_id: at for report, at in parts}
    foretold = {
        (report_id, ref): since
        for report_id, at in exported.items()
        for ref, since in foretold_at(known.get(report_id, ()), at).items()
    }
    found = refuted_by(situation, exported, tuple(report for report, _ in parts), foretold)
    return tuple(
        one
        for one in found
        if not _was_edited(store, one.ref, foretold[one.report_id, one.ref], situation.now)
    )


def _was_edited(store: Store, ref: Ref, since: datetime, now: datetime) -> bool:
    """Opened for the export and closed again after it: only NetSuite's notes show that."""
    return ref.id.lstrip("-").isdecimal() and bool(store.notes.of(ref, since, now))


def _keep(
    store: Store,
    attempts: tuple[Attempt, ...],
    known: _Known,
    wrong: frozenset[tuple[str, Ref, Cause]] | None,
    unread: tuple[str, ...],
) -> None:
    baseline = store.outcomes.baseline()
    if baseline is None:
        return
    look = Look(baseline, wrong, unread)
    store.outcomes.add(
        outcome
        for attempt in attempts
        for outcome in outcomes_of(attempt, known.get(attempt.after.report_id, ()), look)
    )


def _predictions(tracked: Iterable[TrackedRisk], now: datetime) -> Iterator[Prediction]:
    for one in tracked:
        if one.state is RiskState.RESOLVED:
            continue
        risk = one.risk
        for report in risk.reports:
            # It waits only to be exported by hand: no line of it is at risk any more.
            if report.lines == 0:
                continue
            yield Prediction(
                report.report_id,
                risk.policy_id,
                risk.ref,
                report.cause or risk.cause,
                report.certainty or risk.certainty,
                risk.likely_code if report.cause in (None, risk.cause) else None,
                now,
            )
