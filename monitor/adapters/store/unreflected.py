"""Which of Expensify's lists were seen not to follow a sort of change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from monitor.adapters.store.rows import moment_from, to_ms
from monitor.core.unreflected import Sort, Unreflected


class UnreflectedSorts:
    """A sort is kept from when it was first seen until the list is seen to follow it after all."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, found: Iterable[Unreflected]) -> None:
        """Remember these; one that is known keeps its beginning. In a transaction."""
        self._db.executemany(
            "insert or ignore into unreflected values (?, ?, ?, ?, ?)",
            (
                (one.policy_id, one.sort.kind, one.sort.change, to_ms(one.since), one.note)
                for one in found
            ),
        )

    def forget(self, policy_id: str, sorts: Iterable[Sort]) -> None:
        """The workspace's lists follow these after all. In a transaction."""
        self._db.executemany(
            "delete from unreflected where policy_id = ? and kind = ? and change = ?",
            ((policy_id, sort.kind, sort.change) for sort in sorts),
        )

    def of(self, policy_id: str) -> tuple[Unreflected, ...]:
        """What the workspace's lists do not follow, ordered by kind and change."""
        rows = self._db.execute(
            "select kind, change, since, note from unreflected where policy_id = ? "
            "order by kind, change",
            (policy_id,),
        )
        return tuple(
            Unreflected(policy_id, Sort(kind, change), moment_from(since), note)
            for kind, change, since, note in rows
        )
