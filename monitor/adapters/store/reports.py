"""The pending reports, as versions: what they were when, and how they left."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from monitor.adapters.store.bodies import from_body, to_body
from monitor.adapters.store.rows import to_ms
from monitor.core.reports import PendingReport


class Reports:
    """Every pending report, each content from the Expensify reading that first saw it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def pending(self) -> tuple[PendingReport, ...]:
        """The reports that wait for their export, as last read; ordered by id."""
        rows = self._db.execute("select body from report where last is null order by report_id")
        return tuple(from_body(PendingReport, body) for (body,) in rows)

    def pending_ids(self) -> tuple[str, ...]:
        """The ids of the pending reports, ordered."""
        rows = self._db.execute(
            "select report_id from report where last is null order by report_id"
        )
        return tuple(report_id for (report_id,) in rows)

    def departures(self, report_ids: Collection[str]) -> dict[str, str]:
        """How each of these reports left, in words that follow "it …"; not those still here."""
        rows = self._db.execute(
            "select report_id, departed from report r where departed is not null "
            "and report_id in (select value from json_each(?)) and not exists "
            "(select 1 from report h where h.report_id = r.report_id and h.last is null) "
            "order by first",
            (json.dumps(list(report_ids)),),
        )
        return dict(rows)

    def record(
        self, reading_id: int, reports: Iterable[PendingReport], departed: Mapping[str, str]
    ) -> None:
        """Remember one whole reading: these are pending, those are no more. In a transaction."""
        before = dict(self._db.execute("select report_id, body from report where last is null"))
        for report in reports:
            body = to_body(report)
            if before.get(report.report_id) == body:
                continue
            if report.report_id in before:
                self._close(report.report_id, reading_id, None)
            self._db.execute(
                "insert or replace into report(report_id, first, policy_id, body) "
                "values (?, ?, ?, ?)",
                (report.report_id, reading_id, report.policy_id, body),
            )
        for report_id, how in departed.items():
            self._close(report_id, reading_id, how)

    def new_reading(self, taken_at: datetime) -> int:
        """The id of a new reading of Expensify."""
        cursor = self._db.execute(
            "insert into expensify_reading(taken_at) values (?)", (to_ms(taken_at),)
        )
        return cursor.lastrowid or 0

    def _close(self, report_id: str, reading_id: int, how: str | None) -> None:
        self._db.execute(
            "update report set last = ?, departed = ? where report_id = ? and last is null",
            (reading_id, how, report_id),
        )
