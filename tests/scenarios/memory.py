"""A database as cycles leave it, written reading by reading at moments the test names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from monitor.adapters.store import Store
from monitor.core.alerts import Alert, Outcome, TrackedRisk
from monitor.core.records import Kind, ListReading, ListState, Record, Snapshot
from monitor.core.reports import PendingReport
from monitor.core.sync import Bound, Evidence, Source
from tests.configuration import settings_of

LISTS = (Kind.CLASS, Kind.DEPARTMENT, Kind.SUBSIDIARY)
US, UK = "4C6722D4BD2BD941", "9D11AA00BB22CC33"


def a_class(record_id: str = "12", name: str = "Marketing", **fields: Any) -> Record:
    """A class that is in order."""
    parent = fields.pop("parent", "Sales")
    return Record(
        **{
            "kind": "class",
            "id": record_id,
            "name": name,
            "full_name": f"{parent} : {name}",
            "is_inactive": False,
            "subsidiary_ids": ("1",),
            **fields,
        }
    )


def stored_settings(
    *workspaces: tuple[str, str],
    every: str = "15m",
    coding: Mapping[str, str] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The settings that a cycle stores; workspaces as (policy id, name)."""
    coded = dict(coding or {"class": "tag:1"})
    described = [
        {"policy_id": policy_id, "name": name, "subsidiary": "1", "coding": coded}
        for policy_id, name in workspaces
    ]
    said = {"workspace": described, "schedule.every": every, **(changes or {})}
    return settings_of(said).public()


class Memory:
    """Writes the database that a command then reads."""

    def __init__(
        self,
        path: Path,
        *workspaces: tuple[str, str],
        every: str = "15m",
        coding: Mapping[str, str] | None = None,
        changes: Mapping[str, Any] | None = None,
    ) -> None:
        self.path = path
        named = workspaces or [(US, "Acme US")]
        self._settings = stored_settings(*named, every=every, coding=coding, changes=changes)

    def reads(
        self,
        taken_at: datetime,
        *records: Record,
        states: Mapping[str, ListState] | None = None,
        confirmed: Mapping[str, frozenset[str]] | None = None,
    ) -> Snapshot:
        """One cycle: NetSuite held these records, and its lists these verdicts (default: read)."""
        with Store.open(self.path) as store:
            staging = store.staging()
            for kind, page in _by_kind(records):
                staging.sink(kind).add(page)
            kinds = dict.fromkeys((*LISTS, *(record.kind for record in records), *(states or {})))
            readings = [
                ListReading(kind, (states or {}).get(kind, ListState.READ)) for kind in kinds
            ]
            for reading in readings:
                if reading.kind not in {record.kind for record in records}:
                    staging.sink(reading.kind)
            with store.immediate():
                store.settings.save(self._settings, taken_at)
                store.sources.good("netsuite", taken_at)
                store.sources.good("expensify", taken_at)
                return staging.commit(taken_at, readings, confirmed or {})

    def waits(self, *reports: PendingReport) -> None:
        """A cycle found these reports pending in Expensify."""
        with Store.open(self.path) as store, store.immediate():
            store.reports.record(store.reports.new_reading(datetime.now(UTC)), reports, {})

    def left(self, report_id: str, how: str) -> None:
        """A cycle saw how the report left."""
        with Store.open(self.path) as store, store.immediate():
            reading = store.reports.new_reading(datetime.now(UTC))
            store.reports.record(reading, store.reports.pending(), {report_id: how})

    def knows_settings(self) -> None:
        """A cycle began, and could read nothing."""
        with Store.open(self.path) as store, store.immediate():
            store.settings.save(self._settings, datetime.now(UTC))

    def synced(self, policy_id: str, at: datetime, *, read: datetime | None = None) -> None:
        """Somebody read (default: at once) on the accounting page that the last sync was then."""
        row = Evidence(policy_id, Bound.EXACT, at, Source.OPERATOR, read or at)
        with Store.open(self.path) as store, store.immediate():
            store.evidence.add([row])

    def decided(self, *risks: TrackedRisk, alerts: Iterable[Alert] = ()) -> None:
        """A cycle recorded these risks and alerts."""
        outcome = Outcome(tracked=risks, alerts=tuple(alerts))
        with Store.open(self.path) as store, store.immediate():
            store.alerts.apply(outcome, datetime.now(UTC))

    def failed(self, source: str, at: datetime, error: str) -> None:
        """The source could not be read."""
        with Store.open(self.path) as store, store.immediate():
            store.sources.failed(source, at, error, is_permanent=False)


def _by_kind(records: Iterable[Record]) -> list[tuple[str, list[Record]]]:
    ordered = sorted(records, key=lambda record: (record.kind, int(record.id)))
    return [(kind, list(page)) for kind, page in groupby(ordered, lambda record: record.kind)]
