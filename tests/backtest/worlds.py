"""A random world from a seed: a company in trees, its people, its workspaces and their reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from random import Random

from monitor.simulator import World
from monitor.simulator.expensify.office import Policy, shown_as
from monitor.simulator.refusals import Habits

TREES = ("class", "department", "location")
_FIRST_IDS = {
    "class": 100,
    "department": 200,
    "location": 300,
    "customer": 400,
    "project": 500,
    "employee": 600,
}


class Company:
    """A world and the dice it was thrown with. Ids are unique in the whole account.

    A lenient account minds neither what is inactive, nor what lies below it, nor a record without
    any subsidiary; all else is in order there, so that exports show it.
    """

    def __init__(self, seed: int, now: Callable[[], datetime], *, is_lenient: bool = False) -> None:
        self.seed = seed
        self.dice = Random(seed)
        self.world = World(now)
        self.tables = self.world.netsuite.tables
        self.office = self.world.expensify.office
        self.is_lenient = is_lenient
        self.world.habits = self._habits()
        self._numbers = dict(_FIRST_IDS)
        self._reports = 0
        self.home: dict[str, list[str]] = {}
        """policy id -> addresses of those who submit there."""
        self._names: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        """Every name that a record ever had."""
        self._fill()

    def policies(self) -> list[Policy]:
        return list(self.office.policies.values())

    def add_record(self, kind: str) -> str:
        """One more record of the kind, with a name that nothing else ever had."""
        number = self._numbers[kind]
        self._numbers[kind] += 1
        _ADD[kind](self, number)
        return str(number)

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

    def any_of(self, kind: str) -> str | None:
        rows = self.tables.all(kind)
        return str(self.dice.choice(rows)["id"]) if rows else None

    def _habits(self) -> Habits:
        if not self.is_lenient:
            return Habits(
                accepts_inactive_parent=self.dice.random() < 0.7,
                accepts_empty_list=self.dice.random() < 0.7,
                only_projects=self.dice.random() < 0.2,
            )
        return Habits(accepts_inactive=frozenset({*TREES, "project"}))

    def _fill(self) -> None:
        for number in range(1, self.dice.randint(2, 5)):
            parent = self.dice.randint(1, number - 1) if number > 1 else None
            self.tables.add("subsidiary", number, name=f"Sub {number}", parent=parent)
        for kind, most in (("class", 12), ("department", 6), ("location", 5), ("customer", 5)):
            for _ in range(self.dice.randint(4, most)):
                self.add_record(kind)
        for _ in range(self.dice.randint(3, 7)):
            self.add_record("project")
        self._add_founder()
        for number in range(1, self.dice.randint(2, 3)):
            self._add_policy(f"P{number}")
        for policy in self.policies():
            self.world.sync(policy.policy_id)
            for _ in range(self.dice.randint(3, 7)):
                self.add_report(policy)

    def _add_founder(self) -> None:
        """Somebody who has every default, so that NetSuite tells of each that people have one."""
        founder = self.add_record("employee")
        self.tables.edit("employee", founder, **{kind: self.any_of(kind) for kind in TREES})

    def subsidiaries(self) -> list[int]:
        return [row["id"] for row in self.tables.all("subsidiary")]

    def _add_policy(self, policy_id: str) -> None:
        routes = ["expense_report", "expense_report", "expense_report", "journal_entry"]
        reimbursable = self.dice.choice([*routes, "vendor_bill"])
        company_card = self.dice.choice([reimbursable, *routes])
        if self.is_lenient:  # an export of two routes does not say of which it was
            company_card = reimbursable
        is_on_bills = "vendor_bill" in (reimbursable, company_card)
        coding = self._coding(may_use_default=not is_on_bills)
        subsidiary = self.dice.choice(self.subsidiaries())
        defaults = [kind for kind, place in coding.items() if place == "employee_default"]
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
            required=tuple(
                kind for kind in defaults if self.dice.random() < 0.5 and not self.is_lenient
            ),
        )
        self.home[policy_id] = []
        for _ in range(self.dice.randint(3, 5)):
            employee = self.add_record("employee")
            if self.dice.random() < 0.95 or self.is_lenient:
                self.tables.edit("employee", employee, subsidiary=subsidiary)
            self.home[policy_id].append(_address(employee))

    def _coding(self, *, may_use_default: bool) -> dict[str, str]:
        last = ["employee_default"] if may_use_default else []
        coding = {
            "class": self.dice.choice(["tag:1", "tag:1", "report_field:Class", *last]),
            "department": self.dice.choice(["tag:3", "report_field:Department", "", *last]),
            "location": self.dice.choice(["tag:4", "report_field:Location", "", *last]),
            "project": self.dice.choice(["tag:2", "tag:2", "tag:2", ""]),
            "customer": self.dice.choice(["tag:2", "tag:5", ""]),
        }
        return {kind: place for kind, place in coding.items() if place}

    def _levels(self, policy: Policy, submitter: str) -> tuple[str, ...]:
        rules = policy.rules.get(submitter, {})
        return tuple(
            (rules.get(place) or self.text_at(policy, place)) if place in policy.offered else ""
            for place in (f"tag:{number}" for number in range(1, 6))
        )


def _address(employee: str) -> str:
    return f"person{employee}@acme.example"


def _add_tree(company: Company, kind: str, number: int) -> None:
    dice = company.dice
    above = [row["id"] for row in company.tables.all(kind)]
    parent = dice.choice(above) if above and dice.random() < 0.5 else None
    company.tables.add(
        kind,
        number,
        name=f"{kind.capitalize()} {number}",
        parent=parent,
        includechildren="T" if dice.random() < 0.7 or company.is_lenient else "F",
        subsidiary=some_subsidiaries(company),
    )


def some_subsidiaries(company: Company) -> list[int]:
    """Mostly the one at the top, which stands for all below it; seldom none at all."""
    dice = company.dice
    if dice.random() < (0.15 if company.is_lenient else 0.03):
        return []
    if company.is_lenient:
        return [1]
    if dice.random() < 0.5:
        return [1]
    everyone = company.subsidiaries()
    return sorted(dice.sample(everyone, dice.randint(1, len(everyone))))


def _add_customer(company: Company, number: int) -> None:
    company.tables.add("customer", number, entityid=f"C{number}", companyname=f"Client {number}")
    for subsidiary in some_subsidiaries(company):
        company.tables.relate(number, subsidiary)


def _add_project(company: Company, number: int) -> None:
    dice = company.dice
    company.tables.add(
        "project",
        number,
        entityid=f"J{number}",
        companyname=f"Project {number}",
        customer=company.any_of("customer") if dice.random() < 0.8 else None,
        allowexpenses="F" if dice.random() < 0.1 and not company.is_lenient else "T",
        limittimetoassignees="T" if dice.random() < 0.3 and not company.is_lenient else "F",
    )


def _add_employee(company: Company, number: int) -> None:
    dice = company.dice
    defaults = {kind: company.any_of(kind) for kind in TREES if dice.random() < 0.7}
    company.tables.add(
        "employee",
        number,
        entityid=f"Person {number}",
        firstname="Person",
        lastname=str(number),
        email=_address(str(number)),
        subsidiary=dice.choice(company.subsidiaries()),
        **defaults,
    )
    for project in company.tables.all("project"):
        if dice.random() < 0.6:
            company.tables.add_resource(project["id"], number)


_ADD: dict[str, Callable[[Company, int], None]] = {
    "class": lambda company, number: _add_tree(company, "class", number),
    "department": lambda company, number: _add_tree(company, "department", number),
    "location": lambda company, number: _add_tree(company, "location", number),
    "customer": _add_customer,
    "project": _add_project,
    "employee": _add_employee,
}
