"""Today's risks, yesterday's -> what became of each: opened, watched, frozen, or ended and how."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.alerts.beside import told_of, with_present
from monitor.core.alerts.endings import Endings, how_it_ended, is_uncertain
from monitor.core.alerts.values import RiskState, Sight, TrackedRisk
from monitor.core.records import Kind
from monitor.core.reports import ReportState
from monitor.core.risks import THEN_EXPORT, Cause, Certainty, ExposedReport, Remedy, Risk

ALIVE = (RiskState.WATCH, RiskState.OPEN, RiskState.BLIND)
TOLD = (RiskState.OPEN, RiskState.BLIND)

_EXPORT_THEM = (
    "A workspace admin exports the failed reports by hand: automatic export of them is paused."
)
_THEN_EXPORT_THEM = (
    "Automatic export of the failed reports is paused: after the fix a workspace admin exports "
    "them by hand."
)
"""As every remedy says it of reports that failed, so that it is said once."""
_RESTS_ON_THE_VIEW = (Cause.OUTSIDE_SUBSIDIARY, Cause.EDITED_SINCE_SYNC)
"""Causes that may come or go because the monitor's role sees other subsidiaries than before."""


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
    alive = [one for one in before if one.state in ALIVE]
    if risks is None:
        return tuple(map(_frozen, alive))
    earlier = {one.risk.fingerprint: replace(one, risk=told_of(one.risk)) for one in alive}
    present = {risk.fingerprint: risk for risk in risks}
    look = _Look(sight, endings, now)
    there = [one for risk in risks for one in look.present(risk, earlier.get(risk.fingerprint))]
    missing = [one for fingerprint, one in earlier.items() if fingerprint not in present]
    return (*there, *map(look.missing, missing))


def is_worth_telling(risk: Risk) -> bool:
    """Surer than possible, and some report is past its draft."""
    return risk.certainty > Certainty.POSSIBLE and any(
        report.state is not ReportState.OPEN
        and (report.certainty or risk.certainty) > Certainty.POSSIBLE
        for report in risk.reports
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at every risk with what this cycle could see."""

    sight: Sight
    endings: Endings
    now: datetime

    def present(self, risk: Risk, before: TrackedRisk | None) -> tuple[TrackedRisk, ...]:
        """What a risk of today is: one life, or two when a told one is only watched again."""
        if before is None:
            return (TrackedRisk(risk, self._untold(risk), opened_at=self.now),)
        risk = _with_its_story(risk, before.risk)
        if before.state not in TOLD:
            return (replace(before, risk=risk, state=self._untold(risk)),)
        if self._is_doubtful(risk):
            return (_beside(_frozen(before), risk),)
        standing = self._with_its_failed(risk, before.risk)
        if is_worth_telling(standing) or self._has_only_faded(standing, before.risk):
            return (replace(before, risk=standing, state=RiskState.OPEN, ended=""),)
        ended = self._ended(before, risk)
        if ended.state is not RiskState.RESOLVED:
            return (_beside(ended, risk),)
        return ended, TrackedRisk(risk, RiskState.WATCH, opened_at=self.now)

    def _has_only_faded(self, standing: Risk, told: Risk) -> bool:
        """Less sure than it was told, but nothing shows that it ended: it stays told."""
        is_waiting = any(
            report.state is not ReportState.OPEN and not report.is_export_unclear
            for report in standing.reports
        )
        is_same = standing.cause is told.cause and is_waiting
        return is_same and not is_uncertain(standing, self.now)

    def missing(self, one: TrackedRisk) -> TrackedRisk:
        """What became of a risk that is no more."""
        return self._ended(one, None)

    def _ended(self, one: TrackedRisk, present: Risk | None) -> TrackedRisk:
        if not self._sees(one.risk):
            return _frozen(one)
        how = how_it_ended(one.risk, present, self.endings, now=self.now)
        failed = self._failed_of(one.risk)
        if failed and one.state in TOLD:
            risk = replace(one.risk, reports=failed, remedy=_export_by_hand(one.risk.remedy))
            return replace(one, risk=risk, state=RiskState.OPEN, ended=one.ended or how)
        return replace(one, state=RiskState.RESOLVED, resolved_at=self.now, ended=how)

    def _untold(self, risk: Risk) -> RiskState:
        is_news = is_worth_telling(risk) and not self._is_doubtful(risk)
        return RiskState.OPEN if is_news else RiskState.WATCH

    def _sees(self, risk: Risk) -> bool:
        """Whether this cycle could have seen the risk; else its absence says nothing."""
        is_blind = any(kind == risk.ref.kind for kind, _ in self.sight.blind_kinds)
        rests_on_view = risk.cause in _RESTS_ON_THE_VIEW and self._is_unsure(risk)
        is_hidden = is_blind or rests_on_view or risk.fingerprint in self.endings.unseen
        return self.sight.is_whole and not is_hidden

    def _is_doubtful(self, risk: Risk) -> bool:
        """It may be there only because the monitor's role sees fewer subsidiaries than before."""
        return risk.cause is Cause.OUTSIDE_SUBSIDIARY and self._is_unsure(risk)

    def _is_unsure(self, risk: Risk) -> bool:
        return any(kind == Kind.SUBSIDIARY for kind, _ in self.sight.blind_kinds) or any(
            view.policy_id == risk.policy_id for view in self.sight.unsure_policies
        )

    def _with_its_failed(self, risk: Risk, told: Risk) -> Risk:
        """Reports that failed stay with their risk until they are exported, also once recoded."""
        here = {report.report_id for report in risk.reports}
        carried = [one for one in self._failed_of(told) if one.report_id not in here]
        if not carried:
            return risk
        reports = sorted([*risk.reports, *carried], key=lambda report: report.report_id)
        return replace(risk, reports=tuple(reports), remedy=_and_export(risk.remedy))

    def _failed_of(self, risk: Risk) -> tuple[ExposedReport, ...]:
        """Reports that wait for somebody to export them; no line of theirs need be at risk."""
        return tuple(
            replace(report, has_failed=True, lines=0, bad_texts=())
            for report in risk.reports
            if report.report_id in self.endings.still_failed
        )


def _frozen(one: TrackedRisk) -> TrackedRisk:
    return replace(one, state=RiskState.BLIND) if one.state in TOLD else one


def _beside(one: TrackedRisk, present: Risk) -> TrackedRisk:
    return replace(one, risk=with_present(one.risk, present))


def _with_its_story(risk: Risk, before: Risk) -> Risk:
    """A change leaves the drift once it is imported; what it was is still what happened."""
    if risk.what_changed or risk.cause is not before.cause:
        return risk
    return replace(
        risk,
        what_changed=before.what_changed,
        since=before.since,
        earliest_at=before.earliest_at,
        changed_by=before.changed_by,
    )


def _and_export(remedy: Remedy) -> Remedy:
    if THEN_EXPORT in remedy.also:
        return remedy
    return replace(
        remedy, steps=(*remedy.steps, _THEN_EXPORT_THEM), also=(*remedy.also, THEN_EXPORT)
    )


def _export_by_hand(remedy: Remedy) -> Remedy:
    return replace(remedy, sync_helps="no", steps=(_EXPORT_THEM,), also=(THEN_EXPORT,))
