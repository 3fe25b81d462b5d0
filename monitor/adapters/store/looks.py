"""When somebody looked: the moments of snapshots, and of the last look at a list before one."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from monitor.adapters.store.rows import moment_from

READ = "state in ('read', 'held')"
"""The list was read, even where its shrink was not believed."""


class Looks:
    """When snapshots were taken. Many changes share few snapshots, so each is asked for once."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._at: dict[int, datetime] = {}
        self._before: dict[tuple[int, int], datetime] = {}

    def at(self, snapshot_id: int) -> datetime:
        """When the snapshot was taken."""
        if snapshot_id not in self._at:
            self._at[snapshot_id] = self._one("id = ?", snapshot_id)
        return self._at[snapshot_id]

    def before(self, kind: int, snapshot_id: int) -> datetime:
        """When the list was read last before the snapshot: in one between, nobody looked."""
        if (kind, snapshot_id) not in self._before:
            self._before[kind, snapshot_id] = self._one(
                "id < (select min(vto, ?1) from list_reading where kind = ?2 and vfrom < ?1 "
                f"and {READ} order by vfrom desc limit 1) order by id desc limit 1",
                snapshot_id,
                kind,
            )
        return self._before[kind, snapshot_id]

    def _one(self, condition: str, *values: int) -> datetime:
        row = self._db.execute(f"select taken_at from snapshot where {condition}", values)
        return moment_from(row.fetchone()[0])
