"""The lives of a risk that are over, as the alerts that told of it ended them."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import NamedTuple

from monitor.adapters.store.rows import moment_from


class PastAlert(NamedTuple):
    """An alert that told of a risk, and how that ended."""

    alert_id: int
    resolved_at: datetime
    ended: str
    """One sentence."""


class Lives:
    """What was told once and is over; written by the alerts."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def last_told(self, fingerprint: str) -> PastAlert | None:
        """The newest alert that told of this risk and saw it end, None when there is none."""
        row = self._db.execute(
            "select alert, resolved_at, ended from risk where fingerprint = ? "
            "and state = 'resolved' and alert is not null and resolved_at is not null "
            "order by resolved_at desc, opened_at desc limit 1",
            (fingerprint,),
        ).fetchone()
        if row is None:
            return None
        alert_id, resolved_at, ended = row
        return PastAlert(alert_id, moment_from(resolved_at), ended)
