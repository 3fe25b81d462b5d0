"""The rules, one small function each: why NetSuite would refuse one record for one workspace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.core.drift import DriftedChange
from monitor.core.imported import moment_of
from monitor.core.records import ChangeWord, Kind, Record
from monitor.core.reports import Workspace
from monitor.core.risks import Cause, Certainty
from monitor.core.subsidiaries import Access, SubsidiaryTree
from monitor.core.sync import Imported

SURE_UNTIL = timedelta(hours=26)
"""A daily sync is due by then: after it, an unknown import is no longer likely to be missing."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One record as one workspace uses it, and all that the rules may look at."""

    record: Record
    is_gone: bool
    former: tuple[Record, ...]
    workspace: Workspace
    tree: SubsidiaryTree
    drifted: DriftedChange | None
    now: datetime
    is_unsure_of_subsidiary: bool = False
    """The role may see less of the workspace's subsidiary than there is."""


class Finding(NamedTuple):
    """A rule that fired."""

    cause: Cause
    certainty: Certainty
    likely_code: str | None


def findings(subject: Subject) -> list[Finding]:
    """Every rule that fires, the strongest first."""
    found = [finding for rule in RULES if (finding := rule(subject)) is not None]
    return sorted(found, key=lambda finding: (-finding.certainty, _STRENGTH[finding.cause]))


def deleted(subject: Subject) -> Finding | None:
    """The record was there and is gone."""
    if not subject.is_gone:
        return None
    return Finding(Cause.DELETED, Certainty.CERTAIN, "NS0831")


def inactive(subject: Subject) -> Finding | None:
    """The record is inactive (help article NS0831; a project has its own code, NS0770)."""
    if subject.is_gone or not subject.record.is_inactive:
        return None
    code = "NS0770" if subject.record.kind == Kind.PROJECT else "NS0831"
    return Finding(Cause.INACTIVE, Certainty.CERTAIN, code)


def outside_subsidiary(subject: Subject) -> Finding | None:
    """The workspace's subsidiary is not among the record's: neither as listed nor as expanded."""
    if subject.is_gone or subject.record.kind not in BY_SUBSIDIARY:
        return None
    access = _access(subject, subject.record)
    if access is Access.DISPUTED:
        return Finding(Cause.OUTSIDE_SUBSIDIARY, Certainty.POSSIBLE, "NS0831")
    if access is not Access.REFUSED:
        return None
    had_it = any(_access(subject, record) is Access.ALLOWED for record in subject.former)
    certainty = Certainty.CERTAIN if had_it else Certainty.LIKELY
    return Finding(Cause.OUTSIDE_SUBSIDIARY, certainty, "NS0831")


def edited_since_sync(subject: Subject) -> Finding | None:
    """The record was refused and is allowed now, or is called otherwise; Expensify knows not."""
    drifted = subject.drifted
    if subject.is_gone or drifted is None or drifted.verdict.imported is Imported.YES:
        return None
    before, after = drifted.change.before, drifted.change.after
    if before is None or after is None:
        return None
    if _is_refused(subject, before) and not _is_refused(subject, after):
        return Finding(Cause.EDITED_SINCE_SYNC, _certainty_of_edit(drifted, subject.now), "NS0831")
    if before.full_name != after.full_name or drifted.change.change is ChangeWord.MOVED:
        return Finding(Cause.EDITED_SINCE_SYNC, Certainty.POSSIBLE, "NS0831")
    return None


def is_due_to(cause: Cause, subject: Subject) -> bool:
    """Whether the change since the last sync made the cause true; if not, it was so before."""
    if subject.drifted is None:
        return False
    before = subject.drifted.change.before
    if before is None or cause in (Cause.DELETED, Cause.EDITED_SINCE_SYNC):
        return True
    if cause is Cause.INACTIVE:
        return not before.is_inactive
    return _access(subject, before) is not _access(subject, subject.record)


RULES: tuple[Callable[[Subject], Finding | None], ...] = (
    deleted,
    inactive,
    outside_subsidiary,
    edited_since_sync,
)
"""In the order of PREDICTION's table; a further cause is one more function here."""

_STRENGTH = {cause: strength for strength, cause in enumerate(Cause)}
BY_SUBSIDIARY = (Kind.CLASS, Kind.DEPARTMENT, Kind.LOCATION)
"""Kinds whose records say which subsidiaries may use them."""


def _access(subject: Subject, record: Record) -> Access:
    if subject.is_unsure_of_subsidiary:
        return Access.UNKNOWN
    return subject.tree.access(record, subject.workspace.subsidiary)


def _is_refused(subject: Subject, record: Record) -> bool:
    is_outside = record.kind in BY_SUBSIDIARY and _access(subject, record) is Access.REFUSED
    return record.is_inactive or is_outside


def _certainty_of_edit(drifted: DriftedChange, now: datetime) -> Certainty:
    is_unknown = drifted.verdict.imported is Imported.UNKNOWN
    if is_unknown and now > moment_of(drifted.change)[1] + SURE_UNTIL:
        return Certainty.POSSIBLE
    return Certainty.LIKELY
