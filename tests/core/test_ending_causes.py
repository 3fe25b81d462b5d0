"""How a risk of each cause ends, and when nobody can see whether it has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monitor.core.predict import Situation, ending_of, is_blind_to, predict
from monitor.core.records import Ref
from monitor.core.reports import ReportState
from monitor.core.risks import Cause, Certainty, Risk
from monitor.core.sync import Imported, SyncFailure
from tests.core.builders import (
    US,
    a_change,
    a_class,
    a_drift,
    a_history,
    a_line,
    a_record,
    a_report,
    a_situation,
    a_value,
    a_workspace,
    at,
)
from tests.core.rule_builders import (
    a_customer,
    a_project,
    a_staff,
    a_trip,
    an_employee,
    by_default,
    coded,
)

EAST = a_record("segment:region", "5", "East", subsidiary_ids=None)
OFF = a_class(is_inactive=True)
HAS_CLASS = an_employee(class_id="12")
BO = an_employee("9", "bo@acme.example", class_id="12")
NEEDED = by_default("class", required=("class",))
STAFFED = {"workspaces": (by_default("class"),), "employees": a_staff(HAS_CLASS)}
CUSTOMERS = {"workspaces": (coded("tag:1", "customer"),)}
PROJECTS = {"workspaces": (coded("tag:1", "project"),), "employees": a_staff(an_employee())}
SEGMENTS = {"workspaces": (coded("tag:1", "segment:region"),)}
FAILING = {US: SyncFailure(US, at("07:00"), "login refused")}


def world(text: str, *present: Any, **fields: Any) -> Situation:
    """One approved report, coded to the text."""
    trip = {name: fields.pop(name) for name in ("is_billable",) if name in fields}
    return a_situation(a_trip(text, **trip), present=present, **fields)


def risk_in(situation: Situation, cause: Cause) -> Risk:
    (risk,) = (risk for risk in predict(situation) if risk.cause is cause)
    return risk


LIMITED = a_project(limit_to_resources=True, resource_ids=("9",))
CHILD, PARENT = a_class(parent_id="1"), a_class("1", "Sales")


@pytest.mark.parametrize(
    ("cause", "before", "after", "ending"),
    [
        pytest.param(
            Cause.CUSTOMER_OUTSIDE_SUBSIDIARY,
            world("Globex", a_customer(subsidiary_ids=("2",)), **CUSTOMERS),
            world("Globex", a_customer(), **CUSTOMERS),
            "the workspace's expenses may name it now", id="a customer given the subsidiary",
        ),
        pytest.param(
            Cause.PROJECT_CLOSED_TO_EXPENSES,
            world("Website", a_project(allow_expenses=False), **PROJECTS),
            world("Website", a_project(), **PROJECTS),
            "it allows expenses now in NetSuite", id="a project opened",
        ),
        pytest.param(
            Cause.NOT_A_RESOURCE,
            world("Website", LIMITED, **PROJECTS),
            world("Website", LIMITED._replace(resource_ids=("7", "9")), **PROJECTS),
            "all who submit it may use it now in NetSuite", id="the submitter became a resource",
        ),
        pytest.param(
            Cause.BILLABLE_WITHOUT_CUSTOMER,
            world("", a_customer(), is_billable=True, **CUSTOMERS),
            world("", a_customer(), **CUSTOMERS),
            "no pending report uses it any more: R1 has no billable expense without a customer any "
            "more", id="the line is not billable any more",
        ),
        pytest.param(
            Cause.EMPLOYEE_DEFAULT_BROKEN,
            world("", OFF, **STAFFED), world("", a_class(), **STAFFED),
            "NetSuite would take it as a default now", id="the default was reactivated",
        ),
        pytest.param(
            Cause.EMPLOYEE_DEFAULT_BROKEN,
            world("", OFF, **STAFFED),
            world("", OFF, **{**STAFFED, "employees": a_staff(an_employee())}),
            "no pending report uses it any more: R1 has a submitter with another default in "
            "NetSuite now", id="the submitter has another default",
        ),
        pytest.param(
            Cause.EMPLOYEE_UNUSABLE,
            world("Marketing", a_class(), employees=a_staff(an_employee(is_inactive=True))),
            world("Marketing", a_class(), employees=a_staff(an_employee())),
            "it is an active employee of the workspace's subsidiary now",
            id="the employee was reactivated",
        ),
        pytest.param(
            Cause.EMPLOYEE_UNUSABLE,
            world("Marketing", a_class(), employees=a_staff(BO)),
            world("Marketing", a_class(), employees=a_staff(BO, an_employee())),
            "no pending report uses it any more: R1 has a submitter whom NetSuite knows otherwise "
            "now", id="the missing employee was made",
        ),
        pytest.param(
            Cause.EMPLOYEE_DEFAULT_EMPTY,
            world("", a_class(), workspaces=(NEEDED,), employees=a_staff(an_employee(), BO)),
            world("", a_class(), workspaces=(NEEDED,), employees=a_staff(HAS_CLASS, BO)),
            "no required default is missing any more", id="the default was filled in",
        ),
        pytest.param(
            Cause.SEGMENT_VALUE_INACTIVE,
            world("East", EAST._replace(is_inactive=True), **SEGMENTS),
            world("East", EAST, **SEGMENTS),
            "it is active again in NetSuite", id="a segment value reactivated",
        ),
        pytest.param(
            Cause.SEGMENT_VALUE_DELETED,
            world("East", gone=[EAST], **SEGMENTS), world("East", EAST, **SEGMENTS),
            "it is back in NetSuite", id="a segment value restored",
        ),
        pytest.param(
            Cause.PROJECTS_ONLY,
            world("Globex", a_customer(), show_projects_only="yes", **CUSTOMERS),
            world("Globex", a_customer(), show_projects_only="no", **CUSTOMERS),
            "NetSuite takes customers on expenses, by the monitor's configuration",
            id="the preference was changed",
        ),
        pytest.param(
            Cause.PARENT_INACTIVE,
            world("Marketing", CHILD, PARENT._replace(is_inactive=True)),
            world("Marketing", CHILD, PARENT),
            "nothing above it is inactive any more in NetSuite", id="the parent was reactivated",
        ),
        pytest.param(
            Cause.UNKNOWN_TEXT,
            world("Markting", a_class()), world("Markting", a_class("13", "Markting"), a_class()),
            "no pending report uses it any more: R1 has the same text, which NetSuite knows now",
            id="NetSuite has the text now",
        ),
        pytest.param(
            Cause.UNKNOWN_TEXT,
            world("Markting", a_class()), world("Marketing", a_class()),
            "no pending report uses it any more: R1 was recoded", id="the text was corrected",
        ),
        pytest.param(
            Cause.SYNC_FAILING,
            world("Marketing", a_class(), failing=FAILING), world("Marketing", a_class()),
            "nothing shows any more that its sync fails", id="the connection was repaired",
        ),
        pytest.param(
            Cause.EMPLOYEE_EDITED_SINCE_SYNC,
            world("", a_class(), drift=a_drift(a_change(an_employee(), HAS_CLASS)), **STAFFED),
            world(
                "", a_class(),
                drift=a_drift(a_change(an_employee(), HAS_CLASS), imported=Imported.YES), **STAFFED,
            ),
            "Expensify has imported the change: the last known sync was before it",
            id="the edit of the employee was imported",
        ),
    ],
)  # fmt: skip
def test_how_it_ended(cause: Cause, before: Situation, after: Situation, ending: str) -> None:
    risk = risk_in(before, cause)
    assert not any(one.fingerprint == risk.fingerprint for one in predict(after))
    assert not is_blind_to(risk, after)
    assert ending_of(risk, after, {}) == ending


class _Exported:
    is_capped = False
    sentence = "R9 was exported with it"


class _Refutations:
    def verdict(self, *_: object) -> _Exported:
        return _Exported()


def test_a_rule_that_an_export_refuted_ends_by_that_export() -> None:
    before = world("Marketing", OFF)
    after = replace(before, refutations=_Refutations())
    risk = risk_in(before, Cause.INACTIVE)
    assert predict(after) == ()
    assert ending_of(risk, after, {}) == "exports of the same went well: R9 was exported with it"


@pytest.mark.parametrize(
    ("cause", "before", "hidden"),
    [
        pytest.param(
            Cause.NOT_A_RESOURCE, world("Website", LIMITED, **PROJECTS),
            {"unreadable": {"employee"}}, id="the employees cannot be read",
        ),
        pytest.param(
            Cause.EMPLOYEE_UNUSABLE,
            world("Marketing", a_class(), employees=a_staff(an_employee(is_inactive=True))),
            {"employees": a_staff(an_employee(email=None))}, id="their e-mails cannot be read",
        ),
        pytest.param(
            Cause.EMPLOYEE_DEFAULT_BROKEN, world("", OFF, **STAFFED),
            {"unreadable": {"employee"}}, id="so nobody knows whose default it is",
        ),
        pytest.param(
            Cause.UNKNOWN_TEXT, world("Markting", a_class()), {"unreadable": {"class"}},
            id="the kind that the text should name cannot be read",
        ),
        pytest.param(
            Cause.PROJECT_CLOSED_TO_EXPENSES,
            world("Website", a_project(allow_expenses=False), **PROJECTS),
            {"book": world("", a_project(allow_expenses=None)).book},
            id="NetSuite does not tell the box any more",
        ),
        pytest.param(
            Cause.OUTSIDE_SUBSIDIARY, world("Marketing", a_class(subsidiary_ids=("2",))),
            {"failing": FAILING}, id="a failing sync hides what is only likely",
        ),
        pytest.param(
            Cause.BILLABLE_WITHOUT_CUSTOMER,
            world("", a_customer(), is_billable=True, **CUSTOMERS),
            {"unreadable": {"customer"}}, id="the customers cannot be read",
        ),
    ],
)  # fmt: skip
def test_nobody_can_see_whether_it_ended(
    cause: Cause, before: Situation, hidden: dict[str, Any]
) -> None:
    after = replace(before, **hidden)
    risk = risk_in(before, cause)
    assert not is_blind_to(risk, before)
    assert is_blind_to(risk, after)


def test_a_failing_sync_does_not_hide_what_is_certain() -> None:
    before = world("Marketing", OFF)
    assert not is_blind_to(risk_in(before, Cause.INACTIVE), replace(before, failing=FAILING))


@pytest.mark.parametrize(
    ("cause", "before", "chosen"),
    [
        pytest.param(
            Cause.PROJECTS_ONLY,
            world("Globex", a_customer(), show_projects_only="yes", **CUSTOMERS),
            {"show_projects_only": "unknown"}, id="the operator does not tell it any more",
        ),
        pytest.param(
            Cause.EMPLOYEE_UNUSABLE, world("Marketing", a_class(), employees=a_staff(BO)),
            {"workspaces": (a_workspace(auto_create=True),)}, id="missing employees are created",
        ),
    ],
)  # fmt: skip
def test_what_the_configuration_turns_off_is_not_blind(
    cause: Cause, before: Situation, chosen: dict[str, Any]
) -> None:
    assert not is_blind_to(risk_in(before, cause), replace(before, **chosen))


def test_a_draft_is_only_possible_where_the_approved_report_is_likely() -> None:
    """What was told of an approved report is not told of the draft beside it."""
    lists = {US: a_history(a_value())}
    draft = a_report("R2", a_line("Markting"), state=ReportState.SUBMITTED)
    situation = a_situation(a_trip("Markting"), draft, present=[a_class()], lists=lists)
    risk = risk_in(situation, Cause.UNKNOWN_TEXT)
    assert [one.certainty for one in risk.reports] == [None, Certainty.POSSIBLE]
    assert risk.ref == Ref("text", risk.ref.id)
