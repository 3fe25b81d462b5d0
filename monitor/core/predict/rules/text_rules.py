"""Rules about texts that no record has, and about records that Expensify cannot know yet."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.listed import ListHistory
from monitor.core.match import normalise, tightened
from monitor.core.predict.exposure import Cell
from monitor.core.predict.meaning import CUSTOMERS
from monitor.core.predict.rules.subject import Answer, Finding, Subject, fires
from monitor.core.risks import Cause, Certainty


def unknown_text(subject: Subject) -> Answer:
    """The text matches no record past or present, at a place where nearly all texts match."""
    if subject.use.meant is not None:
        return ()
    cells = subject.use.coded
    history = subject.situation.lists.get(subject.workspace.policy_id)
    approved = frozenset(cell for cell in cells if _is_approved(subject, cell))
    sure = approved if is_missing(history, subject.use.place, subject.name) else frozenset()
    return (
        *_found(subject, Certainty.LIKELY, sure),
        *_found(subject, Certainty.POSSIBLE, cells - sure),
    )


def new_not_imported(subject: Subject) -> Answer:
    """The text is the name of a record that NetSuite has only since the last sync."""
    drifted = subject.waits_for_import
    if drifted is None or drifted.change.before is not None:
        return ()
    return fires(Cause.NEW_NOT_IMPORTED, Certainty.POSSIBLE, "NS0831", subject.use.coded)


def is_missing(history: ListHistory | None, place: str, text: str) -> bool:
    """Whether Expensify's own list of the place lacks the text too, or has it disabled."""
    if history is None or not history.polls:
        return False
    offered = [one for one in history.at(place).values if one.gone_at is None]
    meant = tightened(normalise(text))
    has_it = any(one.is_enabled and tightened(normalise(one.text)) == meant for one in offered)
    return bool(offered) and not has_it


def _found(subject: Subject, certainty: Certainty, cells: frozenset[Cell]) -> Iterator[Finding]:
    """A billable line without a valid customer has an error of its own."""
    holds_customers = set(subject.workspace.kinds_at(subject.use.place)) & set(CUSTOMERS)
    billable = frozenset(cell for cell in cells if holds_customers and cell.is_billable)
    yield from fires(Cause.UNKNOWN_TEXT, certainty, "NS0046", billable)
    yield from fires(Cause.UNKNOWN_TEXT, certainty, "NS0831", cells - billable)


def _is_approved(subject: Subject, cell: Cell) -> bool:
    report = subject.situation.reports_by_id.get(cell.report_id)
    return report is not None and report.state.is_approved
