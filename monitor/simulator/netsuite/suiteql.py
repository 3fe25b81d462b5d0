"""SuiteQL really executed: strings only, nulls omitted, the documented refusals."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from typing import Any, NamedTuple

from monitor.simulator.netsuite.tables import DATE, ONE_WORLD_TABLES, Tables
from monitor.simulator.netsuite.words import DIALECT, UNSUPPORTED, of_column, of_table

_IN_UTC = "U:"
"""Marks a moment that SYS_EXTRACT_UTC has taken out of the account's zone."""
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
_TABLE = re.compile(r"\b(FROM|JOIN)\s+(\w+)", re.I)
FAILING = "failing"
"""What a column may be hidden with: NetSuite then fails (500) instead of refusing."""


class Refused(Exception):
    """NetSuite will not run the query; the text is its `detail`."""


class Failed(Exception):
    """NetSuite fails at the query without saying why."""


class Found(NamedTuple):
    """A page of an answer, and how many rows all of it has."""

    rows: list[dict[str, str]]
    total: int


class SuiteQL:
    """Runs queries over the tables as one role sees them."""

    def __init__(self, tables: Tables, now: Callable[[], datetime], zone: tzinfo = UTC) -> None:
        self.is_one_world = True
        self.hidden_tables: set[str] = set()
        self.says_of_tables = "record"
        """How a hidden table is refused, a key of words.OF_TABLES."""
        self.hidden_columns: dict[tuple[str, str], str] = {}
        """By table and column: how it is refused, a key of words.OF_COLUMNS, or FAILING."""
        self.hidden_rows: set[tuple[str, int]] = set()
        """Table and id of rows that the role's restrictions leave out, silently."""
        self.own_notes_of: int | None = None
        """Without its permission a role sees the system notes of this author only, silently."""
        self.user_format = "%m/%d/%Y"
        """The date format of the token's user."""
        self.zone = zone
        """The zone of the account, or of the token's user."""
        self.has_wrong_last_link = False
        self.most_at_once = 0
        """The most requests that ever were in flight together, the refused ones with them."""
        self.allowed_at_once: int | None = None
        """The account's pool: one request more is refused. None = nobody counts."""
        self._in_flight = 0
        self._counting = threading.Lock()
        self._tables = tables
        self._now = now
        tables.db.create_function("TO_CHAR", 2, self._to_char)
        tables.db.create_function("SYS_EXTRACT_UTC", 1, _as_utc)
        tables.db.create_function("TO_TIMESTAMP", 2, _to_timestamp)
        tables.db.create_function("BUILTIN_DF", 1, tables.trail.displayed)
        tables.db.create_function("NVL", 2, lambda value, other: other if value is None else value)

    @contextmanager
    def in_flight(self) -> Iterator[bool]:
        """Count a request while it is answered; whether the pool has room for it."""
        with self._counting:
            self._in_flight += 1
            self.most_at_once = max(self.most_at_once, self._in_flight)
            allowed = self.allowed_at_once
            has_room = allowed is None or self._in_flight <= allowed
        try:
            yield has_room
        finally:
            with self._counting:
                self._in_flight -= 1

    def show(self, table: str, *columns: str) -> None:
        """Let the role see more: a table beside the lists, or these columns of one of them."""
        with self._tables.lock:
            if not columns:
                self._tables.db.execute(f'create table "{table}"(id integer primary key)')
            for column in columns:
                self._tables.db.execute(f"alter table {table} add column {column}")

    def run(self, query: str, params: Sequence[str | None], limit: int, offset: int) -> Found:
        """One page of the answer, as NetSuite would spell it; raises Refused or Failed."""
        self._check(query)
        if None in params:
            raise Refused(UNSUPPORTED)
        sql = self._as_sqlite(query)
        with self._tables.lock:
            try:
                # Without an order the pages overlap and leave rows out.
                order = "" if "ORDER BY" in query.upper() else "order by random()"
                page = f"select * from ({sql}) {order} limit ? offset ?"
                rows = self._rows(page, (*params, limit, offset))
                total = self._rows(f"select count(*) as total from ({sql})", params)[0]["total"]
            except sqlite3.Error as error:
                raise Refused(self._as_netsuite_says(error)) from error
        left = max(0, _MOST_ROWS - offset)
        return Found([self._spelled(row) for row in rows[:left]], min(total, _MOST_ROWS))

    def _rows(self, sql: str, params: Sequence[Any]) -> list[dict[str, Any]]:
        return [dict(row) for row in self._tables.db.execute(sql, tuple(params))]

    def _as_sqlite(self, query: str) -> str:
        sql = re.sub(r"\bOFFSET \d+ ROWS\b", "", query, flags=re.I)  # NetSuite ignores it, too
        sql = re.sub(r"FETCH FIRST (\d+) ROWS ONLY", r"LIMIT \1", sql, flags=re.I)
        sql = re.sub(r"\bBUILTIN\.DF\(", "BUILTIN_DF(", sql, flags=re.I)
        sql = re.sub(r"CURRENT_TIMESTAMP|CURRENT_DATE", f"'{self._tables.stamp()}'", sql)
        return _TABLE.sub(self._visible, sql)

    def _visible(self, found: re.Match[str]) -> str:
        """The table without the rows that the role does not see."""
        table = found[2].lower()
        if table == "systemnote" and self.own_notes_of is not None:
            return f"{found[1]} (select * from systemnote where name = {self.own_notes_of})"
        hidden = ", ".join(str(row_id) for name, row_id in self.hidden_rows if name == table)
        if not hidden:
            return f'{found[1]} "{table}"'
        return f"{found[1]} (select * from {table} where id not in ({hidden}))"

    def _check(self, query: str) -> None:
        if not re.match(r"\s*SELECT\b", query, re.I) or re.search(r"\bLIMIT\b", query, re.I):
            raise Refused(DIALECT)
        if re.match(r"\s*SELECT\s+\*", query, re.I):
            raise Refused(UNSUPPORTED)
        tables = {name.lower() for _, name in _TABLE.findall(query)}
        hidden = self.hidden_tables | (set() if self.is_one_world else set(ONE_WORLD_TABLES))
        for table in sorted(tables & hidden):
            raise Refused(of_table(self.says_of_tables, table))
        columns = {name.lower() for name in re.findall(r"\b[a-z]{1,2}\.(\w+)", query)}
        for (table, column), how in self._hidden_columns().items():
            if table in tables and column in columns:
                if how == FAILING:
                    raise Failed
                raise Refused(of_column(how, column, table))

    def _hidden_columns(self) -> dict[tuple[str, str], str]:
        without = {
            (table, "subsidiary"): "identifier"
            for table in ("classification", "department", "location", "job", "employee")
        }
        return self.hidden_columns if self.is_one_world else {**without, **self.hidden_columns}

    def _as_netsuite_says(self, error: sqlite3.Error) -> str:
        text = str(error)
        if found := re.search(r"no such table: (\w+)", text):
            return of_table(self.says_of_tables, found[1])
        if found := re.search(r"no such column: (?:\w+\.)?(\w+)", text):
            return of_column("identifier", found[1], "t")
        return UNSUPPORTED

    def _spelled(self, row: dict[str, Any]) -> dict[str, str]:
        return {
            name.lower(): self._bare_date(value) if _is_date(value) else str(value)
            for name, value in row.items()
            if value is not None
        }

    def _bare_date(self, value: str) -> str:
        return f"{self._moment(value):{self.user_format}}"

    def _to_char(self, value: Any, form: str) -> str | None:
        if value is None:
            return None
        for oracle, python in _FORMATS:
            form = form.replace(oracle, python)
        return self._moment(str(value)).strftime(form)

    def _moment(self, value: str) -> datetime:
        zone = UTC if value.startswith(_IN_UTC) else self.zone
        told = datetime.fromisoformat(value.removeprefix(_IN_UTC).removeprefix(DATE))
        return told.astimezone(zone) if told.tzinfo else told  # a mere day is in no zone


def _as_utc(value: Any) -> str | None:
    return None if value is None else f"{_IN_UTC}{value}"


def _to_timestamp(value: str, form: str) -> str:
    """The moment of a text, for comparing with what SYS_EXTRACT_UTC gives."""
    for oracle, python in _FORMATS:
        form = form.replace(oracle, python)
    told = datetime.strptime(value, form).replace(tzinfo=UTC)
    return f"{_IN_UTC}{DATE}{told:%Y-%m-%dT%H:%M:%SZ}"


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and value.removeprefix(_IN_UTC).startswith(DATE)
