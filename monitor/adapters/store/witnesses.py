"""What testifies beside the lists: whether it may be read, how far it was, and what it measured."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.adapters.store.rows import moment_from, to_ms

SYSTEM_NOTES, LOGIN_AUDIT, CLOCK = "system_notes", "login_audit", "clock"
_MILLISECOND = timedelta(milliseconds=1)


class Witness(NamedTuple):
    """One source of evidence as last looked at. `detail` says why it is off; `reached` is a
    position or a measure of its own.
    """

    name: str
    is_off: bool
    detail: str
    reached: int | None
    looked_at: datetime


class Witnesses:
    """The login audit, the system notes, and NetSuite's clock."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def looked(
        self,
        name: str,
        at: datetime,
        *,
        is_off: bool = False,
        detail: str = "",
        reached: int | None = None,
    ) -> None:
        """The witness was asked; it keeps its position where none is given. In a transaction."""
        self._db.execute(
            "insert into witness values (?1, ?2, ?3, ?4, ?5) on conflict do update set "
            "is_off = ?2, detail = ?3, reached = coalesce(?4, reached), looked_at = ?5",
            (name, is_off, detail, reached, to_ms(at)),
        )

    def get(self, name: str) -> Witness | None:
        """The witness as last looked at; None before the first time."""
        row = self._db.execute(
            "select is_off, detail, reached, looked_at from witness where name = ?", (name,)
        ).fetchone()
        if row is None:
            return None
        return Witness(name, bool(row[0]), row[1], row[2], moment_from(row[3]))

    def measure_clock(self, at: datetime, skew: timedelta) -> None:
        """NetSuite's clock was so far ahead of ours. In a transaction."""
        self.looked(CLOCK, at, reached=skew // _MILLISECOND)

    def skew(self) -> timedelta:
        """How far NetSuite's clock was ahead of ours when last measured; 0 if it never was."""
        clock = self.get(CLOCK)
        return (clock.reached or 0) * _MILLISECOND if clock else timedelta(0)
