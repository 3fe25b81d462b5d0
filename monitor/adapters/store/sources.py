"""How fresh each source is, and since when it fails."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from monitor.adapters.store.rows import from_ms, to_ms
from monitor.core.freshness import SourceFreshness

BUTTONS = "buttons"
"""Under this name stands whether presses come from Slack."""


class Sources:
    """ "netsuite" and "expensify": the last good reading, and the failure that followed it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def good(self, source: str, at: datetime) -> None:
        """The source was read whole."""
        self._db.execute(
            "insert into source values (?1, ?2, null, '', 0) on conflict do update set "
            "last_good_at = ?2, failing_since = null, error = '', is_permanent = 0",
            (source, to_ms(at)),
        )

    def failed(self, source: str, at: datetime, error: str, *, is_permanent: bool) -> None:
        """The source could not be read; the first failure in a row is kept as its beginning."""
        self._db.execute(
            "insert into source values (?1, null, ?2, ?3, ?4) on conflict do update set "
            "failing_since = coalesce(failing_since, ?2), error = ?3, is_permanent = ?4",
            (source, to_ms(at), error, is_permanent),
        )

    def forget(self, source: str) -> None:
        """Nobody tries the source any more."""
        self._db.execute("delete from source where source = ?", (source,))

    def freshness(self, source: str) -> SourceFreshness:
        """What is known of the source; never tried = nothing."""
        row = self._db.execute(
            "select last_good_at, failing_since, error, is_permanent from source where source = ?",
            (source,),
        ).fetchone()
        if row is None:
            return SourceFreshness(source)
        return SourceFreshness(source, from_ms(row[0]), from_ms(row[1]), row[2], bool(row[3]))
