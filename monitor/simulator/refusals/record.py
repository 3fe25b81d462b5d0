"""What speaks against one record: gone, inactive, of another subsidiary, closed to expenses …"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from monitor.simulator.refusals.attempt import CLASSIFICATIONS, EXPENSE_REPORT, Attempt, Row
from monitor.simulator.refusals.values import Refusal


def record_reasons(attempt: Attempt, kind: str, record_id: Any) -> Iterator[Refusal]:
    """Why NetSuite takes the record on no line of this workspace, as the account is now."""
    record = attempt.tables.get(kind, record_id)
    named = (kind, str(record_id))
    if record is None:
        text = f"Invalid or missing classification: {kind} {record_id}"
        yield Refusal("NS0831", text, "deleted", *named)
        return
    if record["isinactive"] == "T" and kind not in attempt.habits.accepts_inactive:
        code = "NS0770" if kind == "project" else "NS0831"
        yield Refusal(code, f"{kind} {record_id} is not active", "inactive", *named)
    if kind in CLASSIFICATIONS:
        yield from _subsidiary(attempt, kind, record)
        yield from _parents(attempt, kind, record)


def line_reasons(attempt: Attempt, kind: str, record: Row, line: Row) -> Iterator[Refusal]:
    """Why NetSuite takes the customer or project not on this line."""
    record_id = str(record["id"])
    text = f"Invalid {kind} reference key {record_id}"
    if kind == "project" and record["allowexpenses"] == "F":
        yield Refusal("NS0831", f"{text}: closed to expenses", "closed_project", kind, record_id)
    if kind == "project" and _is_for_others(attempt, record, line):
        yield Refusal("NS0024", f"{text} for the employee", "not_a_resource", kind, record_id)
    if kind == "customer" and attempt.habits.only_projects:
        yield Refusal("NS0024", f"{text}: no project", "projects_only", kind, record_id)
    if not attempt.policy.cross_subsidiary_customers or line.get("billable"):
        homes = _homes(attempt, kind, record)
        if homes and attempt.policy.subsidiary and attempt.policy.subsidiary not in homes:
            text = f"{text} for subsidiary {attempt.policy.subsidiary}"
            yield Refusal("NS0728", text, "foreign_customer", kind, record_id)


def _subsidiary(attempt: Attempt, kind: str, record: Row) -> Iterator[Refusal]:
    home, record_id = attempt.policy.subsidiary, str(record["id"])
    if not home:
        return
    text = f"Invalid {kind} reference key {record_id} for subsidiary {home}"
    listed = str(record["subsidiary"] or "")
    if not listed:
        if not attempt.habits.accepts_empty_list:
            yield Refusal("NS0831", text, "empty_list", kind, record_id)
        return
    if home not in attempt.expanded(listed, with_children=record["includechildren"] == "T"):
        yield Refusal("NS0831", text, "outside_subsidiary", kind, record_id)


def _parents(attempt: Attempt, kind: str, record: Row) -> Iterator[Refusal]:
    above, seen = record, {record["id"]}
    if record["isinactive"] == "T":
        return
    while not attempt.habits.accepts_inactive_parent and above["parent"] is not None:
        parent = attempt.tables.get(kind, above["parent"])
        if parent is None or parent["id"] in seen:
            return
        if parent["isinactive"] == "T":
            text = f"{kind} {parent['id']}, above {record['id']}, is not active"
            yield Refusal("NS0831", text, "parent_inactive", kind, str(record["id"]))
            return
        seen.add(parent["id"])
        above = parent


def _is_for_others(attempt: Attempt, project: Row, line: Row) -> bool:
    """Only employees can be resources: a vendor's bill is not asked for one."""
    if project["limittimetoassignees"] != "T" or attempt.route(line) != EXPENSE_REPORT:
        return False
    employee = attempt.employee
    return employee is not None and not attempt.is_resource(project, employee)


def _homes(attempt: Attempt, kind: str, record: Row) -> set[str]:
    """The subsidiaries of a customer; a project without one of its own inherits them."""
    if kind == "project" and record["subsidiary"]:
        return {part.strip() for part in str(record["subsidiary"]).split(",")}
    customer = record["customer"] if kind == "project" else record["id"]
    return set() if customer is None else attempt.related(customer)
