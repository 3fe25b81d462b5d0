"""What pending lines use, counted line by line: texts, submitters, the workspace itself."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.core.predict import Situation, predict
from monitor.core.predict.usage import employee_ref
from monitor.core.records import Record, Ref
from monitor.core.reports import CodedText, Coding, PendingReport, ReportLine, Route
from monitor.core.risks import BadText, Cause, ExposedReport, Risk
from monitor.core.sync import Imported
from tests.core.builders import (
    US,
    a_change,
    a_class,
    a_drift,
    a_line,
    a_report,
    a_situation,
    a_workspace,
)
from tests.core.rule_builders import (
    a_customer,
    a_staff,
    a_trip,
    an_employee,
    by_default,
    coded,
)

BILL_FOR_CARDS: dict[str, Any] = {"company_card_export": Route.VENDOR_BILL}
BILL = a_line(line_id="bill", is_reimbursable=False)
OFF = a_class(is_inactive=True)


def two_and_a_bill(text: str = "", **fields: Any) -> PendingReport:
    """Two lines of one sort, and a third that goes another way."""
    first = a_line(text, line_id="l1", **fields) if text else ReportLine("l1", **fields)
    second = a_line(text, line_id="l2", **fields) if text else ReportLine("l2", **fields)
    return a_report("R1", first, second, BILL)


def the_risk(situation: Situation) -> Risk:
    (risk,) = predict(situation)
    return risk


def lines_of(risk: Risk) -> tuple[int, int]:
    """How many lines are at risk, and of how many."""
    (report,) = risk.reports
    return report.lines, report.total_lines


def test_a_submitters_lines_are_counted_once_each_and_bills_are_not() -> None:
    situation = a_situation(
        two_and_a_bill(),
        workspaces=(a_workspace(**BILL_FOR_CARDS),),
        employees=a_staff(an_employee(is_inactive=True)),
    )
    risk = the_risk(situation)
    assert (risk.cause, lines_of(risk)) == (Cause.EMPLOYEE_UNUSABLE, (2, 3))


def test_a_default_is_used_by_every_line_that_takes_it() -> None:
    situation = a_situation(
        two_and_a_bill(),
        present=[OFF],
        workspaces=(by_default("class", **BILL_FOR_CARDS),),
        employees=a_staff(an_employee(class_id="12")),
    )
    risk = the_risk(situation)
    assert (risk.cause, lines_of(risk)) == (Cause.EMPLOYEE_DEFAULT_BROKEN, (2, 3))


@pytest.mark.parametrize("billable", [1, 2])
def test_every_billable_line_without_a_customer_is_counted_once(billable: int) -> None:
    lines = (ReportLine(f"l{n}", is_billable=n < billable) for n in range(3))
    situation = a_situation(
        a_report("R1", *lines),
        present=[a_customer()],
        workspaces=(coded("tag:1", "customer"),),
    )
    risk = the_risk(situation)
    assert (risk.cause, lines_of(risk)) == (Cause.BILLABLE_WITHOUT_CUSTOMER, (billable, 3))


def test_a_line_that_names_a_record_twice_is_one_line() -> None:
    twice = a_line("Marketing", "Marketing")
    places = (Coding("class", "tag:1"), Coding("class", "tag:2"))
    situation = a_situation(
        a_report("R1", twice, a_line(line_id="l2")),
        present=[OFF],
        workspaces=(a_workspace(coding=places),),
    )
    (report,) = the_risk(situation).reports
    assert (report.lines, report.bad_texts) == (
        1,
        (
            BadText(CodedText("tag:1", "Marketing"), 1, "leaf"),
            BadText(CodedText("tag:2", "Marketing"), 1, "leaf"),
        ),
    )


def test_a_text_without_a_record_is_recognised_by_nothing() -> None:
    (report,) = the_risk(a_situation(a_trip("Markting"), present=[a_class()])).reports
    assert report.bad_texts == (BadText(CodedText("tag:1", "Markting"), 1, "none"),)


def test_what_is_new_stands_apart_under_its_text_with_all_its_lines() -> None:
    new = a_class(path="Garden")
    situation = a_situation(
        two_and_a_bill("Garden"), present=[new], drift=a_drift(a_change(None, new))
    )
    risk = the_risk(situation)
    assert (risk.cause, risk.full_name, risk.ref.kind) == (
        Cause.NEW_NOT_IMPORTED,
        "Garden",
        "text",
    )
    assert lines_of(risk) == (2, 3)
    assert risk.reports[0].bad_texts == (BadText(CodedText("tag:1", "Garden"), 2, "full_path"),)


@pytest.mark.parametrize(
    ("before", "imported"),
    [
        pytest.param(None, Imported.YES, id="new, and imported"),
        pytest.param(OFF, Imported.NO, id="edited, and not imported"),
    ],
)
def test_only_what_expensify_cannot_know_stands_apart(
    before: Record | None, imported: Imported
) -> None:
    drift = a_drift(a_change(before, a_class()), imported=imported)
    situation = a_situation(a_trip("Marketing"), present=[a_class()], drift=drift)
    assert set(situation.uses(a_workspace())) == {Ref("class", "12")}


@pytest.mark.parametrize(
    ("employees", "lines"),
    [
        pytest.param([an_employee(), an_employee("8")], [a_line()], id="nobody knows which of two"),
        pytest.param([an_employee()], [BILL], id="a bill names no employee"),
    ],
)
def test_nobody_is_said_to_submit(employees: list[Record], lines: list[ReportLine]) -> None:
    workspace = a_workspace(**BILL_FOR_CARDS)
    situation = a_situation(
        a_report("R1", *lines), workspaces=(workspace,), employees=a_staff(*employees)
    )
    assert dict(situation.uses(workspace)) == {}


def test_an_address_that_nobody_has_names_the_risk() -> None:
    staff = a_staff(an_employee(email="bo@acme.example"))
    situation = a_situation(a_trip(), employees=staff)
    risk = the_risk(situation)
    missing = employee_ref(staff.find(a_workspace(), "ana@acme.example"))
    assert (risk.ref, risk.full_name) == (missing, "ana@acme.example")
    assert missing.id.startswith("email:")
    assert risk.import_sentence == "NetSuite has nothing that could be imported"


def test_reports_behind_one_text_each_count_their_own_lines() -> None:
    reports = two_and_a_bill("Marketing"), a_report("R2", a_line("Marketing"))
    risk = the_risk(a_situation(*reports, present=[OFF]))
    assert [_counted(report) for report in risk.reports] == [("R1", 2, 3), ("R2", 1, 1)]
    assert risk.policy_id == US


def _counted(report: ExposedReport) -> tuple[str, int, int]:
    return report.report_id, report.lines, report.total_lines
