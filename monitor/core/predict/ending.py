"""How a risk came to its end, in one sentence: evidence, never silence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from monitor.core.predict.situation import Situation
from monitor.core.records import Record
from monitor.core.reports import CodedText, PendingReport, Workspace, pending_lines
from monitor.core.risks import Cause, ExposedReport, Risk
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
    if risk.cause is Cause.EDITED_SINCE_SYNC:
        return _edit_ended(risk, workspace, situation)
    record = situation.book.present.get(risk.ref)
    if record is None:
        return _NO_MORE
    if risk.cause is Cause.DELETED:
        return "it is back in NetSuite"
    if risk.cause is Cause.INACTIVE and not record.is_inactive:
        return "it is active again in NetSuite"
    if risk.cause is Cause.OUTSIDE_SUBSIDIARY:
        return _scope_ended(record, workspace, situation)
    return _NO_MORE


_NO_MORE = "the monitor finds no reason any more why NetSuite should refuse it"


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
        how = _still_pending(exposed, report, workspace) if report else None
        if way := how or departed.get(exposed.report_id):
            ways[way].append(exposed.report_id)
    return ways


def _still_pending(exposed: ExposedReport, report: PendingReport, workspace: Workspace) -> str:
    if report.policy_id != workspace.policy_id:
        return "was moved to another workspace"
    texts = _texts(report)
    if any(bad.coded in texts for bad in exposed.bad_texts):
        return "has the same text, which no longer means this record"
    return "was recoded"


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
