"""The answer of `monitor risks` as a value: what would fail now, as the last cycle recorded it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from monitor.answers.caveats import RulesOff, rules_off
from monitor.answers.freshness import Freshness
from monitor.answers.known import Known
from monitor.answers.present import present_of
from monitor.core.alerts import Overlay, RiskState, TrackedRisk
from monitor.core.predict import BrokenDefault, sweep_employees
from monitor.core.reports import ReportState, Workspace
from monitor.core.risks import CurrencyTotal, ExposedReport, totals


@dataclass(frozen=True, slots=True)
class Exposure:
    """The risks that have pending reports, surest first. `doubts` are sentences about why they may
    be out of date; without any, the answer is the present truth. `employees` are those whose
    defaults would be refused, with or without a report; None = not asked for. `overlays` are what
    people laid over alerts and risks, as far as it holds.
    """

    freshness: Freshness
    risks: tuple[TrackedRisk, ...]
    workspaces: tuple[Workspace, ...] = ()
    time_zone: str = "UTC"
    doubts: tuple[str, ...] = ()
    rules_off: tuple[RulesOff, ...] = ()
    employees: tuple[BrokenDefault, ...] | None = None
    overlays: tuple[Overlay, ...] = ()

    def laid_over(self, tracked: TrackedRisk) -> tuple[Overlay, ...]:
        """What people said of the risk, or of the alert that told of it."""
        return tuple(one for one in self.overlays if one.is_about(tracked.risk, tracked.alert_id))

    @property
    def totals(self) -> tuple[CurrencyTotal, ...]:
        """What is at stake, currency by currency; each report and submitter counts once."""
        return totals(tuple(report for tracked in self.risks for report in tracked.risk.reports))


def exposure_of(
    known: Known, workspace: str | None, *, now: datetime, is_asking_for_employees: bool = False
) -> Exposure:
    """What would fail now in all workspaces or the named one, as the last cycle recorded it.

    Raises CannotAnswer when nothing was read yet, UsageError when there is no such workspace.
    """
    workspaces = known.workspaces(workspace)
    known.must_have_read()
    freshness = known.freshness(now)
    return Exposure(
        freshness=freshness,
        risks=listed(known.store.alerts.tracked(), (one.policy_id for one in workspaces)),
        workspaces=workspaces,
        time_zone=known.settings.time_zone,
        doubts=(*freshness.source_doubts(), *freshness.list_doubts()),
        rules_off=rules_off(known),
        employees=_swept(known, workspaces, now) if is_asking_for_employees else None,
        overlays=known.store.overlays.active(now),
    )


def _swept(
    known: Known, workspaces: tuple[Workspace, ...], now: datetime
) -> tuple[BrokenDefault, ...]:
    wanted = {one.policy_id for one in workspaces}
    everybody = sweep_employees(present_of(known, now=now).situation)
    return tuple(one for one in everybody if one.policy_id in wanted)


def listed(tracked: Iterable[TrackedRisk], policy_ids: Iterable[str]) -> tuple[TrackedRisk, ...]:
    """The risks people see: alive, with reports, of these workspaces; surest and worst first."""
    wanted = frozenset(policy_ids)
    alive = (
        one
        for one in tracked
        if one.state is not RiskState.RESOLVED and one.risk.reports and one.risk.policy_id in wanted
    )
    return tuple(sorted(alive, key=_urgency))


def alert_of(tracked: TrackedRisk) -> int | None:
    """The alert that told of the risk; a risk of drafts only was told to nobody."""
    return None if is_drafts_only(tracked.risk.reports) else tracked.alert_id


def is_drafts_only(reports: Iterable[ExposedReport]) -> bool:
    """Whether nobody has submitted any of the reports yet."""
    return all(report.state is ReportState.OPEN for report in reports)


def _urgency(tracked: TrackedRisk) -> tuple[object, ...]:
    risk = tracked.risk
    ready = sum(report.state.is_approved for report in risk.reports)
    return (-risk.certainty, -ready, -len(risk.reports), risk.policy_id, risk.full_name, risk.ref)
