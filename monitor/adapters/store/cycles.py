"""How cycles ended: the last of each sort and how many there were, so that it never grows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from monitor.adapters.store.rows import moment_from, to_ms
from monitor.core.cycles import Cycle, CycleEnd

CYCLES_TABLE = (
    # number: counts all cycles; moments would misorder them when the clock is set back
    """create table cycle(
        outcome text not null primary key, number integer not null, times integer not null,
        began_at integer not null, took_ms integer not null, detail text not null)
        strict, without rowid""",
)

PING = "ping"
"""The name under which it is remembered how the last ping went, as that of a source is."""

_COLUMNS = "began_at, took_ms, outcome, detail"


class Cycles:
    """The newest cycle of each sort, and how often it happened."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def record(self, cycle: Cycle) -> None:
        """Remember a cycle that ended just now. In a transaction."""
        self._db.execute(
            "insert into cycle select ?1, coalesce(max(number), 0) + 1, 1, ?2, ?3, ?4 from cycle "
            "where true on conflict do update set number = excluded.number, times = times + 1, "
            "began_at = excluded.began_at, took_ms = excluded.took_ms, detail = excluded.detail",
            (
                cycle.end.name,
                to_ms(cycle.began_at),
                cycle.duration // timedelta(milliseconds=1),
                cycle.detail,
            ),
        )

    def last(self) -> Cycle | None:
        """The newest of all; None before the first."""
        return self._newest(CycleEnd)

    def last_that_read(self) -> Cycle | None:
        """The newest that read both systems whole."""
        return self._newest(end for end in CycleEnd if end.has_read)

    def counts(self) -> dict[CycleEnd, int]:
        """How many ended how, since the database was made."""
        counted = dict(self._db.execute("select outcome, times from cycle"))
        return {end: counted.get(end.name, 0) for end in CycleEnd}

    def _newest(self, ends: Iterable[CycleEnd]) -> Cycle | None:
        names = [end.name for end in ends]
        row = self._db.execute(
            f"select {_COLUMNS} from cycle where outcome in ({', '.join('?' * len(names))}) "
            "order by number desc limit 1",
            names,
        ).fetchone()
        return None if row is None else _cycle(row)


def _cycle(row: tuple[Any, ...]) -> Cycle:
    began_at, took_ms, outcome, detail = row
    took = timedelta(milliseconds=took_ms)
    return Cycle(moment_from(began_at), took, CycleEnd[outcome], detail)
