"""What a role may be shown beside its lists: what helps, and what the monitor never asks for.

SELECT tells what can be read. Whether the role may also write, it does not tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from monitor.adapters.netsuite.specs import SPECS
from monitor.adapters.netsuite.suiteql import BELOW_ALL_IDS, Refused, SuiteQL, Unexpected
from monitor.core.records import Kind
from monitor.errors import SourceError

_DELETIONS = "SELECT d.recordid AS recordid FROM deletedrecord d WHERE d.recordid IN (0)"


class Besides(NamedTuple):
    """Something that can be read, how to take it away, and the query that finds it out."""

    what: str
    remedy: str
    query: str


class Sight:
    """Looks at what one role is shown; every method raises SourceError when NetSuite could not be
    asked.
    """

    def __init__(self, suiteql: SuiteQL) -> None:
        self._suiteql = suiteql

    def has_deletions(self) -> bool:
        """Whether it is shown what was deleted."""
        return self._is_shown(_DELETIONS)

    def subsidiaries(self) -> frozenset[str]:
        """The ids of those it is shown."""
        query = "SELECT t.id FROM subsidiary t WHERE t.id > ? ORDER BY t.id"
        pages = self._suiteql.pages(query, [BELOW_ALL_IDS], lambda row: str(row["id"]))
        return frozenset(str(row["id"]) for page in pages for row in page)

    def too_much(self, kinds: Sequence[str]) -> Iterator[Besides]:
        """What nobody needs who reads lists of these kinds (and subsidiaries)."""
        return (one for one in _besides(kinds) if self._is_shown(one.query))

    def _is_shown(self, query: str) -> bool:
        try:
            self._suiteql.rows(query)
        except SourceError as error:
            # NetSuite also fails (500) at what it does not show.
            if error.is_permanent or isinstance(error, Refused | Unexpected):
                return False
            raise
        return True


def _besides(kinds: Sequence[str]) -> Iterator[Besides]:
    for spec in SPECS.values():
        if spec.kind not in (*kinds, Kind.SUBSIDIARY):
            remedy = f"take {spec.permission} away from the role, or name it in netsuite.lists"
            yield Besides(f"the list {spec.kind}", remedy, _nothing_of(spec.table))
    yield from _NEVER_ASKED_FOR


def _nothing_of(table: str, column: str = "id") -> str:
    return f"SELECT t.{column} FROM {table} t WHERE t.id = 0"


_TAKE = "take {} away from the role"
_PEOPLE = "give the role no other permission for employees than Lists > Employees (View)"
_NEVER_ASKED_FOR = (
    Besides(
        "transactions",
        _TAKE.format("all that stands under Transactions"),
        _nothing_of("transaction"),
    ),
    Besides("vendors", _TAKE.format("Lists > Vendors"), _nothing_of("vendor")),
    Besides("accounts", _TAKE.format("Lists > Accounts"), _nothing_of("account")),
    Besides("items", _TAKE.format("Lists > Items"), _nothing_of("item")),
    *(
        Besides(what, _PEOPLE, _nothing_of("employee", column))
        for column, what in (
            ("socialsecuritynumber", "employees' social security numbers"),
            ("birthdate", "employees' dates of birth"),
            ("laborcost", "employees' labor costs"),
        )
    ),
)
