"""NetSuite on paper: its answers to one whole reading, written down once and given again."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from monitor.adapters.http import Answer, Request
from monitor.adapters.netsuite import NetSuite
from monitor.adapters.netsuite.capability import Capabilities
from monitor.adapters.netsuite.lists import SPECS
from monitor.adapters.netsuite.suiteql import SuiteQL
from monitor.errors import SourceError
from tests.benchmarks.account import Account

Say = Callable[[str, Sequence[str]], Answer]
"""A query and its parameters -> what NetSuite answers."""
_KeyedRows = tuple[list[int], list[dict[str, object]]]

PAGE_SIZE = 1000
_TABLE = re.compile(r"FROM (\w+)")


class PaperNetSuite(NetSuite):
    """The monitor's own adapter, queries, parser and all, that asks paper instead of a network."""

    def __init__(self, say: Say) -> None:
        paper: Any = Paper(say)
        self._http = paper
        nobody: Any = None  # paper does not ask who we are
        self._suiteql = SuiteQL("", paper, nobody, page_size=PAGE_SIZE, in_flight=1)
        self._capabilities = Capabilities(self._suiteql)


class Paper:
    """Stands where the adapter has its HTTP session."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def ask(self, request: Request, understand: Callable[[Answer], Any]) -> Any:
        question = request.json
        return understand(self._say(question["q"], question.get("params", ())))

    def final(self, message: str, *, is_permanent: bool = False) -> SourceError:
        return SourceError(message, source="netsuite", is_permanent=is_permanent)

    def passing(self, message: str, answer: Answer | None = None) -> SourceError:
        return SourceError(f"{message} {answer}", source="netsuite")

    def close(self) -> None: ...


def written(folder: Path) -> Say:
    """Gives the answers that an author wrote down, in their order, read from disk one by one."""
    sheets = iter(sorted(folder.iterdir()))

    def say(_query: str, _params: Sequence[str]) -> Answer:
        return Answer(200, {}, next(sheets).read_bytes())

    return say


class Author:
    """Answers from an account, and writes every answer down in the folder."""

    def __init__(self, account: Account, folder: Path) -> None:
        self._folder = folder
        self._written = 0
        self._tables: dict[str, _KeyedRows] = {
            SPECS[kind].table: (list(rows), list(rows.values()))
            for kind, rows in account.rows.items()
        }
        self._tables |= {
            spec.attached.table: _pairs(account.attached[kind])
            for kind, spec in SPECS.items()
            if spec.attached
        }
        folder.mkdir(parents=True)

    def __call__(self, query: str, params: Sequence[str]) -> Answer:
        body = json.dumps(_page(self._rows(query, params))).encode()
        (self._folder / f"{self._written:05}.json").write_bytes(body)
        self._written += 1
        return Answer(200, {}, body)

    def _rows(self, query: str, params: Sequence[str]) -> Sequence[Mapping[str, object]]:
        found = _TABLE.search(query)
        table = found[1] if found else ""
        if table == "deletedrecord":
            return [{"recordid": record_id} for record_id in params[1:]]
        keys, rows = self._tables[table]
        if "COUNT(*)" in query:
            return [{"cnt": str(len(rows))}]
        if not params:
            return []  # which columns there are, asked of an id that nobody has
        begin, *end = (bisect_right(keys, int(bound)) for bound in params)
        return rows[begin : min([begin + PAGE_SIZE, *end])]


def _pairs(values: Mapping[int, Sequence[str]]) -> _KeyedRows:
    pairs = [(owner, value) for owner in sorted(values) for value in values[owner]]
    rows: Iterator[dict[str, object]] = (
        {"owner": str(owner), "value": value} for owner, value in pairs
    )
    return [owner for owner, _ in pairs], list(rows)


def _page(rows: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """A page as SuiteQL words it."""
    return {
        "links": [{"rel": "self", "href": "https://1234567.suitetalk.api.netsuite.com/suiteql"}],
        "count": len(rows),
        "hasMore": len(rows) == PAGE_SIZE,
        "items": [{"links": [], **row} for row in rows],
        "offset": 0,
        "totalResults": len(rows),
    }
