"""When the monitor could not see: times between complete readings, and lists that were not read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.adapters.store.rows import from_ms, moment_from, to_ms
from monitor.core.records import ListState

_READINGS = {"netsuite": "snapshot", "expensify": "expensify_reading"}
"""The table with one row a complete reading, by source."""
_FIRST = f"""select min(first) from ({
    " union all ".join(f"select min(taken_at) as first from {one}" for one in _READINGS.values())
})"""
_UNREAD_LISTS = """select name, state, detail, seen.taken_at, again.taken_at from list_reading r
    join kind k on k.number = r.kind join snapshot seen on seen.id = r.vfrom
    left join snapshot again on again.id = r.vto
    where state in ('blind', 'held') and seen.taken_at <= ?2
    and coalesce(again.taken_at, ?2) >= ?1 order by seen.taken_at, name"""


class UnreadSpell(NamedTuple):
    """A time without a complete reading of a source. Moments UTC; `end` None = it goes on."""

    source: str
    begin: datetime
    end: datetime | None


class UnreadList(NamedTuple):
    """A time in which one list was blind or held. Moments UTC; `end` None = it goes on."""

    kind: str
    state: ListState
    why: str
    begin: datetime
    end: datetime | None


class UnseenTimes:
    """What readings do not show, for who asks about the past."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def spells(
        self, since: datetime, until: datetime, *, longer_than: timedelta
    ) -> tuple[UnreadSpell, ...]:
        """Times without a reading that touch the range and are longer than that; oldest first.

        Before the first reading of any source nobody looked.
        """
        (first,) = self._db.execute(_FIRST).fetchone()
        looked_since = until if first is None else max(since, moment_from(first))
        spells = (
            UnreadSpell(source, begin, end)
            for source, table in _READINGS.items()
            for begin, end in self._between(table, looked_since, until)
            if (end or until) - begin > longer_than
        )
        return tuple(sorted(spells, key=lambda one: (one.begin, one.source)))

    def lists(self, since: datetime, until: datetime) -> tuple[UnreadList, ...]:
        """Lists that were blind or held at some time of the range; oldest first."""
        rows = self._db.execute(_UNREAD_LISTS, (to_ms(since), to_ms(until)))
        return tuple(
            UnreadList(kind, ListState(state), why, moment_from(begin), from_ms(end))
            for kind, state, why, begin, end in rows
        )

    def _between(
        self, table: str, since: datetime, until: datetime
    ) -> Iterator[tuple[datetime, datetime | None]]:
        """Each reading with the next one, None after the last; also the last before the range, or
        its begin where there is none.
        """
        rows = self._db.execute(
            f"select taken_at from {table} where taken_at <= ?2 and taken_at >= "
            f"coalesce((select max(taken_at) from {table} where taken_at <= ?1), ?1) "
            "order by taken_at",
            (to_ms(since), to_ms(until)),
        )
        before = since
        for (taken_at,) in rows:
            moment = moment_from(taken_at)
            if moment > before:
                yield before, moment
            before = moment
        yield before, None
