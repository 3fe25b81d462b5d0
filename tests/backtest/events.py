"""What may happen in a random hour: edits in NetSuite, syncs, recodings, new reports, exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from monitor.simulator.expensify.office import shown_as
from tests.backtest.account import TREES
from tests.backtest.worlds import Company

FOUNDER = "600"
"""The first employee: keeps every default."""
_CODED = (*TREES, "customer", "project")


class Events:
    """Throws what happens next. A record is edited at most once between two looks: what changes and
    changes back unseen leaves no trace.
    """

    def __init__(self, company: Company) -> None:
        self.company = company
        self.touched: set[tuple[str, str]] = set()
        self.is_silent_deletion = False
        """A record went without NetSuite's DeletedRecord knowing: only a second look proves it."""

    def begin_hour(self) -> None:
        self.touched.clear()
        self.is_silent_deletion = False

    def one(self) -> str:
        """Let one thing happen; returns what it was, in words for a disagreement."""
        names, weights = zip(*_WEIGHTS.items(), strict=True)
        name: str = self.company.dice.choices(names, weights)[0]
        happened = _HAPPENS[name](self)
        self.company.remember_names()
        return f"{name} {happened or '(nothing)'}"

    def _untouched(self, *kinds: str) -> tuple[str, str] | None:
        kind = self.company.dice.choice(kinds)
        record_id = self.company.any_of(kind)
        if record_id in (None, FOUNDER) or (kind, record_id) in self.touched:
            return None
        self.touched.add((kind, record_id))
        return kind, record_id

    def toggle(self) -> str:
        if (one := self._untouched(*_CODED)) is None:
            return ""
        row = self.company.tables.get(*one)
        assert row is not None
        is_inactive = row["isinactive"] == "T"
        self.company.tables.edit(*one, isinactive="F" if is_inactive else "T")
        return f"{one} {'active' if is_inactive else 'inactive'}"

    def rescope(self) -> str:
        if (one := self._untouched(*TREES)) is None:
            return ""
        chosen = self.company.some_subsidiaries()
        self.company.tables.set_subsidiaries(*one, chosen)
        return f"{one} to {chosen}"

    def rename(self) -> str:
        if (one := self._untouched(*TREES)) is None:
            return ""
        self.company.tables.rename(*one, f"Renamed {self.company.dice.randrange(10**9)}")
        return str(one)

    def move(self) -> str:
        if (one := self._untouched(*TREES)) is None:
            return ""
        rows = [row["id"] for row in self.company.tables.all(one[0])]
        parent = self.company.dice.choice([None, *(each for each in rows if each < int(one[1]))])
        self.company.tables.move(*one, parent)
        return f"{one} below {parent}"

    def delete(self) -> str:
        if (one := self._untouched(*_CODED)) is None:
            return ""
        rows = self.company.tables.all(one[0])
        above = "customer" if one[0] == "customer" else "parent"
        below = self.company.tables.all("project") if above == "customer" else rows
        has_children = any(str(row[above]) == one[1] for row in below)
        if has_children or len(rows) < 3:
            return ""
        is_logged = self.company.dice.random() < 0.7
        self.is_silent_deletion |= not is_logged
        self.company.tables.delete(*one, is_logged=is_logged)
        return f"{one}{'' if is_logged else ' silently'}"

    def add(self) -> str:
        kind = self.company.dice.choice(_CODED)
        record_id = self.company.add_record(kind)
        self.touched.add((kind, record_id))
        return f"{kind} {record_id}"

    def open_or_close(self) -> str:
        if (one := self._untouched("project")) is None:
            return ""
        column = self.company.dice.choice(["allowexpenses", "limittimetoassignees"])
        value = self.company.dice.choice("TF")
        self.company.tables.edit(*one, **{column: value})
        return f"{one} {column}={value}"

    def staff(self) -> str:
        project, employee = self.company.any_of("project"), self.company.any_of("employee")
        if project is None or employee is None:
            return ""
        verb = self.company.dice.choice(["add_resource", "remove_resource"])
        getattr(self.company.tables, verb)(project, employee)
        return f"{verb} {project} {employee}"

    def edit_employee(self) -> str:
        if (one := self._untouched("employee")) is None:
            return ""
        dice = self.company.dice
        kind = dice.choice(TREES)
        default = self.company.any_of(kind) if dice.random() < 0.8 else None
        self.company.tables.edit(*one, **{kind: default})
        return f"{one} {kind}={default}"

    def mend_employee(self) -> str:
        """Somebody corrects a person's record: a default that is inactive or gone, or the
        subsidiary in which their workspace looks for them.
        """
        wrong = [
            (employee_id, field, value)
            for employee_id, field, value in (*self._broken_defaults(), *self._strays())
            if employee_id != FOUNDER and ("employee", employee_id) not in self.touched
        ]
        if not wrong:
            return ""
        employee_id, field, value = self.company.dice.choice(wrong)
        self.touched.add(("employee", employee_id))
        self.company.tables.edit("employee", employee_id, **{field: value})
        return f"{employee_id} {field}={value}"

    def _broken_defaults(self) -> Iterator[tuple[str, str, str | None]]:
        for kind in TREES:
            rows = self.company.tables.all(kind)
            active = {str(row["id"]) for row in rows if row["isinactive"] == "F"}
            for row in self.company.tables.all("employee"):
                if row[kind] is not None and str(row[kind]) not in active:
                    yield str(row["id"]), kind, self.company.any_of(kind)

    def _strays(self) -> Iterator[tuple[str, str, str | None]]:
        for policy in self.company.policies():
            for row in self.company.tables.all("employee"):
                is_here = str(row["subsidiary"]) == policy.subsidiary
                if row["email"] in self.company.home[policy.policy_id] and not is_here:
                    yield str(row["id"]), "subsidiary", policy.subsidiary

    def mend_record(self) -> str:
        """Somebody opens a record that a waiting report is coded to: to all, and to expenses."""
        report_id = self._report()
        lines = self.company.office.reports[report_id]["transactionList"] if report_id else []
        texts = {line[name] for line in lines for name in line if name.startswith("ntag")}
        named = [
            (kind, str(row["id"]))
            for kind in (*TREES, "project")
            for row in self.company.tables.all(kind)
            if shown_as(row) in texts and (kind, str(row["id"])) not in self.touched
        ]
        if not named:
            return ""
        one = self.company.dice.choice(named)
        self.touched.add(one)
        if one[0] == "project":
            self.company.tables.edit(*one, isinactive="F", allowexpenses="T")
        else:
            everyone = self.company.subsidiaries()
            self.company.tables.edit(*one, isinactive="F", subsidiary=everyone)
        return f"{one} for {report_id}"

    def move_employee(self) -> str:
        if (one := self._untouched("employee")) is None:
            return ""
        change = self.company.dice.choice(
            [
                {"isinactive": "T"},
                {"isinactive": "F"},
                {"releasedate": "2026-11-01"},
                {"releasedate": "2027-06-30"},
                {"releasedate": None},
                {"hiredate": "2027-01-01"},
                {"hiredate": "2020-01-15"},
                {"hiredate": None},
                {"subsidiary": self.company.dice.choice(self.company.subsidiaries())},
            ]
        )
        self.company.tables.edit(*one, **change)
        return f"{one} {change}"

    def sync(self) -> str:
        policy = self.company.dice.choice(self.company.policies())
        self.company.world.sync(policy.policy_id)
        return policy.policy_id

    def recode(self) -> str:
        report_id = self._report()
        if report_id is None:
            return ""
        report = self.company.office.reports[report_id]
        policy = self.company.office.policies[report["policyID"]]
        line = self.company.dice.choice(report["transactionList"])
        levels = [name for name in line if f"tag:{name[4:]}" in policy.offered]
        for name in levels[:1]:
            line[name] = self.company.text_at(policy, f"tag:{name[4:]}")
        return f"{report_id} {levels[:1]}"

    def type_by_hand(self) -> str:
        """Somebody codes a name that only NetSuite has, or that nobody has (once a place)."""
        report_id = self._report()
        if report_id is None:
            return ""
        report = self.company.office.reports[report_id]
        policy = self.company.office.policies[report["policyID"]]
        kinds = [kind for kind, place in policy.coding.items() if place.startswith("tag:")]
        if not kinds:
            return ""
        kind = self.company.dice.choice(kinds)
        names = [shown_as(row) for row in self.company.tables.all(kind)]
        offered = policy.offered[policy.coding[kind]]
        text = self.company.dice.choice([one for one in names if one not in offered] or names)
        if self.company.dice.random() < 0.2:
            text = f"By hand {policy.coding[kind]}"
        report["transactionList"][0][f"ntag{policy.coding[kind][4:]}"] = text
        return f"{report_id} {text}"

    def write(self) -> str:
        return self.company.add_report(self.company.dice.choice(self.company.policies()))

    def approve(self) -> str:
        report_id = self._report()
        if report_id is not None:
            self.company.office.move_on(report_id, "APPROVED")
        return report_id or ""

    def _report(self) -> str | None:
        waiting = pending(self.company)
        return self.company.dice.choice(waiting) if waiting else None


def pending(company: Company) -> list[str]:
    """The reports that NetSuite has not taken yet."""
    return [
        report_id
        for report_id, report in company.office.reports.items()
        if all(one["action"] != "EXPORTINTEGRATION" for one in report["actionList"])
    ]


_HAPPENS: dict[str, Callable[[Events], str]] = {
    "toggle": Events.toggle,
    "rescope": Events.rescope,
    "rename": Events.rename,
    "move": Events.move,
    "delete": Events.delete,
    "add": Events.add,
    "open_or_close": Events.open_or_close,
    "staff": Events.staff,
    "edit_employee": Events.edit_employee,
    "mend_employee": Events.mend_employee,
    "mend_record": Events.mend_record,
    "move_employee": Events.move_employee,
    "sync": Events.sync,
    "recode": Events.recode,
    "type_by_hand": Events.type_by_hand,
    "write": Events.write,
    "approve": Events.approve,
}
_WEIGHTS = {
    "toggle": 8,
    "rescope": 4,
    "rename": 2,
    "move": 1,
    "delete": 2,
    "add": 3,
    "open_or_close": 2,
    "staff": 2,
    "edit_employee": 2,
    "mend_employee": 3,
    "mend_record": 4,
    "move_employee": 3,
    "sync": 6,
    "recode": 3,
    "type_by_hand": 2,
    "write": 5,
    "approve": 3,
}
