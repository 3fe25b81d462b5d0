"""What speaks against the submitter: no such employee, or a default that NetSuite refuses."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.simulator.refusals.attempt import (
    CLASSIFICATIONS,
    JOURNAL_ENTRY,
    VENDOR_BILL,
    Attempt,
    Row,
)
from monitor.simulator.refusals.record import record_reasons
from monitor.simulator.refusals.values import Refusal


def people_reasons(attempt: Attempt, line: Row) -> Iterator[Refusal]:
    """Every reason that comes from the employee; a vendor's bill asks for none."""
    route = attempt.route(line)
    if route == VENDOR_BILL:
        return
    employee = attempt.employee
    if employee is None:
        yield _nobody(attempt)
        return
    copy = attempt.policy.people.get(str(employee["id"]))
    if copy is not None and copy["subsidiary"] != employee["subsidiary"]:
        text = "Expensify knows the employee by another subsidiary"
        yield Refusal("NS0023", text, "stale_employee", "employee", str(employee["id"]))
    for kind in CLASSIFICATIONS:
        is_default = attempt.policy.coding.get(kind) == "employee_default"
        if is_default or route == JOURNAL_ENTRY:
            yield from _default(attempt, kind, employee, copy if is_default else None)


def _nobody(attempt: Attempt) -> Refusal:
    known = attempt.employees
    record_id = str(known[0]["id"]) if known else ""
    return Refusal("NS0023", "Employee does not exist", "employee_unusable", "employee", record_id)


def _default(attempt: Attempt, kind: str, employee: Row, copy: Row | None) -> Iterator[Refusal]:
    """NetSuite fills the header with the default it has; a line gets the one Expensify copied."""
    value = employee[kind]
    if value is None:
        if kind in attempt.policy.required:
            text = f"Please enter value(s) for '{kind}'"
            yield Refusal("NS0005", text, "default_missing", "employee", str(employee["id"]))
    else:
        for reason in record_reasons(attempt, kind, value):
            code = "NS0655" if (kind, reason.why) == ("department", "inactive") else reason.code
            yield reason._replace(code=code, why=_why_of_default(attempt, kind, reason))
    copied = copy[kind] if copy is not None else None
    if copied not in (None, value) and any(record_reasons(attempt, kind, copied)):
        text = f"Expensify still sends the {kind} {copied}, which the employee had"
        yield Refusal("NS0831", text, "stale_default", "employee", str(employee["id"]))


def _why_of_default(attempt: Attempt, kind: str, reason: Refusal) -> str:
    """A kind that the workspace leaves out stands in the header of a journal all the same."""
    if kind not in attempt.policy.coding:
        return "uncoded_default_broken"
    if reason.why in ("parent_inactive", "empty_list"):
        return f"default_{reason.why}"
    return "default_broken"
