"""Reports that reached NetSuite -> the rules that had said they would not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from monitor.core.predict.rules import Finding, Subject, findings
from monitor.core.predict.rules.table import changed_at
from monitor.core.predict.situation import NO_REFUTATIONS, Situation
from monitor.core.predict.subjects import subject_of
from monitor.core.records import Ref
from monitor.core.refutations import Refutation
from monitor.core.reports import PendingReport
from monitor.core.risks import Cause, Certainty
from monitor.core.sync import Imported

_UNTIL_A_SYNC = (Cause.EDITED_SINCE_SYNC, Cause.EMPLOYEE_EDITED_SINCE_SYNC)


def refuted_by(
    situation: Situation,
    exported: Mapping[str, datetime],
    parts: tuple[PendingReport, ...],
    foretold: Collection[tuple[str, Ref]],
) -> tuple[Refutation, ...]:
    """What clean exports say against the rules, as NetSuite's records stand now.

    `parts`: the reports with the lines that were exported, `exported`: when, by report id. A record
    that changed only after the export proves nothing, nor does a guess at what a text means. Only
    what stood against the report before (`foretold`) can be refuted: else something that a rule
    looks at besides the record has changed since, a submitter's default or Expensify's list.
    """
    if not parts:
        return ()
    asked = replace(situation, reports=parts, refutations=NO_REFUTATIONS)
    found = {
        refutation
        for workspace in asked.workspaces
        for ref, use in asked.uses(workspace).items()
        if use.lines and not use.is_ambiguous
        for refutation in _of(subject_of(ref, workspace, asked), exported)
        if (refutation.report_id, ref) in foretold
    }
    return tuple(sorted(found))


def _of(subject: Subject, exported: Mapping[str, datetime]) -> Iterator[Refutation]:
    changed = changed_at(subject)
    for finding in findings(subject):
        if finding.certainty is Certainty.POSSIBLE or finding.cause is Cause.SYNC_FAILING:
            continue
        for cell in finding.cells:
            exported_at = exported.get(cell.report_id)
            if exported_at is None or (changed is not None and exported_at <= changed):
                continue
            yield Refutation(
                finding.cause,
                subject.ref,
                subject.workspace.subsidiary or "",
                cell.route,
                cell.report_id,
                exported_at,
                _is_lesson(finding, subject),
            )


def _is_lesson(finding: Finding, subject: Subject) -> bool:
    """Where nobody knows whether an edit was imported, an export only tells that it was."""
    if finding.cause not in _UNTIL_A_SYNC or subject.drifted is None:
        return True
    return subject.drifted.verdict.imported is Imported.NO
