"""Small worlds for the rules: a project, a customer, an employee, and a report that needs them."""

from __future__ import annotations

from typing import Any

from monitor.core.employees import EmployeeBook
from monitor.core.predict import Situation
from monitor.core.records import Record
from monitor.core.reports import Coding, PendingReport, Workspace
from monitor.core.sync import Imported
from tests.core.builders import (
    NOW,
    a_change,
    a_drift,
    a_line,
    a_record,
    a_report,
    a_situation,
    a_workspace,
)


def a_project(record_id: str = "8", path: str = "Website", **fields: Any) -> Record:
    """A project of subsidiary 1 that is open to everybody's expenses."""
    fields = {"allow_expenses": True, "limit_to_resources": False, **fields}
    return a_record("project", record_id, path, **fields)


def a_customer(record_id: str = "3", path: str = "Globex", **fields: Any) -> Record:
    """A customer of subsidiary 1."""
    return a_record("customer", record_id, path, **fields)


def an_employee(
    record_id: str = "7", email: str | None = "ana@acme.example", **fields: Any
) -> Record:
    """Ana, an active employee of subsidiary 1 without any default."""
    fields = {"subsidiary_id": "1", "subsidiary_ids": None, "email": email, **fields}
    return a_record("employee", record_id, "Ana Lee", **fields)


def a_staff(*employees: Record, **fields: Any) -> EmployeeBook:
    """The account's employees, as of now."""
    return EmployeeBook(employees, **{"now": NOW, **fields})


def coded(place: str = "tag:1", *kinds: str, **fields: Any) -> Workspace:
    """A workspace that keeps these kinds at one place."""
    return a_workspace(coding=tuple(Coding(kind, place) for kind in kinds), **fields)


def by_default(*kinds: str, **fields: Any) -> Workspace:
    """A workspace that takes these kinds from the submitter's employee."""
    return coded("employee_default", *kinds, **fields)


def a_trip(text: str = "", **fields: Any) -> PendingReport:
    """Ana's approved report of one line, coded to the text."""
    line = {name: fields.pop(name) for name in ("is_billable", "card") if name in fields}
    return a_report("R1", a_line(text, **line), **fields)


def changed(
    before: Record | None,
    after: Record | None,
    imported: Imported,
    report: PendingReport,
    **fields: Any,
) -> Situation:
    """One record changed since the last sync, and a report needs it."""
    record = after or before
    assert record is not None
    known: dict[str, Any] = {
        "present": [after] if after else [],
        "gone": [] if after else [before],
        "former": [before] if before else [],
        "drift": a_drift(a_change(before, after), imported=imported),
    }
    if record.kind == "employee":
        known = {"drift": known["drift"], "employees": a_staff(*([after] if after else []))}
    return a_situation(report, **{**known, **fields})
