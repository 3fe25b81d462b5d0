"""NetSuite's lists as values: what a record is, and what it means that it changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol


class Kind(StrEnum):
    """The lists the monitor watches; values of a custom segment are the kind "segment:<table>"."""

    CLASS = "class"
    DEPARTMENT = "department"
    LOCATION = "location"
    PROJECT = "project"
    CUSTOMER = "customer"
    EMPLOYEE = "employee"
    SUBSIDIARY = "subsidiary"


class Ref(NamedTuple):
    """What names a record: its kind and NetSuite's internal id (a decimal string, possibly
    negative).
    """

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Ref:
        """Read "class:12" ("segment:customrecord_x:5" for a segment value); raises ValueError."""
        kind, _, record_id = text.strip().partition(":")
        if kind == "segment":
            table, _, record_id = record_id.partition(":")
            kind = f"segment:{table}" if table else ""
        if not kind or not record_id:
            raise ValueError(f"{text!r} is no record: write KIND:ID, for example class:12")
        return cls(kind, record_id)


class Record(NamedTuple):
    """One entry of a NetSuite list, as read in one snapshot.

    A tuple, not a dataclass: a reading compares a hundred thousand of them with what is stored, and
    tuples compare in C.
    None means "NetSuite does not say" (column, feature or permission absent), never "empty".
    Ids are decimal strings. Sets of ids are sorted by number. `modified_at` is NetSuite's own edit
    time, aware UTC;
    it explains a change and never makes one: it is no part of `content`.
    """

    kind: str
    id: str
    name: str
    full_name: str
    is_inactive: bool
    parent_id: str | None = None
    subsidiary_ids: tuple[str, ...] | None = None
    mapped_subsidiary_ids: tuple[str, ...] | None = None
    """The same fact read from the map table, where the role can read it: the two readings may
    disagree.
    """
    include_children: bool | None = None
    external_id: str | None = None
    other_names: tuple[str, ...] = ()
    """Further names of a project or customer (entity id, altname …) that Expensify may show."""
    customer_id: str | None = None
    allow_expenses: bool | None = None
    limit_to_resources: bool | None = None
    resource_ids: tuple[str, ...] | None = None
    email: str | None = None
    class_id: str | None = None
    department_id: str | None = None
    location_id: str | None = None
    subsidiary_id: str | None = None
    released_on: str | None = None
    """An employee's last day, ISO date."""
    hired_on: str | None = None
    """An employee's first day, ISO date."""
    modified_at: datetime | None = None

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.id)


CONTENT_FIELDS = Record._fields[2:-1]
"""The fields that make a version: all but kind, id and modified_at, in the order of Record."""

SHOWN_FIELDS = tuple(name for name in CONTENT_FIELDS if name != "mapped_subsidiary_ids")
"""The fields a change lists: the map table repeats `subsidiary_ids` and would say everything twice.
"""


class ChangeWord(StrEnum):
    """What happened to a record between two moments; the first that applies."""

    DELETED = "deleted"
    RESTORED = "restored"
    ADDED = "added"
    INACTIVATED = "inactivated"
    REACTIVATED = "reactivated"
    RENAMED = "renamed"
    MOVED = "moved"
    EDITED = "edited"


FieldValue = str | bool | tuple[str, ...] | None


class FieldChange(NamedTuple):
    """One field's old and new value."""

    field: str
    old: FieldValue
    new: FieldValue


class Change(NamedTuple):
    """One record that is not what it was, field by field, and when that can have happened.

    `seen_between`: the last snapshot that still had the old content and the first that had not, as
    moments (UTC).
    `modified_at` and `modified_by` are what NetSuite says of the edit, None when it does not.
    """

    kind: str
    id: str
    name: str
    full_name: str
    change: ChangeWord
    fields: tuple[FieldChange, ...]
    seen_between: tuple[datetime, datetime]
    modified_at: datetime | None = None
    modified_by: str | None = None
    before: Record | None = None
    """The whole record at the earlier moment, None where there was none."""
    after: Record | None = None

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.id)


class ListState(StrEnum):
    """What became of one list in one reading (its verdict)."""

    READ = "read"
    OFF = "off"
    """The role or account has no such list, and never had: its rules are off."""
    BLIND = "blind"
    """It was readable before and is not now: its records and risks are frozen."""
    HELD = "held"
    """Read, but so many records vanished at once that their absence is not believed yet."""


class ListReading(NamedTuple):
    """How the reading of one list ended. `columns` are those this account has."""

    kind: str
    state: ListState
    rows: int = 0
    columns: tuple[str, ...] = ()
    detail: str = ""
    """Why it is off or blind, in one sentence naming the permission or feature."""


class Snapshot(NamedTuple):
    """One complete reading of the lists; `taken_at` is when it began (UTC)."""

    id: int
    taken_at: datetime


class ListSink(Protocol):
    """Where the pages of one list go while it is read."""

    def restart(self) -> None:
        """Forget what was added: the list is read again from its beginning."""

    def add(self, records: Sequence[Record]) -> None:
        """Take one page; ids ascend by number, also from page to page."""
