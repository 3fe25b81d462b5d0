"""A column that a list shows for the first time: every record tells more, and none was edited."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from monitor.adapters.store import Store
from monitor.adapters.store.schema import migrations
from monitor.core.records import Change, ChangeWord, FieldChange, ListReading, ListState, Record
from tests.adapters.store_memory import BEGIN, Account, a_class, in_memory

COLUMNS = ("email", "isinactive", "name")
GAINED = {
    "parent": {"parent_id": "7"},
    "includechildren": {"include_children": True},
    "externalid": {"external_id": "A-1"},
    "subsidiary": {"subsidiary_ids": ("1", "3")},
    "customer": {"customer_id": "7"},
    "allowexpenses": {"allow_expenses": False},
    "limittimetoassignees": {"limit_to_resources": True},
    "email": {"email": "ana@acme.example"},
    "class": {"class_id": "7"},
    "department": {"department_id": "7"},
    "location": {"location_id": "7"},
    "hiredate": {"hired_on": "2019-12-31"},
    "releasedate": {"released_on": "2026-12-31"},
    "jobresources": {"resource_ids": ("7",)},
    "customersubsidiaryrelationship": {"subsidiary_ids": ()},
    "classificationsubsidiarymap": {"mapped_subsidiary_ids": ("1",)},
    "departmentsubsidiarymap": {"mapped_subsidiary_ids": ("1",)},
    "locationsubsidiarymap": {"mapped_subsidiary_ids": ("1",)},
}


def _reads(account: Account, *records: Record, columns: tuple[str, ...] = COLUMNS) -> int:
    """One reading in which the list had these columns; the result is its snapshot's id."""
    staging, taken_at = account.stages(records), account.next_moment()
    reading = ListReading("class", ListState.READ, len(records), tuple(sorted(columns)))
    with account.store.immediate():
        return staging.commit(taken_at, [reading], {}).id


def _changes(account: Account, begin: int, end: int) -> list[Change]:
    steps = list(account.store.changes.each(begin, end))
    assert steps == list(account.store.changes.between(begin, end))
    return steps


@pytest.mark.parametrize(("column", "fields"), GAINED.items())
def test_what_a_new_column_tells_is_told_of_every_record_and_edited_none(
    column: str, fields: dict[str, Any]
) -> None:
    account = Account(in_memory())
    bare = [a_class("1"), a_class("2")]
    told = [one._replace(**fields) for one in bare]
    columns = tuple(name for name in COLUMNS if name != column)
    first = _reads(account, *bare, columns=columns)
    last = _reads(account, *told, columns=(*columns, column))
    assert _changes(account, first, last) == []
    assert list(account.store.records.current()) == told
    assert list(account.store.records.former()) == []


def test_the_second_reading_with_the_column_tells_edits_again() -> None:
    account = Account(in_memory())
    with_day = (*COLUMNS, "hiredate")
    _reads(account, a_class())
    filled = _reads(account, a_class(hired_on="2019-12-31"), columns=with_day)
    last = _reads(account, a_class(hired_on="2020-01-01"), columns=with_day)
    (change,) = _changes(account, filled, last)
    assert change.fields == (FieldChange("hired_on", "2019-12-31", "2020-01-01"),)


def test_of_a_record_that_was_edited_meanwhile_only_the_edit_is_told() -> None:
    account = Account(in_memory())
    first = _reads(account, a_class("1"), a_class("2"))
    last = _reads(
        account,
        a_class("1", "Ads", hired_on="2019-12-31"),
        a_class("2", hired_on="2026-12-01"),
        columns=(*COLUMNS, "hiredate"),
    )
    (change,) = _changes(account, first, last)
    assert (change.id, change.change) == ("1", ChangeWord.RENAMED)
    assert [one.field for one in change.fields] == ["name", "full_name"]
    assert change.before == a_class("1", hired_on="2019-12-31")


def test_who_comes_with_the_column_is_added_with_all_that_it_tells() -> None:
    account = Account(in_memory())
    first = _reads(account, a_class("1"))
    new = a_class("2", "Ads", hired_on="2026-12-01")
    last = _reads(account, a_class("1"), new, columns=(*COLUMNS, "hiredate"))
    (change,) = _changes(account, first, last)
    assert (change.change, change.after) == (ChangeWord.ADDED, new)


def test_what_another_column_had_told_is_still_an_edit_of_it() -> None:
    account = Account(in_memory())
    first = _reads(account, a_class(email="ana@acme.example"))
    last = _reads(
        account,
        a_class(email="bo@acme.example", hired_on="2019-12-31"),
        columns=(*COLUMNS, "hiredate"),
    )
    (change,) = _changes(account, first, last)
    assert change.fields == (FieldChange("email", "ana@acme.example", "bo@acme.example"),)


def test_another_list_keeps_what_it_has() -> None:
    account = Account(in_memory(), "class", "department")
    other = a_class("1")._replace(kind="department")
    account.reads(other, a_class("1"))
    _reads(account, a_class("1"))
    _reads(account, a_class("1", hired_on="2019-12-31"), columns=(*COLUMNS, "hiredate"))
    assert list(account.store.records.current(["department"])) == [other]


def test_a_database_that_knew_no_first_days_reads_them_as_no_edit(tmp_path: Path) -> None:
    path = tmp_path / "older.db"
    _written_before_first_days(path)
    with Store.open(path) as store:
        account = Account(store)
        last = _reads(account, a_class(hired_on="2019-12-31"), columns=(*COLUMNS, "hiredate"))
        assert _changes(account, 1, last) == []
        assert list(store.records.current()) == [a_class(hired_on="2019-12-31")]


def _written_before_first_days(path: Path) -> None:
    """One class and its reading, as the version before the column wrote them."""
    db = Database(str(path))
    migrations().apply(db, stop_before="m0008_hired_on")
    for statement in (
        "insert into kind(number, name) values (1, 'class')",
        f"insert into snapshot(id, taken_at) values (1, {int(BEGIN.timestamp()) * 1000 - 1})",
        "insert into list_reading(kind, vfrom, state, rows, columns, detail) "
        f"values (1, 1, 'read', 1, '{','.join(COLUMNS)}', '')",
        "insert into version(kind, id, vfrom, name, full_name, is_inactive, other_names) "
        "values (1, 12, 1, 'Marketing', 'Marketing', 0, '')",
    ):
        db.execute(statement)
    db.conn.commit()
    db.close()
