"""What an account shows of each list: every column may be absent, so each is asked for once."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.adapters.netsuite.lists import ListSpec
from monitor.adapters.netsuite.suiteql import MissingColumn, MissingTable, SuiteQL


@dataclass(slots=True)
class Capability:
    """What this account shows of one list, found out once."""

    columns: frozenset[str] = field(default_factory=frozenset)
    has_attached: bool = False


class Capabilities:
    """What was found out about the lists of one account, kept as long as the account is open."""

    def __init__(self, suiteql: SuiteQL) -> None:
        self._suiteql = suiteql
        self._known: dict[str, Capability] = {}

    def forget(self, kind: str) -> None:
        """Find out anew the next time: a column that was there is gone."""
        self._known.pop(kind, None)

    def of(self, spec: ListSpec) -> Capability:
        """What there is of the list, probed once; raises MissingTable, or another SourceError."""
        if spec.kind not in self._known:
            self._known[spec.kind] = Capability(
                self._existing_columns(spec), self._has_attached(spec)
            )
        return self._known[spec.kind]

    def _existing_columns(self, spec: ListSpec) -> frozenset[str]:
        everything = frozenset(spec.columns)
        if self._has_columns(spec, everything):
            return everything
        return frozenset(
            name for name in spec.columns if self._has_columns(spec, frozenset({name}))
        )

    def _has_columns(self, spec: ListSpec, columns: frozenset[str]) -> bool:
        try:
            self._suiteql.rows(
                f"SELECT {selected(spec, columns)} FROM {spec.table} t WHERE t.id = 0"
            )
        except MissingColumn:
            return False
        return True

    def _has_attached(self, spec: ListSpec) -> bool:
        if spec.attached is None:
            return False
        a = spec.attached
        try:
            self._suiteql.rows(
                f"SELECT m.{a.owner} AS owner, m.{a.value} AS value FROM {a.table} m "
                f"WHERE m.{a.owner} = 0"
            )
        except (MissingTable, MissingColumn):
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


def what_is_missing(spec: ListSpec) -> str:
    """Which permission or feature a list needs that is off, in one sentence."""
    return (
        f"NetSuite shows no table {spec.table} to the monitor's role: "
        f"grant {spec.permission}, or the feature is off"
    )
