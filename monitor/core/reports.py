"""Expensify as values: workspaces, where they keep each kind, and the reports to be exported."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from monitor.core.workspace import EMPLOYEE_DEFAULT as EMPLOYEE_DEFAULT
from monitor.core.workspace import NOT_CODED as NOT_CODED
from monitor.core.workspace import Coding as Coding
from monitor.core.workspace import Route as Route
from monitor.core.workspace import Workspace as Workspace
from monitor.core.workspace import tag_level as tag_level

NO_CURRENCY = "(currency not named)"
"""Stands for the currency of a report that names none; nothing else is added up with it."""


class ReportState(StrEnum):
    """Expensify's report states, in the exporter's words."""

    OPEN = "OPEN"
    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    REIMBURSED = "REIMBURSED"
    ARCHIVED = "ARCHIVED"

    @property
    def is_approved(self) -> bool:
        """Approved or later: the next export would try it."""
        return self in (ReportState.APPROVED, ReportState.REIMBURSED, ReportState.ARCHIVED)


class CodedText(NamedTuple):
    """One text as Expensify delivered it, and the place where it sits ("tag:1",
    "report_field:Class").
    """

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One expense of a report."""

    line_id: str
    texts: tuple[CodedText, ...] = ()
    category: str = ""
    is_billable: bool = False
    is_reimbursable: bool = True
    card: str = ""
    """The card's name; empty for cash."""
    bank: str = ""
    """The bank or programme behind the card: "Expensify Card"."""


class Export(NamedTuple):
    """A system action that says the report reached NetSuite, or a person's mark that it did
    (`is_manual`).

    `has_reimbursable` and `has_card` say which route it covered; both None when the action does not
    say.
    """

    at: datetime
    is_manual: bool = False
    has_reimbursable: bool | None = None
    has_card: bool | None = None


class Failure(NamedTuple):
    """A system action that says an export was refused; `code` is "NS0831" and the like, "" when
    none was given.
    """

    at: datetime
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class PendingReport:
    """A report not yet exported to NetSuite. `total` is in `currency`, never a sum over lines. All
    moments UTC.
    """

    report_id: str
    policy_id: str
    name: str
    submitter: str
    """The creator's e-mail, as delivered."""
    state: ReportState
    total: Decimal
    currency: str
    created_at: datetime | None = None
    submitted_at: datetime | None = None
    approved_at: datetime | None = None
    fields: tuple[CodedText, ...] = ()
    """Report fields: they hold for every line."""
    lines: tuple[ReportLine, ...] = ()
    exports: tuple[Export, ...] = field(default=())
    failures: tuple[Failure, ...] = field(default=())

    @property
    def has_failed(self) -> bool:
        """An export was refused, and none has succeeded since: automatic export of it is paused."""
        last_failure = max((failure.at for failure in self.failures), default=None)
        if last_failure is None:
            return False
        return all(export.at <= last_failure for export in self.exports)

    @property
    def is_export_unclear(self) -> bool:
        """It was exported, but the action does not say which of its two routes that covered."""
        exports = current_exports(self)
        return any(map(_names_nothing, exports)) and is_pending(self)


class UnreadReport(NamedTuple):
    """A report that an answer holds and the monitor cannot read. It is neither new nor gone: what
    was read of it before still stands.
    """

    report_id: str
    policy_id: str
    """"" when it does not say."""
    why: str

    @property
    def sentence(self) -> str:
        """What failed, which one, and what to do."""
        return (
            f"report {self.report_id} cannot be read ({self.why}): what was read of it before "
            "still stands; look at it in Expensify"
        )


def route_of(line: ReportLine, workspace: Workspace) -> Route:
    """As what the line would reach NetSuite; a journal card is named by its own name or its
    bank's, in any case.
    """
    names = {_name_of(line.card), _name_of(line.bank)} - {""}
    if names.intersection(map(_name_of, workspace.journal_cards)):
        return Route.JOURNAL_ENTRY
    return workspace.reimbursable_export if line.is_reimbursable else workspace.company_card_export


class OfferedValue(NamedTuple):
    """One value of a list that Expensify offers in its pickers (a tag of one level, a report
    field's value).
    """

    place: str
    text: str
    is_enabled: bool


class PolicyLists(NamedTuple):
    """What one workspace offers now, as the policy getter shows it."""

    policy_id: str
    name: str
    values: tuple[OfferedValue, ...]
    absent: tuple[str, ...] = ()
    """Beginnings of the places ("tag:", "report_field:") of which the answer says nothing."""


def pending_lines(report: PendingReport) -> tuple[ReportLine, ...]:
    """The lines that the next export would still carry to NetSuite.

    A system export counts when it is strictly later than the last approval, for the kind of expense
    it names; one that names none settles what is left of one kind, and nothing of two: nobody knows
    which it was. A person's mark settles everything.
    Nothing settles a report that is not approved: it will be approved, and exported, anew.
    """
    exports = current_exports(report)
    if any(export.is_manual for export in exports):
        return ()
    has_reimbursable = any(export.has_reimbursable for export in exports)
    has_card = any(export.has_card for export in exports)
    waiting = tuple(
        line
        for line in report.lines
        if not (has_reimbursable if line.is_reimbursable else has_card)
    )
    is_one_kind = len({line.is_reimbursable for line in waiting}) == 1
    return () if is_one_kind and any(map(_names_nothing, exports)) else waiting


def current_exports(report: PendingReport) -> tuple[Export, ...]:
    """The exports that count: of an approved report, those strictly later than its approval."""
    return tuple(export for export in report.exports if _is_current(export, report))


def is_pending(report: PendingReport) -> bool:
    """Whether something of the report still waits for an export."""
    return bool(pending_lines(report))


def _is_current(export: Export, report: PendingReport) -> bool:
    if not report.state.is_approved:
        return False
    return report.approved_at is None or export.at > report.approved_at


def _names_nothing(export: Export) -> bool:
    # Lists of links that are there and empty say no more than absent ones.
    return not export.has_reimbursable and not export.has_card


def _name_of(card: str) -> str:
    return " ".join(card.split()).casefold()
