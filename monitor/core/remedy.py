"""Risk -> what to do, who can do it, and whether Sync helps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from monitor.core.records import Kind, Ref
from monitor.core.reports import ReportState, Workspace
from monitor.core.risks import THEN_EXPORT, Cause, ExposedReport, Remedy, RemedyCode
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
    ReportState.REIMBURSED: "a reimbursed or closed report cannot be unapproved: a workspace admin "
    "edits it where Expensify allows, else reactivate the record for the export, "
    "else enter it in NetSuite and Mark as exported",
}
_WHO_RECODES[ReportState.ARCHIVED] = _WHO_RECODES[ReportState.REIMBURSED]


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


def remedy_for(case: Case) -> Remedy:
    """The remedy of least reach first: recode, then the record, then settings."""
    code, sync_helps = _choose(case.cause, case.imported)
    has_failed = any(report.has_failed for report in case.reports)
    return Remedy(
        code,
        sync_helps,
        steps=tuple(_steps(code, case, has_failed=has_failed)),
        also=(THEN_EXPORT,) if has_failed else (),
    )


def _choose(cause: Cause, imported: Imported) -> tuple[RemedyCode, str]:
    if cause is Cause.DELETED:
        return RemedyCode.RECODE, "no"
    if cause is Cause.OUTSIDE_SUBSIDIARY:
        return RemedyCode.RESTORE_SUBSIDIARY_OR_RECODE, "no"
    if cause is Cause.INACTIVE:
        return {
            Imported.YES: (RemedyCode.RECODE_OR_REACTIVATE, "no"),
            Imported.NO: (RemedyCode.SYNC_AND_RECODE, "partly"),
            Imported.UNKNOWN: (RemedyCode.SYNC_AND_RECODE, "unknown"),
        }[imported]
    if imported is Imported.UNKNOWN:
        return RemedyCode.SYNC_TO_BE_SURE, "unknown"
    return RemedyCode.SYNC, "yes"


def _steps(code: RemedyCode, case: Case, *, has_failed: bool) -> Iterator[str]:
    kind = case.ref.kind
    if code in _RECODES:
        yield f"{_recode(case.reports)} to another {kind}: {_who_recodes(case.reports)}."
    if code in _REACTIVATES:
        yield (
            f"Or a NetSuite administrator makes {kind} “{case.full_name}” active again until the "
            f"reports are exported{_link(case)}; ask first who inactivated it."
        )
    if code is RemedyCode.RESTORE_SUBSIDIARY_OR_RECODE:
        yield (
            f"Or a NetSuite administrator adds subsidiary {case.workspace.subsidiary} to {kind} "
            f"“{case.full_name}”{_link(case)}, then Sync."
        )
    if code not in _WITHOUT_SYNC:
        yield f"{_SYNC_WORDS[code]}: a workspace admin, {_sync_path(case.workspace)}."
    if has_failed:
        yield (
            "Automatic export of the failed reports is paused: after the fix a workspace admin "
            "exports them by hand."
        )


_RECODES = {
    RemedyCode.SYNC_AND_RECODE,
    RemedyCode.RECODE_OR_REACTIVATE,
    RemedyCode.RECODE,
    RemedyCode.RESTORE_SUBSIDIARY_OR_RECODE,
}
_REACTIVATES = {RemedyCode.SYNC_AND_RECODE, RemedyCode.RECODE_OR_REACTIVATE}
_WITHOUT_SYNC = {RemedyCode.RECODE}
_SYNC_WORDS = {
    RemedyCode.SYNC: "Sync now",
    RemedyCode.SYNC_TO_BE_SURE: "Sync now to be sure, the monitor will look again",
    RemedyCode.SYNC_AND_RECODE: "Sync, so that new expenses stop using it",
    RemedyCode.RECODE_OR_REACTIVATE: "After reactivating, Sync",
    RemedyCode.RESTORE_SUBSIDIARY_OR_RECODE: "After restoring the subsidiary, Sync",
}


def _recode(reports: Iterable[ExposedReport]) -> str:
    lines = sum(report.lines for report in reports)
    return f"Recode {lines} line{'' if lines == 1 else 's'}" if lines else "Recode what uses it"


def _who_recodes(reports: Iterable[ExposedReport]) -> str:
    states = sorted({report.state for report in reports}, key=list(ReportState).index)
    said = dict.fromkeys(_WHO_RECODES[state] for state in states)
    return "; ".join(said) or _WHO_RECODES[ReportState.OPEN]


def _sync_path(workspace: Workspace) -> str:
    return _SYNC_PATHS[workspace.experience].format(name=workspace.name)


def _link(case: Case) -> str:
    page = _PAGES.get(Kind(case.ref.kind)) if case.ref.kind in set(Kind) else None
    return f" ({case.netsuite_url}{page}{case.ref.id})" if page and case.netsuite_url else ""
