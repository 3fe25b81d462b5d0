"""The predictor: what every workspace uses, held against the rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.core.drift import Drift, DriftedChange
from monitor.core.imported import ImportVerdict, moment_of
from monitor.core.match import RecordBook
from monitor.core.predict.exposure import Use, exposed, uses_of
from monitor.core.predict.rules import Finding, Subject, findings
from monitor.core.records import Change, ChangeWord, Ref
from monitor.core.remedy import Case, remedy_for
from monitor.core.reports import PendingReport, Workspace
from monitor.core.risks import Certainty, ExposedReport, Risk
from monitor.core.subsidiaries import SubsidiaryTree
from monitor.core.sync import Imported


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a prediction looks at: the present state of both sides, and the drift between."""

    now: datetime
    book: RecordBook
    workspaces: tuple[Workspace, ...]
    reports: tuple[PendingReport, ...] = ()
    drift: Mapping[str, Drift] = field(default_factory=dict)
    """By policy id."""
    tree: SubsidiaryTree = field(default_factory=SubsidiaryTree)
    unreadable: Collection[str] = ()
    """Kinds whose list is off, blind or held back: their rules are off."""
    netsuite_url: str = ""
    """Where people open NetSuite."""


def predict(situation: Situation) -> tuple[Risk, ...]:
    """List why exports would fail, ordered by fingerprint.

    A record that no pending report uses is a risk only when it changed since the last sync: it is
    watched then, without reports.
    """
    risks = [risk for workspace in situation.workspaces for risk in _risks_of(workspace, situation)]
    return tuple(sorted(risks, key=lambda risk: risk.fingerprint))


def _risks_of(workspace: Workspace, situation: Situation) -> Iterator[Risk]:
    reports = {r.report_id: r for r in situation.reports if r.policy_id == workspace.policy_id}
    uses = uses_of(workspace, reports.values(), situation.book, situation.unreadable)
    drift = situation.drift.get(workspace.policy_id)
    drifted = _watched(drift, workspace, situation) if drift else {}
    for ref in sorted(uses.keys() | drifted.keys()):
        subject = _subject(ref, workspace, situation, drifted.get(ref))
        found = findings(subject)
        if found:
            use = uses.get(ref, Use())
            backing = tuple(exposed(reports[report_id], use) for report_id in sorted(use.lines))
            yield _risk(subject, found, use, backing, situation)


def _watched(drift: Drift, workspace: Workspace, situation: Situation) -> dict[Ref, DriftedChange]:
    coded = {coding.kind for coding in workspace.coding if ":" in coding.place}
    return {
        ref: drifted
        for ref, drifted in drift.changes.items()
        if ref.kind in coded
        and ref.kind not in situation.unreadable
        and situation.book.get(ref) is not None
    }


def _subject(
    ref: Ref, workspace: Workspace, situation: Situation, drifted: DriftedChange | None
) -> Subject:
    record = situation.book.get(ref)
    assert record is not None  # a match and a watched change are both in the book
    return Subject(
        record=record,
        is_gone=ref in situation.book.gone,
        former=situation.book.former(ref),
        workspace=workspace,
        tree=situation.tree,
        drifted=drifted,
        now=situation.now,
    )


def _risk(
    subject: Subject,
    found: list[Finding],
    use: Use,
    reports: tuple[ExposedReport, ...],
    situation: Situation,
) -> Risk:
    strongest, drifted, record = found[0], subject.drifted, subject.record
    verdict = drifted.verdict if drifted else _before_the_drift(subject.workspace, situation)
    imported = verdict.imported
    case = Case(
        strongest.cause,
        imported,
        record.ref,
        record.full_name,
        subject.workspace,
        reports,
        situation.netsuite_url,
    )
    return Risk(
        policy_id=subject.workspace.policy_id,
        ref=record.ref,
        full_name=record.full_name,
        cause=strongest.cause,
        certainty=Certainty.POSSIBLE if use.is_ambiguous else strongest.certainty,
        likely_code=strongest.likely_code,
        imported=imported,
        import_sentence=verdict.sentence,
        remedy=remedy_for(case),
        reports=reports,
        since=moment_of(drifted.change)[1] if drifted else record.modified_at,
        changed_by=drifted.change.modified_by if drifted else None,
        what_changed=describe(drifted.change) if drifted else "",
        other_causes=tuple(finding.cause for finding in found[1:]),
        is_ambiguous=use.is_ambiguous,
    )


def _before_the_drift(workspace: Workspace, situation: Situation) -> ImportVerdict:
    """What did not change since the last sync has been imported: that is what a sync does."""
    drift = situation.drift.get(workspace.policy_id)
    if drift is None or drift.last_sync.not_before is None:
        return ImportVerdict(
            Imported.UNKNOWN, "it was so when the monitor began, and no sync since then is known"
        )
    return ImportVerdict(Imported.YES, "it was so before Expensify last synced")


def describe(change: Change) -> str:
    """What somebody did in NetSuite, in words; the moment is told beside it."""
    what = f"{change.kind} “{change.full_name}”"
    before, after = change.before, change.after
    if change.change is ChangeWord.RENAMED and before and after:
        return f"{change.kind} “{before.full_name}” was renamed to “{after.full_name}”"
    if change.change is ChangeWord.MOVED and before and after:
        return f"{change.kind} “{before.full_name}” was moved to “{after.full_name}”"
    if change.change is not ChangeWord.EDITED:
        return f"{what} was {change.change.value}"
    edited = ", ".join(_FIELD_WORDS.get(one.field, one.field) for one in change.fields)
    return f"{what} was edited: {edited}"


_FIELD_WORDS = {
    "full_name": "its path",
    "subsidiary_ids": "its subsidiaries",
    "include_children": "include-children",
    "external_id": "its external id",
    "allow_expenses": "whether it allows expenses",
    "limit_to_resources": "whether it is limited to its resources",
    "resource_ids": "its resources",
    "other_names": "its other names",
    "customer_id": "its customer",
}
