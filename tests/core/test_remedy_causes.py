"""Which remedy each cause has, in steps: who does it, where they click, and what it reaches."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.core.records import Ref
from monitor.core.remedy import Case, remedy_for
from monitor.core.risks import Cause, Certainty, Remedy, RemedyCode
from monitor.core.sync import Imported
from tests.core.builders import NETSUITE_URL, a_workspace, an_exposed_report
from tests.core.rule_builders import coded

ADMIN = (
    "a workspace admin can recode an approved report, "
    "or unapprove it (it then needs approval again)"
)
SYNC = "a workspace admin, Expensify: Settings > Workspaces > Acme US > Accounting > Sync now."
PROJECT = "project “Website” (https://1234567.app.netsuite.com/app/common/entity/custjob.nl?id=8)"
ANA = "employee “Ana Lee” (https://1234567.app.netsuite.com/app/common/entity/employee.nl?id=7)"


def _remedy(cause: Cause, ref: Ref, name: str, **fields: Any) -> Remedy:
    return remedy_for(
        Case(
            **{
                "cause": cause,
                "imported": Imported.UNKNOWN,
                "ref": ref,
                "full_name": name,
                "workspace": a_workspace(),
                "reports": (an_exposed_report(),),
                "netsuite_url": NETSUITE_URL,
                **fields,
            }
        )
    )


def _project(cause: Cause, **fields: Any) -> Remedy:
    return _remedy(cause, Ref("project", "8"), "Website", **fields)


def _customer(cause: Cause, **fields: Any) -> Remedy:
    return _remedy(cause, Ref("customer", "3"), "Globex", **fields)


def _employee(cause: Cause, record_id: str = "7", **fields: Any) -> Remedy:
    return _remedy(cause, Ref("employee", record_id), "Ana Lee", **fields)


CROSS = (
    "allows customers of other subsidiaries: Expensify: Settings > Workspaces > Acme US > "
    "Accounting > Configure > Advanced > Cross-Subsidiary Customers/Projects; NetSuite needs "
    "Intercompany Time and Expense for it, and billable lines are refused all the same. It changes "
    "behaviour for the whole workspace: ask the controller first."
)


@pytest.mark.parametrize(
    ("remedy", "code", "steps"),
    [
        pytest.param(
            _project(Cause.PROJECT_CLOSED_TO_EXPENSES), RemedyCode.OPEN_PROJECT,
            (
                f"Recode 1 line to another project: {ADMIN}.",
                f"Or a NetSuite administrator allows expenses on {PROJECT}.",
                f"After opening the project, Sync: {SYNC}",
            ),
            id="a closed project: recode, or open it",
        ),
        pytest.param(
            _project(Cause.NOT_A_RESOURCE), RemedyCode.OPEN_PROJECT,
            (
                f"Recode 1 line to another project: {ADMIN}.",
                "Or a NetSuite administrator adds the submitters to the resources of "
                f"{PROJECT}.",
                f"After opening the project, Sync: {SYNC}",
            ),
            id="no resource: recode, or become one",
        ),
        pytest.param(
            _customer(Cause.CUSTOMER_OUTSIDE_SUBSIDIARY), RemedyCode.ENABLE_CROSS_SUBSIDIARY,
            (f"Recode 1 line to another customer: {ADMIN}.", f"Or a workspace admin {CROSS}"),
            id="a foreign customer: recode, or the first option",
        ),
        pytest.param(
            _customer(Cause.PROJECTS_ONLY), RemedyCode.CHANGE_PREFERENCE,
            (
                f"Recode 1 line to another customer (to a project): {ADMIN}.",
                "Or a NetSuite administrator unchecks Show Projects Only for Time and Expenses: "
                "Setup > Accounting > Accounting Preferences > Time & Expenses. It changes "
                "behaviour for the whole NetSuite account: ask the controller first.",
                f"After changing the preference, Sync: {SYNC}",
            ),
            id="only projects: recode, or the second option",
        ),
        pytest.param(
            _remedy(Cause.BILLABLE_WITHOUT_CUSTOMER, Ref("workspace", "P"), "Acme US"),
            RemedyCode.ADD_CUSTOMER,
            (f"Add a customer or project to 1 line, or make them not billable: {ADMIN}.",),
            id="billable to nobody: no sync is needed",
        ),
        pytest.param(
            _employee(Cause.EMPLOYEE_UNUSABLE), RemedyCode.FIX_EMPLOYEE,
            (
                "A NetSuite administrator sees to it that an active employee of subsidiary 1 has "
                "the submitter's e-mail (https://1234567.app.netsuite.com/app/common/entity/"
                "employee.nl?id=7). The subsidiary of an employee with posted transactions is "
                "locked: usually a new record, or the right workspace, is needed.",
                f"After that, Sync: {SYNC}",
            ),
            id="an unusable employee",
        ),
        pytest.param(
            _employee(
                Cause.EMPLOYEE_UNUSABLE, "email:0123456789ab",
                workspace=a_workspace(subsidiary=None),
            ),
            RemedyCode.FIX_EMPLOYEE,
            (
                "A NetSuite administrator sees to it that an active employee has the submitter's "
                "e-mail. The subsidiary of an employee with posted transactions is locked: usually "
                "a new record, or the right workspace, is needed.",
                f"After that, Sync: {SYNC}",
            ),
            id="an employee that is missing has no page",
        ),
        pytest.param(
            _employee(Cause.EMPLOYEE_DEFAULT_EMPTY), RemedyCode.FIX_EMPLOYEE,
            (
                f"A NetSuite administrator fills in the missing default of {ANA}.",
                f"After that, Sync: {SYNC}",
            ),
            id="a missing default",
        ),
        pytest.param(
            _remedy(Cause.EMPLOYEE_DEFAULT_BROKEN, Ref("class", "12"), "Ops", netsuite_url=""),
            RemedyCode.FIX_EMPLOYEE,
            (
                "A NetSuite administrator gives the submitters another default than class “Ops”, "
                "or makes that usable again.",
                f"After that, Sync: {SYNC}",
            ),
            id="a broken default",
        ),
        pytest.param(
            _remedy(Cause.PARENT_INACTIVE, Ref("class", "12"), "Ops", netsuite_url=""),
            RemedyCode.REACTIVATE_PARENT,
            (
                "A NetSuite administrator makes the record above class “Ops” active again; ask "
                "first who inactivated it.",
                f"Or recode: {ADMIN}.",
                f"After reactivating, Sync: {SYNC}",
            ),
            id="an inactive parent",
        ),
        pytest.param(
            _remedy(Cause.SYNC_FAILING, Ref("workspace", "P"), "Acme US"),
            RemedyCode.FIX_CONNECTION,
            (
                "A workspace admin repairs the connection to NetSuite first (its token and role). "
                "Do not disconnect it: that clears the configuration.",
                f"Then Sync: {SYNC}",
            ),
            id="a failing sync: the connection first",
        ),
        pytest.param(
            _remedy(
                Cause.UNKNOWN_TEXT, Ref("text", "ab"), "Markting", place="tag:1",
            ),
            RemedyCode.RECODE, (f"Recode 1 line to another class: {ADMIN}.",),
            id="an unknown text: recode to what is kept there",
        ),
        pytest.param(
            _remedy(
                Cause.UNKNOWN_TEXT, Ref("text", "ab"), "Markting", place="report_field:Class",
                workspace=coded("report_field:Class", "class", "department"),
            ),
            RemedyCode.RECODE,
            (f"Choose another class or department in report field Class of 1 report: {ADMIN}.",),
            id="in a report field, of whatever kinds it holds",
        ),
        pytest.param(
            _remedy(
                Cause.INACTIVE, Ref("class", "12"), "Ops", is_ambiguous=True, netsuite_url="",
                certainty=Certainty.POSSIBLE,
            ),
            RemedyCode.RENAME_DUPLICATE,
            (
                "Several NetSuite records are called “Ops”: a NetSuite administrator renames or "
                "removes the one that is not meant.",
                f"After renaming, Sync: {SYNC}",
            ),
            id="a ghost: rename one",
        ),
        pytest.param(
            _remedy(
                Cause.SEGMENT_VALUE_DELETED, Ref("segment:region", "5"), "East",
                imported=Imported.YES,
            ),
            RemedyCode.RECODE, (f"Recode 1 line to another segment value: {ADMIN}.",),
            id="a segment's value is called so",
        ),
    ],
)  # fmt: skip
def test_what_is_to_be_done(remedy: Remedy, code: RemedyCode, steps: tuple[str, ...]) -> None:
    assert remedy == Remedy(code, "no", steps)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"is_billable": True}, id="only billable lines are at risk"),
        pytest.param(
            {"workspace": a_workspace(cross_subsidiary_customers=True)}, id="the switch is on"
        ),
    ],
)
def test_where_the_switch_would_not_help_it_is_not_named(fields: dict[str, Any]) -> None:
    remedy = _customer(Cause.CUSTOMER_OUTSIDE_SUBSIDIARY, **fields)
    assert remedy.code is RemedyCode.RESTORE_SUBSIDIARY_OR_RECODE
    assert not any("Cross-Subsidiary" in step for step in remedy.steps)


def test_the_classic_expensify_has_other_paths() -> None:
    workspace = a_workspace(experience="classic")
    remedy = _customer(Cause.CUSTOMER_OUTSIDE_SUBSIDIARY, workspace=workspace)
    assert (
        "Expensify: Settings > Workspaces > Group > Acme US > Connections > Configure > Advanced > "
        "Cross-Subsidiary Customers/Projects" in remedy.steps[1]
    )


@pytest.mark.parametrize(
    ("cause", "imported", "code", "helps"),
    [
        (Cause.NEW_NOT_IMPORTED, Imported.NO, RemedyCode.SYNC, "yes"),
        (Cause.NEW_NOT_IMPORTED, Imported.UNKNOWN, RemedyCode.SYNC_TO_BE_SURE, "unknown"),
        (Cause.EMPLOYEE_RULE_STALE, Imported.NO, RemedyCode.SYNC, "yes"),
        (Cause.EMPLOYEE_RULE_STALE, Imported.UNKNOWN, RemedyCode.SYNC_TO_BE_SURE, "unknown"),
        (Cause.EDITED_SINCE_SYNC, Imported.NO, RemedyCode.SYNC_TO_BE_SURE, "unknown"),
    ],
    ids=lambda value: getattr(value, "code", value),
)
def test_what_is_only_possible(
    cause: Cause, imported: Imported, code: RemedyCode, helps: str
) -> None:
    """Sync brings over what is new; whether a text follows a rename, nobody knows."""
    remedy = _remedy(
        cause, Ref("class", "12"), "Ops", imported=imported, certainty=Certainty.POSSIBLE
    )
    assert (remedy.code, remedy.sync_helps) == (code, helps)


@pytest.mark.parametrize("cause", list(Cause), ids=lambda cause: cause.code)
@pytest.mark.parametrize("imported", list(Imported))
@pytest.mark.parametrize("reports", [(), (an_exposed_report(has_failed=True),)], ids=["0", "1"])
def test_every_cause_has_a_remedy_in_words(cause: Cause, imported: Imported, reports: Any) -> None:
    ref = Ref("class", "12")
    remedy = _remedy(cause, ref, "Ops", imported=imported, reports=reports)
    assert remedy.sync_helps in ("yes", "no", "partly", "unknown")
    assert remedy.steps
    assert all(step.endswith(".") for step in remedy.steps)
    assert remedy.also == (("then_export",) if reports else ())
