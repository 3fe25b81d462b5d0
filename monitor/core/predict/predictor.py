"""The predictor: what every workspace uses, held against the rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from monitor.core.imported import ImportVerdict, moment_of
from monitor.core.predict.exposure import Use, exposed
from monitor.core.predict.rules import Finding, Subject, findings, is_due_to
from monitor.core.predict.situation import Situation
from monitor.core.predict.wording import describe
from monitor.core.records import Ref
from monitor.core.remedy import Case, remedy_for
from monitor.core.reports import Workspace
from monitor.core.risks import Cause, Certainty, ExposedReport, Risk
from monitor.core.sync import MARGIN, Imported


def predict(situation: Situation) -> tuple[Risk, ...]:
    """List why exports would fail, ordered by fingerprint.

    A record that no pending report uses is a risk only when it changed since the last sync: it is
    watched then, without reports.
    """
    risks = [risk for workspace in situation.workspaces for risk in _risks_of(workspace, situation)]
    return tuple(sorted(risks, key=lambda risk: risk.fingerprint))


def _risks_of(workspace: Workspace, situation: Situation) -> Iterator[Risk]:
    reports = situation.reports_of(workspace)
    uses = situation.uses(workspace)
    for ref in sorted({*uses, *_watched(workspace, situation)}):
        subject = _subject(ref, workspace, situation)
        found = findings(subject)
        if found:
            use = uses.get(ref, Use())
            backing = tuple(exposed(reports[report_id], use) for report_id in sorted(use.lines))
            yield _risk(subject, found, use, backing, situation)


def _watched(workspace: Workspace, situation: Situation) -> Iterator[Ref]:
    """What changed since the last sync, of the kinds that people can code."""
    drift = situation.drift.get(workspace.policy_id)
    coded = {coding.kind for coding in workspace.coding if ":" in coding.place}
    for ref in drift.changes if drift else ():
        is_readable = ref.kind in coded and ref.kind not in situation.unreadable
        if is_readable and situation.book.get(ref) is not None:
            yield ref


def _subject(ref: Ref, workspace: Workspace, situation: Situation) -> Subject:
    record = situation.book.get(ref)
    assert record is not None  # a match and a watched change are both in the book
    return Subject(
        record=record,
        is_gone=ref in situation.book.gone,
        former=situation.book.former(ref),
        workspace=workspace,
        tree=situation.tree,
        drifted=situation.drifted(workspace, ref),
        now=situation.now,
        is_unsure_of_subsidiary=situation.is_unsure_of_subsidiary(workspace),
    )


def _risk(
    subject: Subject,
    found: list[Finding],
    use: Use,
    reports: tuple[ExposedReport, ...],
    situation: Situation,
) -> Risk:
    strongest, record = found[0], subject.record
    certainty = Certainty.POSSIBLE if use.is_ambiguous else strongest.certainty
    story = _story(strongest.cause, subject, situation)
    case = Case(
        strongest.cause,
        story.verdict.imported,
        record.ref,
        record.full_name,
        subject.workspace,
        reports,
        situation.netsuite_url,
        certainty,
    )
    return Risk(
        policy_id=subject.workspace.policy_id,
        ref=record.ref,
        full_name=record.full_name,
        cause=strongest.cause,
        certainty=certainty,
        likely_code=strongest.likely_code,
        imported=story.verdict.imported,
        import_sentence=story.verdict.sentence,
        remedy=remedy_for(case),
        reports=reports,
        since=story.since,
        changed_by=story.changed_by,
        what_changed=story.what_changed,
        other_causes=tuple(finding.cause for finding in found[1:]),
        is_ambiguous=use.is_ambiguous,
    )


class _Story(NamedTuple):
    """How the cause came about, and whether Expensify has imported that."""

    verdict: ImportVerdict
    since: datetime | None = None
    changed_by: str | None = None
    what_changed: str = ""


def _story(cause: Cause, subject: Subject, situation: Situation) -> _Story:
    drifted = subject.drifted
    if drifted is not None and is_due_to(cause, subject):
        change = drifted.change
        since = moment_of(change)[1]
        return _Story(drifted.verdict, since, change.modified_by, describe(change))
    verdict = _before_the_drift(subject, situation)
    # The last edit is told only where it can be what made the record so.
    is_told = drifted is None and not subject.is_gone
    return _Story(verdict, subject.record.modified_at if is_told else None)


def _before_the_drift(subject: Subject, situation: Situation) -> ImportVerdict:
    """What did not change since the last sync has been imported: that is what a sync does.

    Where the drift reaches back less far than the sync, nobody saw the record at that time.
    """
    drift = situation.drift.get(subject.workspace.policy_id)
    synced_at = drift.last_sync.not_before if drift else None
    if drift is None or synced_at is None:
        return ImportVerdict(
            Imported.UNKNOWN, "it was so when the monitor began, and no sync since then is known"
        )
    if drift.since is None or drift.since <= synced_at:
        return ImportVerdict(Imported.YES, "it was so before Expensify last synced")
    edited_at = None if subject.drifted else subject.record.modified_at
    if edited_at is not None and edited_at + MARGIN < synced_at:
        return ImportVerdict(Imported.YES, "NetSuite last edited it before Expensify last synced")
    return ImportVerdict(
        Imported.UNKNOWN, "it was so when the monitor began, after the last sync it knows of"
    )
