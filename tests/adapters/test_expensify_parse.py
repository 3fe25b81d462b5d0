"""One exported file -> pending reports: states, moments, amounts, tags, history."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.expensify.parse import parse_reports
from monitor.core.reports import (
    NO_CURRENCY,
    CodedText,
    Coding,
    Export,
    Failure,
    PendingReport,
    ReportLine,
    ReportState,
    UnreadReport,
    Workspace,
)
from monitor.errors import SourceError
from tests.adapters.expensify_office import US, a_workspace

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def a_line(**fields: Any) -> dict[str, Any]:
    """A line as the template prints it: cash, coded to nothing."""
    words = ("id", "tag", "category", "bank", "card", "billable", "reimbursable")
    return {**dict.fromkeys(words, ""), "id": "L1", "tags": ["", "", ""], **fields}


def an_action(action: str = "EXPORTINTEGRATION", **fields: Any) -> dict[str, Any]:
    """A line of a history as the template prints it, by default of the connection to NetSuite."""
    words = ("message", "manual", "reimbursable", "card")
    named = {"action": action, "created": "2026-11-22 08:00:00", "label": "NetSuite"}
    return {**dict.fromkeys(words, ""), "messages": [], **named, **fields}


def a_row(**fields: Any) -> dict[str, Any]:
    """A report as the template prints it: approved, without lines."""
    words = ("name", "submitter", "state", "currency", "created", "submitted", "approved", "total")
    named = {"id": "R1", "policy": US, "status": "Approved"}
    return {**dict.fromkeys(words, ""), "fields": {}, "lines": [], "history": [], **named, **fields}


def a_file(*rows: dict[str, Any]) -> bytes:
    return json.dumps({"reports": rows}).encode()


def read(row: dict[str, Any], workspace: Workspace | None = None) -> PendingReport:
    workspace = workspace or a_workspace()
    (report,) = parse_reports(a_file(row), {workspace.policy_id: workspace})
    assert isinstance(report, PendingReport), report
    return report


def coded_by(**places: str) -> Workspace:
    """coded_by(class_="tag:1"): a workspace that keeps kinds at these places."""
    return a_workspace(coding=tuple(Coding(k.rstrip("_"), place) for k, place in places.items()))


def test_a_report_of_which_nothing_is_said_is_all_defaults() -> None:
    assert read(a_row()) == PendingReport(
        "R1", US, "", "", ReportState.APPROVED, Decimal("0.00"), NO_CURRENCY
    )


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (("OPEN", "Open", "Draft"), ReportState.OPEN),
        (("SUBMITTED", "Processing", "Outstanding"), ReportState.SUBMITTED),
        (("APPROVED", "Approved", " approved "), ReportState.APPROVED),
        (
            ("REIMBURSED", "Reimbursed", "Paid", "BILLING", "AUTOREIMBURSED", "MANUALREIMBURSED"),
            ReportState.REIMBURSED,
        ),
        (("ARCHIVED", "Archived", "Closed", "Done"), ReportState.ARCHIVED),
    ],
)
def test_a_state_is_known_by_every_name_expensify_gives_it(
    words: tuple[str, ...], state: ReportState
) -> None:
    assert {read(a_row(status=word)).state for word in words} == {state}
    assert {read(a_row(status="", state=word)).state for word in words} == {state}


def test_the_documented_word_for_the_state_counts_more_than_the_other() -> None:
    assert read(a_row(status="Closed", state="APPROVED")).state is ReportState.ARCHIVED
    assert read(a_row(status="New", state="APPROVED")).state is ReportState.APPROVED


@pytest.mark.parametrize(
    ("row", "why"),
    [
        pytest.param(a_row(status="Retracted"), "its state 'Retracted' is unknown", id="state"),
        pytest.param(a_row(status=""), "its state '' is unknown", id="no state"),
        pytest.param(a_row(total="lots"), "its total 'lots' is no amount", id="total"),
        pytest.param(a_row(total="NaN"), "its total 'NaN' is no amount", id="no number"),
        pytest.param(a_row(total="INF"), "its total 'INF' is no amount", id="infinite"),
        pytest.param(a_row(total="1e99"), "its total '1e99' is no amount", id="too large"),
        pytest.param(a_row(created="soon"), "'soon' in it is no moment", id="moment"),
        pytest.param(a_row(lines=None), "a value is not what it should be", id="no lines"),
        pytest.param(a_row(lines=[{}]), "it has no 'id'", id="an empty line"),
        pytest.param(a_row(name=None), "a value is not what it should be", id="no name"),
        pytest.param(a_row(policy=[]), "a value is not what it should be", id="no policy"),
        pytest.param(
            a_row(history=[an_action(created="")]),
            "an export in its history has no time",
            id="an export without time",
        ),
    ],
)
def test_a_report_that_cannot_be_read_is_set_aside_with_the_reason_and_the_others_are_kept(
    row: dict[str, Any], why: str
) -> None:
    policy_id = US if isinstance(row["policy"], str) else ""
    content = a_file(a_row(id="R0"), row, a_row(id="R2"))
    before, unread, after = parse_reports(content, {US: a_workspace()})
    assert unread == UnreadReport("R1", policy_id, why)
    assert (before, after) == (read(a_row(id="R0")), read(a_row(id="R2")))


def test_a_report_that_is_set_aside_says_what_failed_which_one_and_what_to_do() -> None:
    assert UnreadReport("R1", US, "its state 'Retracted' is unknown").sentence == (
        "report R1 cannot be read (its state 'Retracted' is unknown): what was read of it before "
        "still stands; look at it in Expensify"
    )


@pytest.mark.parametrize("row", [a_row(id=""), a_row(id=None), {}, 7, "R1", None])
def test_a_report_that_does_not_say_which_one_it_is_voids_the_file(row: Any) -> None:
    with pytest.raises(SourceError) as refused:
        parse_reports(a_file(a_row(id="R0"), row), {})
    assert str(refused.value) == (
        "Expensify sent a report without id: nobody can tell which one it is, so nothing of this "
        "reading is kept"
    )
    assert refused.value.source == "expensify"


@pytest.mark.parametrize(
    ("word", "currency"), [("USD", "USD"), (" EUR ", "EUR"), ("", NO_CURRENCY), (" ", NO_CURRENCY)]
)
def test_a_report_that_names_no_currency_has_one_of_its_own(word: str, currency: str) -> None:
    assert read(a_row(currency=word)).currency == currency


@pytest.mark.parametrize(
    ("cents", "amount"),
    [
        ("81200", "812.00"),
        ("81250", "812.50"),
        ("5", "0.05"),
        ("0", "0.00"),
        ("", "0.00"),
        ("-1999", "-19.99"),
        ("123456789012", "1234567890.12"),
    ],
)
def test_a_total_always_has_two_decimals(cents: str, amount: str) -> None:
    assert str(read(a_row(total=cents)).total) == amount


@given(st.integers(-(10**15), 10**15))
def test_every_total_keeps_its_cents(cents: int) -> None:
    total = read(a_row(total=str(cents))).total
    assert total * 100 == cents
    assert total.as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("", None, id="none"),
        pytest.param("2026-11-22 08:00:00", AT, id="without a zone: UTC"),
        pytest.param("2026-11-22T08:00:00Z", AT, id="UTC"),
        pytest.param("2026-11-22T10:00:00+0200", AT, id="an offset without colon, converted"),
        pytest.param("2026-11-21 22:00:00-10:00", AT, id="the day before in Hawaii"),
        pytest.param(
            "2026-11-22 08:00:00.250", AT.replace(microsecond=250_000), id="parts of a second"
        ),
        pytest.param("2026-11-22", AT.replace(hour=0), id="a day: its first moment"),
    ],
)
def test_moments_are_utc(text: str, moment: datetime | None) -> None:
    report = read(a_row(created=text, submitted=text, approved=text))
    assert (report.created_at, report.submitted_at, report.approved_at) == (moment,) * 3
    assert {at.tzinfo for at in (report.created_at, report.approved_at) if at} <= {UTC}


TAGS: list[Any] = [
    pytest.param({"tags": ["Sales", "Atlas", ""]}, {1: "Sales", 2: "Atlas"}, id="by its levels"),
    pytest.param({"tags": ["", "Atlas", ""]}, {2: "Atlas"}, id="a level alone keeps its number"),
    pytest.param(
        {"tags": ["Sales", "", ""], "tag": "Sales:Atlas"},
        {1: "Sales"},
        id="a level that was delivered counts more than `tag`",
    ),
    pytest.param(
        {"tags": ["", "", "Region"], "tag": "::Region"},
        {3: "Region"},
        id="a level that is not coded says that `tag` is no first level",
    ),
    pytest.param(
        {"tag": "Sales : Marketing:Atlas"},
        {1: "Sales : Marketing", 2: "Atlas"},
        id="only `tag`: levels are joined by a colon, a path is not split",
    ),
    pytest.param(
        {"tag": "01\\: Boston:Atlas"},
        {1: "01\\: Boston", 2: "Atlas"},
        id="an escaped colon is text",
    ),
    pytest.param({"tag": ":Atlas"}, {2: "Atlas"}, id="only `tag`: the first level is empty"),
    pytest.param(
        {"tag": "Sales:Atlas:Region:Rest"},
        {1: "Sales", 2: "Atlas", 3: "Region", 4: "Rest"},
        id="only `tag`, deeper than what is coded",
    ),
    pytest.param({"tags": [" ", "", ""], "tag": ""}, {}, id="blanks are no text"),
    pytest.param({"tags": [], "tag": "Sales"}, {1: "Sales"}, id="no level at all"),
    pytest.param({}, {}, id="nothing"),
]


@pytest.mark.parametrize(("line", "texts"), TAGS)
def test_a_line_is_coded_at_its_levels(line: dict[str, Any], texts: dict[int, str]) -> None:
    (read_line,) = read(a_row(lines=[a_line(**line)])).lines
    assert read_line.texts == tuple(CodedText(f"tag:{n}", text) for n, text in texts.items())


@pytest.mark.parametrize("tag", ["Enterprise:Jean-Luc Picard", "Sales : Marketing", "01\\: Boston"])
def test_where_one_level_is_coded_a_tag_is_never_split(tag: str) -> None:
    row = a_row(lines=[a_line(tag=tag)])
    (line,) = read(row, coded_by(class_="tag:1")).lines
    assert line.texts == (CodedText("tag:1", tag),)


@pytest.mark.parametrize("place", ["tag:1", "tag:2", "tag:3", "report_field:Class"])
def test_every_level_is_kept_whatever_the_configuration_names(place: str) -> None:
    row = a_row(lines=[a_line(tags=["Sales", "Atlas", ""])])
    (line,) = read(row, coded_by(class_=place)).lines
    assert line.texts == (CodedText("tag:1", "Sales"), CodedText("tag:2", "Atlas"))


def test_a_report_of_another_workspace_is_read_as_it_is() -> None:
    row = a_row(policy="ELSEWHERE", fields={"Department": "Sales"}, lines=[a_line(tag="A:B")])
    report = read(row)
    assert (report.policy_id, report.fields) == ("ELSEWHERE", ())
    assert report.lines[0].texts == (CodedText("tag:1", "A:B"),)


def test_a_line_keeps_what_decides_its_route() -> None:
    words = {"card": "Dana&#39;s card", "bank": "AT&amp;T", "category": "R&amp;D"}
    (line,) = read(a_row(lines=[a_line(**words)])).lines
    assert line == ReportLine("L1", category="R&D", card="Dana's card", bank="AT&T")


@pytest.mark.parametrize(
    ("word", "is_billable", "is_reimbursable"),
    [
        ("true", True, True),
        ("Yes", True, True),
        ("1", True, True),
        ("false", False, False),
        ("No", False, False),
        ("0", False, False),
        pytest.param("", False, True, id="unsaid: not billable, but paid back"),
    ],
)
def test_truths_come_in_several_words(word: str, is_billable: bool, is_reimbursable: bool) -> None:
    (line,) = read(a_row(lines=[a_line(billable=word, reimbursable=word)])).lines
    assert (line.is_billable, line.is_reimbursable) == (is_billable, is_reimbursable)


FIELDS: list[Any] = [
    pytest.param("Department", {"Department": "Sales"}, "Sales", id="a plain name"),
    pytest.param("Cost Center (#2)", {"Cost_Center___2_": "7"}, "7", id="every odd character is _"),
    pytest.param("Größe", {"Gr__e": "L"}, "L", id="letters of other alphabets, too"),
    pytest.param("Größe", {"Gr__e": "", "Größe": "L"}, "L", id="or they are kept"),
    pytest.param("Größe", {"Gr__e": "M", "Größe": "L"}, "M", id="the likelier name counts more"),
    pytest.param("Department", {"Class": "Sales"}, None, id="another field is not ours"),
    pytest.param("Department", {"Department": " "}, None, id="blanks are no text"),
]


@pytest.mark.parametrize(("name", "fields", "text"), FIELDS)
def test_report_fields_are_known_by_their_names_in_templates(
    name: str, fields: dict[str, str], text: str | None
) -> None:
    place = f"report_field:{name}"
    report = read(a_row(fields=fields), coded_by(department=place))
    assert report.fields == (() if text is None else (CodedText(place, text),))


def test_two_kinds_at_one_report_field_are_one_text() -> None:
    workspace = coded_by(project="report_field:Job", customer="report_field:Job")
    report = read(a_row(fields={"Job": "Globex"}), workspace)
    assert report.fields == (CodedText("report_field:Job", "Globex"),)


EXPORTS: list[Any] = [
    pytest.param({}, (Export(AT),), id="to NetSuite, saying no more"),
    pytest.param({"label": "QuickBooks"}, (), id="to another system: no export"),
    pytest.param({"label": ""}, (), id="to nobody knows where: no export"),
    pytest.param({"manual": "true"}, (Export(AT, is_manual=True),), id="a person's mark"),
    pytest.param(
        {"reimbursable": "true", "card": "false"},
        (Export(AT, has_reimbursable=True, has_card=False),),
        id="of what people get back",
    ),
    pytest.param({"card": "true"}, (Export(AT, has_card=True),), id="of company cards"),
    pytest.param({"action": "APPROVED"}, (), id="another action"),
    pytest.param({"action": "ADDCOMMENT", "message": "Exported"}, (), id="a comment"),
    pytest.param(
        {"created": "2026-11-22T10:00:00+02:00"}, (Export(AT),), id="its moment is converted"
    ),
]


@pytest.mark.parametrize(("action", "exports"), EXPORTS)
def test_an_export_is_the_connections_own_word(
    action: dict[str, Any], exports: tuple[Export, ...]
) -> None:
    report = read(a_row(history=[an_action(**action)]))
    assert (report.exports, report.failures) == (exports, ())


FAILURES: list[Any] = [
    pytest.param(
        {"messages": ["NS0831: Invalid class", "Sync and retry"]},
        (Failure(AT, "NS0831", "NS0831: Invalid class Sync and retry"),),
        id="its messages",
    ),
    pytest.param(
        {"message": "Could not export (NS0770)"},
        (Failure(AT, "NS0770", "Could not export (NS0770)"),),
        id="or its message",
    ),
    pytest.param({}, (Failure(AT, "", ""),), id="or nothing: it was refused all the same"),
    pytest.param({"label": ""}, (Failure(AT, "", ""),), id="without a label: ours is the only one"),
    pytest.param({"label": "Xero", "message": "NS0831"}, (), id="another connection's"),
    pytest.param(
        {"message": "R&amp;D: XNS08312 NS99"},
        (Failure(AT, "", "R&D: XNS08312 NS99"),),
        id="what only looks like a code is none",
    ),
    pytest.param(
        {"action": "ADDCOMMENT", "message": "I saw NS0831 again"},
        (),
        id="a person's comment proves nothing",
    ),
]


@pytest.mark.parametrize(("action", "failures"), FAILURES)
def test_a_refusal_is_the_connections_own_word_with_its_code(
    action: dict[str, Any], failures: tuple[Failure, ...]
) -> None:
    report = read(a_row(history=[an_action(**{"action": "INTEGRATIONSMESSAGE", **action})]))
    assert (report.failures, report.exports) == (failures, ())


def test_a_file_rendered_in_pieces_is_read_whole() -> None:
    pieces = [a_file(a_row(id="R1")), a_file(), a_file(a_row(id="R2"), a_row(id="R3"))]
    reports = parse_reports(b"\xef\xbb\xbf \n" + b" \n".join(pieces) + b"\n", {})
    assert [report.report_id for report in reports] == ["R1", "R2", "R3"]


@given(st.integers(0, 10_000))
def test_a_file_cut_anywhere_is_refused_whole(length: int) -> None:
    content = a_file(a_row(lines=[a_line(tag="Größe")]), a_row(id="R2"))
    cut = content[: length % len(content)]
    with pytest.raises(SourceError, match="no whole JSON document: the file was cut"):
        parse_reports(cut, {})
