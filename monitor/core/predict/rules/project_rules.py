"""Rules about customers and projects; journal entries carry neither, so no such line is here."""

from __future__ import annotations

from monitor.core.predict.exposure import Cell
from monitor.core.predict.rules.subject import Answer, Off, Subject, fires
from monitor.core.records import Kind, Record, Ref
from monitor.core.reports import Route
from monitor.core.risks import Cause, Certainty

Cells = frozenset[Cell] | None
"""The lines for which NetSuite refuses the record; None when it does not say enough."""


def customer_outside_subsidiary(subject: Subject) -> Answer:
    """A customer or project of another subsidiary: the switch does not help billable lines."""
    if subject.present is None:
        return ()
    cells = customer_outside(subject, subject.present)
    if cells is None:
        is_chosen = subject.workspace.subsidiary is None
        return Off("NetSuite does not say which subsidiaries it belongs to", is_chosen)
    return fires(Cause.CUSTOMER_OUTSIDE_SUBSIDIARY, Certainty.CERTAIN, "NS0728", cells)


def project_closed_to_expenses(subject: Subject) -> Answer:
    """The project's box "Allow Expenses" is off."""
    if subject.present is None:
        return ()
    cells = project_closed(subject, subject.present)
    if cells is None:
        return Off("NetSuite does not say whether it allows expenses")
    return fires(Cause.PROJECT_CLOSED_TO_EXPENSES, Certainty.CERTAIN, "NS0831", cells)


def not_a_resource(subject: Subject) -> Answer:
    """The project is limited to its resources, and the submitter is none of them."""
    if subject.present is None:
        return ()
    if subject.present.limit_to_resources and not subject.usage.is_seeing_people:
        return Off("the employees or their e-mails cannot be read")
    cells = project_limited(subject, subject.present)
    if cells is None:
        return Off("NetSuite does not say who its resources are")
    return fires(Cause.NOT_A_RESOURCE, Certainty.CERTAIN, "NS0024", cells)


def projects_only(subject: Subject) -> Answer:
    """A customer is coded, and NetSuite's preference takes only projects."""
    preference = subject.situation.show_projects_only
    if preference == "unknown":
        return Off("netsuite.preferences.show_projects_only is unknown", is_chosen=True)
    if preference != "yes" or subject.present is None:
        return ()
    return fires(Cause.PROJECTS_ONLY, Certainty.LIKELY, "NS0831", subject.use.coded)


def customer_outside(subject: Subject, record: Record) -> Cells:
    """The lines that a customer or project of other subsidiaries may not stand on."""
    homes, subsidiary = _homes(subject, record), subject.workspace.subsidiary
    tree = subject.situation.tree
    if not homes or subject.is_unsure_of_subsidiary or subsidiary not in tree:
        return None
    if subsidiary in homes:
        return frozenset()
    is_open = subject.workspace.cross_subsidiary_customers
    return frozenset(cell for cell in subject.use.coded if cell.is_billable or not is_open)


def project_closed(subject: Subject, record: Record) -> Cells:
    """All lines of a project that does not allow expenses."""
    if record.kind != Kind.PROJECT:
        return frozenset()
    if record.allow_expenses is None:
        return None
    return frozenset() if record.allow_expenses else subject.use.coded


def project_limited(subject: Subject, record: Record) -> Cells:
    """The lines of submitters who are no resource; only an expense report names an employee."""
    if record.kind != Kind.PROJECT or record.limit_to_resources is False:
        return frozenset()
    if record.limit_to_resources is None or record.resource_ids is None:
        return None
    return frozenset(
        cell
        for cell in subject.use.coded
        if cell.route is Route.EXPENSE_REPORT and _is_stranger(subject, cell, record.resource_ids)
    )


def _is_stranger(subject: Subject, cell: Cell, resources: tuple[str, ...]) -> bool:
    found = subject.employee_of(cell)
    if found is None or found.record is None or not found.is_usable:
        return False
    return found.record.id not in resources


def _homes(subject: Subject, record: Record) -> tuple[str, ...]:
    """The subsidiaries of a customer; a project that names none has those of its customer."""
    if record.subsidiary_ids or record.kind != Kind.PROJECT or record.customer_id is None:
        return record.subsidiary_ids or ()
    customer = subject.situation.book.present.get(Ref(Kind.CUSTOMER, record.customer_id))
    return (customer.subsidiary_ids or ()) if customer is not None else ()
