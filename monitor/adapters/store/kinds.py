"""Kinds as small numbers: a hundred thousand rows need not spell "department"."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable


class Kinds:
    """The numbers of the kinds in one database."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def number(self, kind: str) -> int:
        """The kind's number; a new kind gets the next one. In a transaction."""
        known = self.find(kind)
        if known is not None:
            return known
        self._db.execute("insert into kind(name) values (?)", (kind,))
        return self.number(kind)

    def find(self, kind: str) -> int | None:
        """The kind's number; None when nothing was ever stored of it."""
        found = self._db.execute("select number from kind where name = ?", (kind,)).fetchone()
        return None if found is None else int(found[0])

    def numbers(self, kinds: Iterable[str] | None) -> list[int]:
        """The numbers of these kinds (None: of all); an unknown kind has none."""
        known = {name: number for number, name in self.names().items()}
        return [known[kind] for kind in (known if kinds is None else kinds) if kind in known]

    def names(self) -> dict[int, str]:
        """Every number's kind."""
        return dict(self._db.execute("select number, name from kind"))
