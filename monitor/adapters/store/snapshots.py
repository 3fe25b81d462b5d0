"""Complete readings: which there are, and how one becomes part of history."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from monitor.adapters.store.kinds import Kinds
from monitor.adapters.store.rows import CONTENT, moment_from, to_ms
from monitor.adapters.store.schema import OPEN
from monitor.core.records import ListReading, ListState, Snapshot

_MASS_SHARE = 0.10
_MASS_COUNT = 20
"""More than this share and this many records gone at once (or all of them) is not believed."""


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
            "select kind, state, rows, columns, detail from list_reading where snapshot = ? "
            "order by kind",
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
            "select 1 from list_reading where kind = ? and state in ('read', 'held') limit 1",
            (kind,),
        )
        return found.fetchone() is not None

    def accept_deletions(self, kind: str, at: datetime) -> None:
        """A person says that the held disappearance is real: the next snapshot believes it."""
        self._db.execute(
            "insert into accepted_deletions(kind, accepted_at) values (?, ?)", (kind, to_ms(at))
        )

    def record(
        self,
        taken_at: datetime,
        readings: Sequence[ListReading],
        confirmed_deleted: Mapping[str, frozenset[str]],
    ) -> Snapshot:
        """Make what is staged a snapshot; call it inside a write transaction.

        Lists that were not read (off, blind, held back) keep their versions open. A record that is
        absent is closed when NetSuite confirms its deletion, when a person accepted it, or when the
        snapshot before missed it too.
        """
        cursor = self._db.execute("insert into snapshot(taken_at) values (?)", (to_ms(taken_at),))
        snapshot_id = cursor.lastrowid or 0
        for reading in readings:
            confirmed = confirmed_deleted.get(reading.kind, frozenset())
            verdict = self._verdict(reading, confirmed)
            if verdict.state in (ListState.READ, ListState.HELD):
                number = self._kinds.number(reading.kind)
                self._forget_reappeared(number)
                self._apply_different(snapshot_id, number)
            if verdict.state is ListState.READ:
                self._apply_absent(snapshot_id, reading.kind, confirmed)
            self._remember_verdict(snapshot_id, verdict)
        return Snapshot(snapshot_id, moment_from(to_ms(taken_at)))

    def _one(self, rest: str, *values: int) -> Snapshot | None:
        row = self._db.execute(f"select id, taken_at from snapshot {rest}", values).fetchone()
        return None if row is None else Snapshot(row[0], moment_from(row[1]))

    def _verdict(self, reading: ListReading, confirmed: frozenset[str]) -> ListReading:
        if reading.state is ListState.OFF and self.was_ever_read(reading.kind):
            return reading._replace(state=ListState.BLIND)
        if reading.state is ListState.READ and self._is_mass_disappearance(reading.kind, confirmed):
            return reading._replace(state=ListState.HELD)
        return reading

    def _is_mass_disappearance(self, kind: str, confirmed: frozenset[str]) -> bool:
        number = self._kinds.number(kind)
        absent = self._db.execute("select id from temp.vanished where kind = ?", (number,))
        gone = sum(str(record_id) not in confirmed for (record_id,) in absent)
        (before,) = self._db.execute(
            f"select count(*) from version where vto = {OPEN} and kind = ?", (number,)
        ).fetchone()
        is_mass = gone > 0 and (
            gone == before or (gone > _MASS_COUNT and gone > _MASS_SHARE * before)
        )
        return is_mass and not self._is_accepted(kind)

    def _is_accepted(self, kind: str) -> bool:
        found = self._db.execute(
            "select 1 from accepted_deletions where kind = ? and used_by is null", (kind,)
        )
        return found.fetchone() is not None

    def _apply_different(self, snapshot_id: int, number: int) -> None:
        self._db.execute(
            f"update version set vto = ? where vto = {OPEN} and kind = ? "
            "and id in (select id from temp.staged where kind = ?)",
            (snapshot_id, number, number),
        )
        self._db.execute(
            f"insert into version(kind, id, vfrom, {CONTENT}, modified_at) "
            f"select kind, id, ?, {CONTENT}, modified_at from temp.staged where kind = ?",
            (snapshot_id, number),
        )

    def _apply_absent(self, snapshot_id: int, kind: str, confirmed: frozenset[str]) -> None:
        number = self._kinds.number(kind)
        is_accepted = self._is_accepted(kind)
        if is_accepted:
            self._db.execute(
                "update accepted_deletions set used_by = ? where kind = ? and used_by is null",
                (snapshot_id, kind),
            )
        missed_before = dict(
            self._db.execute(
                "select id, missed from absence where kind = ? and closed is null", (number,)
            )
        )
        absent = self._db.execute(
            "select id from temp.vanished where kind = ?", (number,)
        ).fetchall()
        for (record_id,) in absent:
            missed = missed_before.get(record_id, snapshot_id)
            is_believed = record_id in missed_before or is_accepted or str(record_id) in confirmed
            self._miss(number, record_id, missed, snapshot_id if is_believed else None)

    def _miss(self, number: int, record_id: int, missed: int, closed: int | None) -> None:
        self._db.execute(
            "insert into absence(kind, id, missed, closed) values (?, ?, ?, ?) "
            "on conflict do update set closed = excluded.closed",
            (number, record_id, missed, closed),
        )
        if closed is not None:
            self._db.execute(
                f"update version set vto = ? where vto = {OPEN} and kind = ? and id = ?",
                (closed, number, record_id),
            )

    def _forget_reappeared(self, number: int) -> None:
        """Somebody who was missed once and is here again was never gone."""
        self._db.execute(
            "delete from absence where closed is null and kind = ? "
            "and id not in (select id from temp.vanished where kind = ?)",
            (number, number),
        )

    def _remember_verdict(self, snapshot_id: int, verdict: ListReading) -> None:
        self._db.execute(
            "insert into list_reading values (?, ?, ?, ?, ?, ?)",
            (
                snapshot_id,
                verdict.kind,
                verdict.state.value,
                verdict.rows,
                ",".join(verdict.columns),
                verdict.detail,
            ),
        )
