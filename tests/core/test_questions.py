"""What the operator is asked, whole: which workspace, which place, and in which words."""

from __future__ import annotations

import pytest

from monitor.core.places import SetUpQuestion
from monitor.core.predict import set_up_questions
from monitor.core.records import Record
from monitor.core.reports import PendingReport, Route, Workspace
from tests.core.builders import (
    US,
    a_class,
    a_line,
    a_record,
    a_report,
    a_situation,
    a_workspace,
)
from tests.core.rule_builders import a_customer, by_default, coded

NOBODY_KNOWS = "What does Expensify keep there?"
BY_BILL = by_default("class", "department", company_card_export=Route.VENDOR_BILL)


def a_department(number: int) -> Record:
    return a_record("department", str(number), f"Dept {number}")


def reports_of(*texts: str) -> list[PendingReport]:
    return [a_report(f"R{n}", a_line(text)) for n, text in enumerate(texts)]


def test_a_bill_takes_no_employees_default() -> None:
    assert set_up_questions(a_situation(workspaces=(BY_BILL,))) == (
        SetUpQuestion(
            US,
            "employee_default",
            "class and department come from the employee's default, but vendor bills take them "
            "from the vendor: how are these lines coded?",
        ),
    )


def test_a_place_that_nobody_named_is_asked_about_by_what_it_holds() -> None:
    report = a_report("R1", a_line("Marketing", "Dept 1"))
    situation = a_situation(report, present=[a_class(), a_department(1)])
    assert set_up_questions(situation) == (
        SetUpQuestion(
            US,
            "tag:2",
            "the texts at tag:2 match department records, and the configuration names nothing "
            'there: is [workspace.coding] department = "tag:2" meant?',
        ),
    )


def test_where_no_other_kind_is_known_it_is_only_asked_what_is_there() -> None:
    situation = a_situation(
        *reports_of("A", "B"),
        present=[a_class(), a_customer()],
        workspaces=(coded("tag:1", "class", "customer"),),
    )
    assert set_up_questions(situation) == (
        SetUpQuestion(
            US,
            "tag:1",
            "none of the 2 texts at tag:1 match a class or customer: nothing is predicted there. "
            f"{NOBODY_KNOWS}",
        ),
    )


@pytest.mark.parametrize(
    ("departments", "said"),
    [
        pytest.param(19, 'is [workspace.coding] department = "tag:1" meant?', id="95 of 100"),
        pytest.param(18, NOBODY_KNOWS, id="90 of 100"),
    ],
)
def test_the_kind_that_nearly_all_texts_match_is_named(departments: int, said: str) -> None:
    """Kinds after it in the alphabet match less."""
    known = [a_department(n) for n in range(1, departments + 1)]
    present = [a_class(), *known, a_record("location", "1", "Dept 1")]
    situation = a_situation(*reports_of(*(f"Dept {n}" for n in range(1, 21))), present=present)
    (question,) = set_up_questions(situation)
    assert question.sentence.endswith(said)


@pytest.mark.parametrize(
    ("texts", "quoted"),
    [
        pytest.param(("Red",), "“Red”", id="one"),
        pytest.param(("Red", "Blue", "Green"), "“Blue”, “Green”, “Red”", id="three"),
        pytest.param(
            ("Red", "Blue", "Green", "X", "Y"), "“Blue”, “Green”, “Red” and 2 more", id="five"
        ),
    ],
)
def test_of_tags_too_deep_three_are_quoted(texts: tuple[str, ...], quoted: str) -> None:
    report = a_report("R1", *(a_line("Marketing", text) for text in texts))
    (question,) = set_up_questions(a_situation(report, present=[a_class()]))
    said = question.sentence.partition(", deeper than")[0]
    assert question[:2] == (US, "tag:2")
    assert said == f"expenses carry tags at tag:2 ({quoted})"


@pytest.mark.parametrize(
    "workspace", [a_workspace(coding=()), coded("report_field:Class", "class")]
)
def test_of_a_workspace_that_codes_no_tag_no_tag_is_too_deep(workspace: Workspace) -> None:
    situation = a_situation(
        a_report("R1", a_line("Red", "Blue")), present=[a_class()], workspaces=(workspace,)
    )
    assert set_up_questions(situation) == ()
