"""Databases written reading by reading, with harmless values: a test names what matters to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from monitor.adapters.store import Store
from monitor.adapters.store.schema import migrate
from monitor.adapters.store.staging import Staging
from monitor.core.records import ListReading, ListState, Record, Snapshot

BEGIN = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
EVERY = timedelta(minutes=15)
EDITED = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)


def moment(number: int) -> datetime:
    """When the reading of this number begins; the first is 1, like the first snapshot's id."""
    return BEGIN + (number - 1) * EVERY


def a_class(record_id: str = "12", name: str = "Marketing", **fields: Any) -> Record:
    """A class at the top of the tree, in order."""
    return Record(
        **{
            "kind": "class",
            "id": record_id,
            "name": name,
            "full_name": name,
            "is_inactive": False,
            **fields,
        }
    )


def some_classes(count: int, *, first: int = 1) -> list[Record]:
    """So many classes, ids ascending."""
    return [a_class(str(number), f"Class {number}") for number in range(first, first + count)]


def in_memory() -> Store:
    """An empty store that no other process sees."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("pragma foreign_keys = on")
    migrate(db, Path("memory"))
    return Store(db, Path("memory"))


class Account:
    """A NetSuite account of the lists `kinds`, read again and again into one store."""

    def __init__(self, store: Store, *kinds: str, page_size: int = 1000) -> None:
        self.store = store
        self._kinds = kinds or ("class",)
        self._page_size = page_size
        self._readings = 0

    def reads(
        self,
        *records: Record,
        states: Mapping[str, ListState] | None = None,
        without: Sequence[str] = (),
        confirmed: Iterable[Record] = (),
    ) -> Snapshot:
        """One complete reading: these records were in the lists.

        `states`: lists that could not be read; `without`: lists nobody asked for; `confirmed`: what
        NetSuite names as deleted.
        """
        taken_at = self.next_moment()
        kinds = [kind for kind in self._kinds if kind not in without]
        verdicts = {kind: (states or {}).get(kind, ListState.READ) for kind in kinds}
        read = [kind for kind, state in verdicts.items() if state is ListState.READ]
        staging = self.stages([record for record in records if record.kind in read])
        readings = [ListReading(kind, state) for kind, state in verdicts.items()]
        with self.store.immediate():
            return staging.commit(taken_at, readings, _ids_by_kind(confirmed))

    def next_moment(self) -> datetime:
        """When the next reading begins, whether it will be complete or not."""
        self._readings += 1
        return moment(self._readings)

    def stages(self, records: Iterable[Record]) -> Staging:
        """The pages of one reading, waiting to be committed."""
        staging = self.store.staging()
        for kind, ordered in _by_kind(records).items():
            for begin in range(0, len(ordered), self._page_size):
                staging.sink(kind).add(ordered[begin : begin + self._page_size])
        return staging


def contents(db: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, to hold one state of a database against another."""
    names = db.execute("select name from sqlite_schema where type = 'table'").fetchall()
    return {name: db.execute(f'select * from "{name}"').fetchall() for (name,) in names}


def rows_of(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the file."""
    db = sqlite3.connect(path)
    try:
        return contents(db)
    finally:
        db.close()


def counted(path: Path, table: str) -> int:
    """How many rows the table has."""
    return len(rows_of(path)[table])


def _by_kind(records: Iterable[Record]) -> dict[str, list[Record]]:
    ordered = sorted(records, key=lambda record: (record.kind, int(record.id)))
    return {kind: list(page) for kind, page in groupby(ordered, lambda record: record.kind)}


def _ids_by_kind(records: Iterable[Record]) -> dict[str, frozenset[str]]:
    return {
        kind: frozenset(record.id for record in listed)
        for kind, listed in _by_kind(records).items()
    }
