"""NetSuite's system notes: who edited which field of a watched record, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from monitor.adapters.netsuite.numbers import moment, whole
from monitor.adapters.netsuite.suiteql import Refused, Row, SuiteQL
from monitor.core.notes import Note, NotesReading
from monitor.core.records import Ref
from monitor.errors import SourceError

_SHOWN = 'TO_CHAR(SYS_EXTRACT_UTC(sn.date),\'YYYY-MM-DD"T"HH24:MI:SS"Z"\')'
_NEEDED = {
    "record_type": "sn.recordtypeid",
    "record_id": "sn.recordid",
    "changed_at": _SHOWN,
    "author_id": "sn.name",
}
_OPTIONAL = {
    "field": "sn.field",
    "old_value": "sn.oldvalue",
    "new_value": "sn.newvalue",
    "author": "BUILTIN.DF(sn.name)",
}
_BEGIN = (
    "SELECT MIN(sn.id) AS first FROM systemnote sn WHERE sn.recordtypeid IN ({types}) "
    "AND SYS_EXTRACT_UTC(sn.date) >= TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS')"
)


class SystemNotes:
    """The notes of one account; what columns the role is shown is found out once."""

    def __init__(self, suiteql: SuiteQL, record_types: Mapping[str, str]) -> None:
        """`record_types`: NetSuite's number of each kind."""
        self._suiteql = suiteql
        self._kinds = {number: kind for kind, number in record_types.items()}
        self._columns: dict[str, str] | None = None

    def read(self, after: int | None, *, since: datetime, most_pages: int = 20) -> NotesReading:
        """The notes after that id, at most so many pages of them; the first time those since then.

        Notes that the role cannot read are off, never an error. Raises SourceError for the rest.
        """
        for _attempt in ("as known", "found out anew"):
            try:
                return self._read(after, since, most_pages)
            except Refused:
                self._columns = None
        return NotesReading(is_off=True)

    def _read(self, after: int | None, since: datetime, most_pages: int) -> NotesReading:
        types = list(self._kinds)
        slots = ", ".join("?" * len(types))
        columns = self._known_columns()
        if after is None:
            after = self._before_the_first(slots, types, since)
        return self._read_on(after, columns, slots, types, most_pages)

    def _read_on(
        self, after: int, columns: Mapping[str, str], slots: str, types: list[str], most_pages: int
    ) -> NotesReading:
        selected = ", ".join(f"{expression} AS {name}" for name, expression in columns.items())
        query = (
            f"SELECT sn.id, {selected} FROM systemnote sn "
            f"WHERE sn.recordtypeid IN ({slots}) AND sn.id > ? ORDER BY sn.id"
        )
        notes: list[Note] = []
        pages = self._suiteql.pages(query, [*types, str(after)], lambda row: str(row["id"]))
        for _, page in zip(range(most_pages), pages, strict=False):
            notes += filter(None, map(self._note, page))
            after = int(page[-1]["id"])
        return NotesReading(tuple(notes), after)

    def _before_the_first(self, slots: str, types: list[str], since: datetime) -> int:
        rows = self._suiteql.rows(
            _BEGIN.format(types=slots), [*types, f"{since:%Y-%m-%d %H:%M:%S}"]
        )
        try:
            first = rows[0].get("first") if rows else None
            if first is None:
                newest = self._suiteql.rows("SELECT MAX(sn.id) AS newest FROM systemnote sn")
                return whole((newest[0].get("newest") if newest else None) or 0)
            return whole(first) - 1
        except (TypeError, ValueError) as error:
            raise SourceError(
                f"NetSuite did not say where its system notes begin ({error})", source="netsuite"
            ) from error

    def _note(self, row: Row) -> Note | None:
        """None for one of which NetSuite does not say what it is about: it explains nothing."""
        try:
            at = moment(row["changed_at"])
            ref = Ref(self._kinds[str(row["record_type"])], str(whole(row["record_id"])))
        except (KeyError, TypeError, ValueError):
            return None
        if at is None:
            return None
        author = row.get("author") or row.get("author_id")
        texts = (author, row.get("field"), row.get("old_value"), row.get("new_value"))
        return Note(ref, at, *(str(text or "") for text in texts))

    def _known_columns(self) -> dict[str, str]:
        """Those that the role is shown; raises Refused when one that is needed is not."""
        if self._columns is None:
            everything = {**_NEEDED, **_OPTIONAL}
            if self._answers(everything):
                self._columns = everything
            else:
                self._ask(_NEEDED)
                found = {k: v for k, v in _OPTIONAL.items() if self._answers({k: v})}
                self._columns = {**_NEEDED, **found}
        return self._columns

    def _answers(self, columns: Mapping[str, str]) -> bool:
        try:
            self._ask(columns)
        except Refused:
            return False
        return True

    def _ask(self, columns: Mapping[str, str]) -> None:
        selected = ", ".join(f"{expression} AS {name}" for name, expression in columns.items())
        self._suiteql.rows(f"SELECT sn.id, {selected} FROM systemnote sn WHERE sn.id = 0")
