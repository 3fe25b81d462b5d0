"""A random world from a seed: a NetSuite account, the workspaces on it and their reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from random import Random

from monitor.simulator import World
from monitor.simulator.expensify.office import Policy, shown_as
from tests.backtest.account import TREES, Account, address_of


class Company(Account):
    """An account whose people submit expenses, in workspaces that each code them differently."""

    def __init__(self, seed: int, now: Callable[[], datetime], *, is_lenient: bool = False) -> None:
        super().__init__(World(now), Random(seed), is_lenient=is_lenient)
        self.seed = seed
        self.office = self.world.expensify.office
        self._reports = 0
        self.home: dict[str, list[str]] = {}
        """policy id -> addresses of those who submit there."""
        self._names: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        """Every name that a record ever had."""
        self._open()

    def policies(self) -> list[Policy]:
        return list(self.office.policies.values())

    def add_report(self, policy: Policy) -> str:
        """Somebody codes a report by the lists as they are now, or by the rules of the person."""
        self._reports += 1
        report_id = f"R-{self._reports}"
        submitter = self.dice.choice(self.home[policy.policy_id])
        count = self.dice.randint(1, 3)
        levels = [self._levels(policy, submitter) for _ in range(count)]
        fields = {
            place.removeprefix("report_field:"): self.text_at(policy, place)
            for place in policy.offered
            if place.startswith("report_field:")
        }
        report = self.office.add_report(
            report_id,
            policy.policy_id,
            tags=levels,
            submitter=submitter.upper() if self.dice.random() < 0.1 else submitter,
            state=self.dice.choice(["OPEN", "SUBMITTED", "APPROVED", "APPROVED"]),
            name=f"Expenses {self._reports}",
            customField=fields,
        )
        is_charging = "customer" in policy.coding or "project" in policy.coding
        for line in report["transactionList"]:
            is_billable = is_charging and self.dice.random() < 0.12
            line["billable"] = is_billable and not self.is_lenient
            line["reimbursable"] = self.dice.random() < 0.8 or self.is_lenient
            line["cardName"] = "Expensify Card" if self.dice.random() < 0.15 else ""
        return report_id

    def text_at(self, policy: Policy, place: str) -> str:
        """Something that the place offers now, or nothing."""
        offered = [text for text, is_enabled in policy.offered[place].items() if is_enabled]
        return self.dice.choice(offered) if offered and self.dice.random() < 0.85 else ""

    def remember_names(self) -> None:
        for kind in TREES:
            for row in self.tables.all(kind):
                self._names[kind, str(row["id"])].add(shown_as(row))

    def renamed(self, policy: Policy) -> frozenset[str]:
        """Former names of records that the workspace has imported as they are called now."""
        return frozenset(
            name
            for kind in policy.imported
            for row in self.tables.all(kind)
            if shown_as(row) in policy.imported[kind]
            for name in self._names[kind, str(row["id"])] - {shown_as(row)}
        )

    def _open(self) -> None:
        for number in range(1, self.dice.randint(2, 3)):
            self._add_policy(f"P{number}")
        for policy in self.policies():
            self.world.sync(policy.policy_id)
            for _ in range(self.dice.randint(3, 7)):
                self.add_report(policy)

    def _add_policy(self, policy_id: str) -> None:
        routes = ["expense_report", "expense_report", "expense_report", "journal_entry"]
        reimbursable = self.dice.choice([*routes, "vendor_bill"])
        company_card = self.dice.choice([reimbursable, *routes])
        if self.is_lenient:  # an export of two routes does not say of which it was
            company_card = reimbursable
        coding = self._coding()
        subsidiary = self.dice.choice(self.subsidiaries())
        self.office.add_policy(
            policy_id,
            f"Workspace {policy_id}",
            subsidiary=str(subsidiary),
            coding=coding,
            reimbursable_export=reimbursable,
            company_card_export=company_card,
            journal_cards=("Expensify Card",)
            if self.dice.random() < 0.3 and not self.is_lenient
            else (),
            cross_subsidiary_customers=self.dice.random() < 0.5 or self.is_lenient,
            imports_usable_only=self.dice.random() < 0.5,
            required=self._required(coding),
        )
        self.home[policy_id] = []
        for _ in range(self.dice.randint(3, 5)):
            employee = self.add_record("employee")
            if self.dice.random() < 0.95 or self.is_lenient:
                self.tables.edit("employee", employee, subsidiary=subsidiary)
            self.home[policy_id].append(address_of(employee))

    def _coding(self) -> dict[str, str]:
        coding = {
            "class": self.dice.choice(["tag:1", "tag:1", "report_field:Class", "employee_default"]),
            "department": self.dice.choice(
                ["tag:3", "report_field:Department", "", "employee_default"]
            ),
            "location": self.dice.choice(
                ["tag:4", "report_field:Location", "", "employee_default"]
            ),
            "project": self.dice.choice(["tag:2", "tag:2", "tag:2", ""]),
            "customer": self.dice.choice(["tag:2", "tag:5", ""]),
        }
        return {kind: place for kind, place in coding.items() if place}

    def _required(self, coding: dict[str, str]) -> tuple[str, ...]:
        """An expense report that carries the kind by itself does not need the default."""
        return tuple(
            kind
            for kind, place in coding.items()
            if kind in TREES
            and self.dice.random() < (0.5 if place == "employee_default" else 0.2)
            and not self.is_lenient
        )

    def _levels(self, policy: Policy, submitter: str) -> tuple[str, ...]:
        rules = policy.rules.get(submitter, {})
        return tuple(
            (rules.get(place) or self.text_at(policy, place)) if place in policy.offered else ""
            for place in (f"tag:{number}" for number in range(1, 6))
        )
