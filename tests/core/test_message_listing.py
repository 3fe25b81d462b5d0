"""The list of all reports, for an alert whose message leaves some out."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest

from monitor.core.message.listing import list_csv, list_lines, list_message
from monitor.core.message.rows import row_of
from monitor.core.records import Ref
from monitor.core.risks import ExposedReport
from tests.core.alert_builders import a_failed
from tests.core.builders import NOW, a_risk
from tests.core.golden_builders import DANA, VOICE, marketing


def reports(number: int) -> list[ExposedReport]:
    return [replace(DANA, report_id=f"R-{2000 + count}") for count in range(number)]


def rows(*those: ExposedReport, mask_people: bool = False) -> list[dict[str, str]]:
    """The table as a spreadsheet reads it."""
    table = list_csv((marketing(*those),), replace(VOICE, mask_people=mask_people))
    return list(csv.DictReader(StringIO(table)))


@pytest.mark.parametrize(
    ("number", "is_list", "is_file"),
    [
        pytest.param(10, False, False, id="the message shows ten: no list"),
        pytest.param(11, True, False, id="eleven: the thread lists them"),
        pytest.param(25, True, False, id="twenty-five are still read in the thread"),
        pytest.param(26, True, True, id="more deserve a file"),
    ],
)
def test_a_list_is_told_when_the_message_leaves_reports_out(
    number: int, is_list: bool, is_file: bool
) -> None:
    message = list_message((marketing(*reports(number)),), 7, VOICE, now=NOW)
    assert (message is not None) is is_list
    assert bool(message and message.attachment) is is_file
    if message is not None:
        said = f"all {number} reports of this alert as of {VOICE.moment(NOW)}, "
        assert message.headline.startswith(said), "it may be read long after"
        assert len(message.sections[0].lines) == number


def test_the_file_is_named_after_alert_and_moment_and_holds_every_report() -> None:
    risks = (marketing(*reports(40)),)
    message = list_message(risks, 7, VOICE, now=NOW)
    assert message is not None
    assert message.attachment is not None
    assert message.attachment.name == "alert-7-reports-20261124T120000Z.csv"
    assert message.attachment.content == list_csv(risks, VOICE)
    assert len(rows(*reports(40))) == 40


def test_a_row_of_the_table() -> None:
    (row,) = rows(DANA)
    assert row == {
        "report_id": "R-1041",
        "name": "Boston offsite",
        "submitter": "dana.lee@acme.example",
        "state": "approved",
        "amount": "812.00",
        "currency": "USD",
        "waiting_since": "2026-11-22 03:00 EST",
        "lines_at_risk": "3",
        "lines": "14",
        "records": "class “Sales : Marketing” is inactive in NetSuite",
        "bad_values": "Class tag “Sales : Marketing” on 3 of 14 lines",
        "page": "https://new.expensify.com/r/R-1041",
    }


def test_a_report_that_failed_says_so_and_one_without_a_moment_has_none() -> None:
    (row,) = rows(a_failed("R1", waiting_since=None))
    assert (row["state"], row["waiting_since"]) == ("export failed, paused", "")


def test_masked_people_are_masked_in_the_table_and_the_lines() -> None:
    (row,) = rows(DANA, mask_people=True)
    assert row["submitter"] == "D.L."
    (line,) = list_lines((marketing(DANA),), replace(VOICE, mask_people=True), NOW)
    assert "dana.lee" not in line


def test_a_masked_row_tells_nobody_whom_to_mention() -> None:
    risks = (marketing(DANA),)
    assert row_of(DANA, risks, VOICE, NOW).person == DANA.submitter
    assert row_of(DANA, risks, replace(VOICE, mask_people=True), NOW).person == ""


def test_a_masked_employee_is_masked_in_the_table_and_the_lines() -> None:
    risks = (marketing(DANA, ref=Ref("employee", "7"), full_name="Jonas Weber"),)
    masked = replace(VOICE, mask_people=True)
    assert "employee “J.W.”" in list_csv(risks, masked)
    assert "Jonas" not in list_csv(risks, masked) + "".join(list_lines(risks, masked, NOW))


@pytest.mark.parametrize("name", ["=1+1", "+1", "@SUM(A1)", "-cmd", "\tx"])
def test_a_name_that_looks_like_a_formula_stays_a_name(name: str) -> None:
    (row,) = rows(replace(DANA, name=name))
    assert row["name"] == f"'{name}"


@pytest.mark.parametrize("name", ["", "Trip, with “quotes”\nand lines", 'a "b"', "Ämter"])
def test_any_other_name_is_kept_as_it_is(name: str) -> None:
    (row,) = rows(replace(DANA, name=name))
    assert row["name"] == name


def test_a_report_that_was_refunded_has_its_negative_amount() -> None:
    (row,) = rows(replace(DANA, amount=-DANA.amount))
    assert row["amount"] == "-812.00"


def test_a_report_behind_two_records_is_one_row_with_both() -> None:
    other = replace(marketing(DANA), ref=a_risk().ref._replace(id="13"), full_name="Sales : Ads")
    (row,) = csv.DictReader(StringIO(list_csv((marketing(DANA), other), VOICE)))
    assert row["records"].count("; ") == 1


def test_lines_are_worded_as_the_message_words_its_rows() -> None:
    waiting = replace(DANA, waiting_since=NOW - timedelta(days=3))
    assert list_lines((marketing(waiting),), VOICE, NOW) == (
        "Boston offsite (R-1041) · dana.lee@acme.example · USD 812.00 · approved, waiting for "
        "3 days · Class tag “Sales : Marketing” on 3 of 14 lines",
    )
