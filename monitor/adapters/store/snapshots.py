"""Complete readings: which there are, and what each could see."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from monitor.adapters.store.kinds import Kinds
from monitor.adapters.store.looks import READ
from monitor.adapters.store.rows import moment_from, to_ms
from monitor.core.records import ListReading, ListState, Snapshot


class Snapshots:
    """The complete readings of NetSuite, oldest first; ids keep their meaning for ever."""

    def __init__(self, db: sqlite3.Connection, kinds: Kinds) -> None:
        self._db = db
        self._kinds = kinds

    def latest(self) -> Snapshot | None:
        """The newest complete snapshot."""
        return self._one("order by id desc limit 1")

    def baseline(self) -> Snapshot | None:
        """The first complete snapshot."""
        return self._one("order by id limit 1")

    def at(self, moment: datetime) -> Snapshot | None:
        """The newest snapshot taken at or before the moment."""
        return self._one("where taken_at <= ? order by id desc limit 1", to_ms(moment))

    def by_id(self, snapshot_id: int) -> Snapshot | None:
        """The snapshot with this id."""
        return self._one("where id = ?", snapshot_id)

    def back(self, number: int) -> Snapshot | None:
        """1 = the newest, 2 = the one before it, …"""
        return self._one("order by id desc limit 1 offset ?", number - 1)

    def list_readings(self, snapshot_id: int) -> tuple[ListReading, ...]:
        """The verdict of every list of one snapshot, ordered by kind."""
        rows = self._db.execute(
            "select name, state, rows, columns, detail from list_reading r "
            "join kind k on k.number = r.kind where vfrom <= ?1 and vto > ?1 order by name",
            (snapshot_id,),
        )
        return tuple(
            ListReading(
                kind, ListState(state), count, tuple(filter(None, columns.split(","))), detail
            )
            for kind, state, count, columns, detail in rows
        )

    def was_ever_read(self, kind: str) -> bool:
        """Whether some snapshot could read the list."""
        found = self._db.execute(
            f"select 1 from list_reading where kind = ? and {READ} limit 1",
            (self._kinds.find(kind),),
        )
        return found.fetchone() is not None

    def first_read_at(self, kind: str) -> datetime | None:
        """When a snapshot first read the list."""
        row = self._db.execute(
            "select taken_at from list_reading join snapshot on snapshot.id = vfrom "
            f"where kind = ? and {READ} order by vfrom limit 1",
            (self._kinds.find(kind),),
        ).fetchone()
        return None if row is None else moment_from(row[0])

    def last_read_at(self, kind: str) -> datetime | None:
        """When a snapshot last read the list whole and believed it."""
        row = self._db.execute(
            "select s.taken_at from snapshot s where s.id = (select max(min(vto - 1, ?)) "
            "from list_reading where kind = ? and state = 'read')",
            (self._newest_id(), self._kinds.find(kind)),
        ).fetchone()
        return None if row is None else moment_from(row[0])

    def accept_deletions(self, kind: str, at: datetime) -> None:
        """A person says that the held disappearance is real: the next snapshot that reads the list
        believes it. In a transaction.
        """
        self._db.execute(
            "insert into accepted_deletions(kind, accepted_at) values (?, ?)",
            (self._kinds.number(kind), to_ms(at)),
        )

    def _newest_id(self) -> int:
        newest: int = self._db.execute("select coalesce(max(id), 0) from snapshot").fetchone()[0]
        return newest

    def _one(self, rest: str, *values: int) -> Snapshot | None:
        row = self._db.execute(f"select id, taken_at from snapshot {rest}", values).fetchone()
        return None if row is None else Snapshot(row[0], moment_from(row[1]))
