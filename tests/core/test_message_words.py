"""Numbers, moments, people, places and addresses, as an accountant writes them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.message.words import (
    Voice,
    counted,
    counted_reports,
    kind_plural,
    length,
    listed,
    money,
    place_word,
    sentence,
    standing_of,
)
from monitor.core.reports import ReportState
from monitor.core.risks import ExposedReport, totals
from tests.core.alert_builders import a_draft, a_failed, a_submitted
from tests.core.builders import NOW, UK, US, an_exposed_report, at, hours

NEW_YORK = ZoneInfo("America/New_York")


def of(amount: str, currency: str = "USD", **fields: str) -> ExposedReport:
    """A report of its own worth this much."""
    return an_exposed_report(
        f"{currency} {amount}", amount=Decimal(amount), currency=currency, **fields
    )


@pytest.mark.parametrize(
    ("reports", "words"),
    [
        pytest.param([of("2112.5")], "USD 2,112.50", id="two decimals, thousands separated"),
        pytest.param([of("5")], "USD 5.00", id="also a whole number"),
        pytest.param([of("0.05")], "USD 0.05", id="cents alone"),
        pytest.param([of("-40.5")], "USD -40.50", id="a refund"),
        pytest.param([of("1234567.891")], "USD 1,234,567.89", id="no third decimal"),
        pytest.param([of("0.1"), of("0.2")], "USD 0.30", id="added up without a rounding error"),
        pytest.param(
            [of("80", "EUR"), of("5"), of("6")],
            "EUR 80.00 + USD 11.00",
            id="two currencies are never added up",
        ),
        pytest.param([], "", id="nothing is no amount"),
    ],
)
def test_money(reports: list[ExposedReport], words: str) -> None:
    assert money(totals(tuple(reports))) == words


@pytest.mark.parametrize(
    ("reports", "words"),
    [
        pytest.param([of("5")], "1 report (USD 5.00, 1 person)", id="one of one"),
        pytest.param(
            [of("5"), of("6", submitter="ANA@acme.example")],
            "2 reports (USD 11.00, 1 person)",
            id="one person, however the address is written",
        ),
        pytest.param(
            [of("5"), of("6", submitter="omar@acme.example")],
            "2 reports (USD 11.00, 2 people)",
            id="two people",
        ),
    ],
)
def test_reports_are_counted_with_their_money_and_people(
    reports: list[ExposedReport], words: str
) -> None:
    assert counted_reports(reports) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=1, minutes=20), "1 h 20 min"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=2, hours=3, minutes=59), "2 days 3 h"),
        (timedelta(days=400), "400 days"),
        (timedelta(hours=-2), "less than a minute"),
    ],
)
def test_lengths_of_time(span: timedelta, words: str) -> None:
    assert length(span) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at("14:15"), "Nov 24, 2026 09:15 EST"),
        (at("04:59"), "Nov 23, 2026 23:59 EST"),
        (datetime(2026, 7, 4, 12, 0, tzinfo=ZoneInfo("UTC")), "Jul 4, 2026 08:00 EDT"),
    ],
)
def test_moments_are_absolute_and_name_their_zone(moment: datetime, words: str) -> None:
    assert Voice(zone=NEW_YORK).moment(moment) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dana.lee@acme.example", "D.L."),
        ("dana_lee-smith@acme.example", "D.L.S."),
        ("Dana Lee", "D.L."),
        ("dana@acme.example", "D."),
        ("@acme.example", "?"),
        ("", "?"),
    ],
)
def test_masked_people_are_initials(name: str, words: str) -> None:
    assert Voice(mask_people=True).person(name) == words
    assert Voice().person(name) == name


@given(st.text())
def test_a_mask_shows_initials_and_nothing_else(name: str) -> None:
    # some letters have more than one character in upper case
    masked = Voice(mask_people=True).person(name)
    assert re.fullmatch(r"(.{1,3}\.)+|\?", masked, re.DOTALL)


@pytest.mark.parametrize(
    ("experience", "report_id", "url"),
    [
        ("new", "7412", "https://new.expensify.com/r/7412"),
        (
            "classic",
            "7412",
            "https://www.expensify.com/report?param=%7B%22pageReportID%22%3A%227412%22%7D",
        ),
        ("new", "R/1 &x", "https://new.expensify.com/r/R%2F1%20%26x"),
        ("new", "R\ud800", "https://new.expensify.com/r/R%3F"),
        ("", "7412", ""),
        ("another", "7412", ""),
    ],
)
def test_where_a_report_opens_in_expensify(experience: str, report_id: str, url: str) -> None:
    assert Voice(experiences={US: experience}).report_url(US, report_id) == url


def test_a_workspace_whose_expensify_is_not_known_has_no_links() -> None:
    assert Voice(experiences={US: "new"}).report_url(UK, "7412") == ""


def test_a_workspace_is_called_by_its_name_if_it_has_one() -> None:
    voice = Voice(names={US: "Acme US"})
    assert [voice.workspace(US), voice.workspace(UK), voice.workspace("")] == ["Acme US", UK, ""]


@pytest.mark.parametrize(
    ("report", "words"),
    [
        pytest.param(an_exposed_report(), "approved, waiting for 2 days 4 h", id="approved"),
        pytest.param(
            an_exposed_report(state=ReportState.REIMBURSED),
            "reimbursed, waiting for 2 days 4 h",
            id="reimbursed",
        ),
        pytest.param(
            an_exposed_report(state=ReportState.ARCHIVED),
            "closed, waiting for 2 days 4 h",
            id="closed",
        ),
        pytest.param(a_submitted(), "waiting for approval for 2 days 4 h", id="submitted"),
        pytest.param(a_draft(), "draft for 2 days 4 h", id="a draft"),
        pytest.param(
            a_failed(), "export failed, paused, waiting for 2 days 4 h", id="its export failed"
        ),
        pytest.param(
            an_exposed_report(waiting_since=None), "approved", id="nobody knows since when"
        ),
        pytest.param(
            an_exposed_report(waiting_since=NOW + hours(1)),
            "approved, waiting for less than a minute",
            id="a clock that runs ahead",
        ),
    ],
)
def test_where_a_report_stands_and_for_how_long(report: ExposedReport, words: str) -> None:
    assert standing_of(report, NOW) == words


@pytest.mark.parametrize(
    ("place", "kind", "words"),
    [
        ("tag:1", "class", "Class tag"),
        ("tag:2", "project", "Project tag"),
        ("report_field:Department", "department", "Report field Department"),
    ],
)
def test_where_a_text_sits(place: str, kind: str, words: str) -> None:
    assert place_word(place, kind) == words


@pytest.mark.parametrize(
    ("kind", "words"),
    [("class", "classes"), ("subsidiary", "subsidiaries"), ("department", "departments")],
)
def test_kinds_in_the_plural(kind: str, words: str) -> None:
    assert kind_plural(kind) == words


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("it is active again", "It is active again."),
        ("Done.", "Done."),
        ("R-1 was recoded", "R-1 was recoded."),
        ("", ""),
    ],
)
def test_words_become_a_sentence(words: str, said: str) -> None:
    assert sentence(words) == said


@pytest.mark.parametrize(
    ("words", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_a_list_in_words(words: list[str], said: str) -> None:
    assert listed(words) == said


@pytest.mark.parametrize(
    ("number", "noun", "words"),
    [(1, "report", "1 report"), (0, "report", "0 reports"), (2, "person", "2 people")],
)
def test_counted_nouns(number: int, noun: str, words: str) -> None:
    assert counted(number, noun) == words
