"""What an account shows of each list: every column may be absent, so each is asked for once.

A column that is asked for alone counts as absent when NetSuite

* says so (unknown identifier, field not found, not exposed), or
* refuses the query for whatever reason, although it answers the same query without the column, or
* fails (500) at it again and again, at it alone, and at a second look too. NetSuite does that for a
  column it cannot serve. Two columns that fail are a bad hour of NetSuite's, and void the reading:
  a column believed absent in a bad hour would make every record look edited.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.adapters.netsuite.specs import ListSpec
from monitor.adapters.netsuite.suiteql import MissingTable, Refused, SuiteQL, Unexpected
from monitor.errors import SourceError


@dataclass(frozen=True, slots=True)
class Capability:
    """What this account shows of one list."""

    columns: frozenset[str] = frozenset()
    has_attached: bool = False

    def lacks(self, spec: ListSpec) -> tuple[str, ...]:
        """The columns, and the attached table, that the account does not show."""
        missing = sorted(set(spec.columns) - self.columns)
        if spec.attached and not self.has_attached:
            missing.append(spec.attached.table)
        return tuple(missing)

    def shown(self, spec: ListSpec) -> tuple[str, ...]:
        """The columns, and the attached table, that it shows."""
        attached = [spec.attached.table] if spec.attached and self.has_attached else []
        return tuple(sorted([*self.columns, *attached]))


class Capabilities:
    """What was found out about the lists of one account. What is whole is believed as long as it
    lasts; what was missing is looked for at every reading, as a role may be granted it any day.
    """

    def __init__(self, suiteql: SuiteQL) -> None:
        self._suiteql = suiteql
        self._known: dict[str, Capability] = {}

    def forget(self, kind: str) -> None:
        """Find out anew the next time: something that was there is gone."""
        self._known.pop(kind, None)

    def of(self, spec: ListSpec) -> Capability:
        """What there is of the list; raises MissingTable, or another SourceError."""
        known = self._known.get(spec.kind, Capability())
        if spec.kind not in self._known or known.lacks(spec):
            self._known[spec.kind] = Capability(
                self._existing_columns(spec, known.columns), self._has_attached(spec)
            )
        return self._known[spec.kind]

    def _existing_columns(self, spec: ListSpec, known: frozenset[str]) -> frozenset[str]:
        """What was known to be there already is asked for together."""
        everything = frozenset(spec.columns)
        if self._objection(spec, everything) is None:
            return everything
        # Without any other it must answer: else the list itself is refused, and the error says so.
        self._ask(spec, known)
        doubtful = [name for name in spec.columns if name not in known]
        objections = {name: self._objection(spec, frozenset({name})) for name in doubtful}
        failing = [name for name, error in objections.items() if isinstance(error, Unexpected)]
        for name in failing:
            objections[name] = self._second_look(spec, name, is_alone=len(failing) == 1)
        return known | {name for name, error in objections.items() if error is None}

    def _second_look(self, spec: ListSpec, name: str, *, is_alone: bool) -> SourceError | None:
        objection = self._objection(spec, frozenset({name}))
        if isinstance(objection, Unexpected) and not is_alone:
            raise objection
        return objection

    def _objection(self, spec: ListSpec, columns: frozenset[str]) -> SourceError | None:
        """Why NetSuite does not give the columns, None when it does; raises for all else."""
        try:
            self._ask(spec, columns)
        except MissingTable:
            raise
        except (Refused, Unexpected) as error:
            return error
        return None

    def _ask(self, spec: ListSpec, columns: frozenset[str]) -> None:
        self._suiteql.rows(f"SELECT {selected(spec, columns)} FROM {spec.table} t WHERE t.id = 0")

    def _has_attached(self, spec: ListSpec) -> bool:
        if spec.attached is None:
            return False
        a = spec.attached
        try:
            self._suiteql.rows(
                f"SELECT m.{a.owner} AS owner, m.{a.value} AS value FROM {a.table} m "
                f"WHERE m.{a.owner} = 0"
            )
        except Refused:
            return False
        return True


def selected(spec: ListSpec, columns: frozenset[str]) -> str:
    """The columns of a query, each under its own name."""
    chosen = [
        expression if expression == f"t.{name}" else f"{expression} AS {name}"
        for name, expression in spec.columns.items()
        if name in columns
    ]
    return ", ".join(["t.id", *chosen])


def what_is_missing(spec: ListSpec, column: str = "") -> str:
    """Which permission or feature a list needs that is off, in one sentence."""
    if column:
        return (
            f"NetSuite shows the table {spec.table} without its column {column} to the monitor's "
            f"role, and nothing can be said without it: grant {spec.permission}"
        )
    return f"NetSuite shows no table {spec.table} to the monitor's role: {cure(spec)}"


def cure(spec: ListSpec) -> str:
    """What to do when something of a list is not shown."""
    return f"grant {spec.permission}, or the feature is off"
