"""Whom nobody can tell apart, or place: what is asked about submitters, and of whom nothing is."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.core.match import readable
from monitor.core.places import SetUpQuestion
from monitor.core.predict import set_up_questions
from monitor.core.records import Record
from tests.core.builders import US, a_report, a_situation, a_workspace
from tests.core.rule_builders import a_staff, a_trip, an_employee

HOMELESS = an_employee(subsidiary_id=None)
BO = an_employee("9", "bo@acme.example")


def asked(*employees: Record, **fields: Any) -> tuple[SetUpQuestion, ...]:
    """What is asked of Ana's one report."""
    return set_up_questions(a_situation(a_trip(), employees=a_staff(*employees), **fields))


def test_of_several_with_one_address_it_is_asked_who_submits() -> None:
    left = an_employee("11", is_inactive=True)
    assert asked(an_employee("10"), an_employee(), left) == (
        SetUpQuestion(
            US,
            "submitter",
            "2 active employees have the e-mail ana@acme.example (employee:7 Ana Lee, employee:10 "
            "Ana Lee): nobody can tell which of them submits, so nothing is predicted from an "
            "employee record there; correct the e-mail of all but one in NetSuite (report R1)",
        ),
    )


def test_all_reports_of_one_submitter_make_one_question() -> None:
    reports = a_report("R2"), a_report("R1")
    (question,) = set_up_questions(a_situation(*reports, employees=a_staff(HOMELESS, BO)))
    assert question.sentence.endswith("(reports R1, R2)")


def test_of_many_reports_a_few_are_named() -> None:
    reports = [a_report(f"R{number}") for number in range(1, 8)]
    (question,) = set_up_questions(a_situation(*reports, employees=a_staff(HOMELESS, BO)))
    assert question.sentence.endswith("(reports R1, R2, R3, R4, R5 and 2 more)")


def test_of_one_without_a_subsidiary_it_is_said_for_whom_it_is_taken() -> None:
    assert asked(HOMELESS, BO) == (
        SetUpQuestion(
            US,
            "submitter",
            "employee:7 Ana Lee has no subsidiary in NetSuite, and is taken for one of subsidiary "
            "1: write it into the employee record (report R1)",
        ),
    )


@pytest.mark.parametrize(
    ("employees", "fields"),
    [
        pytest.param([HOMELESS], {}, id="no employee has a subsidiary: the account has none"),
        pytest.param(
            [HOMELESS, BO],
            {"workspaces": (a_workspace(subsidiary=None),)},
            id="the workspace asks for none",
        ),
        pytest.param([an_employee(), BO], {}, id="all is well"),
        pytest.param([BO], {}, id="nobody has the address: that is a risk, and no question"),
    ],
)
def test_nothing_is_asked(employees: list[Record], fields: dict[str, Any]) -> None:
    assert asked(*employees, **fields) == ()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param("R&amp;D", "R&D", id="decoded"),
        pytest.param("A\\:B", "A:B", id="unescaped"),
        pytest.param("  Sales :  East ", "Sales : East", id="blanks collapsed"),
        pytest.param("Straße", "Straße", id="letters stay as they are"),
    ],
)
def test_a_text_is_shown_as_people_read_it(text: str, read: str) -> None:
    assert readable(text) == read
