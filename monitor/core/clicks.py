"""What a remedy is chosen from, and the words for it: what, who, and where they click."""

from __future__ import annotations

from typing import NamedTuple

from monitor.core.message.words import counted
from monitor.core.records import Kind, Ref
from monitor.core.reports import ReportState, Workspace
from monitor.core.risks import TEXT, Cause, Certainty, ExposedReport
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


def recode_words(case: Case) -> str:
    """What to recode, as an instruction."""
    what = noun(case)
    place = case.place or case.workspace.place_of(case.ref.kind)
    if place.startswith(_FIELD):
        reports = counted(len(case.reports), "report")
        return f"Choose another {what} in report field {place.removeprefix(_FIELD)} of {reports}"
    lines = counted(sum(report.lines for report in case.reports), "line")
    return f"Recode {lines} to another {what}"


_FIELD = "report_field:"


def who_recodes(case: Case) -> str:
    """Who can do it, in the states that the reports are in."""
    states = sorted({report.state for report in case.reports}, key=list(ReportState).index)
    paid = _AFTER_PAYMENT.format(revive=_REVIVE.get(case.cause, ""))
    return "; ".join(dict.fromkeys(_WHO_RECODES.get(state, paid) for state in states))


def sync_path(workspace: Workspace) -> str:
    """Where a workspace admin syncs."""
    return sync_clicks(workspace.name, workspace.experience)


def sync_clicks(name: str, experience: str) -> str:
    """The same for a workspace of that name."""
    return _SYNC_PATHS[experience].format(name=name)


def named(case: Case) -> str:
    """The record as people call it."""
    return f"{noun(case)} “{case.full_name}”"


def noun(case: Case) -> str:
    """What a person calls such a record; of a text, what it should have named."""
    if case.ref.kind == TEXT:
        return " or ".join(case.workspace.kinds_at(case.place)) or "value"
    return "segment value" if case.ref.kind.startswith("segment:") else case.ref.kind


def link(case: Case) -> str:
    """Where a person opens the record."""
    page = _PAGES.get(Kind(case.ref.kind)) if case.ref.kind in set(Kind) else None
    is_there = page and case.netsuite_url and case.ref.id.lstrip("-").isdecimal()
    return f" ({case.netsuite_url}{page}{case.ref.id})" if is_there else ""
