"""A list is read whole or not at all, whatever changes or goes wrong while it is read."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.adapters.netsuite import NetSuite, NetSuiteOptions
from monitor.adapters.netsuite.source import Examined
from monitor.adapters.netsuite.specs import SPECS
from monitor.core.records import ListReading, ListState, Record
from monitor.errors import SourceError
from tests.adapters.netsuite_account import START, Account, Kept, an_account

_LIST = "FROM classification t WHERE t.id > ?"
_PROBE = "FROM classification t WHERE t.id = 0"
_COUNT = "COUNT(*) AS cnt FROM classification t"


@pytest.fixture
def account() -> Iterator[Account]:
    with an_account() as one:
        for number in (-7, 10, 11, 12, 13):
            one.tables.add("class", number, name=f"Class {number}", subsidiary=[1])
        yield one


def read(netsuite: NetSuite, kind: str = "class") -> tuple[ListReading, list[Record], int]:
    """The verdict, the records, and how often the list was begun."""
    kept = Kept()
    reading = netsuite.read(kind, kept)
    return reading, kept.records, kept.restarts


def ids(records: Sequence[Record]) -> list[str]:
    return [record.id for record in records]


ALL = ["-7", "10", "11", "12", "13"]
EVERYTHING = tuple(sorted([*SPECS["class"].columns, "classificationsubsidiarymap"]))


@pytest.mark.parametrize("page_size", [1, 2, 5, 1000])
def test_a_list_comes_whole_and_in_order_however_small_its_pages(
    account: Account, page_size: int
) -> None:
    """Without an order the simulated pages would be shuffled."""
    reading, records = account.read("class", page_size=page_size)
    assert (reading.state, reading.rows, ids(records)) == (ListState.READ, 5, ALL)
    assert {record.mapped_subsidiary_ids for record in records} == {("1",)}


def test_an_empty_list_is_read_and_empty(account: Account) -> None:
    reading, records = account.read("department")
    assert (reading.state, reading.rows, records) == (ListState.READ, 0, [])


def test_fewer_rows_than_counted_are_read_once_more(account: Account) -> None:
    account.faults.next("row-missing", match=_LIST)
    with account.netsuite() as netsuite:
        reading, records, restarts = read(netsuite)
    assert (reading.rows, ids(records), restarts) == (5, ALL, 2)


def test_fewer_rows_than_counted_twice_are_no_list(account: Account) -> None:
    account.faults.always("row-missing", match=_LIST)
    with account.netsuite() as netsuite, pytest.raises(SourceError) as error:
        read(netsuite)
    assert str(error.value) == (
        "NetSuite counts 5 rows and 5 attached to them of class but showed 4 rows and 5 attached "
        "to them, twice: the list is not complete, so nothing of this reading is kept"
    )
    assert len([query for query, _ in account.asked if _LIST in query]) == 2


def test_a_row_that_comes_while_the_list_is_read_is_read_with_it(account: Account) -> None:
    """It was counted and not shown; the second reading shows it."""
    kept = Kept()

    class Adding(Kept):
        def add(self, records: Sequence[Record]) -> None:
            kept.add(records)
            if self.restarts == 1:
                account.tables.add("class", -100, name="New")

        def restart(self) -> None:
            super().restart()
            kept.restart()

    with account.netsuite(page_size=10) as netsuite:
        netsuite.read("class", Adding())
    assert ids(kept.records) == ["-100", *ALL]


def test_fewer_attached_rows_than_counted_are_no_list(account: Account) -> None:
    account.faults.always(
        "row-missing", match="classificationsubsidiarymap t WHERE t.classification >"
    )
    with account.netsuite() as netsuite, pytest.raises(SourceError, match="showed 5 rows and 4"):
        read(netsuite)


def test_a_row_without_an_id_voids_the_list_at_once(account: Account) -> None:
    account.faults.always("row-without-id", match=_LIST)
    with account.netsuite() as netsuite, pytest.raises(SourceError) as error:
        read(netsuite)
    assert str(error.value) == (
        "NetSuite sent a class the monitor cannot read (row {'name': 'Class -7', "
        "'fullname': 'Class -7'}): 'id' is missing or odd; nothing of this reading is kept"
    )


@pytest.mark.parametrize(
    "row",
    [
        "{}",
        '{"owner": "12"}',
        '{"owner": "12", "value": "one", "times": "1"}',
        '{"owner": null, "value": "1", "times": "1"}',
        '{"owner": "12", "value": ["1"], "times": "1"}',
        '{"owner": "12", "value": "1", "times": {}}',
    ],
)
def test_an_attached_row_that_cannot_be_read_voids_the_list(account: Account, row: str) -> None:
    match = "FROM classificationsubsidiarymap t WHERE"
    account.faults.always("says", match=match, detail=f'{{"items": [{row}]}}')
    with (
        account.netsuite() as netsuite,
        pytest.raises(SourceError, match="row of classificationsubsidiarymap the monitor cannot"),
    ):
        read(netsuite)


@pytest.mark.parametrize("page_size", [1, 2, 3, 100])
def test_attached_rows_may_span_pages_and_stand_there_twice(
    account: Account, page_size: int
) -> None:
    for project in (-2, 5, 9):
        account.tables.add("project", project, entityid=f"P{project}")
    for employee in (503, 501, 501, 502, 501):
        account.tables.add_resource(5, employee)
    account.tables.add_resource(9, 501)
    for orphan in (-50, 7, 70):
        account.tables.add_resource(orphan, 501)
    account.tables.db.execute("insert into jobresources values (5, null), (null, 501)")
    reading, projects = account.read("project", page_size=page_size)
    assert [(one.id, one.resource_ids) for one in projects] == [
        ("-2", ()),
        ("5", ("501", "502", "503")),
        ("9", ("501",)),
    ]
    assert reading.state is ListState.READ


def test_an_attached_page_that_comes_twice_voids_the_reading(account: Account) -> None:
    for project in (5, 9):
        account.tables.add("project", project, entityid=f"P{project}")
        account.tables.add_resource(project, 501)
    earlier = json.dumps({"items": [{"owner": "5", "value": "501", "times": "1"}]})
    account.faults.next("says", match="GROUP BY", detail=earlier)
    account.faults.next("says", match="GROUP BY", detail=earlier)
    with pytest.raises(SourceError) as error:
        account.read("project", page_size=2)
    assert str(error.value) == (
        "NetSuite sent a row of jobresources about 5, where those after 9 and up to "
        "999999999999999 were asked for: the list is not whole"
    )


def test_whatever_the_pairs_and_the_page_size_each_record_gets_its_own() -> None:
    small = st.integers(-3, 6)
    with an_account() as account:

        @settings(max_examples=40)
        @given(
            projects=st.sets(small, max_size=5),
            pairs=st.lists(st.tuples(small, small), max_size=14),
            page_size=st.integers(1, 4),
        )
        def holds(projects: set[int], pairs: list[tuple[int, int]], page_size: int) -> None:
            db = account.tables.db
            db.execute("delete from job")
            db.execute("delete from jobresources")
            for project in projects:
                account.tables.add("project", project, entityid="P")
            for project, employee in pairs:
                account.tables.add_resource(project, employee)
            _, records = account.read("project", page_size=page_size)
            assert [(one.id, one.resource_ids) for one in records] == [
                (
                    str(project),
                    tuple(map(str, sorted({value for owner, value in pairs if owner == project}))),
                )
                for project in sorted(projects)
            ]

        holds()


def test_what_an_account_has_is_found_out_once(account: Account) -> None:
    with account.netsuite() as netsuite:
        first = read(netsuite)
        asked = len(account.asked)
        assert read(netsuite) == first
    again = [query for query, _ in account.asked[asked:]]
    assert [query for query in again if "= 0" in query] == []
    assert len(again) < asked


@pytest.mark.parametrize(
    ("kind", "hidden"),
    [
        pytest.param("class", ("classification", "externalid"), id="a column"),
        pytest.param("class", ("classification", "isinactive"), id="one that a list needs"),
        pytest.param("class", ("classificationsubsidiarymap", ""), id="a table that is attached"),
        pytest.param("class", ("classification", ""), id="the list itself"),
    ],
)
def test_what_was_missing_is_seen_by_the_next_reading_once_it_is_there(
    account: Account, kind: str, hidden: tuple[str, str]
) -> None:
    whole = account.read(kind)
    table, column = hidden
    with account.netsuite() as netsuite:
        if column:
            account.suiteql.hidden_columns[table, column] = "identifier"
        else:
            account.suiteql.hidden_tables.add(table)
        assert read(netsuite, kind)[:2] != whole
        account.suiteql.hidden_columns.clear()
        account.suiteql.hidden_tables.clear()
        assert read(netsuite, kind)[:2] == whole


def test_what_is_missing_is_looked_for_again_and_what_is_there_is_not_doubted(
    account: Account,
) -> None:
    account.suiteql.hidden_columns["classification", "externalid"] = "identifier"
    with account.netsuite() as netsuite:
        first = read(netsuite)
        asked = len(account.asked)
        assert read(netsuite) == first
    probes = [query for query, _ in account.asked[asked:] if _PROBE in query]
    assert [("externalid" in query, query.count("t.")) for query in probes] == [
        (True, 10),  # all together
        (False, 9),  # all that was there
        (True, 3),  # what was missing, alone
    ]


def test_a_list_of_one_page_costs_four_questions(account: Account) -> None:
    """Its rows, what is attached to them, and both counts: Expensify needs the account, too."""
    with account.netsuite() as netsuite:
        read(netsuite)
        asked = len(account.asked)
        read(netsuite)
    assert len(account.asked) - asked == 4


@pytest.mark.parametrize("how", ["identifier", "field", "not-exposed", "unsupported"])
def test_a_column_that_vanishes_between_two_readings_is_not_among_those_of_the_second(
    account: Account, how: str
) -> None:
    with account.netsuite() as netsuite:
        before, records, _ = read(netsuite)
        account.suiteql.hidden_columns["classification", "subsidiary"] = how
        after, fewer, restarts = read(netsuite)
    assert after == before._replace(
        columns=tuple(name for name in before.columns if name != "subsidiary"),
        detail="grant Lists > Classes (View), or the feature is off",
    )
    assert fewer == [record._replace(subsidiary_ids=None) for record in records]
    assert restarts == 2


def test_an_attached_table_that_vanishes_between_two_readings_is_not_among_its_columns(
    account: Account,
) -> None:
    with account.netsuite() as netsuite:
        before, records, _ = read(netsuite)
        account.suiteql.hidden_tables.add("classificationsubsidiarymap")
        after, fewer, _ = read(netsuite)
    assert after == before._replace(
        columns=tuple(name for name in before.columns if name != "classificationsubsidiarymap"),
        detail="grant Lists > Classes (View), or the feature is off",
    )
    assert fewer == [record._replace(mapped_subsidiary_ids=None) for record in records]


def test_a_table_that_vanishes_between_two_readings_is_off_and_is_seen_again_later(
    account: Account,
) -> None:
    with account.netsuite() as netsuite:
        first = read(netsuite)
        account.suiteql.hidden_tables.add("classification")
        assert read(netsuite)[0].state is ListState.OFF
        account.suiteql.hidden_tables.clear()
        assert read(netsuite) == first


def test_a_list_that_is_refused_without_a_reason_is_not_off(account: Account) -> None:
    """It may be the role, the feature or the query: nobody knows, so nothing is kept."""
    account.suiteql.hidden_tables.add("classification")
    account.suiteql.says_of_tables = "unsupported"
    with account.netsuite() as netsuite, pytest.raises(SourceError) as error:
        read(netsuite)
    assert "Invalid or unsupported search." in str(error.value)
    assert error.value.source == "netsuite"


@pytest.mark.parametrize("how", ["unsupported", "failing"])
@pytest.mark.parametrize("column", ["lastmodifieddate", "subsidiary", "includechildren"])
def test_one_column_that_netsuite_cannot_serve_does_not_void_the_list_for_ever(
    account: Account, how: str, column: str
) -> None:
    account.suiteql.hidden_columns["classification", column] = how
    reading, records = account.read("class")
    absent = "lastmodified_utc" if column == "lastmodifieddate" else column
    assert set(SPECS["class"].columns) - set(reading.columns) == {absent}
    assert ids(records) == ALL


def test_two_columns_that_fail_are_a_bad_hour_and_void_the_list(account: Account) -> None:
    for column in ("subsidiary", "externalid"):
        account.suiteql.hidden_columns["classification", column] = "failing"
    with account.netsuite() as netsuite, pytest.raises(SourceError, match="HTTP 500"):
        read(netsuite)
    account.suiteql.hidden_columns.clear()
    assert account.read("class")[0].columns == EVERYTHING


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param([(4, _PROBE)], id="all columns together"),
        pytest.param([(4, _PROBE), (4, "SELECT t.id, t.parent FROM")], id="one of them alone, too"),
        pytest.param(
            [(4, _PROBE), (4, "SELECT t.id, t.parent FROM"), (4, "SELECT t.id, t.name FROM")],
            id="two of them alone, too",
        ),
    ],
)
def test_a_failure_that_passes_takes_no_column_away(
    account: Account, bad: list[tuple[int, str]]
) -> None:
    for times, match in bad:
        account.faults.next("500", times=times, match=match)
    reading, records = account.read("class")
    assert (reading.columns, ids(records)) == (EVERYTHING, ALL)


@pytest.mark.parametrize("match", [_PROBE, _LIST, _COUNT])
@pytest.mark.parametrize("fault", ["403", "429", "500", "html", "truncated", "cut", "drop"])
def test_a_list_that_fails_wherever_it_is_asked_is_no_list(
    account: Account, fault: str, match: str
) -> None:
    account.faults.always(fault, match=match)
    with account.netsuite() as netsuite, pytest.raises(SourceError) as error:
        read(netsuite)
    assert error.value.source == "netsuite"


def test_deleted_records_are_confirmed_by_kind_and_only_those_asked_for(account: Account) -> None:
    for number in (11, 12):
        account.tables.delete("class", number)
    account.tables.add("department", 13, name="Thirteen")
    account.tables.delete("department", 13)
    account.tables.delete("class", 10, is_logged=False)
    with account.netsuite() as netsuite:
        assert netsuite.confirm_deleted("class", ["10", "12", "13"]) == {"12"}
        assert netsuite.confirm_deleted("department", ["13"]) == {"13"}
        assert netsuite.confirm_deleted("class", []) == frozenset()


@pytest.mark.parametrize("kind", list(SPECS))
def test_a_deletion_is_confirmed_for_every_kind(account: Account, kind: str) -> None:
    account.tables.add(kind, 77, **{"name" if kind in _TREES else "entityid": "gone"})
    account.tables.delete(kind, 77)
    with account.netsuite() as netsuite:
        assert netsuite.confirm_deleted(kind, ["77"]) == {"77"}


_TREES = ("class", "department", "location", "subsidiary")


@pytest.mark.parametrize("page_size", [1, 7, 1000])
def test_many_deleted_records_are_all_confirmed(account: Account, page_size: int) -> None:
    gone = [str(number) for number in range(1000, 1230)]
    for number in gone:
        account.tables.add("class", number, name="gone")
        account.tables.delete("class", number)
    with account.netsuite(page_size=page_size) as netsuite:
        assert netsuite.confirm_deleted("class", gone) == set(gone)


def test_a_deleted_record_that_was_not_asked_for_confirms_nothing(account: Account) -> None:
    account.faults.always("says", detail='{"items": [{"recordid": "11"}, {"recordid": "99"}, {}]}')
    with account.netsuite() as netsuite:
        assert netsuite.confirm_deleted("class", ["10", "11"]) == {"11"}


@pytest.mark.parametrize("fault", ["403", "500", "truncated"])
def test_deleted_records_that_cannot_be_read_confirm_nothing(account: Account, fault: str) -> None:
    account.tables.delete("class", 12)
    account.faults.always(fault, match="FROM deletedrecord")
    with account.netsuite() as netsuite:
        assert netsuite.confirm_deleted("class", ["12"]) == frozenset()


def test_a_table_of_deleted_records_that_is_not_there_confirms_nothing(account: Account) -> None:
    account.tables.delete("class", 12)
    account.suiteql.hidden_tables.add("deletedrecord")
    with account.netsuite() as netsuite:
        assert netsuite.confirm_deleted("class", ["12"]) == frozenset()


def test_netsuite_tells_its_own_time(account: Account) -> None:
    account.clock.move_to(START + timedelta(hours=3))
    with account.netsuite() as netsuite:
        assert netsuite.server_time() == START + timedelta(hours=3)


@pytest.mark.parametrize(
    "answer",
    ['{"items": []}', '{"items": [{}]}', '{"items": [{"utcnow": "24/11/2026"}]}'],
)
def test_netsuite_may_not_tell_its_time(account: Account, answer: str) -> None:
    account.faults.always("says", detail=answer)
    with account.netsuite() as netsuite:
        assert netsuite.server_time() is None


def test_a_clock_that_cannot_be_asked_for_is_no_failure_but_a_refused_role_is(
    account: Account,
) -> None:
    account.suiteql.hidden_tables.add("dual")
    with account.netsuite() as netsuite:
        assert netsuite.server_time() is None
        account.faults.always("403")
        with pytest.raises(SourceError, match="give it REST Web Services"):
            netsuite.server_time()


def test_examining_says_what_the_role_sees_of_each_list(account: Account) -> None:
    account.suiteql.hidden_tables |= {"department", "jobresources"}
    account.suiteql.hidden_columns |= {
        ("classification", "lastmodifieddate"): "identifier",
        ("classification", "includechildren"): "not-exposed",
        ("employee", "isinactive"): "identifier",
    }
    kinds = ("class", "department", "location", "project", "employee")
    with account.netsuite() as netsuite:
        assert list(netsuite.examine(kinds)) == [
            Examined("class", 5, ("includechildren", "lastmodified_utc")),
            Examined(
                "department",
                None,
                detail="NetSuite shows no table department to the monitor's role: "
                "grant Lists > Departments (View), or the feature is off",
            ),
            Examined("location", 0),
            Examined("project", 0, ("jobresources",)),
            Examined(
                "employee",
                None,
                detail="NetSuite shows the table employee without its column isinactive to the "
                "monitor's role, and nothing can be said without it: "
                "grant Lists > Employees (View)",
            ),
        ]


def test_examining_stops_where_nothing_can_be_asked(account: Account) -> None:
    account.faults.always("403")
    with account.netsuite() as netsuite, pytest.raises(SourceError, match="forbids"):
        list(netsuite.examine(("class",)))


@pytest.mark.parametrize("spelling", ["1234567_SB1", "1234567-sb1"])
def test_an_account_may_be_spelled_either_way(spelling: str) -> None:
    options = NetSuiteOptions(spelling)
    assert options.realm == "1234567_SB1"
    assert options.url == "https://1234567-sb1.suitetalk.api.netsuite.com"
    assert NetSuiteOptions(spelling, "https://proxy.example/").url == "https://proxy.example"


def test_a_silent_account_is_given_up_at_the_deadline(account: Account) -> None:
    account.faults.always("silent")
    with (
        account.netsuite(request_deadline=timedelta(milliseconds=200)) as netsuite,
        pytest.raises(SourceError, match="no answer in time"),
    ):
        netsuite.server_time()


@pytest.mark.parametrize("most", [1, 2])
def test_no_more_is_in_flight_than_the_account_allows(account: Account, most: int) -> None:
    account.faults.always("slow")
    with account.netsuite(concurrency=most) as netsuite:
        askers = [threading.Thread(target=netsuite.server_time) for _ in range(4)]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
    assert account.suiteql.most_at_once <= most


@pytest.mark.parametrize("fault", [*("401", "403", "500", "html", "drop"), "row-without-id"])
def test_no_error_carries_a_secret(account: Account, fault: str) -> None:
    credentials = account.oauth2()
    account.faults.always(fault, match=_LIST)
    with account.netsuite(credentials) as netsuite, pytest.raises(SourceError) as error:
        read(netsuite)
    secrets: list[Any] = [credentials.client_id, credentials.private_key, *account.remembered]
    assert account.remembered
    assert [secret for secret in secrets if secret in f"{error.value!r} {error.getrepr()}"] == []
