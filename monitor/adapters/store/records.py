"""Records as they are or were, and every name they ever had."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from datetime import datetime

from monitor.adapters.store.kinds import Kinds
from monitor.adapters.store.looks import READ
from monitor.adapters.store.rows import CONTENT, moment_from, record_from, to_ms
from monitor.adapters.store.schema import OPEN
from monitor.core.records import Record, Ref

_FEW = "+kind"
"""Few versions are closed: the plus keeps SQLite from walking all those of a kind to find them."""


class Records:
    """What the versions say of single moments."""

    def __init__(self, db: sqlite3.Connection, kinds: Kinds) -> None:
        self._db = db
        self._kinds = kinds

    def current(self, kinds: Collection[str] | None = None) -> Iterator[Record]:
        """The records that exist now, ordered by kind and id."""
        return self._select(f"vto = {OPEN}", kinds)

    def at(self, snapshot_id: int, kinds: Collection[str] | None = None) -> Iterator[Record]:
        """The records as of a snapshot, ordered by kind and id."""
        return self._select(f"vfrom <= {snapshot_id} and vto > {snapshot_id}", kinds)

    def deleted(self, kinds: Collection[str] | None = None) -> Iterator[Record]:
        """The last content of records that are gone for certain."""
        return self._select(
            f"vto < {OPEN} and not exists "
            "(select 1 from version l where l.kind = v.kind and l.id = v.id and l.vto > v.vto)",
            kinds,
            _FEW,
        )

    def former(self, kinds: Collection[str] | None = None) -> Iterator[Record]:
        """Every content that holds no longer, newest first: what records were once called."""
        return self._select(f"vto < {OPEN}", kinds, _FEW, order="vto desc, kind, id")

    def missed(self, kind: str) -> Iterator[tuple[str, datetime]]:
        """Ids that were there once and that the newest snapshot did not show, believed gone or not,
        with the moment of the first snapshot that missed them.
        """
        rows = self._db.execute(
            "select a.id, max(s.taken_at) from absence a join snapshot s on s.id = a.missed "
            "where a.kind = ? and (a.closed is null or not exists (select 1 from version v "
            f"where v.kind = a.kind and v.id = a.id and v.vto = {OPEN})) group by a.id",
            (self._kinds.find(kind),),
        )
        return ((str(record_id), moment_from(taken_at)) for record_id, taken_at in rows)

    def edited_at_first_look(
        self, kinds: Collection[str], after: datetime
    ) -> Iterator[tuple[Record, datetime]]:
        """Records that NetSuite had edited after the moment when their list was first read, as they
        were then, and when that was; of lists first read after the moment only.
        """
        names = self._kinds.names()
        for number in self._kinds.numbers(kinds):
            first = self._db.execute(
                "select vfrom, taken_at from list_reading join snapshot on snapshot.id = vfrom "
                f"where kind = ? and {READ} order by vfrom limit 1",
                (number,),
            ).fetchone()
            if first is None or moment_from(first[1]) <= after:
                continue
            rows = self._db.execute(
                f"select id, {CONTENT}, modified_at from version "
                "where kind = ? and +vfrom = ? and modified_at > ? order by id",
                (number, first[0], to_ms(after)),
            )
            for row in rows:
                yield record_from(names[number], row[0], row[1:-1], row[-1]), moment_from(first[1])

    def was_ever_seen(self, ref: Ref) -> bool:
        """Whether some snapshot held the record."""
        found = (
            self._db.execute(
                "select 1 from version where kind = ? and id = ? limit 1", (number, int(ref.id))
            ).fetchone()
            for number in self._kinds.numbers([ref.kind])
        )
        return any(found)

    def _select(
        self,
        condition: str,
        kinds: Collection[str] | None,
        kind: str = "kind",
        *,
        order: str = "kind, id",
    ) -> Iterator[Record]:
        names = self._kinds.names()
        numbers = ",".join(map(str, self._kinds.numbers(kinds)))
        rows = self._db.execute(
            f"select kind, id, {CONTENT}, modified_at from version v "
            f"where {condition} and {kind} in ({numbers}) order by {order}"
        )
        for row in rows:
            yield record_from(names[row[0]], row[1], row[2:-1], row[-1])
