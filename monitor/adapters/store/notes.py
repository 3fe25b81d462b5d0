"""The system notes that were read, and the changes that they explain."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from monitor.adapters.store.rows import moment_from, to_ms
from monitor.core.notes import Note, explained
from monitor.core.records import Change, Ref
from monitor.core.sync import MARGIN


class Notes:
    """Who edited what, as NetSuite wrote it down."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, notes: Iterable[Note]) -> None:
        """Remember these, in the order in which NetSuite wrote them. In a transaction."""
        self._db.executemany(
            "insert into note(kind, record, at, author, field, old, new) values (?,?,?,?,?,?,?)",
            (
                (n.ref.kind, int(n.ref.id), to_ms(n.at), n.author, n.field, n.old, n.new)
                for n in notes
            ),
        )

    def of(self, ref: Ref, begin: datetime, end: datetime) -> tuple[Note, ...]:
        """The notes about the record between two moments, oldest first."""
        rows = self._db.execute(
            "select at, author, field, old, new from note "
            "where kind = ? and record = ? and at between ? and ? order by at, id",
            (ref.kind, int(ref.id), to_ms(begin), to_ms(end)),
        )
        return tuple(Note(ref, moment_from(at), *texts) for at, *texts in rows)

    def authors(self) -> frozenset[str]:
        """Everybody who wrote a note."""
        rows = self._db.execute("select distinct author from note where author <> ''")
        return frozenset(author for (author,) in rows)

    def explain(self, changes: Iterable[Change], *, margin: timedelta = MARGIN) -> Iterator[Change]:
        """Each change with its author, as far as the notes tell."""
        if self._db.execute("select 1 from note limit 1").fetchone() is None:
            yield from changes
            return
        for change in changes:
            begin, end = change.seen_between
            notes = self.of(change.ref, begin - margin, end + margin)
            yield explained(change, notes, margin=margin)
