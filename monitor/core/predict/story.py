"""How a cause came about, and whether Expensify has imported that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from monitor.core.drift import DriftedChange
from monitor.core.imported import ImportVerdict, moment_of
from monitor.core.predict.rules import Subject, access_of
from monitor.core.predict.rules.project_rules import (
    customer_outside,
    project_closed,
    project_limited,
)
from monitor.core.predict.situation import Situation
from monitor.core.predict.wording import describe
from monitor.core.records import Record
from monitor.core.risks import Cause
from monitor.core.sync import MARGIN, Imported


class Story(NamedTuple):
    """How the cause came about, and whether Expensify has imported that."""

    verdict: ImportVerdict
    since: datetime | None = None
    changed_by: str | None = None
    what_changed: str = ""
    earliest_at: datetime | None = None
    """The snapshot before the change, where nobody knows when between the two it was."""


def story_of(cause: Cause, subject: Subject) -> Story:
    """What happened in NetSuite, as far as it made the cause true."""
    drifted = subject.drifted
    if cause in _NOTHING_TO_IMPORT:
        return Story(ImportVerdict(Imported.UNKNOWN, _NOTHING_TO_IMPORT[cause]))
    if cause is Cause.SYNC_FAILING:
        failure = subject.situation.failing[subject.workspace.policy_id]
        return Story(ImportVerdict(Imported.NO, failure.words), failure.since)
    if subject.succession is not None and subject.is_gone:
        return _succeeded(subject, subject.succession)
    if drifted is not None and _is_due_to(cause, subject, drifted.change.before):
        change = drifted.change
        begin, since = moment_of(change)
        earliest_at = begin if begin < since else None
        return Story(
            drifted.verdict, since, change.modified_by, describe(change), earliest_at=earliest_at
        )
    verdict = _before_the_drift(subject, subject.situation)
    if subject.record is None:
        return Story(ImportVerdict(Imported.UNKNOWN, "NetSuite has nothing that could be imported"))
    # The last edit is told only where it can be what made the record so.
    is_told = drifted is None and not subject.is_gone
    return Story(verdict, subject.record.modified_at if is_told else None)


def _succeeded(subject: Subject, succession: DriftedChange) -> Story:
    """Deleted, and made again under the same name: what matters is whether that is imported."""
    begin, since = moment_of(succession.change)
    what = f"{describe(succession.change)}, with the name of a deleted one"
    earliest_at = begin if begin < since else None
    by = succession.change.modified_by
    return Story(succession.verdict, since, by, what, earliest_at=earliest_at)


def _is_due_to(cause: Cause, subject: Subject, before: Record | None) -> bool:
    """Whether the change since the last sync made the cause true; if not, it was so before."""
    if before is None or subject.is_gone or cause in _OF_THE_CHANGE:
        return True
    if subject.record is None:
        return False
    was_so = _WAS_SO.get(cause)
    return was_so is not None and was_so(subject, before) != was_so(subject, subject.record)


_NOTHING_TO_IMPORT = {
    Cause.UNKNOWN_TEXT: "NetSuite has nothing of that name that could be imported",
    Cause.BILLABLE_WITHOUT_CUSTOMER: "no sync adds a customer or project to an expense",
    Cause.PARENT_INACTIVE: "what is above a record is no part of what Expensify imports",
    Cause.PROJECTS_ONLY: "the preference stands in NetSuite alone",
}
"""Causes of which no import could change anything."""

_OF_THE_CHANGE = (
    Cause.DELETED,
    Cause.SEGMENT_VALUE_DELETED,
    Cause.EDITED_SINCE_SYNC,
    Cause.EMPLOYEE_EDITED_SINCE_SYNC,
    Cause.EMPLOYEE_RULE_STALE,
    Cause.NEW_NOT_IMPORTED,
)


def _as_default(subject: Subject, record: Record) -> object:
    return record.is_inactive, access_of(subject, record)


def _defaults(subject: Subject, record: Record) -> object:
    return record.class_id, record.department_id, record.location_id


def _standing(subject: Subject, record: Record) -> object:
    employees = subject.situation.employees
    return employees.is_usable(record), record.subsidiary_id, record.email


_WAS_SO: dict[Cause, Callable[[Subject, Record], object]] = {
    Cause.INACTIVE: lambda _, record: record.is_inactive,
    Cause.SEGMENT_VALUE_INACTIVE: lambda _, record: record.is_inactive,
    Cause.OUTSIDE_SUBSIDIARY: access_of,
    Cause.CUSTOMER_OUTSIDE_SUBSIDIARY: customer_outside,
    Cause.PROJECT_CLOSED_TO_EXPENSES: project_closed,
    Cause.NOT_A_RESOURCE: project_limited,
    Cause.EMPLOYEE_DEFAULT_BROKEN: _as_default,
    Cause.EMPLOYEE_DEFAULT_EMPTY: _defaults,
    Cause.EMPLOYEE_UNUSABLE: _standing,
}
"""What a cause rests on: where the change left that as it was, it was so before."""


def _before_the_drift(subject: Subject, situation: Situation) -> ImportVerdict:
    """What did not change since the last sync has been imported: that is what a sync does.

    Where the drift, or the first reading of the record's list, reaches back less far than the
    sync, nobody saw the record at that time.
    """
    drift = situation.drift.get(subject.workspace.policy_id)
    synced_at = drift.last_sync.not_before if drift else None
    if drift is None or synced_at is None:
        return ImportVerdict(
            Imported.UNKNOWN, "it was so when the monitor began, and no sync since then is known"
        )
    edited_at = subject.record.modified_at if subject.record and not subject.drifted else None
    if edited_at is not None and edited_at > synced_at:
        return ImportVerdict(
            Imported.UNKNOWN, "NetSuite last edited it after the last sync that the monitor knows"
        )
    first_read = situation.first_read.get(subject.ref.kind)
    since = max(filter(None, (drift.since, first_read)), default=None)
    if since is None or since <= synced_at:
        return ImportVerdict(Imported.YES, "it was so before Expensify last synced")
    if edited_at is not None and edited_at + MARGIN < synced_at:
        return ImportVerdict(Imported.YES, "NetSuite last edited it before Expensify last synced")
    is_late = drift.since is None or drift.since < since
    begin = "first read that list" if is_late else "began"
    return ImportVerdict(
        Imported.UNKNOWN,
        f"it was so when the monitor {begin}, after the last sync it knows of",
    )
