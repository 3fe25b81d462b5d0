"""The settings of the last cycle, without secrets: so that --db answers as the daemon would."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.adapters.store.rows import to_ms


class StoredSettings:
    """The settings each cycle ran with; a row only when they changed."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def save(self, settings: Mapping[str, Any], at: datetime) -> None:
        """Remember what this cycle runs with."""
        body = json.dumps(settings, ensure_ascii=False, sort_keys=True)
        if self._newest() != body:
            self._db.execute("insert into settings values (?, ?)", (to_ms(at), body))

    def load(self, as_of: datetime | None = None) -> dict[str, Any] | None:
        """What the last cycle ran with, or the last one up to a moment; None before the first."""
        body = self._newest(as_of)
        return None if body is None else dict(json.loads(body))

    def _newest(self, as_of: datetime | None = None) -> str | None:
        row = self._db.execute(
            "select body from settings where ?1 is null or saved_at <= ?1 "
            "order by rowid desc limit 1",
            (None if as_of is None else to_ms(as_of),),
        ).fetchone()
        return None if row is None else str(row[0])
