"""What was learned about each workspace's last sync: never overwritten, thinned of repetition."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from monitor.adapters.store.rows import moment_from, to_ms
from monitor.core.sync import Bound, Evidence, Source

_COLUMNS = "policy_id, bound, moment, source, note, observed_at"
_SAME = "policy_id = ?1 and bound = ?2 and moment = ?3 and source = ?4 and note = ?5"


class EvidenceLog:
    """What a row says is never overwritten, and kept for ever.

    Rows that only repeat each other (equal but for their observation, as every cycle adds one for
    each change that Expensify has not imported) are thinned to the first and the newest: those two
    bound the last sync as tightly as all of them, as of now. As of a moment between the two, less
    is known than was known then, never something else.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, rows: Iterable[Evidence]) -> None:
        """Remember these; one that says exactly what a stored one says adds nothing. In a
        transaction.
        """
        for row in rows:
            self._add(
                (
                    row.policy_id,
                    row.bound.name,
                    to_ms(row.moment),
                    row.source.name,
                    row.note,
                    to_ms(row.observed_at),
                )
            )

    def _add(self, values: tuple[str | int, ...]) -> None:
        self._db.execute(
            f"insert into evidence({_COLUMNS}) select ?1, ?2, ?3, ?4, ?5, ?6 "
            f"where not exists (select 1 from evidence where {_SAME} and observed_at = ?6)",
            values,
        )
        self._db.execute(
            f"delete from evidence where {_SAME} "
            f"and observed_at > (select min(observed_at) from evidence where {_SAME}) "
            f"and observed_at < (select max(observed_at) from evidence where {_SAME})",
            values[:5],
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
