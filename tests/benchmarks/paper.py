"""NetSuite on paper: its answers to one whole reading, written down once and given again."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from monitor.adapters.http import Answer, Request
from monitor.adapters.netsuite import NetSuite
from monitor.adapters.netsuite.capability import Capabilities
from monitor.adapters.netsuite.lanes import Lanes
from monitor.adapters.netsuite.lists import SPECS
from monitor.adapters.netsuite.suiteql import SuiteQL
from monitor.clock import SystemClock
from monitor.errors import SourceError
from tests.benchmarks.account import Account, Row

Say = Callable[[str, Sequence[str]], Answer]
"""A query and its parameters -> what NetSuite answers."""

PAGE_SIZE = 1000
_COLUMN = re.compile(r"\bt\.(\w+)")


class PaperNetSuite(NetSuite):
    """The monitor's own adapter, queries, parser and all, that asks paper instead of a network."""

    def __init__(self, say: Say) -> None:
        paper: Any = Paper(say)
        self._http = paper
        nobody: Any = None  # paper does not ask who we are
        self._lanes = Lanes(1, SystemClock())
        self._suiteql = SuiteQL("", paper, nobody, page_size=PAGE_SIZE, lanes=self._lanes)
        self._capabilities = Capabilities(self._suiteql)


class Paper:
    """Stands where the adapter has its HTTP session."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def ask(self, request: Request, understand: Callable[[Answer], Any], _turns: Lanes) -> Any:
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
    """Answers from an account, by really running the queries, and writes every answer down."""

    def __init__(self, account: Account, folder: Path) -> None:
        self._folder = folder
        self._written = 0
        self._db = sqlite3.connect(":memory:")
        for function, count in (("TO_CHAR", 2), ("SYS_EXTRACT_UTC", 1)):
            self._db.create_function(function, count, lambda moment, *_format: moment)
        for kind, spec in SPECS.items():
            self._fill_list(spec.table, spec.columns, account.rows[kind].values())
            if a := spec.attached:
                self._fill_pairs(a.table, (a.owner, a.value), account.attached[kind])
        folder.mkdir(parents=True)

    def __call__(self, query: str, params: Sequence[str]) -> Answer:
        body = json.dumps(_page(self._rows(query, params))).encode()
        (self._folder / f"{self._written:05}.json").write_bytes(body)
        self._written += 1
        return Answer(200, {}, body)

    def _rows(self, query: str, params: Sequence[str]) -> list[dict[str, str]]:
        if "deletedrecord" in query:
            return [{"recordid": record_id} for record_id in params[1:]]
        cursor = self._db.execute(query, params)
        names = [column[0] for column in cursor.description]
        found = (dict(zip(names, row, strict=True)) for row in cursor.fetchmany(PAGE_SIZE))
        # SuiteQL says everything as text, and leaves a null out
        return [{name: str(one) for name, one in row.items() if one is not None} for row in found]

    def _fill_list(self, table: str, asked: Mapping[str, str], rows: Iterable[Row]) -> None:
        """`asked`: a name in the answer -> the expression over one column that asks for it."""
        names = {_COLUMN.findall(expression)[0]: name for name, expression in asked.items()}
        self._db.execute(f"create table {table}(id integer primary key, {', '.join(names)})")
        self._insert(table, ([row.get(name) for name in ("id", *names.values())] for row in rows))

    def _fill_pairs(
        self, table: str, columns: tuple[str, str], values: Mapping[int, Sequence[str]]
    ) -> None:
        owner, value = columns
        self._db.execute(
            f"create table {table}({owner} integer, {value} integer, primary key({owner}, {value}))"
        )
        self._insert(table, ((one, value) for one, of_one in values.items() for value in of_one))

    def _insert(self, table: str, rows: Iterable[Sequence[object]]) -> None:
        for row in rows:
            self._db.execute(f"insert into {table} values ({', '.join('?' * len(row))})", row)


def _page(rows: Sequence[Mapping[str, str]]) -> dict[str, object]:
    """A page as SuiteQL words it."""
    return {
        "links": [{"rel": "self", "href": "https://1234567.suitetalk.api.netsuite.com/suiteql"}],
        "count": len(rows),
        "hasMore": len(rows) == PAGE_SIZE,
        "items": [{"links": [], **row} for row in rows],
        "offset": 0,
        "totalResults": len(rows),
    }
