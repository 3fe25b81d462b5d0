"""What NetSuite writes down by itself: who logged in, and who edited which field of what."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

SCHEMA = (
    "create table loginaudit(id integer primary key, date, status, oauthappname, "
    "oauthaccesstokenname, user, role, emailaddress, ipaddress, requesturi, detail)",
    "create table systemnote(id integer primary key, date, recordtypeid, recordid integer, field, "
    "oldvalue, newvalue, name integer, role, context)",
)
_NOT_NOTED = frozenset({"lastmodifieddate", "lastmodified", "fullname"})


class Trail:
    """The login audit and the system notes of one account."""

    def __init__(self, db: sqlite3.Connection, stamp: Callable[[], str]) -> None:
        self.people = {501: "Dana Lee", 900: "Expensify Integration"}
        """The names of those who edit, by their id."""
        self.author = 501
        """Who edits from now on."""
        self._db = db
        self._stamp = stamp
        for statement in SCHEMA:
            db.execute(statement)

    def log_in(
        self, application: str = "Expensify Connect", *, is_good: bool = True, detail: str = ""
    ) -> None:
        """An integration logs in, or is refused."""
        self._db.execute(
            "insert into loginaudit(date, status, oauthappname, user, detail) "
            "values (?, ?, ?, ?, ?)",
            (
                self._stamp(),
                "Success" if is_good else "Failure",
                application,
                "expensify@acme.example",
                detail or None,
            ),
        )

    def note_edit(
        self,
        table: str,
        record_type: str,
        record_id: int,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> None:
        """A note for each field that is not what it was."""
        for field, new in after.items():
            old = before.get(field)
            if field in _NOT_NOTED or old == new:
                continue
            self._db.execute(
                "insert into systemnote(date, recordtypeid, recordid, field, oldvalue, newvalue, "
                "name, context) values (?, ?, ?, ?, ?, ?, ?, 'UIF')",
                (
                    self._stamp(),
                    record_type,
                    record_id,
                    f"{table}.{field}".upper(),
                    None if old is None else str(old),
                    None if new is None else str(new),
                    self.author,
                ),
            )

    def displayed(self, author: int | None) -> str | None:
        """What BUILTIN.DF shows of an author."""
        return None if author is None else self.people.get(author, str(author))
