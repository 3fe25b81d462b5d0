"""Writes a long history through the store's staging: `history DB RECORDS EDITS SNAPSHOTS`."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from monitor.adapters.store import Store
from monitor.core.records import Record
from tests.benchmarks.account import Account, Edit, an_account, edit
from tests.benchmarks.shapes import paged, remember, synced
from tests.benchmarks.work.gauges import Stopwatch

_EVERY = timedelta(minutes=15)
_LARGEST = 4


class Reader:
    """Keeps an account's records as values, and reads anew only those that were edited."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.records: dict[str, dict[int, Record]] = {
            kind: {record_id: account.record(kind, record_id) for record_id in rows}
            for kind, rows in account.rows.items()
        }

    def pages(self) -> dict[str, list[list[Record]]]:
        return {kind: paged(list(records.values())) for kind, records in self.records.items()}

    def follow(self, edits: Iterable[Edit]) -> dict[str, frozenset[str]]:
        """Read what was edited; returns what NetSuite would name as deleted, by kind."""
        deleted: dict[str, set[str]] = {kind: set() for kind in self.records}
        for one in edits:
            if one.what == "removed":
                kind = next(kind for kind in self.records if one.id in self.records[kind])
                del self.records[kind][one.id]
                deleted[kind].add(str(one.id))
            else:
                kind = next(kind for kind, rows in self._account.rows.items() if one.id in rows)
                self.records[kind][one.id] = self._account.record(kind, one.id)
        return {kind: frozenset(ids) for kind, ids in deleted.items()}


def main() -> None:
    """Print how large the file became, its largest parts, and what a reading took."""
    path = Path(sys.argv[1])
    records, edits, snapshots = map(int, sys.argv[2:])
    seconds = write(path, an_account(records), edits, snapshots)
    answer = {"bytes": path.stat().st_size, "parts": parts(path), "wall": seconds / snapshots}
    print(json.dumps(answer))


def write(path: Path, account: Account, edits: int, snapshots: int) -> float:
    """One snapshot after the other, the last one now; returns the seconds that staging took."""
    reader, chance, spent = Reader(account), Random(1000), 0.0
    taken_at = datetime.now(UTC) - _EVERY * (snapshots - 1)
    deleted: dict[str, frozenset[str]] = {}
    with Store.open(path) as store:
        synced(store, taken_at)
        for _ in range(snapshots):
            pages = reader.pages()
            watch = Stopwatch()
            remember(store, pages, taken_at, deleted=deleted)
            spent += watch.spent()["wall"]
            taken_at += _EVERY
            deleted = reader.follow(edit(account, edits, chance))
    return spent


def parts(path: Path) -> dict[str, int]:
    """The largest tables and indexes, in bytes; none where this SQLite cannot tell."""
    with closing(sqlite3.connect(path)) as db:
        try:
            rows = db.execute(
                "select name, sum(pgsize) from dbstat group by name order by 2 desc limit ?",
                (_LARGEST,),
            )
            return dict(rows)
        except sqlite3.OperationalError:
            return {}


if __name__ == "__main__":
    main()
