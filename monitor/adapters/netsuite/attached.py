"""Reads a table of pairs beside the pages of its list: bounded memory, nothing skipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from monitor.adapters.netsuite.numbers import whole
from monitor.adapters.netsuite.specs import Attached
from monitor.adapters.netsuite.suiteql import BELOW_ALL_IDS, Row, SuiteQL
from monitor.errors import SourceError

_ABOVE_ALL_IDS = 999_999_999_999_999


class _Pair(NamedTuple):
    """A value of an owner, and how many rows say so."""

    owner: int
    value: int
    times: int


class AttachedReader:
    """Takes the pairs whose owners lie in one range of ids after the other."""

    def __init__(self, suiteql: SuiteQL, attached: Attached) -> None:
        self._suiteql = suiteql
        self._attached = attached
        self._reached = int(BELOW_ALL_IDS)
        self.rows = 0

    def up_to(self, owner: int) -> dict[str, tuple[str, ...]]:
        """The values by owner, for all owners after the last call's up to this one."""
        values: defaultdict[int, list[int]] = defaultdict(list)
        while self._reached < owner:
            page = self._page(owner)
            if len(page) < self._suiteql.page_size:
                self._reached = owner
            else:
                page = self._whole_owners(page)
                self._reached = self._advanced(page[-1].owner)
            for pair in page:
                values[pair.owner].append(pair.value)
                self.rows += pair.times
        return {str(one): tuple(map(str, found)) for one, found in values.items()}

    def rest(self) -> dict[str, tuple[str, ...]]:
        """The values of all owners after the last call's, also of some that the list lacks."""
        return self.up_to(_ABOVE_ALL_IDS)

    def count(self) -> int:
        """How many rows with an owner and a value the role sees in the table."""
        a = self._attached
        return self._suiteql.count(a.table, f"t.{a.owner} IS NOT NULL AND t.{a.value} IS NOT NULL")

    def _page(self, until: int) -> list[_Pair]:
        query = self._query("t.{owner} > ? AND t.{owner} <= ?")
        page = self._pairs(self._suiteql.rows(query, [str(self._reached), str(until)]))
        # A page that was there before may be as long as the one that was asked for.
        if strange := [pair.owner for pair in page if not self._reached < pair.owner <= until]:
            raise SourceError(
                f"NetSuite sent a row of {self._attached.table} about {strange[0]}, where those "
                f"after {self._reached} and up to {until} were asked for: the list is not whole",
                source="netsuite",
            )
        return page

    def _advanced(self, owner: int) -> int:
        if owner > self._reached:
            return owner
        raise SourceError(
            f"NetSuite's pages of {self._attached.table} do not advance beyond {self._reached}: "
            "the list is not whole",
            source="netsuite",
        )

    def _whole_owners(self, page: list[_Pair]) -> list[_Pair]:
        """Without the last owner, whose pairs may go on; if there is no other, with all of them."""
        last = page[-1]
        whole = [pair for pair in page if pair.owner != last.owner]
        return whole or [*page, *self._more_of(last)]

    def _more_of(self, last: _Pair) -> list[_Pair]:
        pages = self._suiteql.pages(
            self._query("t.{owner} = ? AND t.{value} > ?"),
            [str(last.owner), str(last.value)],
            lambda row: str(row["value"]),
        )
        return [pair for page in pages for pair in self._pairs(page)]

    def _query(self, where: str) -> str:
        """Pairs in order. They are grouped because a pair may stand there twice (a resource in two
        roles), and twins at the end of a page would be lost.
        """
        pairs = (
            "SELECT t.{owner} AS owner, t.{value} AS value, COUNT(*) AS times FROM {table} t "
            f"WHERE {where} AND t.{{value}} IS NOT NULL "
            "GROUP BY t.{owner}, t.{value} ORDER BY t.{owner}, t.{value}"
        )
        a = self._attached
        return pairs.format(owner=a.owner, value=a.value, table=a.table)

    def _pairs(self, rows: Iterable[Row]) -> list[_Pair]:
        try:
            return [
                _Pair(whole(row["owner"]), whole(row["value"]), whole(row["times"])) for row in rows
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise SourceError(
                f"NetSuite sent a row of {self._attached.table} the monitor cannot read: "
                f"{error} is missing or odd; nothing of this reading is kept",
                source="netsuite",
            ) from error
