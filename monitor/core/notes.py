"""System notes: who edited which field of a record, and when, as NetSuite wrote it down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from monitor.core.evidence import MARGIN
from monitor.core.records import Change, Ref


class Note(NamedTuple):
    """One system note. `old` and `new` are NetSuite's own texts, "" = empty; `at` is UTC."""

    ref: Ref
    at: datetime
    author: str
    field: str
    old: str
    new: str


class NotesReading(NamedTuple):
    """The notes after the last ones read. `reached`: the id of the newest, to go on from there."""

    notes: tuple[Note, ...] = ()
    reached: int = 0
    is_off: bool = False


class NotesState(StrEnum):
    """What the role is shown of the system notes; the value is the sentence for people."""

    OFF = (
        "NetSuite shows the monitor's role no system notes: who edited a record is unknown "
        "(grant System Notes for Analytics and REST)"
    )
    NONE = (
        "there is not one system note, as for a role that sees only its own: who edited a record "
        "is unknown (grant System Notes for Analytics and REST)"
    )
    ONE_AUTHOR = (
        "all system notes are by one author, as for a role that sees only its own: who else edited "
        "a record is unknown (grant System Notes for Analytics and REST)"
    )
    SEEN = "who edited a record is known"

    @property
    def code(self) -> str:
        return self.name.lower()


def notes_state(authors: Iterable[str], *, is_off: bool = False) -> NotesState:
    """What the role is shown, given everybody who wrote a note that it saw.

    Without its permission NetSuite silently shows a role only the notes of its own edits: none, for
    a user that only reads, or one author's, where a person's own login is used.
    """
    if is_off:
        return NotesState.OFF
    known = set(authors)
    if not known:
        return NotesState.NONE
    return NotesState.ONE_AUTHOR if len(known) == 1 else NotesState.SEEN


def explained(change: Change, notes: Sequence[Note], *, margin: timedelta = MARGIN) -> Change:
    """The change with its author, and its moment where NetSuite gave none, as the notes tell.

    `notes`: those about its record. Only one that was written while the change can have happened
    speaks of it. Where several people edited the record meanwhile, the notes of the fields that
    changed decide; where they do not, nobody is named.
    """
    begin, end = (change.seen_between[0] - margin, change.seen_between[1] + margin)
    within = [note for note in notes if note.ref == change.ref and begin <= note.at <= end]
    note = _of_the_fields(change, within) or _of_the_only_author(within)
    if note is None:
        return change
    return change._replace(
        modified_by=change.modified_by or note.author, modified_at=change.modified_at or note.at
    )


FIELD_WORDS = {
    "is_inactive": "inactive",
    "name": "name|title",
    "parent_id": "parent",
    "subsidiary_ids": "subsid",
    "subsidiary_id": "subsid",
    "include_children": "children",
    "allow_expenses": "expense",
    "limit_to_resources": "limit",
    "resource_ids": "resource",
    "customer_id": "customer",
    "email": "mail",
    "class_id": "class",
    "department_id": "depart",
    "location_id": "locat",
    "released_on": "release|terminat",
    "hired_on": "hire",
}
"""Parts of the names that NetSuite gives a field, weightiest first; the whole names differ by
account.
"""


def _of_the_fields(change: Change, notes: Iterable[Note]) -> Note | None:
    """The newest note about the weightiest field that changed: an inactivation before a rename."""
    found, changed = list(notes), {field.field for field in change.fields}
    for field, words in FIELD_WORDS.items():
        of_field = [note for note in found if re.search(words, note.field, re.I)]
        if field in changed and of_field:
            return max(of_field, key=_lateness)
    return None


def _of_the_only_author(notes: Sequence[Note]) -> Note | None:
    if len({note.author for note in notes}) != 1:
        return None
    return max(notes, key=_lateness)


def _lateness(note: Note) -> tuple[object, ...]:
    return (note.at, note.author, note.field)
