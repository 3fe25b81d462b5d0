"""SuiteQL really executed: strings only, nulls omitted, the documented refusals."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from monitor.simulator.netsuite.tables import DATE, ONE_WORLD_TABLES, Tables

_PREFIX = "Invalid search query. Detailed unprocessed description follows. "
_FORMATS = (
    ("YYYY", "%Y"),
    ("MM", "%m"),
    ("DD", "%d"),
    ("HH24", "%H"),
    ("HH", "%I"),
    ("MI", "%M"),
    ("SS", "%S"),
    ('"T"', "T"),
    ('"Z"', "Z"),
)
_MOST_ROWS = 100_000


class Refused(Exception):
    """NetSuite will not run the query; the text is its `detail`."""


class SuiteQL:
    """Runs queries over the tables as one role sees them."""

    def __init__(self, tables: Tables, now: Callable[[], datetime], zone: tzinfo = UTC) -> None:
        self.is_one_world = True
        self.hidden_tables: set[str] = set()
        self.hidden_columns: set[tuple[str, str]] = set()
        self.user_format = "%m/%d/%Y"
        self._tables = tables
        self._now = now
        self._zone = zone
        tables.db.create_function("TO_CHAR", 2, self._to_char)
        tables.db.create_function("SYS_EXTRACT_UTC", 1, _as_utc)
        tables.db.create_function("NVL", 2, lambda value, other: other if value is None else value)

    def run(self, query: str, params: Sequence[str]) -> list[dict[str, str]]:
        """All rows of the answer, as NetSuite would spell them; raises Refused."""
        self._check(query)
        sql = re.sub(r"FETCH FIRST (\d+) ROWS ONLY", r"LIMIT \1", query, flags=re.I)
        sql = re.sub(r"CURRENT_TIMESTAMP|CURRENT_DATE", f"'{self._tables.stamp()}'", sql)
        with self._tables.lock:
            try:
                rows = [dict(row) for row in self._tables.db.execute(sql, tuple(params))]
            except sqlite3.Error as error:
                raise Refused(_as_netsuite_says(error)) from error
        if "ORDER BY" not in query.upper() and len(rows) > 1:
            # Without an order the pages overlap and leave rows out.
            random.shuffle(rows)
        return [self._spelled(row) for row in rows[:_MOST_ROWS]]

    def _check(self, query: str) -> None:
        if re.match(r"\s*WITH\b", query, re.I) or re.search(r"\bLIMIT\b", query, re.I):
            raise Refused("Invalid search query")
        if not re.match(r"\s*SELECT\b", query, re.I):
            raise Refused("Invalid search query")
        tables = {name.lower() for name in re.findall(r"(?:FROM|JOIN)\s+(\w+)", query, re.I)}
        hidden = self.hidden_tables | (set() if self.is_one_world else set(ONE_WORLD_TABLES))
        for table in sorted(tables & hidden):
            raise Refused(f"{_PREFIX}Search error occurred: Record '{table}' was not found.")
        columns = {name.lower() for name in re.findall(r"\bt\.(\w+)", query)}
        for table, column in self._hidden_columns():
            if table in tables and column in columns:
                raise Refused(_unknown(column, table))

    def _hidden_columns(self) -> set[tuple[str, str]]:
        without = {
            (table, "subsidiary")
            for table in ("classification", "department", "location", "job", "employee")
        }
        return self.hidden_columns | (set() if self.is_one_world else without)

    def _spelled(self, row: dict[str, Any]) -> dict[str, str]:
        return {
            name.lower(): self._bare_date(value) if _is_date(value) else str(value)
            for name, value in row.items()
            if value is not None
        }

    def _bare_date(self, value: str) -> str:
        return f"{_moment(value).astimezone(self._zone):{self.user_format}}"

    def _to_char(self, value: Any, form: str) -> str | None:
        if value is None:
            return None
        moment = _moment(str(value).removeprefix("U:"))
        if not str(value).startswith("U:"):
            moment = moment.astimezone(self._zone)
        for oracle, python in _FORMATS:
            form = form.replace(oracle, python)
        return moment.strftime(form)


def _as_utc(value: Any) -> str | None:
    return None if value is None else f"U:{value}"


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(DATE)


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value.removeprefix(DATE))


def _as_netsuite_says(error: sqlite3.Error) -> str:
    text = str(error)
    if found := re.search(r"no such table: (\w+)", text):
        return f"{_PREFIX}Search error occurred: Record '{found.group(1)}' was not found."
    if found := re.search(r"no such column: (?:\w+\.)?(\w+)", text):
        return _unknown(found.group(1), "t")
    return f"{_PREFIX}Search error occurred: Invalid or unsupported search."


def _unknown(column: str, table: str) -> str:
    return (
        f"{_PREFIX}Search error occurred: Unknown identifier '{column}'. "
        f"Available identifiers are: {{{table}={table}}}."
    )
