"""The n-th statement of a process is refused by SQLite itself, whether or not it needs the disk."""

from __future__ import annotations

import sqlite3
from functools import partial

from tests.faults.as_opened import each_connection


class Statements:
    """Counts what is run on all connections, and lets SQLite refuse one of it (SQLITE_AUTH)."""

    def __init__(self, refused: int | None) -> None:
        self.run: list[str] = []
        self.is_struck = False
        self._refused = refused

    def listen(self) -> None:
        """From now on, as long as the process lives."""
        each_connection(self._opened)

    def mend(self) -> None:
        """All are let through."""
        self._refused = None

    def _opened(self, connection: sqlite3.Connection) -> None:
        connection.set_trace_callback(partial(self._is_to_run, connection))
        self._be_ready(connection)

    def _is_to_run(self, connection: sqlite3.Connection, statement: str) -> None:
        self.run.append(" ".join(statement.split())[:60])
        self._be_ready(connection)

    def _be_ready(self, connection: sqlite3.Connection) -> None:
        """Who asks for leave makes SQLite ask anew, also for what it has prepared already."""
        if self._refused is not None and len(self.run) == self._refused - 1:
            connection.set_authorizer(self._leave)

    def _leave(self, *_about: object) -> int:
        if self._refused is None or self.is_struck:
            return sqlite3.SQLITE_OK
        self.is_struck = True
        return sqlite3.SQLITE_DENY
