"""How big the database is, table by table, and how far back it reaches."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import NamedTuple

from monitor.adapters.store.rows import from_ms

_MOMENTS = {
    "snapshot": "taken_at",
    "expensify_reading": "taken_at",
    "note": "at",
    "outbox": "created_at",
    "outcome": "at",
    "prediction": "since",
    "recorded_run": "first_at",
}
"""Where a table says itself when its rows began."""


class TableSize(NamedTuple):
    """One table with its indexes. Moments UTC."""

    name: str
    rows: int
    bytes: int | None
    """None where this SQLite cannot tell."""
    oldest_at: datetime | None


class DatabaseSize(NamedTuple):
    """The whole file."""

    bytes: int
    free_bytes: int
    """In pages that nothing uses: new rows fill them, `--compact` gives them back."""
    tables: tuple[TableSize, ...]
    """The biggest first."""

    @property
    def oldest_at(self) -> datetime | None:
        """When the oldest that is kept began."""
        return min((one.oldest_at for one in self.tables if one.oldest_at), default=None)


def size_of(db: sqlite3.Connection) -> DatabaseSize:
    """Everything as of one moment."""
    db.execute("begin")
    try:
        names = db.execute("select name from sqlite_schema where type = 'table' order by name")
        taken = _bytes_by_table(db)
        tables = [_table(db, name, taken) for (name,) in names.fetchall()]
        pages, free, page = (
            int(db.execute(f"pragma {what}").fetchone()[0])
            for what in ("page_count", "freelist_count", "page_size")
        )
    finally:
        db.execute("rollback")
    ordered = sorted(tables, key=lambda one: (-(one.bytes or 0), -one.rows, one.name))
    return DatabaseSize(pages * page, free * page, tuple(ordered))


def _table(db: sqlite3.Connection, name: str, taken: dict[str, int] | None) -> TableSize:
    (rows,) = db.execute(f'select count(*) from "{name}"').fetchone()
    oldest = None
    if name in _MOMENTS:
        (oldest,) = db.execute(f"select min({_MOMENTS[name]}) from {name}").fetchone()
    return TableSize(name, rows, None if taken is None else taken.get(name, 0), from_ms(oldest))


def _bytes_by_table(db: sqlite3.Connection) -> dict[str, int] | None:
    try:
        return dict(
            db.execute(
                "select coalesce(s.tbl_name, d.name), sum(d.pgsize) from dbstat d "
                "left join sqlite_schema s on s.name = d.name where d.aggregate = true "
                "group by 1"
            ).fetchall()
        )
    except sqlite3.OperationalError:  # compiled without it
        return None
