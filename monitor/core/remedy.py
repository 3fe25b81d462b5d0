"""Risk -> what to do, who can do it, and whether Sync helps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from monitor.core.records import Kind, Ref
from monitor.core.reports import ReportState, Workspace
from monitor.core.risks import (
    THEN_EXPORT,
    Cause,
    Certainty,
    ExposedReport,
    Remedy,
    RemedyCode,
)
from monitor.core.sync import Imported

_SYNC_PATHS = {
    "new": "Expensify: Settings > Workspaces > {name} > Accounting > Sync now",
    "classic": "Expensify: Settings > Workspaces > Group > {name} > Connections > Sync Now",
}

_PAGES = {
    Kind.CLASS: "/app/common/otherlists/classtype.nl?id=",
    Kind.DEPARTMENT: "/app/common/otherlists/departmenttype.nl?id=",
    Kind.LOCATION: "/app/common/otherlists/locationtype.nl?id=",
    Kind.PROJECT: "/app/common/entity/custjob.nl?id=",
    Kind.CUSTOMER: "/app/common/entity/custjob.nl?id=",
    Kind.EMPLOYEE: "/app/common/entity/employee.nl?id=",
}
"""Where a person opens the record in NetSuite."""

_WHO_RECODES = {
    ReportState.OPEN: "the submitter can recode a draft",
    ReportState.SUBMITTED: "the approver can recode a submitted report",
    ReportState.APPROVED: "a workspace admin can recode an approved report, "
    "or unapprove it (it then needs approval again)",
}
_AFTER_PAYMENT = (
    "a reimbursed or closed report cannot be unapproved: a workspace admin edits it where "
    "Expensify allows, {revive}else enter it in NetSuite and Mark as exported"
)
_REVIVE = {
    Cause.INACTIVE: "else reactivate the record for the export, ",
    Cause.OUTSIDE_SUBSIDIARY: "else add the subsidiary to the record for the export, ",
}


class Case(NamedTuple):
    """What a remedy is chosen from."""

    cause: Cause
    imported: Imported
    ref: Ref
    full_name: str
    workspace: Workspace
    reports: tuple[ExposedReport, ...] = ()
    netsuite_url: str = ""
    """Where people open NetSuite ("https://1234567.app.netsuite.com"); empty = no link."""
    certainty: Certainty = Certainty.CERTAIN
    is_ambiguous: bool = False
    """Several records share the name."""
    is_billable: bool = False
    """Only billable lines are at risk."""
    place: str = ""
    """Where a text without a record sits."""


def remedy_for(case: Case) -> Remedy:
    """The remedy of least reach first: recode, then the record, then settings."""
    code, sync_helps = _choose(case)
    has_failed = any(report.has_failed for report in case.reports)
    return Remedy(
        code,
        sync_helps,
        steps=tuple(_steps(code, case, has_failed=has_failed)),
        also=(THEN_EXPORT,) if has_failed else (),
    )


def _choose(case: Case) -> tuple[RemedyCode, str]:
    """What fixes it, and whether Sync helps. A certain cause keeps its remedy, imported or not."""
    for_new_expenses = _HELPS_NEW_EXPENSES[case.imported]
    if case.cause in (Cause.DELETED, Cause.SEGMENT_VALUE_DELETED):
        return RemedyCode.RECODE, for_new_expenses
    if case.cause is Cause.OUTSIDE_SUBSIDIARY:
        return RemedyCode.RESTORE_SUBSIDIARY_OR_RECODE, "no"
    if case.cause in _FIXED:
        return _FIXED[case.cause]
    if case.cause in (Cause.INACTIVE, Cause.SEGMENT_VALUE_INACTIVE):
        is_imported = case.imported is Imported.YES
        code = RemedyCode.RECODE_OR_REACTIVATE if is_imported else RemedyCode.SYNC_AND_RECODE
        return code, for_new_expenses
    # Nobody knows whether a text coded under the old name follows a rename.
    if case.imported is Imported.NO and case.certainty > Certainty.POSSIBLE:
        return RemedyCode.SYNC, "yes"
    return RemedyCode.SYNC_TO_BE_SURE, "unknown"


_FIXED = {
    Cause.CUSTOMER_OUTSIDE_SUBSIDIARY: (RemedyCode.ENABLE_CROSS_SUBSIDIARY, "no"),
    Cause.PROJECT_CLOSED_TO_EXPENSES: (RemedyCode.OPEN_PROJECT, "no"),
    Cause.NOT_A_RESOURCE: (RemedyCode.OPEN_PROJECT, "no"),
    Cause.BILLABLE_WITHOUT_CUSTOMER: (RemedyCode.ADD_CUSTOMER, "no"),
    Cause.EMPLOYEE_DEFAULT_BROKEN: (RemedyCode.FIX_EMPLOYEE, "no"),
    Cause.EMPLOYEE_UNUSABLE: (RemedyCode.FIX_EMPLOYEE, "no"),
    Cause.PROJECTS_ONLY: (RemedyCode.CHANGE_PREFERENCE, "no"),
    Cause.EMPLOYEE_DEFAULT_EMPTY: (RemedyCode.FIX_EMPLOYEE, "no"),
    Cause.SYNC_FAILING: (RemedyCode.FIX_CONNECTION, "unknown"),
    Cause.UNKNOWN_TEXT: (RemedyCode.RECODE, "no"),
    Cause.NEW_NOT_IMPORTED: (RemedyCode.SYNC, "yes"),
    Cause.PARENT_INACTIVE: (RemedyCode.REACTIVATE_PARENT, "no"),
}
"""Causes with one remedy, imported or not."""

_HELPS_NEW_EXPENSES = {Imported.YES: "no", Imported.NO: "partly", Imported.UNKNOWN: "unknown"}
"""Sync takes a bad value away from new expenses; those already coded keep it."""


def _steps(code: RemedyCode, case: Case, *, has_failed: bool) -> Iterator[str]:
    if code in _RECODES and not case.reports:
        yield f"No pending report uses it: code new expenses to another {case.ref.kind}."
    elif code in _RECODES:
        yield f"{_recode(case)}: {_who_recodes(case)}."
        yield from _other_ways(code, case)
    if words := _sync_words(code, case):
        yield f"{words}: a workspace admin, {_sync_path(case.workspace)}."
    if has_failed:
        yield (
            "Automatic export of the failed reports is paused: after the fix a workspace admin "
            "exports them by hand."
        )


def _other_ways(code: RemedyCode, case: Case) -> Iterator[str]:
    if code in _REACTIVATES:
        yield (
            f"Or a NetSuite administrator makes {_named(case)} active again until the reports are "
            f"exported{_link(case)}; ask first who inactivated it."
        )
    if code is RemedyCode.RESTORE_SUBSIDIARY_OR_RECODE:
        subsidiary = case.workspace.subsidiary
        what = f"{_named(case)}{_link(case)}"
        yield f"Or a NetSuite administrator adds subsidiary {subsidiary} to {what}."


_RECODES = {
    RemedyCode.SYNC_AND_RECODE,
    RemedyCode.RECODE_OR_REACTIVATE,
    RemedyCode.RECODE,
    RemedyCode.RESTORE_SUBSIDIARY_OR_RECODE,
}
_REACTIVATES = {RemedyCode.SYNC_AND_RECODE, RemedyCode.RECODE_OR_REACTIVATE}


def _sync_words(code: RemedyCode, case: Case) -> str:
    """When to Sync, and what for; empty where it would do nothing."""
    if code is RemedyCode.SYNC:
        return "Sync now"
    if code is RemedyCode.SYNC_TO_BE_SURE:
        return "Sync now to be sure"
    if code is RemedyCode.RESTORE_SUBSIDIARY_OR_RECODE:
        return "After adding the subsidiary, Sync" if case.reports else ""
    if case.imported is Imported.YES:
        is_revived = code is RemedyCode.RECODE_OR_REACTIVATE and case.reports
        return "After reactivating, Sync" if is_revived else ""
    if not case.reports:
        return "Sync, so that new expenses stop using it"
    if code is RemedyCode.SYNC_AND_RECODE and case.imported is Imported.UNKNOWN:
        return "After either, Sync, so that Expensify has what NetSuite has"
    return "After recoding, Sync, so that new expenses stop using it"


def _recode(case: Case) -> str:
    kind = case.ref.kind
    place = case.workspace.place_of(kind)
    if place.startswith(_FIELD):
        reports = _counted(len(case.reports), "report")
        return f"Choose another {kind} in report field {place.removeprefix(_FIELD)} of {reports}"
    lines = _counted(sum(report.lines for report in case.reports), "line")
    return f"Recode {lines} to another {kind}"


_FIELD = "report_field:"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _who_recodes(case: Case) -> str:
    states = sorted({report.state for report in case.reports}, key=list(ReportState).index)
    paid = _AFTER_PAYMENT.format(revive=_REVIVE.get(case.cause, ""))
    return "; ".join(dict.fromkeys(_WHO_RECODES.get(state, paid) for state in states))


def _sync_path(workspace: Workspace) -> str:
    return _SYNC_PATHS[workspace.experience].format(name=workspace.name)


def _named(case: Case) -> str:
    return f"{case.ref.kind} “{case.full_name}”"


def _link(case: Case) -> str:
    """Where a person opens the record."""
    page = _PAGES.get(Kind(case.ref.kind)) if case.ref.kind in set(Kind) else None
    return f" ({case.netsuite_url}{page}{case.ref.id})" if page and case.netsuite_url else ""
