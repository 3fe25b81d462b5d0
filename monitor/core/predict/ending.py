"""How a risk came to its end, in one sentence: evidence, never silence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from monitor.core.predict.rules import judge
from monitor.core.predict.situation import Situation
from monitor.core.predict.subjects import subject_of
from monitor.core.records import Record
from monitor.core.reports import (
    CodedText,
    PendingReport,
    ReportLine,
    Route,
    Workspace,
    pending_lines,
    route_of,
)
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
    how = in_words(ways_of(risk, situation, departed))
    return "no pending report uses it any more" + (f": {how}" if how else "")


def ways_of(risk: Risk, situation: Situation, departed: Mapping[str, str]) -> dict[str, str]:
    """How each report that stood behind the risk left it, by id, in words that follow "R-1 …".

    A report that nobody can account for is left out; asked only of those that left.
    """
    workspace = situation.workspace(risk.policy_id)
    ways: dict[str, str] = {}
    for exposed in risk.reports if workspace is not None else ():
        report = situation.reports_by_id.get(exposed.report_id)
        here = _still_pending(risk, exposed, report, situation) if report else None
        if way := here or departed.get(exposed.report_id):
            ways[exposed.report_id] = way
    return ways


def in_words(ways: Mapping[str, str]) -> str:
    """One clause for each way, those who went alike together; "" when nothing is known."""
    together: dict[str, list[str]] = defaultdict(list)
    for report_id, way in ways.items():
        together[way].append(report_id)
    return "; ".join(_together(report_ids, way) for way, report_ids in together.items())


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


def _still_pending(
    risk: Risk, exposed: ExposedReport, report: PendingReport, situation: Situation
) -> str:
    workspace = situation.workspace(risk.policy_id)
    if workspace is None or report.policy_id != workspace.policy_id:
        return "was moved to another workspace"
    use = situation.uses(workspace).get(risk.ref)
    if use is not None and any(cell.report_id == report.report_id for cell in use.lines):
        return "uses it as NetSuite should take it now"
    pending = pending_lines(report)
    exported = [line for line in report.lines if line not in pending]
    if not exposed.bad_texts:
        return _without_a_text(exposed.cause or risk.cause, pending, exported, workspace)
    texts = [bad.coded for bad in exposed.bad_texts]
    still = _texts(pending).union(report.fields).intersection(texts)
    if any(_is_coded_at(text.place, risk, workspace) for text in still):
        what = "NetSuite knows now" if risk.ref.kind == TEXT else "no longer means this record"
        return f"has the same text, which {what}"
    if still:
        return "is read anew: the workspace's coding was changed in the configuration"
    return _IN_PART if _texts(exported).intersection(texts) else _RECODED


_IN_PART, _RECODED = "was exported in part", "was recoded"


def _is_coded_at(place: str, risk: Risk, workspace: Workspace) -> bool:
    kinds = workspace.kinds_at(place)
    return bool(kinds) if risk.ref.kind == TEXT else risk.ref.kind in kinds


def _without_a_text(
    cause: Cause,
    pending: Collection[ReportLine],
    exported: Collection[ReportLine],
    workspace: Workspace,
) -> str:
    """How a report left a risk that no text of it made, but the lines that it is about."""
    if cause not in _WITHOUT_A_TEXT:
        return _RECODED

    def is_meant(line: ReportLine) -> bool:
        if cause is Cause.BILLABLE_WITHOUT_CUSTOMER:
            return line.is_billable
        return route_of(line, workspace) is not Route.VENDOR_BILL

    is_in_part = any(map(is_meant, exported)) and not any(map(is_meant, pending))
    return _IN_PART if is_in_part else _WITHOUT_A_TEXT[cause]


_WITHOUT_A_TEXT = {
    Cause.EMPLOYEE_UNUSABLE: "has a submitter whom NetSuite knows otherwise now",
    Cause.EMPLOYEE_DEFAULT_BROKEN: "has a submitter with another default in NetSuite now",
    Cause.BILLABLE_WITHOUT_CUSTOMER: "has no billable expense without a customer any more",
}


def _texts(lines: Collection[ReportLine]) -> set[CodedText]:
    return {text for line in lines for text in line.texts}


def _together(report_ids: list[str], way: str) -> str:
    named = ", ".join(report_ids[:_MOST_NAMED])
    more = len(report_ids) - _MOST_NAMED
    if len(report_ids) > 1:
        verb, _, rest = way.partition(" ")
        way = f"{_PLURAL.get(verb, verb)} {rest}"
    return f"{named} and {more} more {way}" if more > 0 else f"{named} {way}"


_PLURAL = {"was": "were", "is": "are", "has": "have", "uses": "use"}
