"""Which lines still wait for an export, by which route they go, and whether one was refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monitor.core.reports import (
    Coding,
    Export,
    ReportState,
    Route,
    is_pending,
    pending_lines,
    route_of,
)
from tests.core.builders import a_failure, a_line, a_report, a_workspace, at

CASH = a_line("Sales", line_id="cash")
CARD = a_line("Sales", line_id="card", is_reimbursable=False, card="Visa 1234", bank="Big Bank")

APPROVED_AT = at("08:00", day=22)
BEFORE, AFTER = at("08:00", day=21), at("08:01", day=22)

EXPORTS: list[Any] = [
    pytest.param((), ("cash", "card"), id="never exported: all wait"),
    pytest.param(
        (Export(AFTER, has_reimbursable=True, has_card=True),),
        (),
        id="exported since the approval: nothing waits",
    ),
    pytest.param(
        (Export(AFTER),), ("cash", "card"), id="exported, but who knows by which route: both wait"
    ),
    pytest.param(
        (Export(AFTER, has_card=True), Export(AFTER)),
        (),
        id="only one kind was left for the export that names none",
    ),
    pytest.param(
        (Export(APPROVED_AT),), ("cash", "card"), id="in the approval's very second: not since"
    ),
    pytest.param((Export(BEFORE),), ("cash", "card"), id="exported, then approved anew: all wait"),
    pytest.param(
        (Export(AFTER, has_reimbursable=True, has_card=False),),
        ("card",),
        id="only what people get back was exported: the card waits",
    ),
    pytest.param(
        (Export(AFTER, has_card=True),), ("cash",), id="only the card was exported: cash waits"
    ),
    pytest.param(
        (Export(AFTER, has_reimbursable=True), Export(AFTER, has_card=True)),
        (),
        id="one after the other: nothing waits",
    ),
    pytest.param(
        (Export(BEFORE, has_reimbursable=True), Export(AFTER, has_card=True)),
        ("cash",),
        id="one of them before the approval: it waits again",
    ),
    pytest.param(
        (Export(AFTER, has_reimbursable=False, has_card=False),),
        ("cash", "card"),
        id="links are there and empty: it names nothing, so both wait",
    ),
    pytest.param(
        (Export(AFTER, has_reimbursable=False),),
        ("cash", "card"),
        id="one list of links, empty: the same",
    ),
    pytest.param(
        (Export(AFTER, is_manual=True, has_card=True),),
        (),
        id="marked by a person: nothing waits, whatever it names",
    ),
    pytest.param(
        (Export(BEFORE, is_manual=True),), ("cash", "card"), id="marked, then approved anew: all"
    ),
]


@pytest.mark.parametrize(("exports", "waiting"), EXPORTS)
def test_a_line_waits_until_an_export_of_its_kind_follows_the_last_approval(
    exports: tuple[Export, ...], waiting: tuple[str, ...]
) -> None:
    report = a_report("R1", CASH, CARD, approved_at=APPROVED_AT, exports=exports)
    assert tuple(line.line_id for line in pending_lines(report)) == waiting
    assert is_pending(report) is bool(waiting)


@pytest.mark.parametrize(
    ("lines", "exports", "is_unclear"),
    [
        pytest.param((CASH, CARD), (Export(AFTER),), True, id="two routes, none named"),
        pytest.param((CASH,), (Export(AFTER),), False, id="one route needs no name"),
        pytest.param((CARD,), (Export(AFTER),), False, id="nor does the card's"),
        pytest.param((CASH, CARD), (Export(BEFORE),), False, id="not since the approval"),
        pytest.param((CASH, CARD), (Export(AFTER, has_card=True),), False, id="one is named"),
        pytest.param(
            (CASH, CARD), (Export(AFTER), Export(AFTER, is_manual=True)), False, id="then marked"
        ),
        pytest.param((CASH, CARD), (), False, id="never exported"),
    ],
)
def test_an_export_is_unclear_when_it_names_none_of_two_routes(
    lines: Any, exports: tuple[Export, ...], is_unclear: bool
) -> None:
    report = a_report("R1", *lines, approved_at=APPROVED_AT, exports=exports)
    assert report.is_export_unclear is is_unclear


@pytest.mark.parametrize("state", [ReportState.REIMBURSED, ReportState.ARCHIVED])
def test_paid_and_closed_reports_wait_like_approved_ones(state: ReportState) -> None:
    assert is_pending(a_report(state=state))
    assert not is_pending(a_report(state=state, exports=(Export(AFTER),)))


@pytest.mark.parametrize("state", [ReportState.REIMBURSED, ReportState.ARCHIVED])
def test_without_an_approval_any_export_counts(state: ReportState) -> None:
    exports = (Export(at("00:00", day=1)),)
    assert not is_pending(a_report(state=state, approved_at=None, exports=exports))


@pytest.mark.parametrize("state", [ReportState.OPEN, ReportState.SUBMITTED])
@pytest.mark.parametrize("is_manual", [False, True])
def test_a_report_taken_back_after_its_export_waits_again(
    state: ReportState, is_manual: bool
) -> None:
    exports = (Export(AFTER, is_manual=is_manual),)
    assert is_pending(a_report(state=state, approved_at=None, exports=exports))


def test_a_report_without_lines_waits_for_nothing() -> None:
    assert not is_pending(replace(a_report(), lines=()))


HISTORIES: list[Any] = [
    pytest.param((), (), False, id="nothing happened: no"),
    pytest.param((), (Export(at("09:00")),), False, id="exported: no"),
    pytest.param((a_failure(at("09:00")),), (), True, id="refused: yes"),
    pytest.param(
        (a_failure(at("09:00")),), (Export(at("09:30")),), False, id="refused, then exported: no"
    ),
    pytest.param(
        (a_failure(at("09:30")),), (Export(at("09:00")),), True, id="exported, then refused: yes"
    ),
    pytest.param(
        (a_failure(at("09:00")), a_failure(at("10:00"))),
        (Export(at("09:30")),),
        True,
        id="refused again after an export: yes",
    ),
    pytest.param(
        (a_failure(at("09:00")),),
        (Export(at("09:30"), is_manual=True),),
        False,
        id="refused, then marked by a person: no",
    ),
    pytest.param(
        (a_failure(at("09:00")),), (Export(at("09:00")),), True, id="in the same second: yes"
    ),
    pytest.param(
        (a_failure(at("09:00"), code=""),), (), True, id="refused without a code: yes, all the same"
    ),
]


@pytest.mark.parametrize(("failures", "exports", "has_failed"), HISTORIES)
def test_it_has_failed_when_nothing_succeeded_since_the_last_refusal(
    failures: Any, exports: Any, has_failed: bool
) -> None:
    assert a_report(failures=failures, exports=exports).has_failed is has_failed


WORKSPACE = a_workspace(
    reimbursable_export=Route.EXPENSE_REPORT,
    company_card_export=Route.VENDOR_BILL,
    journal_cards=("Expensify Card", "Corp  Visa"),
)

LINES: list[Any] = [
    pytest.param({}, Route.EXPENSE_REPORT, id="cash goes the way of what people get back"),
    pytest.param({"is_reimbursable": False}, Route.VENDOR_BILL, id="a company card goes its own"),
    pytest.param(
        {"card": "Visa 1234", "bank": "Big Bank"},
        Route.EXPENSE_REPORT,
        id="a personal card is paid back",
    ),
    pytest.param(
        {"card": "Expensify Card", "is_reimbursable": False},
        Route.JOURNAL_ENTRY,
        id="a card that always becomes a journal, by its own name",
    ),
    pytest.param(
        {"card": "Dana's card (1234)", "bank": "Expensify Card", "is_reimbursable": False},
        Route.JOURNAL_ENTRY,
        id="or by its bank's, though it has a name of its own",
    ),
    pytest.param(
        {"bank": "expensify card"}, Route.JOURNAL_ENTRY, id="in any case, also when reimbursable"
    ),
    pytest.param({"card": "CORP VISA "}, Route.JOURNAL_ENTRY, id="with any blanks"),
    pytest.param(
        {"card": "Expensify Card 1234", "is_reimbursable": False},
        Route.VENDOR_BILL,
        id="a longer name is another card",
    ),
]


@pytest.mark.parametrize(("line", "route"), LINES)
def test_the_route_follows_the_kind_of_expense_and_the_card(
    line: dict[str, Any], route: Route
) -> None:
    assert route_of(a_line("Sales", **line), WORKSPACE) is route


def test_a_workspace_that_names_no_journal_card_has_none() -> None:
    assert route_of(a_line(card="", bank=""), a_workspace(journal_cards=())) is Route.EXPENSE_REPORT


def test_approved_or_later_is_what_the_next_export_would_try() -> None:
    assert [state.name for state in ReportState if state.is_approved] == [
        "APPROVED",
        "REIMBURSED",
        "ARCHIVED",
    ]


def test_a_workspace_knows_its_places() -> None:
    coding = (Coding("project", "tag:2"), Coding("customer", "tag:2"), Coding("class", "none"))
    workspace = a_workspace(coding=coding)
    assert workspace.place_of("customer") == "tag:2"
    assert workspace.place_of("location") == "none"
    assert workspace.kinds_at("tag:2") == ("project", "customer")
    assert workspace.kinds_at("tag:1") == ()
