"""The drift as it would be after something was done in NetSuite now: nobody has imported that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from monitor.core.drift import Drift, DriftedChange
from monitor.core.imported import ImportVerdict
from monitor.core.records import SHOWN_FIELDS, Change, ChangeWord, FieldChange, Record, Ref
from monitor.core.sync import Imported

NOT_YET = ImportVerdict(Imported.NO, "it would be done now, and no sync has come after it")


class Changed(NamedTuple):
    """A record that would not be what it is: None = it would be gone."""

    before: Record
    after: Record | None


def changed_by(before: Iterable[Record], after: Iterable[Record]) -> tuple[Changed, ...]:
    """Every record that is not the same in both."""
    later = {record.ref: record for record in after}
    return tuple(
        Changed(record, later.get(record.ref))
        for record in before
        if later.get(record.ref) != record
    )


def supposed_drift(drift: Drift, changed: Iterable[Changed], now: datetime) -> Drift:
    """The drift with these changes on top; what would undo a change nobody imported ends it."""
    changes = dict(drift.changes)
    for one in changed:
        before = _known_to_expensify(one.before, drift.changes)
        if before == one.after:
            changes.pop(one.before.ref, None)
        else:
            change = _change(before or one.before, one.after, now)
            changes[one.before.ref] = DriftedChange(change, NOT_YET)
    return replace(drift, changes=changes)


def _known_to_expensify(record: Record, changes: Mapping[Ref, DriftedChange]) -> Record | None:
    """The record as the last import saw it, as far as that is known for certain."""
    drifted = changes.get(record.ref)
    if drifted is None or drifted.verdict.imported is not Imported.NO:
        return record
    return drifted.change.before


def _change(before: Record, after: Record | None, now: datetime) -> Change:
    shown = after or before
    return Change(
        kind=shown.kind,
        id=shown.id,
        name=shown.name,
        full_name=shown.full_name,
        change=_word(before, after),
        fields=tuple(fields_of(before, after)),
        seen_between=(now, now),
        before=before,
        after=after,
    )


def _word(before: Record, after: Record | None) -> ChangeWord:
    if after is None:
        return ChangeWord.DELETED
    if before.is_inactive != after.is_inactive:
        return ChangeWord.INACTIVATED if after.is_inactive else ChangeWord.REACTIVATED
    if before.name != after.name:
        return ChangeWord.RENAMED
    return ChangeWord.MOVED if before.parent_id != after.parent_id else ChangeWord.EDITED


def fields_of(before: Record, after: Record | None) -> Iterator[FieldChange]:
    """What would not be what it is, field by field."""
    for name in SHOWN_FIELDS:
        old, new = getattr(before, name), getattr(after, name, None)
        if old != new:
            yield FieldChange(name, old, new)
