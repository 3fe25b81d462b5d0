"""The predictor: what every workspace uses, held against the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from monitor.core.predict.exposure import exposed
from monitor.core.predict.rules import Finding, Subject, findings
from monitor.core.predict.situation import Situation
from monitor.core.predict.story import story_of
from monitor.core.predict.subjects import refs_of, subject_of
from monitor.core.remedy import Case, remedy_for
from monitor.core.reports import Workspace
from monitor.core.risks import Cause, Certainty, ExposedReport, Risk


def predict(situation: Situation) -> tuple[Risk, ...]:
    """List why exports would fail, ordered by fingerprint.

    A record that no pending report uses is a risk only when it changed since the last sync: it is
    watched then, without reports.
    """
    risks = [risk for workspace in situation.workspaces for risk in _risks_of(workspace, situation)]
    return tuple(sorted(risks, key=lambda risk: risk.fingerprint))


def _risks_of(workspace: Workspace, situation: Situation) -> list[Risk]:
    risks = list(_all_risks(workspace, situation))
    if workspace.policy_id not in situation.failing:
        return risks
    hidden = [risk for risk in risks if is_hidden(risk, situation)]
    return [_with_hidden(risk, hidden) for risk in risks if risk not in hidden]


def is_hidden(risk: Risk, situation: Situation) -> bool:
    """Whether the workspace fails to sync, so that only what is certain is said beside that."""
    is_failing = risk.policy_id in situation.failing
    is_itself = Cause.SYNC_FAILING in (risk.cause, *risk.other_causes)
    return is_failing and not is_itself and risk.certainty is not Certainty.CERTAIN


def _with_hidden(risk: Risk, hidden: Iterable[Risk]) -> Risk:
    """A failing sync stands for the reports of the risks that it hides."""
    if Cause.SYNC_FAILING not in (risk.cause, *risk.other_causes):
        return risk
    own = {report.report_id: report for report in risk.reports}
    speaks = risk.cause is Cause.SYNC_FAILING
    cause, certainty = (None, None) if speaks else (Cause.SYNC_FAILING, Certainty.LIKELY)
    for one in hidden:
        for report in one.reports:
            sure = Certainty.POSSIBLE if report.is_export_unclear else certainty
            told = replace(report, cause=cause, certainty=sure)
            own.setdefault(report.report_id, told)
    reports = tuple(own[report_id] for report_id in sorted(own))
    return replace(risk, reports=reports)


def _all_risks(workspace: Workspace, situation: Situation) -> Iterator[Risk]:
    for ref in refs_of(workspace, situation):
        subject = subject_of(ref, workspace, situation)
        if found := findings(subject):
            yield _risk(subject, found)


def _risk(subject: Subject, found: list[Finding]) -> Risk:
    """The strongest cause speaks; each report says by which it would fail, where that is another.

    A report is behind the risk as soon as one finding holds for it.
    """
    if subject.use.is_ambiguous:
        found = [finding._replace(certainty=Certainty.POSSIBLE) for finding in found]
    strongest = found[0]
    reports = tuple(_backing(subject, found))
    story = story_of(strongest.cause, subject)
    # A new record has its name: the next import cures what names it.
    is_succeeded = subject.is_gone and strongest.cells <= subject.use.succeeded
    case = Case(
        Cause.NEW_NOT_IMPORTED if is_succeeded else strongest.cause,
        story.verdict.imported,
        subject.ref,
        subject.name,
        subject.workspace,
        reports,
        subject.situation.netsuite_url,
        strongest.certainty,
        is_ambiguous=subject.use.is_ambiguous,
        is_billable=all(cell.is_billable for cell in strongest.cells),
        place=subject.use.place,
    )
    others = dict.fromkeys(finding.cause for finding in found)
    return Risk(
        policy_id=subject.workspace.policy_id,
        ref=subject.ref,
        full_name=subject.name,
        cause=strongest.cause,
        certainty=strongest.certainty,
        likely_code=strongest.likely_code,
        imported=story.verdict.imported,
        import_sentence=story.verdict.sentence,
        remedy=remedy_for(case),
        reports=reports,
        since=story.since,
        changed_by=story.changed_by,
        what_changed=story.what_changed,
        other_causes=tuple(cause for cause in others if cause is not strongest.cause),
        is_ambiguous=subject.use.is_ambiguous,
        earliest_at=story.earliest_at,
    )


def _backing(subject: Subject, found: list[Finding]) -> Iterator[ExposedReport]:
    """The reports of all findings; every one with the strongest finding that holds for it."""
    strongest = found[0]
    speaking: dict[str, Finding] = {}
    for finding in found:
        for report_id in finding.report_ids:
            speaking.setdefault(report_id, finding)
    for report_id in sorted(speaking):
        own = speaking[report_id]
        cells = {cell for one in found for cell in one.cells if cell.report_id == report_id}
        told = own.cause, own.certainty
        weaker = told if told != (strongest.cause, strongest.certainty) else None
        report = subject.situation.reports_by_id[report_id]
        yield exposed(report, subject.use, cells, weaker)
