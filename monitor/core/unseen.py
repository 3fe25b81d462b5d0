"""Edits from after the last sync that the first look already showed: only notes tell what was so.

NetSuite's edit time says that a record was touched, and not how; the monitor, which began later,
has no older state to compare with. So what counts as edited are the fields that system notes name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from monitor.core.changes import change_between
from monitor.core.notes import FIELD_WORDS, Note, explained
from monitor.core.records import Change, Kind, Record
from monitor.core.sync import MARGIN, LastSync


class FirstLook(NamedTuple):
    """A record as the first reading of its list showed it, and when that was."""

    record: Record
    read_at: datetime


def unseen_since(last: LastSync) -> datetime | None:
    """From when on an edit is one from after the sync; None while nothing is known of any sync."""
    synced_at = last.not_after or last.not_before
    return None if synced_at is None else synced_at + last.margin


def edit_told(look: FirstLook, notes: Iterable[Note], since: datetime) -> Change | None:
    """The edit between a sync and the first look, in the fields that the notes name; None where
    they name none.

    `notes`: those about the record. Only one that was written in that time speaks of the edit, and
    only where its end is what the record is. A field that is again what it was is named, and not
    edited: then the change has no fields.
    """
    record, edited_at = look.record, look.record.modified_at
    if edited_at is None:
        return None
    told = [one for one in notes if since < one.at <= edited_at + MARGIN]
    undone = _undone(record, told)
    if not undone:
        return None
    before = _named_as_it_was(record._replace(**undone), record)
    change = change_between(before, record, (since, look.read_at))
    return explained(change._replace(modified_at=edited_at), told)


def joined(net: Iterable[Change], unseen: Iterable[Change]) -> tuple[Change, ...]:
    """What is different from before the first look: the net changes since then, and those edits."""
    seen = {change.ref: change for change in net}
    for one in unseen:
        whole = _from_before(one, seen.pop(one.ref, None))
        if whole.fields:
            seen[one.ref] = whole
    return tuple(seen.values())


_TREE = ("is_inactive", "name", "parent_id", "subsidiary_ids", "include_children")
_FIELDS: Mapping[str, tuple[str, ...]] = {
    Kind.PROJECT: (
        "is_inactive",
        "name",
        "customer_id",
        "allow_expenses",
        "limit_to_resources",
        "subsidiary_ids",
    ),
    # A note about a customer's subsidiary names the primary one, and it may have many.
    Kind.CUSTOMER: ("is_inactive", "name"),
    Kind.EMPLOYEE: (
        "is_inactive",
        "email",
        "class_id",
        "department_id",
        "location_id",
        "subsidiary_id",
    ),
}
"""The fields of each kind that a rule asks about and a note can tell."""
_TRUTHS = {"t": True, "true": True, "yes": True, "f": False, "false": False, "no": False}
_BOXES = ("is_inactive", "include_children", "allow_expenses", "limit_to_resources")
_ID = re.compile(r"-?\d+")


def _undone(record: Record, notes: Iterable[Note]) -> dict[str, Any]:
    """What the fields held before the notes, by field."""
    ordered = sorted(notes, key=lambda note: note.at)
    undone = {}
    for field in _FIELDS.get(record.kind, _TREE):
        of_field = [note for note in ordered if _is_about(field, note)]
        try:
            if of_field and _is_now(record, field, of_field[-1].new):
                undone[field] = _value(field, of_field[0].old)
        except ValueError:
            continue  # in words that cannot be read
    return undone


def _is_about(field: str, note: Note) -> bool:
    """ "CLASSIFICATION.ISINACTIVE" is about the box, and about no class."""
    return re.search(FIELD_WORDS[field], note.field.rpartition(".")[2], re.IGNORECASE) is not None


def _is_now(record: Record, field: str, told: str) -> bool:
    """Whether what a note calls new is what the record has: else it is about another field."""
    value, has = _value(field, told), getattr(record, field)
    is_word = field.endswith("_id") and isinstance(value, str) and not _ID.fullmatch(value)
    return has is not None if is_word else value == has


def _value(field: str, text: str) -> Any:
    """What a note says that a field held; raises ValueError for what cannot be read.

    A list's value may stand there by its name: what it was is then known by that alone.
    """
    told = text.strip()
    if field in _BOXES:
        if told.casefold() not in _TRUTHS:
            raise ValueError(told)
        return _TRUTHS[told.casefold()]
    if field == "subsidiary_ids":
        return tuple(map(str, sorted({int(part) for part in told.split(",")})))
    if field == "name" and not told:
        raise ValueError("a record that was only then made")
    return told or None


def _named_as_it_was(before: Record, after: Record) -> Record:
    """With the path that belongs to its name, below what stands above it now: notes tell no path of
    what stood there then.
    """
    above = after.full_name.removesuffix(after.name)
    return before._replace(full_name=f"{above}{before.name}")


def _from_before(unseen: Change, seen: Change | None) -> Change:
    if seen is None or unseen.before is None:
        return unseen
    end = seen.seen_between[1]
    whole = change_between(unseen.before, seen.after, (unseen.seen_between[0], end))
    return whole._replace(modified_at=seen.modified_at, modified_by=seen.modified_by)
