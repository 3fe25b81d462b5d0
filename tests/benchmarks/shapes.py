"""The account in the shapes that the tools read: a table, a CSV file, the monitor's database."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.adapters.netsuite.lists import SPECS
from monitor.adapters.store import Store
from monitor.core.records import CONTENT_FIELDS, ListReading, ListState, Record
from monitor.core.sync import Bound, Evidence, Source
from tests.benchmarks.account import Account
from tests.configuration import settings_of

POLICY_ID = "4C6722D4BD2BD941"
CODING = {
    "class": "tag:1",
    "department": "report_field:Department",
    "location": "report_field:Location",
    "customer": "tag:2",
    "project": "tag:2",
}
COLUMNS = ("id", "kind", *CONTENT_FIELDS)
"""What the other tools compare: the whole record, as the monitor does."""
_PAGE = 1000


def write_table(account: Account, path: Path) -> None:
    """The records as a table with a primary key, for sqldiff."""
    rest = ", ".join(f"{name} text" for name in COLUMNS[1:])
    slots = ", ".join("?" * len(COLUMNS))
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"create table record(id integer primary key, {rest})")
        db.executemany(f"insert into record values ({slots})", _flat_rows(account))


def write_csv(account: Account, path: Path) -> None:
    """The records as a CSV file, for csv-diff."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_flat_rows(account))


def settings() -> dict[str, Any]:
    """The settings that a cycle stores: one workspace that codes five kinds."""
    workspace = {"policy_id": POLICY_ID, "name": "Acme US", "subsidiary": "1", "coding": CODING}
    return settings_of({"workspace": [workspace]}).public()


def write_two_readings(before: Account, after: Account, path: Path) -> None:
    """The monitor's database after two readings with a sync in between."""
    now = datetime.now(UTC)
    with Store.open(path) as store:
        remember(store, pages_of(before), now - timedelta(hours=2))
        synced(store, now - timedelta(hours=1))
        deleted = deleted_between(before, after)
        remember(store, pages_of(after), now - timedelta(minutes=1), deleted=deleted)


def remember(
    store: Store,
    pages: Mapping[str, Sequence[Sequence[Record]]],
    taken_at: datetime,
    *,
    deleted: Mapping[str, frozenset[str]] | None = None,
) -> None:
    """One reading of all lists, page by page, through the store's own staging."""
    staging = store.staging()
    for kind, of_list in pages.items():
        sink = staging.sink(kind)
        for page in of_list:
            sink.add(page)
    readings = [
        ListReading(
            kind, ListState.READ, sum(map(len, of_list)), tuple(sorted(SPECS[kind].columns))
        )
        for kind, of_list in pages.items()
    ]
    with store.immediate():
        store.settings.save(settings(), taken_at)
        store.sources.good("netsuite", taken_at)
        store.sources.good("expensify", taken_at)
        staging.commit(taken_at, readings, deleted or {})


def synced(store: Store, at: datetime) -> None:
    """Somebody read on the accounting page that Expensify synced then."""
    with store.immediate():
        store.evidence.add([Evidence(POLICY_ID, Bound.EXACT, at, Source.OPERATOR, at)])


def pages_of(account: Account) -> dict[str, list[list[Record]]]:
    """The records of every list, a thousand a page."""
    return {kind: paged(list(account.records(kind))) for kind in account.rows}


def paged(records: list[Record]) -> list[list[Record]]:
    """The records of one list, a thousand a page."""
    return [records[begin : begin + _PAGE] for begin in range(0, len(records), _PAGE)]


def deleted_between(before: Account, after: Account) -> dict[str, frozenset[str]]:
    """What NetSuite's DeletedRecord would name, by kind."""
    return {
        kind: frozenset(str(gone) for gone in rows.keys() - after.rows[kind].keys())
        for kind, rows in before.rows.items()
    }


def _flat_rows(account: Account) -> Iterator[tuple[str | None, ...]]:
    everyone = (record for kind in account.rows for record in account.records(kind))
    for record in sorted(everyone, key=lambda record: int(record.id)):
        yield tuple(_flat(record, name) for name in COLUMNS)


def _flat(record: Record, name: str) -> str | None:
    value = getattr(record, name)
    if isinstance(value, bool):
        return str(int(value))
    return ",".join(value) if isinstance(value, tuple) else value
