"""The drift as it would be after something was done in NetSuite now: nobody has imported that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from monitor.core.changes import change_between
from monitor.core.drift import Drift, DriftedChange
from monitor.core.imported import ImportVerdict
from monitor.core.records import Record, Ref
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
            change = change_between(before or one.before, one.after, (now, now))
            changes[one.before.ref] = DriftedChange(change, NOT_YET)
    return replace(drift, changes=changes)


def _known_to_expensify(record: Record, changes: Mapping[Ref, DriftedChange]) -> Record | None:
    """The record as the last import saw it, as far as that is known for certain."""
    drifted = changes.get(record.ref)
    if drifted is None or drifted.verdict.imported is not Imported.NO:
        return record
    return drifted.change.before
