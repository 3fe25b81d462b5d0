"""One export as it is tried: the report, its workspace, its submitter and the account's tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from monitor.simulator.expensify.office import Policy
from monitor.simulator.netsuite.tables import DATE, Tables
from monitor.simulator.refusals.values import Habits

CLASSIFICATIONS = ("class", "department", "location")
EXPENSE_REPORT, VENDOR_BILL, JOURNAL_ENTRY = "expense_report", "vendor_bill", "journal_entry"

Row = dict[str, Any]


@dataclass(frozen=True)
class Attempt:
    """Everything an export looks at."""

    tables: Tables
    policy: Policy
    report: Row
    habits: Habits

    def route(self, line: Row) -> str:
        """As what the line would be booked; company cards may go their own way."""
        if line.get("cardName") and line["cardName"] in self.policy.journal_cards:
            return JOURNAL_ENTRY
        if line.get("reimbursable", True):
            return self.policy.reimbursable_export
        return self.policy.company_card_export

    @cached_property
    def employees(self) -> list[Row]:
        """All with the submitter's address in the workspace's subsidiary."""
        address = str(self.report["accountEmail"]).strip().casefold()
        return [
            row
            for row in self.tables.all("employee")
            if str(row["email"] or "").strip().casefold() == address
            and (not self.policy.subsidiary or str(row["subsidiary"]) == self.policy.subsidiary)
        ]

    @cached_property
    def employee(self) -> Row | None:
        """The one who may submit: active, hired by now, and not yet released."""
        return next((row for row in self.employees if self._is_at_work(row)), None)

    def _is_at_work(self, row: Row) -> bool:
        today = self.tables.stamp().removeprefix(DATE)[:10]
        first_day = str(row["hiredate"] or today).removeprefix(DATE)
        last_day = str(row["releasedate"] or today).removeprefix(DATE)
        return row["isinactive"] != "T" and first_day <= today <= last_day

    def is_resource(self, project: Row, employee: Row) -> bool:
        """Whether the employee works on the project."""
        query = "select 1 from jobresources where project = ? and jobresource = ?"
        with self.tables.lock:
            found = self.tables.db.execute(query, (project["id"], employee["id"]))
            return found.fetchone() is not None

    def related(self, customer: int) -> set[str]:
        """The subsidiaries the customer may trade with."""
        query = "select subsidiary from customersubsidiaryrelationship where entity = ?"
        with self.tables.lock:
            return {str(row[0]) for row in self.tables.db.execute(query, (customer,))}

    def expanded(self, listed: str, *, with_children: bool) -> set[str]:
        """The subsidiaries of a list, with all below them when children are included."""
        allowed = {part.strip() for part in listed.split(",")}
        grown = with_children
        while grown:
            below = {
                str(row["id"])
                for row in self.tables.all("subsidiary")
                if str(row["parent"]) in allowed
            }
            grown = not below <= allowed
            allowed |= below
        return allowed
