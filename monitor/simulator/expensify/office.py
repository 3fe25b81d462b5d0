"""Workspaces, reports and the connection's own copy of NetSuite, as Expensify keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

STATES = ("OPEN", "SUBMITTED", "APPROVED", "REIMBURSED", "ARCHIVED")


@dataclass(slots=True)
class Policy:
    """A workspace: where it keeps each kind, and what its last sync imported."""

    policy_id: str
    name: str
    subsidiary: str = ""
    coding: dict[str, str] = field(default_factory=dict)
    """kind -> "tag:1" or "report_field:NAME"."""
    offered: dict[str, dict[str, bool]] = field(default_factory=dict)
    """place -> text -> enabled."""
    imported: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    """kind -> full name -> the record as the last sync saw it."""
    ever_imported: dict[str, dict[str, str]] = field(default_factory=dict)
    """kind -> full name -> the id of the record that was last imported by it."""
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The employees as the last sync saw them, by id."""
    rules: dict[str, dict[str, str]] = field(default_factory=dict)
    """address -> place -> the tag that every new expense of the person gets."""
    synced_at: datetime | None = None
    reimbursable_export: str = "expense_report"
    company_card_export: str = "expense_report"
    journal_cards: tuple[str, ...] = ()
    cross_subsidiary_customers: bool = False
    imports_usable_only: bool = False
    """Its import leaves out what the workspace's subsidiary may not use."""
    required: tuple[str, ...] = ()
    """Kinds that the form in NetSuite insists on."""
    role: str = "admin"
    """What the credential's owner is in it."""
    sort: str = "corporate"
    """Its plan."""
    has_connections: bool | None = True
    """Whether accounting connections are switched on; None = the answer does not tell."""


@dataclass(slots=True)
class Office:
    """All of one Expensify customer."""

    now: Callable[[], datetime]
    policies: dict[str, Policy] = field(default_factory=dict)
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    """Every job the integration server was given, without the credentials."""

    def add_policy(self, policy_id: str, name: str, **fields: Any) -> Policy:
        self.policies[policy_id] = Policy(policy_id, name, **fields)
        return self.policies[policy_id]

    def add_report(
        self,
        report_id: str,
        policy_id: str,
        *,
        tags: Iterable[tuple[str, ...]],
        submitter: str = "dana.lee@acme.example",
        state: str = "APPROVED",
        total: int = 81200,
        currency: str = "USD",
        name: str = "Expenses",
        **fields: Any,
    ) -> dict[str, Any]:
        """A report with one line for each tuple of tag levels; total in cents. Moments are naive,
        absent ones empty.
        """
        stamp = self.stamp()
        self.reports[report_id] = {
            "reportID": report_id,
            "policyID": policy_id,
            "reportName": name,
            "accountEmail": submitter,
            "status": state,
            "total": total,
            "currency": currency,
            "created": stamp,
            "submitted": "" if state == "OPEN" else stamp,
            "approved": "" if state in ("OPEN", "SUBMITTED") else stamp,
            "reimbursed": "",
            "customField": {},
            "transactionList": [_line(f"{report_id}-{n}", levels) for n, levels in enumerate(tags)],
            "actionList": [],
            **fields,
        }
        return self.reports[report_id]

    def recode(self, report_id: str, old: str, new: str) -> None:
        """Somebody gives every line with the old tag the new one."""
        for line in self.reports[report_id]["transactionList"]:
            for name, text in line.items():
                if name.startswith("ntag") and text == old:
                    line[name] = new

    def lose(self, policy_id: str, place: str, *, kept: Iterable[str] = ()) -> None:
        """A list loses its values, as when the daily sync deletes all tags; the coding stays."""
        offered = self.policies[policy_id].offered
        offered[place] = {text: offered[place][text] for text in kept}

    def switch_off(self, policy_id: str, place: str) -> None:
        """Somebody disables every value of a list."""
        offered = self.policies[policy_id].offered
        offered[place] = dict.fromkeys(offered[place], False)

    def move_on(self, report_id: str, state: str) -> None:
        """The report is submitted, approved, reimbursed …"""
        report = self.reports[report_id]
        report["status"] = state
        for name, since in (("submitted", "SUBMITTED"), ("approved", "APPROVED")):
            if STATES.index(state) >= STATES.index(since) and not report[name]:
                report[name] = self.stamp()

    def add_action(self, report_id: str, action: str, **details: Any) -> None:
        """A line in the report's history."""
        self.reports[report_id]["actionList"].append(
            {"action": action, "created": self.stamp(), "details": details}
        )

    def stamp(self) -> str:
        return f"{self.now().astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def shown_as(row: Mapping[str, Any]) -> str:
    """The name by which Expensify shows a NetSuite record."""
    return str(row.get("fullname") or row.get("companyname") or row.get("entityid"))


def _line(line_id: str, levels: tuple[str, ...]) -> dict[str, Any]:
    tags = {f"ntag{number}": text for number, text in enumerate(levels, start=1)}
    return {"transactionID": line_id, **tags, "billable": False, "reimbursable": True}
