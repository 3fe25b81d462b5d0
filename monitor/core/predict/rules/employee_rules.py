"""Rules about submitters: the employee with their e-mail in the workspace's subsidiary."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.drift import DriftedChange
from monitor.core.employees import DEFAULTS, default_of
from monitor.core.predict.exposure import Cell
from monitor.core.predict.rules.subject import Answer, Off, Subject, certainty_of_edit, fires
from monitor.core.predict.usage import reads_default
from monitor.core.records import Record
from monitor.core.reports import EMPLOYEE_DEFAULT, NOT_CODED, Route, Workspace
from monitor.core.risks import Cause, Certainty

_SUBSIDIARY = "subsidiary_id"


def employee_unusable(subject: Subject) -> Answer:
    """No active employee of the subsidiary whom it has hired and not released has the e-mail.

    An export bears the date that the workspace is set to give it: of the last expense, of the
    submission, or of the export itself. Which one nobody tells the monitor, but none of them lies
    after the export, so what is sure is that somebody hired after today cannot be meant today. Of
    somebody hired since an expense was made nothing is said.
    """
    if not subject.use.lines:
        return ()
    if not subject.usage.is_trusting_people:
        return Off("too many submitters have an e-mail that no employee has")
    found = next(filter(None, map(subject.employee_of, subject.use.lines)), None)
    if found is None or found.is_usable or found.is_several:
        return ()
    if found.record is None and subject.workspace.auto_create:
        return Off("Expensify creates employees that are missing (auto_create)", is_chosen=True)
    certainty = Certainty.LIKELY if found.is_known else Certainty.POSSIBLE
    return fires(Cause.EMPLOYEE_UNUSABLE, certainty, "NS0023", subject.use.defaults)


def employee_default_empty(subject: Subject) -> Answer:
    """The employee has no default of a kind that the form requires, and the lines carry none."""
    employee = subject.present
    if employee is None or not subject.use.lines or not _is_usable(subject, employee):
        return ()
    needed = [kind for kind in subject.workspace.required if kind in DEFAULTS]
    told = [kind for kind in needed if subject.situation.employees.tells(kind)]
    if needed and not told:
        return Off("NetSuite does not tell the employees' defaults")
    cells = {
        cell
        for kind in told
        if not default_of(employee, kind)
        for cell in subject.use.defaults
        if reads_default(subject.workspace, kind, cell)
    }
    return fires(Cause.EMPLOYEE_DEFAULT_EMPTY, Certainty.LIKELY, "NS0005", cells)


def employee_edited_since_sync(subject: Subject) -> Answer:
    """A default or the subsidiary was edited, not imported, and the lines read what was edited."""
    drifted = subject.waits_for_import
    employee = subject.present
    if drifted is None or employee is None or not _is_usable(subject, employee):
        return ()
    edited = _edited(drifted)
    cells = subject.use.defaults or frozenset(_tomorrow(subject.workspace))
    reading = [cell for cell in cells if _reads(subject.workspace, edited, cell)]
    certainty = certainty_of_edit(drifted, subject.situation.now)
    if drifted.is_back:
        certainty = Certainty.POSSIBLE
    return fires(Cause.EMPLOYEE_EDITED_SINCE_SYNC, certainty, "NS0831", reading)


def employee_rule_stale(subject: Subject) -> Answer:
    """A default was edited whose kind is coded as a tag: new expenses still get the old tag."""
    drifted = subject.waits_for_import
    if drifted is None or subject.present is None:
        return ()
    edited = _edited(drifted) & set(DEFAULTS)
    places = (subject.workspace.place_of(kind) for kind in edited)
    if not any(place not in (EMPLOYEE_DEFAULT, NOT_CODED) for place in places):
        return ()
    return fires(
        Cause.EMPLOYEE_RULE_STALE,
        Certainty.POSSIBLE,
        None,
        {Cell("", Route.EXPENSE_REPORT, is_default=True)},
    )


def _is_usable(subject: Subject, employee: Record) -> bool:
    return subject.situation.employees.is_usable(employee)


def _edited(drifted: DriftedChange) -> frozenset[str]:
    """What was edited of the employee: kinds of defaults, or the subsidiary."""
    before, after = drifted.change.before, drifted.change.after
    if before is None or after is None:
        return frozenset()
    fields = {**DEFAULTS, _SUBSIDIARY: _SUBSIDIARY}
    return frozenset(
        name
        for name, field in fields.items()
        if any(getattr(one, field) != getattr(after, field) for one in (before, *drifted.passed))
    )


def _reads(workspace: Workspace, edited: frozenset[str], cell: Cell) -> bool:
    if _SUBSIDIARY in edited:
        return True
    return any(reads_default(workspace, kind, cell) for kind in edited)


def _tomorrow(workspace: Workspace) -> Iterator[Cell]:
    """The lines an employee without pending reports may submit tomorrow."""
    for route in {workspace.reimbursable_export, workspace.company_card_export}:
        if route is not Route.VENDOR_BILL:
            yield Cell("", route, is_default=True)
