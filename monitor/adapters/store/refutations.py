"""What clean exports taught about the rules, and which rules a person trusts again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from monitor.adapters.store.rows import moment_from, to_ms
from monitor.core.records import Ref
from monitor.core.refutations import Refutation, Refutations, Trust
from monitor.core.risks import Cause
from monitor.core.workspace import Route


class Lessons:
    """Counter-evidence is kept for ever; a trust lifts what came before it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, refutations: Iterable[Refutation]) -> None:
        """Remember these; one that is known adds nothing. In a transaction."""
        self._db.executemany(
            "insert or ignore into refutation values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    one.cause.name,
                    *one.ref,
                    one.subsidiary,
                    one.route.name,
                    one.report_id,
                    to_ms(one.exported_at),
                    one.is_lesson,
                )
                for one in refutations
            ),
        )

    def trust(self, trust: Trust) -> None:
        """Remember that a person lifts a rule's cap. In a transaction."""
        self._db.execute(
            "insert into trust values (?, ?, ?, ?)",
            (trust.cause.name, to_ms(trust.at), trust.author, trust.reason),
        )

    def trusts(self) -> tuple[Trust, ...]:
        """Every time a person lifted a cap, oldest first."""
        rows = self._db.execute("select cause, at, author, reason from trust order by at, rowid")
        return tuple(
            Trust(Cause[cause], moment_from(at), author, reason)
            for cause, at, author, reason in rows
        )

    def known(self, subsidiaries: Mapping[str, str | None] | None = None) -> Refutations | None:
        """All of it, for workspaces of these subsidiaries (by policy id); None while there is
        nothing.
        """
        found = tuple(self._refutations())
        return Refutations(found, self.trusts(), subsidiaries) if found else None

    def _refutations(self) -> Iterator[Refutation]:
        rows = self._db.execute("select * from refutation")
        for cause, kind, record, subsidiary, route, report_id, exported_at, is_lesson in rows:
            yield Refutation(
                Cause[cause],
                Ref(kind, record),
                subsidiary,
                Route[route],
                report_id,
                moment_from(exported_at),
                bool(is_lesson),
            )
