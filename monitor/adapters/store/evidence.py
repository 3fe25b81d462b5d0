"""What was learned about each workspace's last sync: rows for ever, never overwritten."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from monitor.adapters.store.rows import moment_from, to_ms
from monitor.core.sync import Bound, Evidence, Source


class EvidenceLog:
    """Append only."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, rows: Iterable[Evidence]) -> None:
        """Remember these; one that says exactly what a stored one says adds nothing."""
        self._db.executemany(
            "insert into evidence(policy_id, bound, moment, source, observed_at, note) "
            "select ?1, ?2, ?3, ?4, ?5, ?6 where not exists (select 1 from evidence where "
            "policy_id = ?1 and bound = ?2 and moment = ?3 and source = ?4 and observed_at = ?5 "
            "and note = ?6)",
            [
                (
                    row.policy_id,
                    row.bound.name,
                    to_ms(row.moment),
                    row.source.name,
                    to_ms(row.observed_at),
                    row.note,
                )
                for row in rows
            ],
        )

    def all(self, policy_id: str, *, as_of: datetime | None = None) -> tuple[Evidence, ...]:
        """The workspace's evidence in the order it was learned, at most what was known `as_of`."""
        rows = self._db.execute(
            "select bound, moment, source, observed_at, note from evidence "
            "where policy_id = ? and observed_at <= ? order by id",
            (policy_id, 2**62 if as_of is None else to_ms(as_of)),
        )
        return tuple(
            Evidence(
                policy_id,
                Bound[bound],
                moment_from(moment),
                Source[source],
                moment_from(observed_at),
                note,
            )
            for bound, moment, source, observed_at, note in rows
        )
