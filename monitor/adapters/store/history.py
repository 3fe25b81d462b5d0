"""How one staged reading becomes part of history: which versions end, which begin, which wait."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from monitor.adapters.store.gained import columns_before, fill_gained
from monitor.adapters.store.kinds import Kinds
from monitor.adapters.store.rows import CONTENT, moment_from, to_ms
from monitor.adapters.store.schema import OPEN
from monitor.adapters.store.snapshots import Snapshots
from monitor.core.records import ListReading, ListState, Snapshot

_MASS_SHARE = 0.10
_MASS_COUNT = 20
"""More than this share and this many records gone at once (or all of them) is not believed."""
_LOOKS_NEEDED = 2


class StagedList(NamedTuple):
    """One list as it was read. Its rows wait under `slot` in the staging tables; `confirmed` are
    the ids that NetSuite names as deleted.
    """

    reading: ListReading
    slot: int
    confirmed: frozenset[str] = frozenset()


class History:
    """Writes snapshots. Inside a write transaction only."""

    def __init__(self, db: sqlite3.Connection, kinds: Kinds, snapshots: Snapshots) -> None:
        self._db = db
        self._kinds = kinds
        self._snapshots = snapshots

    def record(self, taken_at: datetime, lists: Iterable[StagedList]) -> Snapshot:
        """Make what is staged a snapshot.

        Lists that were not read (off, blind) keep their versions open, a held one those of the
        records that vanished. A list that lacks a column it once had is blind: what the column held
        is not known, and must not read as an edit of every record; nor must a column that it lacked
        and has now, whose values the versions that hold take over. A record that is absent is
        closed when NetSuite confirms its deletion, when a person accepted it, or at the second look
        that misses it.
        """
        cursor = self._db.execute("insert into snapshot(taken_at) values (?)", (to_ms(taken_at),))
        snapshot_id = cursor.lastrowid or 0
        verdicts = {
            self._kinds.number(one.reading.kind): self._take_over(snapshot_id, one) for one in lists
        }
        self._remember(snapshot_id, verdicts)
        return Snapshot(snapshot_id, moment_from(to_ms(taken_at)))

    def _take_over(self, snapshot_id: int, staged: StagedList) -> ListReading:
        """Apply one list; the result is its verdict."""
        reading, number = staged.reading, self._kinds.number(staged.reading.kind)
        if reading.state is not ListState.READ:
            is_blind = reading.state is ListState.OFF and self._snapshots.was_ever_read(
                reading.kind
            )
            return reading._replace(state=ListState.BLIND) if is_blind else reading
        had = columns_before(self._db, number)
        # The edit time explains changes and makes none: without it the list is as good.
        if lost := sorted(had - {*reading.columns, "lastmodified_utc"}):
            detail = _without(lost, reading)
            return reading._replace(state=ListState.BLIND, rows=0, detail=detail)
        reading = reading._replace(detail="")
        if had:
            fill_gained(self._db, number, staged.slot, set(reading.columns) - had)
        self._forget_reappeared(snapshot_id, number, staged.slot)
        is_accepted = self._use_acceptance(snapshot_id, number)
        is_held = not is_accepted and self._is_mass_disappearance(number, staged)
        self._apply_different(snapshot_id, number, staged.slot)
        self._apply_absent(snapshot_id, number, staged, is_held=is_held, is_accepted=is_accepted)
        return reading._replace(state=ListState.HELD) if is_held else reading

    def _vanished(self, slot: int) -> list[int]:
        rows = self._db.execute("select id from temp.vanished where slot = ? order by id", (slot,))
        return [record_id for (record_id,) in rows]

    def _is_mass_disappearance(self, number: int, staged: StagedList) -> bool:
        absent = self._vanished(staged.slot)
        gone = sum(str(record_id) not in staged.confirmed for record_id in absent)
        if not gone:
            return False
        (before,) = self._db.execute(
            f"select count(*) from version where vto = {OPEN} and kind = ?", (number,)
        ).fetchone()
        return len(absent) == before or (gone > _MASS_COUNT and gone > _MASS_SHARE * before)

    def _use_acceptance(self, snapshot_id: int, number: int) -> bool:
        used = self._db.execute(
            "update accepted_deletions set used_by = ? where kind = ? and used_by is null",
            (snapshot_id, number),
        )
        return used.rowcount > 0

    def _apply_different(self, snapshot_id: int, number: int, slot: int) -> None:
        self._db.execute(
            f"update version set vto = ? where vto = {OPEN} and kind = ? "
            "and id in (select id from temp.staged where slot = ?)",
            (snapshot_id, number, slot),
        )
        self._db.execute(
            f"insert into version(kind, id, vfrom, {CONTENT}, modified_at) "
            f"select ?, id, ?, {CONTENT}, modified_at from temp.staged where slot = ?",
            (number, snapshot_id, slot),
        )

    def _apply_absent(
        self,
        snapshot_id: int,
        number: int,
        staged: StagedList,
        *,
        is_held: bool,
        is_accepted: bool,
    ) -> None:
        before = {
            record_id: (missed, looks)
            for record_id, missed, looks in self._db.execute(
                "select id, missed, looks from absence where kind = ? and closed is null",
                (number,),
            )
        }
        for record_id in self._vanished(staged.slot):
            missed, looks = before.get(record_id, (snapshot_id, 0))
            looks += not is_held
            is_known = is_accepted or str(record_id) in staged.confirmed
            is_gone = is_known or looks >= _LOOKS_NEEDED
            self._miss(number, record_id, missed, looks, snapshot_id if is_gone else None)

    def _miss(
        self, number: int, record_id: int, missed: int, looks: int, closed: int | None
    ) -> None:
        self._db.execute(
            "insert into absence(kind, id, missed, looks, closed) values (?1, ?2, ?3, ?4, ?5) "
            "on conflict do update set looks = ?4, closed = ?5",
            (number, record_id, missed, looks, closed),
        )
        if closed is not None:
            self._db.execute(
                f"update version set vto = ? where vto = {OPEN} and kind = ? and id = ?",
                (closed, number, record_id),
            )

    def _forget_reappeared(self, snapshot_id: int, number: int, slot: int) -> None:
        """Somebody who was missed and is here again was never gone; but who comes back with other
        content was last seen with the old one before that.
        """
        self._db.execute(
            "update absence set closed = ? where closed is null and kind = ? "
            "and id in (select id from temp.staged where slot = ?)",
            (snapshot_id, number, slot),
        )
        self._db.execute(
            "delete from absence where closed is null and kind = ? "
            "and id not in (select id from temp.vanished where slot = ?)",
            (number, slot),
        )

    def _remember(self, snapshot_id: int, verdicts: Mapping[int, ListReading]) -> None:
        """A verdict that is what it was adds no row; a list that is not read any more has none."""
        before = {
            kind: verdict
            for kind, *verdict in self._db.execute(
                f"select kind, state, rows, columns, detail from list_reading where vto = {OPEN}"
            )
        }
        now = {kind: _verdict_row(verdict) for kind, verdict in verdicts.items()}
        for kind in before:
            if now.get(kind) != before[kind]:
                self._db.execute(
                    f"update list_reading set vto = ? where vto = {OPEN} and kind = ?",
                    (snapshot_id, kind),
                )
        self._db.executemany(
            "insert into list_reading(kind, vfrom, state, rows, columns, detail) "
            "values (?, ?, ?, ?, ?, ?)",
            [
                (kind, snapshot_id, *verdict)
                for kind, verdict in now.items()
                if verdict != before.get(kind)
            ],
        )


def _without(lost: list[str], reading: ListReading) -> str:
    return (
        f"NetSuite shows the monitor's role the list {reading.kind} without {', '.join(lost)}, "
        f"which was there before: {reading.detail}"
    )


def _verdict_row(verdict: ListReading) -> list[str | int]:
    return [verdict.state.value, verdict.rows, ",".join(verdict.columns), verdict.detail]
