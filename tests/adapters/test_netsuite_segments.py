"""The values of a custom segment are a list like any other, of a table the account names itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from monitor.adapters.netsuite.source import Examined
from monitor.core.records import ListReading, ListState, Record
from tests.adapters.netsuite_account import START, Account, an_account

KIND = "segment:customrecord_cseg_region"
TABLE = "customrecord_cseg_region"
COLUMNS = ("externalid", "fullname", "isinactive", "lastmodified_utc", "name", "parent")


@pytest.fixture
def account() -> Iterator[Account]:
    with an_account() as one:
        one.tables.add_segment(TABLE)
        one.tables.add(KIND, 1, name="Europe")
        one.tables.add(KIND, 2, name="France", parent=1, externalid="FR")
        yield one


def a_value(record_id: str, name: str, full_name: str, **fields: Any) -> Record:
    values = {"is_inactive": False, "modified_at": START, **fields}
    return Record(kind=KIND, id=record_id, name=name, full_name=full_name, **values)


EUROPE = a_value("1", "Europe", "Europe")
FRANCE = a_value("2", "France", "Europe : France", parent_id="1", external_id="FR")


def test_its_values_are_records_in_a_tree(account: Account) -> None:
    assert account.read(KIND) == (
        ListReading(KIND, ListState.READ, 2, COLUMNS),
        [EUROPE, FRANCE],
    )


def test_an_inactive_value_is_inactive(account: Account) -> None:
    account.tables.inactivate(KIND, 2)
    assert account.read(KIND)[1] == [EUROPE, FRANCE._replace(is_inactive=True)]


def test_without_full_names_its_values_are_called_by_their_own(account: Account) -> None:
    account.suiteql.hidden_columns[TABLE, "fullname"] = "identifier"
    reading, records = account.read(KIND)
    assert "fullname" not in reading.columns
    assert records == [EUROPE, FRANCE._replace(full_name="France")]


@pytest.mark.parametrize("says", ["record", "type"])
def test_a_segment_that_the_role_cannot_see_is_off_and_named(account: Account, says: str) -> None:
    account.suiteql.says_of_tables = says
    account.suiteql.hidden_tables.add(TABLE)
    why = (
        f"NetSuite shows no table {TABLE} to the monitor's role: "
        "grant Lists > Custom Record Entries (View), or the feature is off"
    )
    assert account.read(KIND) == (ListReading(KIND, ListState.OFF, detail=why), [])
    with account.netsuite() as netsuite:
        assert list(netsuite.examine([KIND])) == [Examined(KIND, None, detail=why)]


def test_netsuite_confirms_the_deletion_of_its_values_and_of_no_other_segments(
    account: Account,
) -> None:
    other = "segment:customrecord_cseg_channel"
    account.tables.add_segment("customrecord_cseg_channel")
    account.tables.add(other, 2, name="Web")
    account.tables.add("class", 2, name="Web")
    for kind in (other, "class"):
        account.tables.delete(kind, 2)
    with account.netsuite() as netsuite:
        assert netsuite.confirm_deleted(KIND, ["1", "2"]) == frozenset()
        account.tables.delete(KIND, 2)
        assert netsuite.confirm_deleted(KIND, ["1", "2"]) == {"2"}
        assert netsuite.confirm_deleted("class", ["2"]) == {"2"}
