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

    def load(self) -> dict[str, Any] | None:
        """What the last cycle ran with; None before the first."""
        body = self._newest()
        return None if body is None else dict(json.loads(body))

    def _newest(self) -> str | None:
        row = self._db.execute("select body from settings order by rowid desc limit 1").fetchone()
        return None if row is None else str(row[0])
