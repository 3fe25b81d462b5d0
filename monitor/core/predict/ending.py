"""How a risk came to its end, in one sentence: evidence, never silence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from monitor.core.predict.rules import judge
from monitor.core.predict.situation import Situation
from monitor.core.predict.subjects import subject_of
from monitor.core.records import Record
from monitor.core.reports import CodedText, PendingReport, Workspace, pending_lines
from monitor.core.risks import TEXT, Cause, ExposedReport, Risk
from monitor.core.subsidiaries import Access
from monitor.core.sync import Imported

_MOST_NAMED = 5


def ending_of(risk: Risk, situation: Situation, departed: Mapping[str, str]) -> str:
    """Why the risk is no longer there, given how reports left (report id -> "was exported …").

    While some pending report still uses the record, its condition must have ended; otherwise it is
    said of every report how it left.
    """
    workspace = situation.workspace(risk.policy_id)
    if workspace is None:
        return "its workspace is no longer in the monitor's configuration"
    if not risk.reports or risk.ref in situation.uses(workspace):
        return _condition(risk, workspace, situation)
    ways = _ways(risk, workspace, situation, departed)
    how = "; ".join(_together(ids, way) for way, ids in ways.items())
    return "no pending report uses it any more" + (f": {how}" if how else "")


def _condition(risk: Risk, workspace: Workspace, situation: Situation) -> str:
    """What ended the cause, as the record and the drift show it now."""
    if risk.cause in _EDITS:
        return _edit_ended(risk, workspace, situation)
    if risk.cause is Cause.SYNC_FAILING:
        return _ENDED[risk.cause]
    subject = subject_of(risk.ref, workspace, situation)
    judged = next((one for one in judge(subject) if one.rule.cause is risk.cause), None)
    if judged is not None and judged.refuted:
        return f"exports of the same went well: {judged.refuted[0].sentence}"
    if risk.cause is Cause.OUTSIDE_SUBSIDIARY and subject.present is not None:
        return _scope_ended(subject.present, workspace, situation)
    is_over = judged is not None and not judged.findings and judged.off is None
    if not is_over or (subject.is_gone and risk.cause not in _OF_NO_RECORD):
        return _NO_MORE
    return _ENDED.get(risk.cause, _NO_MORE)


_EDITS = (
    Cause.EDITED_SINCE_SYNC,
    Cause.EMPLOYEE_EDITED_SINCE_SYNC,
    Cause.EMPLOYEE_RULE_STALE,
    Cause.NEW_NOT_IMPORTED,
)
_OF_NO_RECORD = (Cause.BILLABLE_WITHOUT_CUSTOMER, Cause.UNKNOWN_TEXT)
_NO_MORE = "the monitor finds no reason any more why NetSuite should refuse it"
_ENDED = {
    Cause.DELETED: "it is back in NetSuite",
    Cause.INACTIVE: "it is active again in NetSuite",
    Cause.SEGMENT_VALUE_DELETED: "it is back in NetSuite",
    Cause.SEGMENT_VALUE_INACTIVE: "it is active again in NetSuite",
    Cause.CUSTOMER_OUTSIDE_SUBSIDIARY: "the workspace's expenses may name it now",
    Cause.PROJECT_CLOSED_TO_EXPENSES: "it allows expenses now in NetSuite",
    Cause.NOT_A_RESOURCE: "all who submit it may use it now in NetSuite",
    Cause.BILLABLE_WITHOUT_CUSTOMER: "every billable expense names a customer or project now",
    Cause.EMPLOYEE_DEFAULT_BROKEN: "NetSuite would take it as a default now",
    Cause.EMPLOYEE_UNUSABLE: "it is an active employee of the workspace's subsidiary now",
    Cause.EMPLOYEE_DEFAULT_EMPTY: "no required default is missing any more",
    Cause.PROJECTS_ONLY: "NetSuite takes customers on expenses, by the monitor's configuration",
    Cause.SYNC_FAILING: "nothing shows any more that its sync fails",
    Cause.PARENT_INACTIVE: "nothing above it is inactive any more in NetSuite",
}
"""What is true where the rule looked and did not fire."""


def _scope_ended(record: Record, workspace: Workspace, situation: Situation) -> str:
    if workspace.subsidiary is None:
        return "the workspace has no subsidiary any more in the monitor's configuration"
    if situation.tree.access(record, workspace.subsidiary) is Access.ALLOWED:
        return f"subsidiary {workspace.subsidiary} may use it now in NetSuite"
    return _NO_MORE


def _edit_ended(risk: Risk, workspace: Workspace, situation: Situation) -> str:
    drifted = situation.drifted(workspace, risk.ref)
    if drifted is not None and drifted.verdict.imported is Imported.YES:
        return f"Expensify has imported the change: {drifted.verdict.sentence}"
    drift = situation.drift.get(workspace.policy_id)
    synced_at = drift.last_sync.not_before if drift else None
    if synced_at is not None and risk.since is not None and risk.since < synced_at:
        return "Expensify has imported the change: it has synced since"
    return "the change was taken back in NetSuite"


def _ways(
    risk: Risk, workspace: Workspace, situation: Situation, departed: Mapping[str, str]
) -> dict[str, list[str]]:
    """How the reports left, and which of them so."""
    pending = {report.report_id: report for report in situation.reports}
    ways: dict[str, list[str]] = defaultdict(list)
    for exposed in risk.reports:
        report = pending.get(exposed.report_id)
        how = _still_pending(risk, exposed, report, workspace) if report else None
        if way := how or departed.get(exposed.report_id):
            ways[way].append(exposed.report_id)
    return ways


def _still_pending(
    risk: Risk, exposed: ExposedReport, report: PendingReport, workspace: Workspace
) -> str:
    if report.policy_id != workspace.policy_id:
        return "was moved to another workspace"
    if not exposed.bad_texts:
        return _WITHOUT_A_TEXT.get(exposed.cause or risk.cause, "was recoded")
    texts = _texts(report)
    if any(bad.coded in texts for bad in exposed.bad_texts):
        what = "NetSuite knows now" if risk.ref.kind == TEXT else "no longer means this record"
        return f"has the same text, which {what}"
    return "was recoded"


_WITHOUT_A_TEXT = {
    Cause.EMPLOYEE_UNUSABLE: "has a submitter whom NetSuite knows otherwise now",
    Cause.EMPLOYEE_DEFAULT_BROKEN: "has a submitter with another default in NetSuite now",
    Cause.BILLABLE_WITHOUT_CUSTOMER: "has no billable expense without a customer any more",
}
"""How a report that is still pending left a risk that no text of it made."""


def _texts(report: PendingReport) -> set[CodedText]:
    lines: Iterable[CodedText] = (text for line in pending_lines(report) for text in line.texts)
    return {*lines, *report.fields}


def _together(report_ids: list[str], way: str) -> str:
    named = ", ".join(report_ids[:_MOST_NAMED])
    more = len(report_ids) - _MOST_NAMED
    if len(report_ids) > 1:
        verb, _, rest = way.partition(" ")
        way = f"{_PLURAL.get(verb, verb)} {rest}"
    return f"{named} and {more} more {way}" if more > 0 else f"{named} {way}"


_PLURAL = {"was": "were", "has": "have"}
