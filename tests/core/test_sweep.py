"""Employees whose defaults would fail today, whether they have a pending report or not."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.core.predict import BrokenDefault, Situation, sweep_employees
from monitor.core.records import Ref
from monitor.core.reports import Route
from monitor.core.risks import Cause, Certainty
from tests.core.builders import US, a_class, a_record, a_situation
from tests.core.rule_builders import a_staff, a_trip, an_employee, by_default, coded

OFF = a_class(is_inactive=True)
ANA = an_employee(class_id="12")


def _swept(*reports: Any, **fields: Any) -> Situation:
    world: dict[str, Any] = {
        "present": [OFF], "workspaces": (by_default("class"),), "employees": a_staff(ANA),
    }  # fmt: skip
    return a_situation(*reports, **{**world, **fields})


def test_a_broken_default_is_found_without_any_report() -> None:
    assert sweep_employees(_swept()) == (
        BrokenDefault(
            policy_id=US,
            employee=Ref("employee", "7"),
            employee_name="Ana Lee",
            default=Ref("class", "12"),
            default_name="Sales : Marketing",
            cause=Cause.INACTIVE,
            certainty=Certainty.CERTAIN,
            has_pending_report=False,
        ),
    )


def test_it_says_who_has_a_pending_report() -> None:
    (one,) = sweep_employees(_swept(a_trip()))
    assert one.has_pending_report


@pytest.mark.parametrize(
    ("fields", "cause", "certainty"),
    [
        pytest.param(
            {"present": [], "gone": [a_class()]}, Cause.DELETED, Certainty.CERTAIN, id="gone"
        ),
        pytest.param(
            {"present": [a_class(subsidiary_ids=("2",))]}, Cause.OUTSIDE_SUBSIDIARY,
            Certainty.LIKELY, id="of another subsidiary",
        ),
        pytest.param(
            {"present": [OFF], "workspaces": (coded("tag:1", "class", journal_cards=("Amex",)),)},
            Cause.INACTIVE, Certainty.CERTAIN, id="read by journals of one card, though a tag",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_it(fields: Any, cause: Cause, certainty: Certainty) -> None:
    (one,) = sweep_employees(_swept(**fields))
    assert (one.cause, one.certainty) == (cause, certainty)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"present": [a_class()]}, id="the default is in order"),
        pytest.param({"present": []}, id="the role does not see the default"),
        pytest.param({"workspaces": (coded("tag:1", "class"),)}, id="nobody reads the default"),
        pytest.param(
            {
                "workspaces": (
                    by_default(
                        "class",
                        reimbursable_export=Route.VENDOR_BILL,
                        company_card_export=Route.VENDOR_BILL,
                    ),
                )
            },
            id="everything goes as a bill",
        ),
        pytest.param({"employees": a_staff(an_employee())}, id="no default"),
        pytest.param({"employees": a_staff(ANA._replace(is_inactive=True))}, id="who has left"),
        pytest.param({"employees": a_staff(ANA._replace(subsidiary_id="2"))}, id="somebody else's"),
        pytest.param({"unreadable": {"class"}}, id="the classes cannot be read"),
        pytest.param({"unreadable": {"employee"}}, id="the employees cannot be read"),
    ],
)
def test_nothing_is_found(fields: Any) -> None:
    assert sweep_employees(_swept(**fields)) == ()


def test_without_subsidiaries_everybody_is_looked_at_in_order() -> None:
    staff = a_staff(ANA._replace(subsidiary_id="2", id="9"), an_employee("8", department_id="4"))
    present = [OFF, a_record("department", "4", "Ops", is_inactive=True)]
    workspaces = (by_default("class", "department", subsidiary=None),)
    found = sweep_employees(_swept(present=present, employees=staff, workspaces=workspaces))
    assert [(str(one.employee), str(one.default)) for one in found] == [
        ("employee:8", "department:4"),
        ("employee:9", "class:12"),
    ]
