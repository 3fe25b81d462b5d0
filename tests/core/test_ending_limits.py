"""What is said of an ended risk where little is left to look at, and what an end teaches."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.core.predict import ending_of, ways_of
from monitor.core.predict.meaning import text_ref
from monitor.core.predict.refuted import refuted_by
from monitor.core.records import Ref
from monitor.core.refutations import Refutation
from monitor.core.reports import CodedText, Export, PendingReport, Route
from monitor.core.risks import Cause
from monitor.core.sync import Imported
from tests.core.builders import (
    a_change,
    a_class,
    a_drift,
    a_line,
    a_report,
    a_risk,
    a_situation,
    a_workspace,
    an_exposed_report,
    at,
)
from tests.core.rule_builders import a_trip

CLASS = Ref("class", "12")
OFF = a_class(is_inactive=True)
BILLS_FOR_CARDS = a_workspace(company_card_export=Route.VENDOR_BILL)
CARD = a_line(line_id="card", is_reimbursable=False)


def test_of_a_workspace_that_is_watched_no_more_no_report_is_accounted_for() -> None:
    situation = a_situation(a_report(), present=[OFF], workspaces=())
    assert ways_of(a_risk(), situation, {"R1": "was exported to NetSuite"}) == {}


def test_an_edit_of_which_no_drift_is_left_was_taken_back() -> None:
    told = a_risk(cause=Cause.EDITED_SINCE_SYNC, since=at("09:15"))
    situation = a_situation(a_report(), present=[a_class()])
    assert ending_of(told, situation, {}) == "the change was taken back in NetSuite"


def test_a_text_that_a_new_record_has_taken_up_gives_no_reason_any_more() -> None:
    new = a_class(path="Garden")
    told = a_risk(ref=text_ref(CodedText("tag:1", "Garden")), cause=Cause.UNKNOWN_TEXT)
    situation = a_situation(a_trip("Garden"), present=[new], drift=a_drift(a_change(None, new)))
    assert ending_of(told, situation, {}) == (
        "the monitor finds no reason any more why NetSuite should refuse it"
    )


@pytest.mark.parametrize(
    ("export", "way"),
    [
        pytest.param(
            Export(at("11:00"), has_reimbursable=True),
            "was exported in part",
            id="only bills are left, which name no employee",
        ),
        pytest.param(
            Export(at("11:00"), has_card=True),
            "has a submitter whom NetSuite knows otherwise now",
            id="the bills went, and what names the employee waits",
        ),
    ],
)
def test_a_submitters_report_ends_by_the_lines_that_name_the_submitter(
    export: Export, way: str
) -> None:
    told = a_risk(
        an_exposed_report(bad_texts=()),
        ref=Ref("employee", "7"),
        cause=Cause.EMPLOYEE_UNUSABLE,
    )
    report = a_report("R1", a_line(), CARD, exports=(export,))
    situation = a_situation(report, workspaces=(BILLS_FOR_CARDS,))
    assert ways_of(told, situation, {}) == {"R1": way}


def test_one_export_before_the_change_takes_nothing_from_those_after_it() -> None:
    reports = {f"R{n}": a_report(f"R{n}") for n in range(10)}
    late = {"R4", "R7"}
    exported = {one: at("10:00" if one in late else "08:00") for one in reports}
    situation = a_situation(present=[OFF], drift=a_drift(a_change()))
    foretold = {(one, CLASS) for one in reports}
    found = refuted_by(situation, exported, tuple(reports.values()), foretold)
    assert {one.report_id for one in found} == late


@pytest.mark.parametrize("imported", Imported)
def test_what_fails_whatever_the_sync_teaches_whatever_the_sync(imported: Imported) -> None:
    (found,) = _refuted_by_one_export("1", imported)
    assert (found.cause, found.is_lesson) == (Cause.INACTIVE, True)


def test_without_a_subsidiary_a_rule_is_refuted_for_none() -> None:
    (found,) = _refuted_by_one_export(None, Imported.NO)
    assert found == Refutation(
        Cause.INACTIVE, CLASS, "", Route.EXPENSE_REPORT, "R1", at("09:15") + timedelta(minutes=1)
    )


def _refuted_by_one_export(subsidiary: str | None, imported: Imported) -> tuple[Refutation, ...]:
    situation = a_situation(
        present=[OFF],
        drift=a_drift(a_change(), imported=imported),
        workspaces=(a_workspace(subsidiary=subsidiary),),
    )
    parts: tuple[PendingReport, ...] = (a_report(),)
    exported = {"R1": at("09:15") + timedelta(minutes=1)}
    return refuted_by(situation, exported, parts, {("R1", CLASS)})
