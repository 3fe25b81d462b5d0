"""Today's risks, yesterday's -> what became of each: opened, watched, frozen, or ended and how."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.alerts.values import RiskState, Sight, TrackedRisk
from monitor.core.reports import ReportState
from monitor.core.risks import Cause, Certainty, Risk
from monitor.core.sync import Imported

ALIVE = (RiskState.WATCH, RiskState.OPEN, RiskState.BLIND)
TOLD = (RiskState.OPEN, RiskState.BLIND)


@dataclass(frozen=True, slots=True)
class Endings:
    """How a risk that is no longer there came to its end.

    `by_fingerprint`: one sentence each. `still_failed`: reports that failed and were not exported
    since; they keep their risk open until they are.
    """

    by_fingerprint: Mapping[str, str]
    still_failed: Collection[str] = ()


def track(
    risks: tuple[Risk, ...] | None,
    before: tuple[TrackedRisk, ...],
    *,
    sight: Sight,
    endings: Endings,
    now: datetime,
) -> tuple[TrackedRisk, ...]:
    """What every risk is now, alive or just ended; alerts are not assigned to new ones yet.

    `risks` None = nothing was predicted anew: everything stays, and what was open is blind.
    """
    earlier = {one.risk.fingerprint: one for one in before if one.state in ALIVE}
    if risks is None:
        return tuple(_frozen(one) for one in earlier.values())
    present = {risk.fingerprint: risk for risk in risks}
    alive = [
        _living(risk, earlier.get(fingerprint), sight, endings, now)
        for fingerprint, risk in present.items()
    ]
    missing = [one for fingerprint, one in earlier.items() if fingerprint not in present]
    return (*alive, *(_missing(one, sight, endings, now) for one in missing))


def is_worth_telling(risk: Risk) -> bool:
    """Surer than possible, and some report is past its draft."""
    return risk.certainty > Certainty.POSSIBLE and any(
        report.state is not ReportState.OPEN for report in risk.reports
    )


def is_uncertain(one: TrackedRisk) -> bool:
    """It was told, and now nothing shows any more whether Expensify has imported the change."""
    return (
        one.state is RiskState.WATCH
        and one.alert_id is not None
        and one.risk.cause is Cause.EDITED_SINCE_SYNC
        and one.risk.imported is Imported.UNKNOWN
        and bool(one.risk.reports)
    )


def _living(
    risk: Risk, before: TrackedRisk | None, sight: Sight, endings: Endings, now: datetime
) -> TrackedRisk:
    if before is None:
        state = RiskState.OPEN if is_worth_telling(risk) else RiskState.WATCH
        return TrackedRisk(risk, state, opened_at=now)
    risk = _with_its_story(risk, before.risk)
    if is_worth_telling(risk):
        return replace(before, risk=risk, state=RiskState.OPEN, ended="")
    if before.state not in TOLD:
        return replace(before, risk=risk, state=RiskState.WATCH)
    if not sight.is_whole:
        return _frozen(before)
    if waiting := _waiting_for_export(before, endings):
        return waiting
    # It keeps its alert for this one cycle, so that the thread hears why it is quiet again.
    how = _why_quiet(risk) or endings.by_fingerprint.get(risk.fingerprint, "the condition is gone")
    return replace(before, state=RiskState.WATCH, ended=how)


def _missing(one: TrackedRisk, sight: Sight, endings: Endings, now: datetime) -> TrackedRisk:
    is_blind = any(kind == one.risk.ref.kind for kind, _ in sight.blind_kinds)
    if not sight.is_whole or is_blind:
        return _frozen(one)
    if waiting := _waiting_for_export(one, endings):
        return waiting
    how = endings.by_fingerprint.get(one.risk.fingerprint, "the condition is gone")
    return replace(one, state=RiskState.RESOLVED, resolved_at=now, ended=how)


def _waiting_for_export(one: TrackedRisk, endings: Endings) -> TrackedRisk | None:
    """The cause is gone, but reports that failed still wait for somebody to export them."""
    failed = tuple(
        replace(report, has_failed=True)
        for report in one.risk.reports
        if report.report_id in endings.still_failed
    )
    if not failed or one.state not in TOLD:
        return None
    return replace(one, risk=replace(one.risk, reports=failed), state=RiskState.OPEN)


def _frozen(one: TrackedRisk) -> TrackedRisk:
    return replace(one, state=RiskState.BLIND) if one.state in TOLD else one


def _with_its_story(risk: Risk, before: Risk) -> Risk:
    """A change leaves the drift once it is imported; what it was is still what happened."""
    if risk.what_changed or risk.cause is not before.cause:
        return risk
    return replace(
        risk, what_changed=before.what_changed, since=before.since, changed_by=before.changed_by
    )


def _why_quiet(risk: Risk) -> str:
    if not risk.reports:
        return ""
    if all(report.state is ReportState.OPEN for report in risk.reports):
        return "its reports went back to drafts; the monitor goes on watching it"
    return "it is only possible now, no longer likely"
