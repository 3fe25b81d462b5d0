"""Rules about classes, departments, locations and segment values, and about every record."""

from __future__ import annotations

from monitor.core.predict.exposure import Cell
from monitor.core.predict.rules.project_rules import (
    customer_outside,
    project_closed,
    project_limited,
)
from monitor.core.predict.rules.subject import (
    Answer,
    Off,
    Subject,
    certainty_of_edit,
    certainty_of_succession,
    fires,
)
from monitor.core.records import ChangeWord, Kind, Record, Ref
from monitor.core.risks import Cause, Certainty
from monitor.core.subsidiaries import Access

BY_SUBSIDIARY = (Kind.CLASS, Kind.DEPARTMENT, Kind.LOCATION)
"""Kinds whose records say which subsidiaries may use them."""


def deleted(subject: Subject) -> Answer:
    """The record was there and is gone."""
    if not subject.is_gone:
        return ()
    return _gone(Cause.DELETED, Certainty.CERTAIN, subject)


def inactive(subject: Subject) -> Answer:
    """The record is inactive (help article NS0831; a project has its own code, NS0770)."""
    if subject.present is None or not subject.present.is_inactive:
        return ()
    code = "NS0770" if subject.ref.kind == Kind.PROJECT else "NS0831"
    return fires(Cause.INACTIVE, Certainty.CERTAIN, code, subject.use.coded)


def outside_subsidiary(subject: Subject) -> Answer:
    """The workspace's subsidiary is not among the record's: neither as listed nor as expanded."""
    if subject.present is None:
        return ()
    access = access_of(subject, subject.present)
    if access is Access.UNKNOWN:
        return _off(subject)
    certainty = _certainty_outside(subject, access)
    if certainty is None:
        return ()
    return fires(Cause.OUTSIDE_SUBSIDIARY, certainty, "NS0831", subject.use.coded)


def segment_value_deleted(subject: Subject) -> Answer:
    """A custom segment's value was there and is gone."""
    if not subject.is_gone:
        return ()
    return _gone(Cause.SEGMENT_VALUE_DELETED, Certainty.LIKELY, subject)


def segment_value_inactive(subject: Subject) -> Answer:
    """A custom segment's value is inactive."""
    if subject.present is None or not subject.present.is_inactive:
        return ()
    return fires(Cause.SEGMENT_VALUE_INACTIVE, Certainty.LIKELY, "NS0831", subject.use.coded)


def edited_since_sync(subject: Subject) -> Answer:
    """The record was refused and is allowed now, or is called otherwise; Expensify knows not."""
    drifted = subject.waits_for_import
    before, after = (drifted.change.before, drifted.change.after) if drifted else (None, None)
    if drifted is None or before is None or after is None:
        return ()
    states = (before, *drifted.passed)
    were_refused = frozenset(cell for state in states for cell in refused(subject, state))
    opened = were_refused - refused(subject, after)
    certainty = certainty_of_edit(drifted, subject.situation.now)
    found = fires(Cause.EDITED_SINCE_SYNC, certainty, "NS0831", opened)
    if before.full_name != after.full_name or drifted.change.change is ChangeWord.MOVED:
        others = subject.use.coded - opened
        renamed = fires(Cause.EDITED_SINCE_SYNC, Certainty.POSSIBLE, "NS0831", others)
        return (*found, *renamed)
    return found


def parent_inactive(subject: Subject) -> Answer:
    """Something above the record is inactive; whether NetSuite minds is not documented."""
    record = subject.present
    if record is None or record.is_inactive or not _has_inactive_parent(record, subject):
        return ()
    cells = subject.use.coded | subject.use.defaults
    return fires(Cause.PARENT_INACTIVE, Certainty.POSSIBLE, "NS0831", cells)


def employee_default_broken(subject: Subject) -> Answer:
    """The submitter's employee has a default that fails a rule above."""
    cells = subject.use.defaults
    if not cells:
        return ()
    broken = broken_as_default(subject)
    if broken is None:
        return ()
    code = "NS0655" if subject.ref.kind == Kind.DEPARTMENT else "NS0831"
    return fires(Cause.EMPLOYEE_DEFAULT_BROKEN, broken[1], code, cells)


def broken_as_default(subject: Subject) -> tuple[Cause, Certainty] | None:
    """Why NetSuite refuses the record as anybody's default, and how surely; None if it does not."""
    record = subject.present
    if record is None:
        return Cause.DELETED, Certainty.CERTAIN
    if record.is_inactive:
        return Cause.INACTIVE, Certainty.CERTAIN
    certainty = _certainty_outside(subject, access_of(subject, record))
    return (Cause.OUTSIDE_SUBSIDIARY, certainty) if certainty else None


def refused(subject: Subject, record: Record) -> frozenset[Cell]:
    """The lines for which NetSuite would refuse the record as it was at some moment."""
    if record.is_inactive:
        return subject.use.coded
    if record.kind in BY_SUBSIDIARY:
        is_outside = access_of(subject, record) is Access.REFUSED
        return subject.use.coded if is_outside else frozenset()
    if record.kind not in (Kind.PROJECT, Kind.CUSTOMER):
        return frozenset()
    return frozenset(
        cell
        for rule in (customer_outside, project_closed, project_limited)
        for cell in rule(subject, record) or ()
    )


def access_of(subject: Subject, record: Record) -> Access:
    """Whether the workspace's subsidiary may use the record, as far as that can be seen."""
    if subject.is_unsure_of_subsidiary:
        return Access.UNKNOWN
    return subject.situation.tree.access(record, subject.workspace.subsidiary)


def _gone(cause: Cause, certainty: Certainty, subject: Subject) -> Answer:
    """All lines that name it; of those whose name a new record has, only until that is imported."""
    succession, cells = subject.succession, subject.use.coded
    if succession is None:
        return fires(cause, certainty, "NS0831", cells)
    until_imported = min(certainty, certainty_of_succession(succession, subject.situation.now))
    succeeded = cells & subject.use.succeeded
    return (
        *fires(cause, certainty, "NS0831", cells - succeeded),
        *fires(cause, until_imported, "NS0831", succeeded),
    )


def _certainty_outside(subject: Subject, access: Access) -> Certainty | None:
    if access is Access.DISPUTED:
        return Certainty.POSSIBLE
    if access is not Access.REFUSED:
        return None
    had_it = any(access_of(subject, record) is Access.ALLOWED for record in subject.former)
    return Certainty.CERTAIN if had_it else Certainty.LIKELY


def _off(subject: Subject) -> Off:
    subsidiary = subject.workspace.subsidiary
    if subsidiary is None:
        return Off("the workspace has no subsidiary in the monitor's configuration", is_chosen=True)
    if subject.is_unsure_of_subsidiary:
        return Off(f"the monitor's role may see less of subsidiary {subsidiary} than there is")
    if subsidiary not in subject.situation.tree:
        return Off(f"the monitor's role sees no subsidiary {subsidiary}")
    return Off("NetSuite does not say which subsidiaries may use it")


def _has_inactive_parent(record: Record, subject: Subject) -> bool:
    seen = {record.id}
    above = record.parent_id
    while above is not None and above not in seen:
        seen.add(above)
        parent = subject.situation.book.present.get(Ref(record.kind, above))
        if parent is None:
            return False
        if parent.is_inactive:
            return True
        above = parent.parent_id
    return False
