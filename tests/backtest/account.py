"""A random NetSuite account: its trees of records, its customers, projects and people."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from monitor.simulator import World
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


class Account:
    """An account and the dice it was thrown with. Ids are unique in the whole account.

    A lenient account minds neither what is inactive, nor what lies below it, nor a record without
    any subsidiary; all else is in order there, so that exports show it.
    """

    def __init__(self, world: World, dice: Random, *, is_lenient: bool) -> None:
        self.world, self.dice, self.is_lenient = world, dice, is_lenient
        self.tables = world.netsuite.tables
        self.world.habits = self._habits()
        self._numbers = dict(_FIRST_IDS)
        self._fill()

    def add_record(self, kind: str) -> str:
        """One more record of the kind, with a name that nothing else ever had."""
        number = self._numbers[kind]
        self._numbers[kind] += 1
        _ADD[kind](self, number)
        return str(number)

    def any_of(self, kind: str) -> str | None:
        rows = self.tables.all(kind)
        return str(self.dice.choice(rows)["id"]) if rows else None

    def subsidiaries(self) -> list[int]:
        return [row["id"] for row in self.tables.all("subsidiary")]

    def some_subsidiaries(self) -> list[int]:
        """Mostly the one at the top, which stands for all below it; seldom none at all."""
        dice = self.dice
        if dice.random() < (0.15 if self.is_lenient else 0.03):
            return []
        if self.is_lenient or dice.random() < 0.5:
            return [1]
        everyone = self.subsidiaries()
        return sorted(dice.sample(everyone, dice.randint(1, len(everyone))))

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

    def _add_founder(self) -> None:
        """Somebody who has every default, so that NetSuite tells of each that people have one."""
        founder = self.add_record("employee")
        self.tables.edit("employee", founder, **{kind: self.any_of(kind) for kind in TREES})


def address_of(employee: str) -> str:
    """The e-mail that the employee was hired with."""
    return f"person{employee}@acme.example"


def _add_tree(account: Account, kind: str, number: int) -> None:
    dice = account.dice
    above = [row["id"] for row in account.tables.all(kind)]
    parent = dice.choice(above) if above and dice.random() < 0.5 else None
    account.tables.add(
        kind,
        number,
        name=f"{kind.capitalize()} {number}",
        parent=parent,
        includechildren="T" if dice.random() < 0.7 or account.is_lenient else "F",
        subsidiary=account.some_subsidiaries(),
    )


def _add_customer(account: Account, number: int) -> None:
    account.tables.add("customer", number, entityid=f"C{number}", companyname=f"Client {number}")
    for subsidiary in account.some_subsidiaries():
        account.tables.relate(number, subsidiary)


def _add_project(account: Account, number: int) -> None:
    dice = account.dice
    account.tables.add(
        "project",
        number,
        entityid=f"J{number}",
        companyname=f"Project {number}",
        customer=account.any_of("customer") if dice.random() < 0.8 else None,
        allowexpenses="F" if dice.random() < 0.1 and not account.is_lenient else "T",
        limittimetoassignees="T" if dice.random() < 0.3 and not account.is_lenient else "F",
    )


def _add_employee(account: Account, number: int) -> None:
    dice = account.dice
    defaults = {kind: account.any_of(kind) for kind in TREES if dice.random() < 0.7}
    account.tables.add(
        "employee",
        number,
        entityid=f"Person {number}",
        firstname="Person",
        lastname=str(number),
        email=address_of(str(number)),
        subsidiary=dice.choice(account.subsidiaries()),
        **defaults,
    )
    for project in account.tables.all("project"):
        if dice.random() < 0.6:
            account.tables.add_resource(project["id"], number)


_ADD: dict[str, Callable[[Account, int], None]] = {
    "class": lambda account, number: _add_tree(account, "class", number),
    "department": lambda account, number: _add_tree(account, "department", number),
    "location": lambda account, number: _add_tree(account, "location", number),
    "customer": _add_customer,
    "project": _add_project,
    "employee": _add_employee,
}
