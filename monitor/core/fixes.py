"""Fixes that are no mere recoding: of employees, projects, settings, the connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from monitor.core.clicks import Case, link, named, recode_words, who_recodes
from monitor.core.message.words import counted
from monitor.core.risks import Cause, RemedyCode

_CROSS_PATHS = {
    "new": "Expensify: Settings > Workspaces > {name} > Accounting > Configure > Advanced > "
    "Cross-Subsidiary Customers/Projects",
    "classic": "Expensify: Settings > Workspaces > Group > {name} > Connections > Configure > "
    "Advanced > Cross-Subsidiary Customers/Projects",
}
_WHOLE = "changes behaviour for the whole {what}: ask the controller first"


def _recode_first(case: Case, to: str = "") -> Iterator[str]:
    if case.reports:
        yield f"{recode_words(case)}{to}: {who_recodes(case)}."


def _fix_employee(case: Case) -> Iterator[str]:
    if case.cause is Cause.EMPLOYEE_UNUSABLE:
        subsidiary = case.workspace.subsidiary
        where = f" of subsidiary {subsidiary}" if subsidiary else ""
        yield (
            f"A NetSuite administrator sees to it that an active employee{where} has the "
            f"submitter's e-mail{link(case)}. The subsidiary of an employee with posted "
            "transactions is locked: usually a new record, or the right workspace, is needed."
        )
    elif case.cause is Cause.EMPLOYEE_DEFAULT_BROKEN:
        yield (
            f"A NetSuite administrator gives the submitters another default than {named(case)}"
            f"{link(case)}, or makes that usable again."
        )
    else:
        what = f"{named(case)}{link(case)}"
        yield f"A NetSuite administrator fills in the missing default of {what}."


def _enable_cross_subsidiary(case: Case) -> Iterator[str]:
    yield from _recode_first(case)
    path = _CROSS_PATHS[case.workspace.experience].format(name=case.workspace.name)
    yield (
        f"Or a workspace admin allows customers of other subsidiaries: {path}; NetSuite needs "
        "Intercompany Time and Expense for it, and billable lines are refused all the same. It "
        f"{_WHOLE.format(what='workspace')}."
    )


def _change_preference(case: Case) -> Iterator[str]:
    yield from _recode_first(case, " (to a project)")
    yield (
        "Or a NetSuite administrator unchecks Show Projects Only for Time and Expenses: Setup > "
        f"Accounting > Accounting Preferences > Time & Expenses. It "
        f"{_WHOLE.format(what='NetSuite account')}."
    )


def _open_project(case: Case) -> Iterator[str]:
    yield from _recode_first(case)
    what = (
        "adds the submitters to the resources of"
        if case.cause is Cause.NOT_A_RESOURCE
        else "allows expenses on"
    )
    yield f"Or a NetSuite administrator {what} {named(case)}{link(case)}."


def _add_customer(case: Case) -> Iterator[str]:
    lines = counted(sum(report.lines for report in case.reports), "line")
    yield (f"Add a customer or project to {lines}, or make them not billable: {who_recodes(case)}.")


def _reactivate_parent(case: Case) -> Iterator[str]:
    yield (
        f"A NetSuite administrator makes the record above {named(case)} active again"
        f"{link(case)}; ask first who inactivated it."
    )
    if case.reports:
        yield f"Or recode: {who_recodes(case)}."


def _rename_duplicate(case: Case) -> Iterator[str]:
    yield (
        f"Several NetSuite records are called “{case.full_name}”: a NetSuite administrator renames "
        f"or removes the one that is not meant{link(case)}."
    )


def _fix_connection(case: Case) -> Iterator[str]:
    yield (
        "A workspace admin repairs the connection to NetSuite first (its token and role). Do not "
        "disconnect it: that clears the configuration."
    )


FIXES: dict[RemedyCode, Callable[[Case], Iterator[str]]] = {
    RemedyCode.FIX_EMPLOYEE: _fix_employee,
    RemedyCode.ENABLE_CROSS_SUBSIDIARY: _enable_cross_subsidiary,
    RemedyCode.CHANGE_PREFERENCE: _change_preference,
    RemedyCode.OPEN_PROJECT: _open_project,
    RemedyCode.ADD_CUSTOMER: _add_customer,
    RemedyCode.REACTIVATE_PARENT: _reactivate_parent,
    RemedyCode.RENAME_DUPLICATE: _rename_duplicate,
    RemedyCode.FIX_CONNECTION: _fix_connection,
}
NEVER_SYNCED = (RemedyCode.ADD_CUSTOMER, RemedyCode.ENABLE_CROSS_SUBSIDIARY)
AFTER_FIX = {
    RemedyCode.FIX_EMPLOYEE: "After that, Sync",
    RemedyCode.CHANGE_PREFERENCE: "After changing the preference, Sync",
    RemedyCode.OPEN_PROJECT: "After opening the project, Sync",
    RemedyCode.REACTIVATE_PARENT: "After reactivating, Sync",
    RemedyCode.RENAME_DUPLICATE: "After renaming, Sync",
    RemedyCode.FIX_CONNECTION: "Then Sync",
}
