"""Two contents of one record -> the change between them: its word, and what differs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from monitor.core.records import SHOWN_FIELDS, Change, ChangeWord, FieldChange, Record


def change_between(
    before: Record, after: Record | None, seen_between: tuple[datetime, datetime]
) -> Change:
    """How the record became what it is; `after` None = it is gone."""
    shown = after or before
    return Change(
        kind=shown.kind,
        id=shown.id,
        name=shown.name,
        full_name=shown.full_name,
        change=word_of(before, after),
        fields=tuple(fields_of(before, after)),
        seen_between=seen_between,
        before=before,
        after=after,
    )


def word_of(before: Record, after: Record | None) -> ChangeWord:
    """The strongest word that applies."""
    if after is None:
        return ChangeWord.DELETED
    if before.is_inactive != after.is_inactive:
        return ChangeWord.INACTIVATED if after.is_inactive else ChangeWord.REACTIVATED
    if before.name != after.name:
        return ChangeWord.RENAMED
    return ChangeWord.MOVED if before.parent_id != after.parent_id else ChangeWord.EDITED


def fields_of(before: Record, after: Record | None) -> Iterator[FieldChange]:
    """What is not what it was, field by field."""
    for name in SHOWN_FIELDS:
        old, new = getattr(before, name), getattr(after, name, None)
        if old != new:
            yield FieldChange(name, old, new)
