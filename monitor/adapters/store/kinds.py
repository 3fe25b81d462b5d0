"""Kinds as small numbers: a hundred thousand rows need not spell "department"."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable


class Kinds:
    """The numbers of the kinds in one database."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def number(self, kind: str) -> int:
        """The kind's number; a new kind gets the next one."""
        found = self._db.execute("select number from kind where name = ?", (kind,)).fetchone()
        if found is None:
            self._db.execute("insert into kind(name) values (?)", (kind,))
            return self.number(kind)
        number: int = found[0]
        return number

    def numbers(self, kinds: Iterable[str] | None) -> list[int]:
        """The numbers of these kinds (None: of all); an unknown kind has none."""
        known = {name: number for number, name in self._db.execute("select number, name from kind")}
        return [known[kind] for kind in (known if kinds is None else kinds) if kind in known]

    def names(self) -> dict[int, str]:
        """Every number's kind."""
        return dict(self._db.execute("select number, name from kind"))
