"""Reads a table of pairs beside the pages of its list: bounded memory, nothing skipped."""

from __future__ import annotations

from collections import defaultdict

from monitor.adapters.netsuite.lists import Attached
from monitor.adapters.netsuite.suiteql import BELOW_ALL_IDS, Row, SuiteQL

_ABOVE_ALL_IDS = "999999999999999"


class AttachedReader:
    """Takes the pairs whose owners lie in one range of ids after the other."""

    def __init__(self, suiteql: SuiteQL, attached: Attached) -> None:
        self._suiteql = suiteql
        self._attached = attached
        self._reached = BELOW_ALL_IDS
        self.rows = 0

    def up_to(self, owner: str) -> dict[str, tuple[str, ...]]:
        """The values by owner, for all owners after the last call's up to this one."""
        values: defaultdict[str, set[str]] = defaultdict(set)
        while True:
            page = self._page(owner)
            if len(page) < self._suiteql.page_size:
                self._take(page, values)
                break
            page = self._whole_owners(page)
            self._take(page, values)
            self._reached = str(page[-1]["owner"])
        self._reached = owner
        return {one: tuple(sorted(found, key=int)) for one, found in values.items()}

    def rest(self) -> None:
        """Count the pairs of owners that the list does not show."""
        self.up_to(_ABOVE_ALL_IDS)

    def _page(self, until: str) -> list[Row]:
        a = self._attached
        return self._suiteql.rows(
            f"SELECT m.{a.owner} AS owner, m.{a.value} AS value FROM {a.table} m "
            f"WHERE m.{a.owner} > ? AND m.{a.owner} <= ? ORDER BY m.{a.owner}, m.{a.value}",
            [self._reached, until],
        )

    def _whole_owners(self, page: list[Row]) -> list[Row]:
        """Without the last owner, whose pairs may go on; if there is no other, with all of them."""
        last = page[-1]["owner"]
        whole = [row for row in page if row["owner"] != last]
        return whole or page + self._more_of(last, str(page[-1]["value"]))

    def _more_of(self, owner: str, value: str) -> list[Row]:
        a = self._attached
        more: list[Row] = []
        for page in self._suiteql.pages(
            f"SELECT m.{a.owner} AS owner, m.{a.value} AS value FROM {a.table} m "
            f"WHERE m.{a.owner} = ? AND m.{a.value} > ? ORDER BY m.{a.value}",
            [owner, value],
            lambda row: str(row["value"]),
        ):
            more += page
        return more

    def _take(self, page: list[Row], values: defaultdict[str, set[str]]) -> None:
        self.rows += len(page)
        for row in page:
            values[str(int(row["owner"]))].add(str(int(row["value"])))
