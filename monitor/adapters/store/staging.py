"""Where the pages of a reading wait: a streaming merge against the open versions, page by page."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from monitor.adapters.store.connection import told, transaction
from monitor.adapters.store.history import History, StagedList
from monitor.adapters.store.kinds import Kinds
from monitor.adapters.store.rows import CONTENT, Row, content_row, to_ms
from monitor.adapters.store.schema import OPEN
from monitor.core.records import CONTENT_FIELDS, ListReading, ListState, Record, Snapshot
from monitor.errors import SourceError

_LOWEST = -(2**63)
_SLOTS = ", ".join("?" * (len(CONTENT_FIELDS) + 3))


class Staging:
    """One reading of NetSuite on its way into the database. It lives in a TEMP database, so nothing
    of it is seen or kept until it is committed, and no transaction spans a network call.
    """

    def __init__(self, db: sqlite3.Connection, kinds: Kinds, history: History, path: Path) -> None:
        self._db = db
        self._kinds = kinds
        self._history = history
        self._path = path
        self._sinks: dict[str, Sink] = {}
        for table in ("staged", "vanished"):
            db.execute(f"drop table if exists temp.{table}")
        db.execute(
            f"create temp table staged(slot integer, id integer, {CONTENT}, modified_at integer, "
            "primary key(slot, id)) without rowid"
        )
        db.execute(
            "create temp table vanished(slot integer, id integer, primary key(slot, id)) "
            "without rowid"
        )

    def sink(self, kind: str) -> Sink:
        """Where the pages of one list go."""
        if kind not in self._sinks:
            number, slot = self._kinds.find(kind), len(self._sinks)
            self._sinks[kind] = Sink(self._db, kind, number, slot, self._path)
        return self._sinks[kind]

    def absent(self, kind: str) -> tuple[str, ...]:
        """Ids that are in the database and were not in the list, now that it was read whole."""
        sink = self._sinks[kind]
        sink.end()
        rows = self._db.execute(
            "select id from temp.vanished where slot = ? order by id", (sink.slot,)
        )
        return tuple(str(record_id) for (record_id,) in rows)

    def commit(
        self,
        taken_at: datetime,
        readings: Sequence[ListReading],
        confirmed_deleted: Mapping[str, frozenset[str]],
    ) -> Snapshot:
        """Make the reading a snapshot; call it inside the store's write transaction."""
        lists = [
            StagedList(
                reading,
                self.sink(reading.kind).slot,
                confirmed_deleted.get(reading.kind, frozenset()),
            )
            for reading in readings
        ]
        for reading in readings:
            if reading.state is ListState.READ:
                self.sink(reading.kind).end()
        with told(self._path):
            return self._history.record(taken_at, lists)


class Sink:
    """Takes one list, page by page, ids ascending; compares, and keeps only what is different."""

    def __init__(
        self, db: sqlite3.Connection, kind: str, number: int | None, slot: int, path: Path
    ) -> None:
        self._db = db
        self._kind = kind
        self._number = number
        """None while nothing of the kind is stored."""
        self.slot = slot
        self._path = path
        self._last = _LOWEST

    def restart(self) -> None:
        """Forget what was added: the list is read again from its beginning."""
        self._last = _LOWEST
        with told(self._path):
            for table in ("staged", "vanished"):
                self._db.execute(f"delete from temp.{table} where slot = ?", (self.slot,))

    def add(self, records: Sequence[Record]) -> None:
        """Merge one page. Raises SourceError when ids repeat or run backwards."""
        if not records:
            return
        rows = [(int(record.id), record) for record in records]
        self._check_order([record_id for record_id, _ in rows])
        with transaction(self._db, self._path, "begin"):
            self._merge(rows)
        self._last = rows[-1][0]

    def end(self) -> None:
        """The list is complete: what is stored beyond its last id has vanished."""
        with told(self._path):
            self._db.execute(
                "insert or ignore into temp.vanished select ?, id from version "
                f"where vto = {OPEN} and kind = ? and id > ?",
                (self.slot, self._number, self._last),
            )

    def _check_order(self, ids: list[int]) -> None:
        for before, after in pairwise([self._last, *ids]):
            if after <= before:
                raise SourceError(
                    f"NetSuite sent {self._kind}:{after} after {self._kind}:{before}: the pages of "
                    "the list are not in order, so it cannot be complete",
                    source="netsuite",
                )

    def _merge(self, rows: list[tuple[int, Record]]) -> None:
        stored = self._stored(rows[-1][0])
        different = [
            (
                self.slot,
                record_id,
                *content,
                to_ms(record.modified_at) if record.modified_at else None,
            )
            for record_id, record in rows
            if stored.pop(record_id, None) != (content := content_row(record))
        ]
        if different:
            self._db.executemany(f"insert into temp.staged values ({_SLOTS})", different)
        if stored:
            vanished = [(self.slot, record_id) for record_id in stored]
            self._db.executemany("insert into temp.vanished values (?, ?)", vanished)

    def _stored(self, until: int) -> dict[int, Row]:
        rows = self._db.execute(
            f"select id, {CONTENT} from version "
            f"where vto = {OPEN} and kind = ? and id > ? and id <= ?",
            (self._number, self._last, until),
        )
        return {row[0]: row[1:] for row in rows}
