"""The reports that the newest reading of Expensify holds and the monitor could not read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from monitor.adapters.store.rows import moment_from, to_ms
from monitor.core.reports import UnreadReport


class UnreadReports:
    """A report stays from the reading that first could not read it until one can, or it is gone."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def record(self, unread: Iterable[UnreadReport], at: datetime) -> tuple[UnreadReport, ...]:
        """Remember what one whole reading set aside; returns what nobody was told of yet. In a
        transaction.
        """
        known = {report.report_id: (report.why, since) for report, since in self.all()}
        self._db.execute("delete from unread_report")
        news = []
        for report in unread:
            why, since = known.get(report.report_id, (None, at))
            self._db.execute(
                "insert into unread_report values (?, ?, ?, ?)",
                (report.report_id, report.policy_id, report.why, to_ms(since)),
            )
            if why != report.why:
                news.append(report)
        return tuple(news)

    def all(self) -> tuple[tuple[UnreadReport, datetime], ...]:
        """Every one, and since when it cannot be read; ordered by id."""
        rows = self._db.execute(
            "select report_id, policy_id, why, since from unread_report order by report_id"
        )
        return tuple(
            (UnreadReport(report_id, policy_id, why), moment_from(since))
            for report_id, policy_id, why, since in rows
        )
