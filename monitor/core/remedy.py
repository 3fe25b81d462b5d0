"""Risk -> what to do, who can do it, and whether Sync helps."""

from __future__ import annotations

from monitor.core.clicks import Case
from monitor.core.risks import THEN_EXPORT, Cause, Certainty, Remedy, RemedyCode
from monitor.core.steps import steps_of
from monitor.core.sync import Imported

__all__ = ["Case", "remedy_for"]


def remedy_for(case: Case) -> Remedy:
    """The remedy of least reach first: recode, then the record, then settings."""
    code, sync_helps = _choose(case)
    has_failed = any(report.has_failed for report in case.reports)
    return Remedy(
        code,
        sync_helps,
        steps=tuple(steps_of(code, case, has_failed=has_failed)),
        also=(THEN_EXPORT,) if has_failed else (),
    )


def _choose(case: Case) -> tuple[RemedyCode, str]:
    """What fixes it, and whether Sync helps. A certain cause keeps its remedy, imported or not."""
    if case.is_ambiguous:
        return RemedyCode.RENAME_DUPLICATE, "no"
    if case.cause is Cause.CUSTOMER_OUTSIDE_SUBSIDIARY and _is_open_already(case):
        return RemedyCode.RESTORE_SUBSIDIARY_OR_RECODE, "no"
    if case.cause in _FIXED:
        return _FIXED[case.cause], "no"
    for_new_expenses = _HELPS_NEW_EXPENSES[case.imported]
    if case.cause in (Cause.DELETED, Cause.SEGMENT_VALUE_DELETED):
        return RemedyCode.RECODE, for_new_expenses
    if case.cause in (Cause.INACTIVE, Cause.SEGMENT_VALUE_INACTIVE):
        is_imported = case.imported is Imported.YES
        code = RemedyCode.RECODE_OR_REACTIVATE if is_imported else RemedyCode.SYNC_AND_RECODE
        return code, for_new_expenses
    # Nobody knows whether a text coded under the old name follows a rename.
    is_cured = case.certainty > Certainty.POSSIBLE or case.cause in _CURED_BY_SYNC
    if case.imported is Imported.NO and is_cured:
        return RemedyCode.SYNC, "yes"
    return RemedyCode.SYNC_TO_BE_SURE, "unknown"


_CURED_BY_SYNC = (Cause.NEW_NOT_IMPORTED, Cause.EMPLOYEE_RULE_STALE)
_FIXED = {
    Cause.OUTSIDE_SUBSIDIARY: RemedyCode.RESTORE_SUBSIDIARY_OR_RECODE,
    Cause.CUSTOMER_OUTSIDE_SUBSIDIARY: RemedyCode.ENABLE_CROSS_SUBSIDIARY,
    Cause.PROJECT_CLOSED_TO_EXPENSES: RemedyCode.OPEN_PROJECT,
    Cause.NOT_A_RESOURCE: RemedyCode.OPEN_PROJECT,
    Cause.BILLABLE_WITHOUT_CUSTOMER: RemedyCode.ADD_CUSTOMER,
    Cause.EMPLOYEE_DEFAULT_BROKEN: RemedyCode.FIX_EMPLOYEE,
    Cause.EMPLOYEE_UNUSABLE: RemedyCode.FIX_EMPLOYEE,
    Cause.PROJECTS_ONLY: RemedyCode.CHANGE_PREFERENCE,
    Cause.EMPLOYEE_DEFAULT_EMPTY: RemedyCode.FIX_EMPLOYEE,
    Cause.SYNC_FAILING: RemedyCode.FIX_CONNECTION,
    Cause.UNKNOWN_TEXT: RemedyCode.RECODE,
    Cause.PARENT_INACTIVE: RemedyCode.REACTIVATE_PARENT,
}
"""Causes with one remedy, imported or not; Sync alone helps none of them."""

_HELPS_NEW_EXPENSES = {Imported.YES: "no", Imported.NO: "partly", Imported.UNKNOWN: "unknown"}
"""Sync takes a bad value away from new expenses; those already coded keep it."""


def _is_open_already(case: Case) -> bool:
    """The switch is on, or would not help: NetSuite refuses billable lines all the same."""
    return case.workspace.cross_subsidiary_customers or case.is_billable
