"""Asking NetSuite: pages by keyset, and what each of its bad answers means."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.adapters.netsuite.suiteql import (
    BELOW_ALL_IDS,
    MissingColumn,
    MissingTable,
    Refused,
    Row,
    SuiteQL,
    Unexpected,
)
from monitor.errors import SourceError
from tests.adapters.netsuite_account import Account, an_account

_CLASSES = "SELECT t.id, t.externalid FROM classification t WHERE t.id > ? ORDER BY t.id"


@pytest.fixture
def account() -> Iterator[Account]:
    with an_account() as one:
        yield one


def an_answer(*rows: Any) -> str:
    return json.dumps({"links": [], "items": list(rows), "hasMore": False})


def row_id(row: Row) -> str:
    return str(row["id"])


def pages(asker: SuiteQL) -> list[list[int]]:
    """The ids of all classes, page by page."""
    found = asker.pages(_CLASSES, [BELOW_ALL_IDS], row_id)
    return [[int(row["id"]) for row in page] for page in found]


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM classification",
        "UPDATE classification SET name = 'x'",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "selection",
        "",
    ],
)
def test_nothing_but_a_select_is_ever_sent(account: Account, query: str) -> None:
    with pytest.raises(ValueError, match="the monitor only reads"):
        account.asker().rows(query)
    assert account.asked == []


def test_a_row_has_lower_case_keys_no_links_and_no_null_columns(account: Account) -> None:
    account.tables.add("class", -3, name="Sales")
    columns = "t.id AS ID, t.name AS Name, t.parent AS parent"
    assert account.asker().rows(f"SELECT {columns} FROM classification t") == [
        {"id": "-3", "name": "Sales"}
    ]
    account.faults.next("says", detail=an_answer({"links": [], "ID": "-3", "fullName": "Sales"}))
    assert account.asker().rows("SELECT 1 FROM dual") == [{"id": "-3", "fullname": "Sales"}]


def test_the_question_carries_its_header_its_limit_and_its_parameters(account: Account) -> None:
    for number in range(5):
        account.tables.add("class", number, name=f"Class {number}")
    query = "SELECT t.id FROM classification t WHERE t.id > ? AND t.name <> ? ORDER BY t.id"
    # The simulated NetSuite refuses a question without "Prefer: transient".
    rows = account.asker(page_size=2).rows(query, ["0", "Class 2"])
    assert rows == [{"id": "1"}, {"id": "3"}]


def test_pages_follow_each_other_by_their_last_id_from_below_the_most_negative_one(
    account: Account,
) -> None:
    for number in (-9, -8, -1, 0, 3, 12, 100):
        account.tables.add("class", number, name="x")
    assert pages(account.asker(page_size=3)) == [[-9, -8, -1], [0, 3, 12], [100]]
    assert len(account.asked) == 3


def test_a_list_that_ends_with_a_full_page_is_asked_once_more(account: Account) -> None:
    for number in (1, 2):
        account.tables.add("class", number, name="x")
    assert pages(account.asker(page_size=2)) == [[1, 2]]
    assert len(account.asked) == 2


def test_an_empty_list_has_no_pages(account: Account) -> None:
    assert pages(account.asker()) == []


def test_whatever_the_ids_and_the_page_size_every_row_comes_once_and_in_order() -> None:
    with an_account() as account:

        @settings(max_examples=40)
        @given(ids=st.sets(st.integers(-(10**9), 10**9), max_size=12), size=st.integers(1, 5))
        def holds(ids: set[int], size: int) -> None:
            account.tables.db.execute("delete from classification")
            for number in ids:
                account.tables.db.execute("insert into classification(id) values (?)", (number,))
            found = pages(account.asker(page_size=size))
            assert [number for page in found for number in page] == sorted(ids)
            assert all(len(page) == size for page in found[:-1])

        holds()


@pytest.mark.parametrize(
    "last", [pytest.param("6", id="the same page again"), pytest.param("3", id="an earlier one")]
)
def test_pages_that_do_not_advance_are_no_list(account: Account, last: str) -> None:
    account.faults.next("says", detail=an_answer({"id": "5"}, {"id": "6"}))
    account.faults.always("says", detail=an_answer({"id": "1"}, {"id": last}))
    with pytest.raises(SourceError) as error:
        pages(account.asker(page_size=2))
    assert str(error.value) == (
        "NetSuite's pages do not advance beyond id 6: the list is not whole"
    )
    assert len(account.asked) == 2


@pytest.mark.parametrize(
    "row", [{"name": "Sales"}, *({"id": odd} for odd in ("twelve", None, [1]))]
)
def test_a_page_that_ends_without_an_id_is_no_page_and_names_the_row(
    account: Account, row: dict[str, Any]
) -> None:
    account.faults.always("says", detail=an_answer({"id": "5"}, row))
    with pytest.raises(SourceError) as error:
        pages(account.asker())
    assert str(error.value) == (
        f"NetSuite sent a row without an id ({row}): nothing of this reading is kept"
    )


def test_rows_are_counted_also_under_a_condition(account: Account) -> None:
    for number in range(3):
        account.tables.add("class", number, name=f"Class {number}")
    assert account.asker().count("classification") == 3
    assert account.asker().count("classification", "t.id > 0") == 2


@pytest.mark.parametrize("rows", [[], [{}], *([{"cnt": odd}] for odd in ("many", None, [3], {}))])
def test_a_count_that_is_none_is_an_error(account: Account, rows: list[Any]) -> None:
    account.faults.always("says", detail=an_answer(*rows))
    with pytest.raises(SourceError, match="NetSuite did not count the rows of classification"):
        account.asker().count("classification")


_BUSY = "Concurrent request limit exceeded. Request blocked."
_FAILED = "An unexpected error occurred. Error ID: jrgbpyylphhishmmlxyt"
_PAGE = "it may be down for maintenance, or [netsuite] base_url is wrong"


@pytest.mark.parametrize(
    ("fault", "detail", "attempts", "sentence"),
    [
        pytest.param(
            "401",
            "",
            1,
            "NetSuite refused the monitor's credentials (401): check [netsuite.auth], and "
            "Setup > Users/Roles > View Login Audit Trail in NetSuite",
            id="401 is final where there is no token to renew",
        ),
        pytest.param(
            "403",
            "",
            1,
            "NetSuite forbids the monitor's role to ask (HTTP 403 INSUFFICIENT_PERMISSION): "
            "give it REST Web Services and SuiteAnalytics Workbook",
            id="403 is final",
        ),
        pytest.param(
            "404",
            "",
            1,
            "NetSuite has no SuiteQL at this address (404): check [netsuite] account and base_url, "
            "and that REST Web Services is enabled",
            id="404 is final",
        ),
        pytest.param(
            "redirect",
            "/elsewhere",
            1,
            "NetSuite has no SuiteQL at this address (302): check [netsuite] account and base_url, "
            "and that REST Web Services is enabled",
            id="a redirect is final and is not followed",
        ),
        pytest.param(
            "429",
            "",
            4,
            f"NetSuite is busy or failing (HTTP 429 CONCURRENCY_LIMIT_EXCEEDED): {_BUSY}",
            id="429 passes",
        ),
        pytest.param(
            "400-concurrency",
            "",
            4,
            f"NetSuite is busy or failing (HTTP 400 CONCURRENCY_LIMIT_EXCEEDED): {_BUSY}",
            id="the same under 400 passes",
        ),
        pytest.param(
            "500",
            "",
            4,
            f"NetSuite is failing (HTTP 500 UNEXPECTED_ERROR): {_FAILED}",
            id="500 passes",
        ),
        pytest.param(
            "502",
            "",
            4,
            "NetSuite is busy or failing (HTTP 502 UNEXPECTED_ERROR): Bad gateway.",
            id="502 passes",
        ),
        pytest.param(
            "503",
            "",
            4,
            "NetSuite is busy or failing (HTTP 503 UNEXPECTED_ERROR): Service unavailable.",
            id="503 passes",
        ),
        pytest.param(
            "504",
            "",
            4,
            "NetSuite is busy or failing (HTTP 504 UNEXPECTED_ERROR): Gateway timeout.",
            id="504 passes",
        ),
        pytest.param(
            "html",
            "",
            4,
            f"NetSuite sent a web page instead of data (HTTP 200): {_PAGE}",
            id="a web page under 200 passes",
        ),
        pytest.param(
            "truncated",
            "",
            4,
            "NetSuite's answer is no whole JSON: it was cut on its way",
            id="JSON that ends early passes",
        ),
        pytest.param(
            "cut",
            "",
            4,
            "NetSuite cannot be reached (the answer was cut off): check the network and [netsuite]",
            id="a body that ends early passes",
        ),
        pytest.param(
            "drop",
            "",
            4,
            "NetSuite cannot be reached (no connection): check the network and [netsuite]",
            id="a dropped connection passes",
        ),
        pytest.param(
            "says",
            '{"items": null}',
            4,
            "NetSuite's answer holds no list of rows",
            id="no rows under 200 pass",
        ),
        pytest.param(
            "says",
            '{"items": [["1"]]}',
            4,
            "NetSuite's answer holds no list of rows",
            id="rows that are none pass",
        ),
        *(
            pytest.param(
                f"{status} bare",
                "",
                4,
                f"NetSuite is busy or failing (HTTP {status}): Error",
                id=f"{status} without a code passes",
            )
            for status in (408, 429, 502, 503, 504)
        ),
        *(
            pytest.param(f"{status} {body}", "", 1, sentence, id=f"{status} with {body} is final")
            for body in ("text", "empty", "page", "odd")
            for status, sentence in (
                (
                    401,
                    "NetSuite refused the monitor's credentials (401): check [netsuite.auth], and "
                    "Setup > Users/Roles > View Login Audit Trail in NetSuite",
                ),
                (
                    403,
                    "NetSuite forbids the monitor's role to ask (HTTP 403): "
                    "give it REST Web Services and SuiteAnalytics Workbook",
                ),
                (
                    404,
                    "NetSuite has no SuiteQL at this address (404): check [netsuite] account and "
                    "base_url, and that REST Web Services is enabled",
                ),
                (
                    302,
                    "NetSuite has no SuiteQL at this address (302): check [netsuite] account and "
                    "base_url, and that REST Web Services is enabled",
                ),
            )
        ),
        *(
            pytest.param(f"{status} {body}", "", 4, sentence, id=f"{status} with {body} passes")
            for status, how in (
                (429, "busy or failing"),
                (500, "failing"),
                (503, "busy or failing"),
            )
            for body, sentence in (
                ("text", f"NetSuite is {how} (HTTP {status}): Sorry."),
                ("empty", f"NetSuite is {how} (HTTP {status}): no reason given"),
                ("odd", f"NetSuite is {how} (HTTP {status}): x"),
                ("page", f"NetSuite sent a web page instead of data (HTTP {status}): {_PAGE}"),
            )
        ),
        pytest.param(
            "400 text", "", 1, "NetSuite refused a query (HTTP 400): Sorry.", id="a bare 400"
        ),
        pytest.param("says", "[]", 4, "NetSuite's answer holds no list of rows", id="a bare list"),
    ],
)
def test_a_bad_answer_is_tried_again_only_where_that_can_help(
    account: Account, fault: str, detail: str, attempts: int, sentence: str
) -> None:
    account.faults.always(fault, detail=detail)
    with pytest.raises(SourceError) as error:
        account.asker().rows("SELECT 1 FROM dual")
    assert str(error.value) == sentence
    assert error.value.source == "netsuite"
    assert error.value.is_permanent is fault.startswith(("401", "403"))
    assert (len(account.asked), len(account.clock.sleeps)) == (attempts, attempts - 1)


@pytest.mark.parametrize(
    "fault", ["429", "400-concurrency", "500", "503", "html", "truncated", "cut", "drop"]
)
def test_what_passed_is_not_told(account: Account, fault: str) -> None:
    account.faults.next(fault, times=3)
    assert account.asker().rows("SELECT 1 AS one FROM dual") == [{"one": "1"}]
    assert len(account.clock.sleeps) == 3


@pytest.mark.parametrize(
    "fault",
    ["429", "400-concurrency", "500", "503", "429 text", "503 empty", "503 page", "500 text"],
)
@pytest.mark.parametrize(
    ("asked", "waited"),
    [pytest.param("7", 7.0, id="seconds"), pytest.param("900", 60.0, id="at most a minute")],
)
def test_netsuite_may_say_how_long_to_wait(
    account: Account, fault: str, asked: str, waited: float
) -> None:
    account.faults.next(fault, times=2, detail=asked)
    account.asker().rows("SELECT 1 AS one FROM dual")
    assert account.clock.sleeps == [waited, waited]


@pytest.mark.parametrize(
    ("says", "meaning"),
    [("record", MissingTable), ("type", MissingTable), ("unsupported", Refused)],
)
def test_a_table_that_is_not_there_is_known_by_either_wording(
    account: Account, says: str, meaning: type[SourceError]
) -> None:
    account.suiteql.hidden_tables.add("classification")
    account.suiteql.says_of_tables = says
    with pytest.raises(Refused) as error:
        pages(account.asker())
    assert type(error.value) is meaning
    assert str(error.value).startswith("NetSuite refused a query (HTTP 400 INVALID_PARAMETER): ")
    assert len(account.asked) == 1


@pytest.mark.parametrize(
    ("how", "meaning"),
    [
        ("identifier", MissingColumn),
        ("field", MissingColumn),
        ("not-exposed", MissingColumn),
        ("unsupported", Refused),
        ("failing", Unexpected),
    ],
)
def test_a_column_that_is_not_there_is_known_by_every_wording_but_the_vague_ones(
    account: Account, how: str, meaning: type[SourceError]
) -> None:
    account.suiteql.hidden_columns["classification", "externalid"] = how
    with pytest.raises(SourceError) as error:
        pages(account.asker())
    assert type(error.value) is meaning


def test_one_request_is_in_flight_whoever_asks(account: Account) -> None:
    account.faults.always("slow")
    asker = account.asker(in_flight=1)
    askers = [
        threading.Thread(target=asker.rows, args=("SELECT 1 AS one FROM dual",)) for _ in range(3)
    ]
    for thread in askers:
        thread.start()
    for thread in askers:
        thread.join()
    assert [status for _, status in account.asked] == [200, 200, 200]
    assert account.suiteql.most_at_once == 1


def test_more_may_be_in_flight_where_the_account_allows_it(account: Account) -> None:
    account.faults.always("slow")
    asker = account.asker(in_flight=3)
    askers = [
        threading.Thread(target=asker.rows, args=("SELECT 1 AS one FROM dual",)) for _ in range(3)
    ]
    for thread in askers:
        thread.start()
    for thread in askers:
        thread.join()
    assert account.suiteql.most_at_once > 1
