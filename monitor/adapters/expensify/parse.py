"""The exporter's file -> pending reports; one that cannot be read is set aside by its id."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from monitor.adapters.document import storable
from monitor.adapters.expensify.template import FIELD, field_variables
from monitor.core.moments import plausible
from monitor.core.reports import (
    NO_CURRENCY,
    CodedText,
    Export,
    Failure,
    PendingReport,
    ReportLine,
    ReportState,
    UnreadReport,
    Workspace,
    tag_level,
)
from monitor.errors import SourceError

EXPORTED, REFUSED, NETSUITE = "EXPORTINTEGRATION", "INTEGRATIONSMESSAGE", "NetSuite"
"""System actions in a report's history; a person's comment is another action and proves nothing."""

_STATES = {
    **{state.value: state for state in ReportState},
    "DRAFT": ReportState.OPEN,
    "PROCESSING": ReportState.SUBMITTED,
    "OUTSTANDING": ReportState.SUBMITTED,
    "BILLING": ReportState.REIMBURSED,
    "AUTOREIMBURSED": ReportState.REIMBURSED,
    "MANUALREIMBURSED": ReportState.REIMBURSED,
    "PAID": ReportState.REIMBURSED,
    "CLOSED": ReportState.ARCHIVED,
    "DONE": ReportState.ARCHIVED,
}
"""Every vocabulary Expensify documents for a report's state."""
_YES, _NO = ("true", "yes", "y", "1"), ("false", "no", "n", "0")
_LONGEST_ID = 100
_LONGEST_WHY = 200
_CENT = Decimal("0.01")
_NS_CODE = re.compile(r"\bNS\d{4}\b")
_BETWEEN_LEVELS = re.compile(r"(?<![\\\s]):(?!\s)")
"""A colon that joins two levels: one that is part of a name is escaped, and NetSuite writes blanks
around those of a path.
"""


def parse_reports(
    content: bytes, workspaces: Mapping[str, Workspace]
) -> tuple[PendingReport | UnreadReport, ...]:
    """The reports in one exported file; one that cannot be read is named, and the others are kept.

    Raises SourceError for a file that is no whole answer, also where a report does not say which
    one it is: any report that is missing could be that one.
    """
    try:
        rows = [row for document in _documents(content) for row in document["reports"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SourceError(
            "Expensify's export is no whole JSON document: the file was cut, or the template "
            "failed; nothing of this reading is kept",
            source="expensify",
        ) from error
    return tuple(_report(row, workspaces) for row in rows)


def _documents(content: bytes) -> Iterator[Any]:
    """Usually one. A large export may be rendered piece by piece, each with the whole template."""
    text = content.decode("utf-8-sig").lstrip()
    decoder, begin = json.JSONDecoder(), 0
    while begin < len(text) or not begin:
        document, end = decoder.raw_decode(text, begin)
        yield storable(document, content)
        begin = len(text) - len(text[end:].lstrip())


def _report(row: Any, workspaces: Mapping[str, Workspace]) -> PendingReport | UnreadReport:
    report_id = _id_of(row)
    try:
        return _whole_report(report_id, row, workspaces)
    except (KeyError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
        policy_id = row.get("policy")
        said = policy_id if isinstance(policy_id, str) else ""
        return UnreadReport(report_id, said, _why(error))


def _id_of(row: Any) -> str:
    report_id = row.get("id") if isinstance(row, dict) else None
    if not isinstance(report_id, str) or not 0 < len(report_id) <= _LONGEST_ID:
        raise SourceError(
            "Expensify sent a report without id: nobody can tell which one it is, so nothing of "
            "this reading is kept",
            source="expensify",
        )
    return report_id


def _whole_report(
    report_id: str, row: Mapping[str, Any], workspaces: Mapping[str, Workspace]
) -> PendingReport:
    policy_id = _text(row["policy"])
    workspace = workspaces.get(policy_id)
    exports, failures = _history(row["history"])
    return PendingReport(
        report_id=report_id,
        policy_id=policy_id,
        name=html.unescape(_text(row["name"])),
        submitter=_text(row["submitter"]),
        state=_state(row),
        total=_money(_text(row["total"])),
        currency=row["currency"].strip() or NO_CURRENCY,
        created_at=_moment(row["created"]),
        submitted_at=_moment(row["submitted"]),
        approved_at=_moment(row["approved"]),
        fields=tuple(_fields(row["fields"], workspace)),
        lines=tuple(_line(line, workspace) for line in row["lines"]),
        exports=exports,
        failures=failures,
    )


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it has no {error}"
    said = str(error) if isinstance(error, ValueError) else "a value is not what it should be"
    return said if len(said) <= _LONGEST_WHY else f"{said[:_LONGEST_WHY]}…"


def _text(value: Any) -> str:
    """Our template writes texts only; a value of another sort is no report of ours."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.60} is no text")
    return value


def _state(row: Mapping[str, str]) -> ReportState:
    for word in (row["status"], row["state"]):
        state = _STATES.get(word.strip().upper())
        if state is not None:
            return state
    raise ValueError(f"its state {row['status'] or row['state']!r} is unknown")


def _money(cents: str) -> Decimal:
    """An amount in whole units, always with two decimals."""
    try:
        amount = (Decimal(cents or "0") / 100).quantize(_CENT)
    except ArithmeticError as error:
        raise ValueError(f"its total {cents!r} is no amount") from error
    if amount.is_nan():
        raise ValueError(f"its total {cents!r} is no amount")
    return amount


def _line(row: Mapping[str, Any], workspace: Workspace | None) -> ReportLine:
    return ReportLine(
        line_id=_text(row["id"]),
        texts=tuple(_tags(row, workspace)),
        category=html.unescape(_text(row["category"])),
        is_billable=row["billable"].lower() in _YES,
        # An expense is reimbursable unless Expensify says otherwise.
        is_reimbursable=row["reimbursable"].lower() not in _NO,
        card=html.unescape(_text(row["card"])),
        bank=html.unescape(_text(row["bank"])),
    )


def _tags(row: Mapping[str, Any], workspace: Workspace | None) -> Iterator[CodedText]:
    """Levels as delivered; only where there is none at all, those that `tag` holds."""
    levels: Sequence[str] = row["tags"]
    if not any(map(str.strip, levels)):
        levels = _levels_in(row["tag"], workspace)
    for number, text in enumerate(levels, start=1):
        place = f"tag:{number}"
        # Also where nothing is coded: that is how a deeper level, or another one, is noticed.
        if text.strip():
            yield CodedText(place, text)


def _levels_in(tag: str, workspace: Workspace | None) -> Sequence[str]:
    """A single-level tag is one text, colons and all; several levels are joined by colons."""
    if workspace and any(tag_level(coding.place) > 1 for coding in workspace.coding):
        return _BETWEEN_LEVELS.split(tag)
    return [tag]


def _fields(fields: Mapping[str, str], workspace: Workspace | None) -> Iterator[CodedText]:
    places = [coding.place for coding in workspace.coding] if workspace else []
    for place in dict.fromkeys(place for place in places if place.startswith(FIELD)):
        texts = (fields.get(variable, "") for variable in field_variables(place))
        if text := next(filter(str.strip, texts), ""):
            yield CodedText(place, text)


def _history(rows: Sequence[Mapping[str, Any]]) -> tuple[tuple[Export, ...], tuple[Failure, ...]]:
    exports, failures = [], []
    for row in rows:
        if row["action"] == EXPORTED and row["label"] == NETSUITE:
            exports.append(_export(row))
        elif row["action"] == REFUSED and row["label"] in (NETSUITE, ""):
            failures.append(_failure(row))
    return tuple(exports), tuple(failures)


def _export(row: Mapping[str, Any]) -> Export:
    is_manual = row["manual"].lower() in _YES
    return Export(
        _when(row["created"]), is_manual, _truth(row["reimbursable"]), _truth(row["card"])
    )


def _failure(row: Mapping[str, Any]) -> Failure:
    text = html.unescape(" ".join([row["message"], *row["messages"]]).strip())
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
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        return plausible(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)
    except ValueError as error:
        raise ValueError(f"{text!r} in it is no moment") from error
