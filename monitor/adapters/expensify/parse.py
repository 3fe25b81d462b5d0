"""The exporter's file -> pending reports; a row that cannot be read is refused by its id."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from monitor.adapters.expensify.template import field_variable
from monitor.core.reports import (
    CodedText,
    Export,
    Failure,
    PendingReport,
    ReportLine,
    ReportState,
    Workspace,
)
from monitor.errors import SourceError

EXPORTED, REFUSED, NETSUITE = "EXPORTINTEGRATION", "INTEGRATIONSMESSAGE", "NetSuite"
"""System actions in a report's history; a person's comment is another action and proves nothing."""

_STATES = {
    **{state.value: state for state in ReportState},
    "DRAFT": ReportState.OPEN,
    "PROCESSING": ReportState.SUBMITTED,
    "OUTSTANDING": ReportState.SUBMITTED,
    "PAID": ReportState.REIMBURSED,
    "CLOSED": ReportState.ARCHIVED,
    "DONE": ReportState.ARCHIVED,
}
"""Every vocabulary Expensify documents for a report's state."""
_NS_CODE = re.compile(r"NS\d{4}")


def parse_reports(content: bytes, workspaces: Mapping[str, Workspace]) -> tuple[PendingReport, ...]:
    """The reports in one exported file. Raises SourceError; nothing is half read."""
    try:
        rows = json.loads(content)["reports"]
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(
            "Expensify's export is no whole JSON document: the file was cut, or the template "
            "failed; nothing of this reading is kept",
            source="expensify",
        ) from error
    return tuple(_report(row, workspaces) for row in rows)


def _report(row: Any, workspaces: Mapping[str, Workspace]) -> PendingReport:
    try:
        workspace = workspaces.get(row["policy"])
        exports, failures = _history(row["history"])
        return PendingReport(
            report_id=_needed(row["id"]),
            policy_id=row["policy"],
            name=row["name"],
            submitter=row["submitter"],
            state=_state(row),
            total=Decimal(row["total"] or "0") / 100,
            currency=row["currency"],
            created_at=_moment(row["created"]),
            submitted_at=_moment(row["submitted"]),
            approved_at=_moment(row["approved"]),
            fields=tuple(_fields(row["fields"], workspace)),
            lines=tuple(_line(line, workspace) for line in row["lines"]),
            exports=exports,
            failures=failures,
        )
    except (KeyError, ValueError, TypeError, ArithmeticError) as error:
        named = row.get("id") if isinstance(row, dict) else None
        raise SourceError(
            f"Expensify sent a report the monitor cannot read (report {named or 'without id'}): "
            f"{error}; nothing of this reading is kept",
            source="expensify",
        ) from error


def _state(row: Mapping[str, str]) -> ReportState:
    for word in (row["state"], row["status"]):
        state = _STATES.get(word.strip().upper())
        if state is not None:
            return state
    raise ValueError(f"its state {row['status'] or row['state']!r} is unknown")


def _line(row: Mapping[str, Any], workspace: Workspace | None) -> ReportLine:
    return ReportLine(
        line_id=row["id"],
        texts=tuple(_tags(row, workspace)),
        category=row["category"],
        is_billable=row["billable"] == "true",
        # An expense is reimbursable unless Expensify says otherwise.
        is_reimbursable=row["reimbursable"] != "false",
        card=row["card"] or row["bank"],
    )


def _tags(row: Mapping[str, Any], workspace: Workspace | None) -> Iterator[CodedText]:
    """Levels as delivered; only where none is, the whole tag is the first level's."""
    levels: Sequence[str] = row["tags"]
    if not any(levels) and row["tag"]:
        levels = [row["tag"]]
    for number, text in enumerate(levels, start=1):
        place = f"tag:{number}"
        if text and (workspace is None or workspace.kinds_at(place)):
            yield CodedText(place, text)


def _fields(fields: Mapping[str, str], workspace: Workspace | None) -> Iterator[CodedText]:
    for coding in workspace.coding if workspace else ():
        if coding.place.startswith("report_field:"):
            text = fields.get(field_variable(coding.place), "")
            if text:
                yield CodedText(coding.place, text)


def _history(rows: Sequence[Mapping[str, Any]]) -> tuple[tuple[Export, ...], tuple[Failure, ...]]:
    exports, failures = [], []
    for row in rows:
        if row["action"] == EXPORTED and row["label"] == NETSUITE:
            exports.append(_export(row))
        elif row["action"] == REFUSED and row["label"] in (NETSUITE, ""):
            failures.append(_failure(row))
    return tuple(exports), tuple(failures)


def _export(row: Mapping[str, Any]) -> Export:
    is_manual = row["manual"] == "true"
    return Export(
        _when(row["created"]), is_manual, _truth(row["reimbursable"]), _truth(row["card"])
    )


def _failure(row: Mapping[str, Any]) -> Failure:
    text = " ".join([row["message"], *row["messages"]]).strip()
    code = _NS_CODE.search(text)
    return Failure(_when(row["created"]), code.group() if code else "", text)


def _when(text: str) -> datetime:
    moment = _moment(text)
    if moment is None:
        raise ValueError("an export in its history has no time")
    return moment


def _truth(word: str) -> bool | None:
    return None if word == "" else word == "true"


def _moment(text: str) -> datetime | None:
    """Expensify's moments carry no zone; they are taken as UTC."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _needed(text: str) -> str:
    if not text:
        raise ValueError("it has no id")
    return text
