"""What a risk is: why exports would fail, which reports, how sure we are, and what fixes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import NamedTuple

from monitor.core.records import Ref
from monitor.core.reports import CodedText, ReportState
from monitor.core.sync import Imported


class Cause(StrEnum):
    """Why NetSuite would refuse the record, strongest first. The database and JSON keep the name in
    lower case.
    """

    DELETED = "no longer exists in NetSuite"
    INACTIVE = "is inactive in NetSuite"
    OUTSIDE_SUBSIDIARY = "is not available to the workspace's subsidiary"
    CUSTOMER_OUTSIDE_SUBSIDIARY = "belongs to another subsidiary than the workspace"
    PROJECT_CLOSED_TO_EXPENSES = "does not allow expenses in NetSuite"
    NOT_A_RESOURCE = "is limited to its resources, and a submitter is none of them"
    BILLABLE_WITHOUT_CUSTOMER = "has billable expenses without a customer or project"
    EMPLOYEE_DEFAULT_BROKEN = "is a submitter's default in NetSuite and would be refused"
    EMPLOYEE_UNUSABLE = "is no active employee of the workspace's subsidiary in NetSuite"
    SEGMENT_VALUE_DELETED = "is a custom segment's value that no longer exists in NetSuite"
    SEGMENT_VALUE_INACTIVE = "is a custom segment's value that is inactive in NetSuite"
    PROJECTS_ONLY = "is a customer, and NetSuite takes only projects on expenses"
    EMPLOYEE_DEFAULT_EMPTY = "lacks a default that the NetSuite form requires"
    EDITED_SINCE_SYNC = "was edited in NetSuite after Expensify last synced"
    EMPLOYEE_EDITED_SINCE_SYNC = "is a submitter edited in NetSuite after Expensify last synced"
    SYNC_FAILING = "cannot sync with NetSuite"
    UNKNOWN_TEXT = "matches nothing in NetSuite"
    NEW_NOT_IMPORTED = "is new in NetSuite, and Expensify has not imported it"
    PARENT_INACTIVE = "lies below an inactive record in NetSuite"
    EMPLOYEE_RULE_STALE = "was edited in NetSuite, and Expensify's rules still give the old tag"

    @property
    def code(self) -> str:
        return self.name.lower()


NO_CHANGE = frozenset(
    {
        Cause.BILLABLE_WITHOUT_CUSTOMER,
        Cause.PROJECTS_ONLY,
        Cause.SYNC_FAILING,
        Cause.UNKNOWN_TEXT,
        Cause.PARENT_INACTIVE,
    }
)
"""Causes that no change of the record made, so that none waits to be imported."""

NOBODY = "email:"
"""How the id of a submitter begins whom NetSuite does not know."""


class Certainty(IntEnum):
    """How sure we are; greater is surer. JSON keeps the name in lower case."""

    POSSIBLE = 1
    """Said with its doubt, never alone worth a message."""
    LIKELY = 2
    """Expected to fail, by a rule we cannot fully see or until a sync."""
    CERTAIN = 3
    """Fails whatever the sync."""

    @property
    def code(self) -> str:
        return self.name.lower()


class RemedyCode(StrEnum):
    """What fixes a risk. The value is the sentence, `code` the word in JSON and the database."""

    SYNC = "Sync now fixes it"
    SYNC_AND_RECODE = (
        "Recode the lines, or reactivate the record; Sync so that new expenses stop using it"
    )
    RECODE_OR_REACTIVATE = (
        "Sync will not help: recode the lines, or reactivate the record and then Sync"
    )
    RECODE = "Recode the lines"
    RESTORE_SUBSIDIARY_OR_RECODE = (
        "Recode the lines, or add the workspace's subsidiary to the record and then Sync"
    )
    FIX_EMPLOYEE = "Correct the employee record in NetSuite, then Sync"
    ENABLE_CROSS_SUBSIDIARY = "Recode the lines, or allow customers of other subsidiaries"
    CHANGE_PREFERENCE = "Recode the lines, or change NetSuite's preference and then Sync"
    OPEN_PROJECT = "Recode the lines, or open the project to these expenses and then Sync"
    ADD_CUSTOMER = "Add a customer or project to the billable lines, or make them not billable"
    REACTIVATE_PARENT = "Reactivate the record above it, or recode the lines"
    RENAME_DUPLICATE = "Rename one of the records that share the name, then Sync"
    SYNC_TO_BE_SURE = "Sync now to be sure; the monitor will look again"
    FIX_CONNECTION = "Repair the connection to NetSuite first; do not disconnect it"

    @property
    def code(self) -> str:
        return self.name.lower()


TEXT, WORKSPACE = "text", "workspace"
"""Kinds of what is at fault where no record is: a coded text, a workspace as a whole."""

THEN_EXPORT = "then_export"
"""Appended to any remedy once a report has failed: automatic export is paused, an admin must export
by hand.
"""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do about a risk, step by step, with who can do it and the click path; and whether
    Sync helps.
    """

    code: RemedyCode
    sync_helps: str
    """yes, no, partly or unknown."""
    steps: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


class BadText(NamedTuple):
    """A coded text that means the risk's record: where it sits, on how many of the report's lines,
    and how we know.
    """

    coded: CodedText
    lines: int
    basis: str
    """full_path, former_name or leaf."""


@dataclass(frozen=True, slots=True)
class ExposedReport:
    """A pending report behind a risk. `amount` is the report's own total in its own currency."""

    report_id: str
    name: str
    submitter: str
    state: ReportState
    amount: Decimal
    currency: str
    lines: int
    """How many of its lines are at risk."""
    total_lines: int
    bad_texts: tuple[BadText, ...] = ()
    has_failed: bool = False
    waiting_since: datetime | None = None
    """Since approval, else submission, else creation."""
    cause: Cause | None = None
    """Why this one would fail, where that is not the risk's own cause: a weaker one."""
    certainty: Certainty | None = None
    """How sure that is, where it is not as sure as the risk itself."""
    is_export_unclear: bool = False
    """An export went through that names none of its two routes: listed, never told for it."""
    is_beside: bool = False
    """Merely possible, of a record of which something else was told: listed, never told."""


@dataclass(frozen=True, slots=True)
class Risk:
    """Why one record would fail exports of one workspace, and which reports. One record is one risk
    per workspace.
    """

    policy_id: str
    ref: Ref
    full_name: str
    cause: Cause
    certainty: Certainty
    likely_code: str | None
    imported: Imported
    import_sentence: str
    """How we know whether Expensify has imported it, in one sentence for people."""
    remedy: Remedy
    reports: tuple[ExposedReport, ...] = ()
    """Ordered by report id; empty = watched only."""
    since: datetime | None = None
    """When it became so: NetSuite's edit time if given, else the first snapshot that shows it."""
    changed_by: str | None = None
    what_changed: str = ""
    """One sentence: what somebody did in NetSuite, field by field; empty when it was so at the
    baseline.
    """
    other_causes: tuple[Cause, ...] = ()
    is_ambiguous: bool = False
    """Several records fit the text; the certainty is already lowered for it."""
    earliest_at: datetime | None = None
    """When it can first have become so, where only two snapshots bound the moment: up to `since`.
    """
    beside: tuple[Cause, ...] = ()
    """Those of the other causes that stand beside what was told, and are merely possible."""

    @property
    def fingerprint(self) -> str:
        """Workspace, kind and id: no names, amounts or times, so that the risk stays itself while
        they change.
        """
        return f"{self.policy_id}/{self.ref}"


class CurrencyTotal(NamedTuple):
    """Exposure in one currency; a report and a submitter count once, however many risks."""

    currency: str
    amount: Decimal
    reports: int
    submitters: int


def totals(reports: tuple[ExposedReport, ...]) -> tuple[CurrencyTotal, ...]:
    """Add up reports currency by currency, each report once (by id), ordered by currency."""
    once = {report.report_id: report for report in reports}.values()
    return tuple(
        CurrencyTotal(
            currency=currency,
            amount=sum((r.amount for r in once if r.currency == currency), Decimal(0)),
            reports=sum(r.currency == currency for r in once),
            submitters=len({r.submitter.casefold() for r in once if r.currency == currency}),
        )
        for currency in sorted({report.currency for report in once})
    )
