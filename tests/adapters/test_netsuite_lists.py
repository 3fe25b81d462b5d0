"""What each NetSuite list becomes, whole records compared; and what an account may not show."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.adapters.netsuite.specs import SPECS
from monitor.core.records import ListReading, ListState, Record
from monitor.errors import SourceError
from monitor.simulator.netsuite.tables import Tables
from tests.adapters.netsuite_account import START, Account, an_account

KINDS = ("class", "department", "location", "subsidiary", "project", "customer", "employee")


@pytest.fixture
def account() -> Iterator[Account]:
    with an_account() as one:
        yield one


def a_record(kind: str, record_id: str, name: str, **fields: Any) -> Record:
    """An active record that was last edited when the account was filled."""
    full = {"full_name": name, "is_inactive": False, "modified_at": START, **fields}
    return Record(kind=kind, id=record_id, name=name, **full)


def a_tree(kind: str) -> Callable[[Tables], None]:
    def fill(tables: Tables) -> None:
        tables.add(kind, 10, name="Sales", includechildren="T", subsidiary=[1, 2])
        tables.add(kind, 12, name="Marketing", parent=10, includechildren="F", subsidiary=[10, 2])
        tables.add(kind, -5, name="01: Old", isinactive="T", externalid="x-5")

    return fill


def the_tree(kind: str) -> list[Record]:
    return [
        a_record(
            kind,
            "-5",
            "01: Old",
            is_inactive=True,
            external_id="x-5",
            subsidiary_ids=(),
            mapped_subsidiary_ids=(),
        ),
        a_record(
            kind,
            "10",
            "Sales",
            include_children=True,
            subsidiary_ids=("1", "2"),
            mapped_subsidiary_ids=("1", "2"),
        ),
        a_record(
            kind,
            "12",
            "Marketing",
            full_name="Sales : Marketing",
            parent_id="10",
            include_children=False,
            subsidiary_ids=("2", "10"),
            mapped_subsidiary_ids=("2", "10"),
        ),
    ]


def subsidiaries(tables: Tables) -> None:
    tables.add("subsidiary", 1, name="Acme Inc.")
    tables.add("subsidiary", 2, name="Acme UK", parent=1, externalid="uk")


def projects(tables: Tables) -> None:
    tables.add(
        "project",
        1001,
        entityid="PRJ1001",
        companyname="Atlas",
        altname="Globex : Atlas",
        customer=900,
        parent=900,
        allowexpenses="T",
        limittimetoassignees="F",
        subsidiary="1",
    )
    tables.add("project", 1002, altname="Borealis", allowexpenses="F", limittimetoassignees="T")
    for employee in (502, 77, 501):
        tables.add_resource(1001, employee)


def customers(tables: Tables) -> None:
    tables.add("customer", 900, entityid="CUST900", companyname="Globex", altname="Globex")
    tables.add("customer", 901, entityid="CUST901", firstname="Ada", lastname="Byron", parent=900)
    tables.add("customer", 902, entityid="CUST902", altname="Initech", externalid="init")
    tables.relate(900, 2)
    tables.relate(900, 1, is_primary=True)


def employees(tables: Tables) -> None:
    tables.add(
        "employee",
        501,
        entityid="Dana Lee",
        firstname="Dana",
        lastname="Lee",
        email="dana.lee@acme.example",
        department=1,
        location=-5,
        subsidiary=2,
        hiredate="2019-12-31",
        releasedate="2026-03-31",
        **{"class": 12},
    )
    tables.add("employee", 502, firstname="Omar", lastname="Haddad")
    tables.add("employee", 503, lastname="Costa", email="ines@acme.example")


@pytest.mark.parametrize(
    ("kind", "fill", "records"),
    [
        *(
            pytest.param(kind, a_tree(kind), the_tree(kind), id=kind)
            for kind in ("class", "department", "location")
        ),
        pytest.param(
            "subsidiary",
            subsidiaries,
            [
                a_record("subsidiary", "1", "Acme Inc."),
                a_record(
                    "subsidiary",
                    "2",
                    "Acme UK",
                    full_name="Acme Inc. : Acme UK",
                    parent_id="1",
                    external_id="uk",
                ),
            ],
            id="subsidiary",
        ),
        pytest.param(
            "project",
            projects,
            [
                a_record(
                    "project",
                    "1001",
                    "Atlas",
                    other_names=("Globex : Atlas", "PRJ1001"),
                    parent_id="900",
                    customer_id="900",
                    allow_expenses=True,
                    limit_to_resources=False,
                    subsidiary_ids=("1",),
                    resource_ids=("77", "501", "502"),
                ),
                a_record(
                    "project",
                    "1002",
                    "Borealis",
                    allow_expenses=False,
                    limit_to_resources=True,
                    subsidiary_ids=(),
                    resource_ids=(),
                ),
            ],
            id="project, with its resources",
        ),
        pytest.param(
            "customer",
            customers,
            [
                a_record(
                    "customer",
                    "900",
                    "Globex",
                    other_names=("CUST900",),
                    subsidiary_ids=("1", "2"),
                ),
                a_record(
                    "customer",
                    "901",
                    "Ada Byron",
                    other_names=("CUST901",),
                    parent_id="900",
                    subsidiary_ids=(),
                ),
                a_record(
                    "customer",
                    "902",
                    "Initech",
                    other_names=("CUST902",),
                    external_id="init",
                    subsidiary_ids=(),
                ),
            ],
            id="customer, with its subsidiaries",
        ),
        pytest.param(
            "employee",
            employees,
            [
                a_record(
                    "employee",
                    "501",
                    "Dana Lee",
                    email="dana.lee@acme.example",
                    class_id="12",
                    department_id="1",
                    location_id="-5",
                    subsidiary_id="2",
                    released_on="2026-03-31",
                    hired_on="2019-12-31",
                ),
                a_record("employee", "502", "Omar Haddad"),
                a_record("employee", "503", "Costa", email="ines@acme.example"),
            ],
            id="employee",
        ),
    ],
)
def test_a_list_is_read_into_whole_records(
    account: Account, kind: str, fill: Callable[[Tables], None], records: list[Record]
) -> None:
    fill(account.tables)
    reading, found = account.read(kind)
    assert found == records
    attached = SPECS[kind].attached
    columns = tuple(sorted([*SPECS[kind].columns, *([attached.table] if attached else [])]))
    assert reading == ListReading(kind, ListState.READ, len(records), columns)


@pytest.mark.parametrize(
    ("kind", "columns", "name", "other_names"),
    [
        pytest.param("project", {"companyname": "Atlas"}, "Atlas", (), id="a company name"),
        pytest.param(
            "customer",
            {"altname": "Ada B.", "firstname": "Ada", "lastname": "Byron", "entityid": "C1"},
            "Ada B.",
            ("Ada Byron", "C1"),
            id="else another name",
        ),
        pytest.param(
            "customer",
            {"firstname": "Ada", "lastname": "Byron", "entityid": "C1"},
            "Ada Byron",
            ("C1",),
            id="else a person",
        ),
        pytest.param("customer", {"lastname": "Byron"}, "Byron", (), id="of whom half is known"),
        pytest.param("project", {"entityid": "PRJ1"}, "PRJ1", (), id="else the entity id"),
        pytest.param(
            "project",
            {"companyname": "Atlas", "altname": "Atlas", "entityid": "Atlas"},
            "Atlas",
            (),
            id="a name is not said twice",
        ),
        pytest.param(
            "employee",
            {"entityid": "E1", "firstname": "Dana", "email": "d@acme.example"},
            "E1",
            (),
            id="an employee by the entity id",
        ),
        pytest.param(
            "employee",
            {"firstname": "Dana", "lastname": "Lee", "email": "d@acme.example"},
            "Dana Lee",
            (),
            id="else by first and last name",
        ),
        pytest.param(
            "employee", {"email": "d@acme.example"}, "d@acme.example", (), id="else by e-mail"
        ),
    ],
)
def test_people_and_companies_are_named_by_the_best_that_there_is(
    account: Account, kind: str, columns: dict[str, str], name: str, other_names: tuple[str, ...]
) -> None:
    account.tables.add(kind, 1, **columns)
    (record,) = account.read(kind)[1]
    assert (record.name, record.full_name, record.other_names) == (name, name, other_names)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati", "UTC"])
@pytest.mark.parametrize(
    "edited_at",
    [
        pytest.param(datetime(2026, 12, 1, 7, 59, 59, tzinfo=UTC), id="an evening over there"),
        pytest.param(datetime(2027, 3, 14, 10, 30, tzinfo=UTC), id="clocks go forward"),
        pytest.param(datetime(2027, 11, 7, 9, 30, tzinfo=UTC), id="an hour that comes twice"),
    ],
)
def test_an_edit_is_told_in_utc_and_a_day_stays_a_day_whatever_the_account_shows(
    account: Account, zone: str, edited_at: datetime
) -> None:
    account.suiteql.zone = ZoneInfo(zone)
    account.suiteql.user_format = "%d/%m/%Y"
    employees(account.tables)
    account.clock.move_to(edited_at)
    account.tables.edit("employee", 501, hiredate="2019-12-31", releasedate="2026-03-31")
    (dana, *_) = account.read("employee")[1]
    assert (dana.modified_at, dana.hired_on, dana.released_on) == (
        edited_at,
        "2019-12-31",
        "2026-03-31",
    )


_ABSENT = [
    ("class", "parent", {"parent_id": None}),
    ("class", "fullname", {"full_name": "Marketing"}),
    ("class", "includechildren", {"include_children": None}),
    ("class", "subsidiary", {"subsidiary_ids": None}),
    ("class", "lastmodifieddate", {"modified_at": None}),
    ("department", "externalid", {"external_id": None}),
    ("location", "lastmodifieddate", {"modified_at": None}),
    ("subsidiary", "parent", {"parent_id": None}),
    (
        "project",
        "companyname",
        {"name": "Globex : Atlas", "full_name": "Globex : Atlas", "other_names": ("PRJ1001",)},
    ),
    ("project", "entityid", {"other_names": ("Globex : Atlas",)}),
    ("project", "customer", {"customer_id": None}),
    ("project", "allowexpenses", {"allow_expenses": None}),
    ("project", "limittimetoassignees", {"limit_to_resources": None}),
    ("project", "subsidiary", {"subsidiary_ids": None}),
    ("customer", "altname", {}),
    ("employee", "email", {"email": None}),
    ("employee", "class", {"class_id": None}),
    ("employee", "department", {"department_id": None}),
    ("employee", "location", {"location_id": None}),
    ("employee", "subsidiary", {"subsidiary_id": None}),
    ("employee", "releasedate", {"released_on": None}),
    ("employee", "hiredate", {"hired_on": None}),
]
_FILLS = {
    **{kind: a_tree(kind) for kind in ("class", "department", "location")},
    "subsidiary": subsidiaries,
    "project": projects,
    "customer": customers,
    "employee": employees,
}
_LOOKED_AT = {"class": "12", "project": "1001", "employee": "501", "subsidiary": "2"}


def a_look(account: Account, kind: str) -> tuple[ListReading, Record]:
    """The reading, and the record with most to lose."""
    reading, records = account.read(kind)
    wanted = _LOOKED_AT.get(kind)
    return reading, next((one for one in records if one.id == wanted), records[0])


@pytest.mark.parametrize(("kind", "column", "lost"), _ABSENT)
def test_a_column_the_account_does_not_have_is_none_and_the_rest_is_as_ever(
    account: Account, kind: str, column: str, lost: dict[str, Any]
) -> None:
    _FILLS[kind](account.tables)
    (before, whole), table = a_look(account, kind), SPECS[kind].table
    account.suiteql.hidden_columns[table, column] = "identifier"
    reading, record = a_look(account, kind)
    assert record == whole._replace(**lost)
    absent = "lastmodified_utc" if column == "lastmodifieddate" else column
    assert reading == _without(before, absent)


@pytest.mark.parametrize(
    ("kind", "table", "lost"),
    [
        ("class", "classificationsubsidiarymap", {"mapped_subsidiary_ids": None}),
        ("department", "departmentsubsidiarymap", {"mapped_subsidiary_ids": None}),
        ("location", "locationsubsidiarymap", {"mapped_subsidiary_ids": None}),
        ("project", "jobresources", {"resource_ids": None}),
        ("customer", "customersubsidiaryrelationship", {"subsidiary_ids": None}),
    ],
)
@pytest.mark.parametrize("says", ["record", "type", "unsupported"])
def test_an_attached_table_the_role_does_not_see_leaves_its_field_none(
    account: Account, kind: str, table: str, lost: dict[str, Any], says: str
) -> None:
    _FILLS[kind](account.tables)
    before, whole = a_look(account, kind)
    account.suiteql.hidden_tables.add(table)
    account.suiteql.says_of_tables = says
    reading, record = a_look(account, kind)
    assert (reading, record) == (_without(before, table), whole._replace(**lost))


def _without(before: ListReading, absent: str) -> ListReading:
    return before._replace(
        columns=tuple(name for name in before.columns if name != absent),
        detail=f"grant {SPECS[before.kind].permission}, or the feature is off",
    )


@pytest.mark.parametrize(
    ("kind", "lost"),
    [
        ("class", {"subsidiary_ids": None, "mapped_subsidiary_ids": None}),
        ("department", {"subsidiary_ids": None, "mapped_subsidiary_ids": None}),
        ("location", {"subsidiary_ids": None, "mapped_subsidiary_ids": None}),
        ("project", {"subsidiary_ids": None}),
        ("customer", {"subsidiary_ids": None}),
        ("employee", {"subsidiary_id": None}),
    ],
)
def test_without_one_world_nobody_says_anything_about_subsidiaries(
    account: Account, kind: str, lost: dict[str, Any]
) -> None:
    _FILLS[kind](account.tables)
    _, whole = a_look(account, kind)
    account.suiteql.is_one_world = False
    reading, record = a_look(account, kind)
    assert (reading.state, record) == (ListState.READ, whole._replace(**lost))


_GRANTS = {
    "class": ("classification", "Lists > Classes (View)"),
    "department": ("department", "Lists > Departments (View)"),
    "location": ("location", "Lists > Locations (View)"),
    "subsidiary": ("subsidiary", "Lists > Subsidiaries (View), and OneWorld"),
    "project": ("job", "Lists > Projects (View)"),
    "customer": ("customer", "Lists > Customers (View)"),
    "employee": ("employee", "Lists > Employees (View)"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("says", ["record", "type"])
def test_a_list_the_role_does_not_see_is_off_and_names_what_to_grant(
    account: Account, kind: str, says: str
) -> None:
    _FILLS[kind](account.tables)
    table, grant = _GRANTS[kind]
    account.suiteql.hidden_tables.add(table)
    account.suiteql.says_of_tables = says
    detail = (
        f"NetSuite shows no table {table} to the monitor's role: grant {grant}, "
        "or the feature is off"
    )
    assert account.read(kind) == (ListReading(kind, ListState.OFF, detail=detail), [])


@pytest.mark.parametrize("how", ["identifier", "not-exposed", "unsupported", "failing"])
@pytest.mark.parametrize(
    ("kind", "column"),
    [
        pytest.param("class", "isinactive", id="who is active"),
        pytest.param("employee", "isinactive", id="who still works here"),
        pytest.param("class", "name", id="what it is called"),
    ],
)
def test_a_list_is_off_when_it_does_not_say(
    account: Account, kind: str, column: str, how: str
) -> None:
    _FILLS[kind](account.tables)
    table, grant = _GRANTS[kind]
    account.suiteql.hidden_columns[table, column] = how
    detail = (
        f"NetSuite shows the table {table} without its column {column} to the monitor's role, "
        f"and nothing can be said without it: grant {grant}"
    )
    assert account.read(kind) == (ListReading(kind, ListState.OFF, detail=detail), [])


def test_a_customer_needs_one_of_its_names_only(account: Account) -> None:
    customers(account.tables)
    names = ("companyname", "altname", "firstname", "lastname")
    for column in names:
        account.suiteql.hidden_columns["customer", column] = "identifier"
    assert [one.name for one in account.read("customer")[1]] == ["CUST900", "CUST901", "CUST902"]
    account.suiteql.hidden_columns["customer", "entityid"] = "identifier"
    assert account.read("customer")[0].state is ListState.OFF


def says(account: Account, kind: str, **columns: Any) -> SourceError:
    """What is said of a list with one row of this kind."""
    row = {"id": "12", "name": "Sales", "isinactive": "F", **columns}
    told = {name: value for name, value in row.items() if value is not None}
    match = "t.id > ?"
    account.faults.always("says", match=match, detail=json.dumps({"items": [told]}))
    with pytest.raises(SourceError) as error:
        account.read(kind)
    assert account.clock.sleeps == []
    return error.value


@pytest.mark.parametrize(
    ("kind", "columns", "odd"),
    [
        pytest.param("class", {"name": None}, "(row {'id': '12'}): 'name'", id="no name"),
        pytest.param(
            "customer", {"name": None}, "(row {'id': '12'}): 'name'", id="no name of any sort"
        ),
        pytest.param("employee", {"name": None}, "(row {'id': '12'}): 'name'", id="nobody"),
        pytest.param(
            "class",
            {"isinactive": "Yes"},
            "(row {'id': '12', 'name': 'Sales'}): 'Yes'",
            id="a box with another word in it",
        ),
        pytest.param(
            "class",
            {"parent": "Sales"},
            "(row {'id': '12', 'name': 'Sales'}): invalid literal for int() with base 10: 'Sales'",
            id="an id that is none",
        ),
        pytest.param(
            "class",
            {"subsidiary": "1, Acme"},
            "(row {'id': '12', 'name': 'Sales'}): invalid literal for int() with base 10: ' Acme'",
            id="a list of ids that is none",
        ),
        pytest.param(
            "class",
            {"lastmodified_utc": "2026-11-24T08:00:00"},
            "(row {'id': '12', 'name': 'Sales'}): the zone of 2026-11-24T08:00:00",
            id="a moment without a zone",
        ),
        pytest.param(
            "class",
            {"lastmodified_utc": "11/24/2026"},
            "(row {'id': '12', 'name': 'Sales'}): Invalid isoformat string: '11/24/2026'",
            id="a moment in the user's format",
        ),
        *(
            pytest.param(
                "class",
                {"externalid": odd},
                f"(row {{'id': '12', 'name': 'Sales'}}): externalid {odd!r}",
                id=f"{odd!r} where a text belongs",
            )
            for odd in (7, ["Sales"], {"text": "Sales"}, True)
        ),
        pytest.param(
            "class",
            {"parent": {"id": "10"}},
            "(row {'id': '12', 'name': 'Sales'}): int() argument must be a string, "
            "a bytes-like object or a real number, not 'dict'",
            id="a record where an id belongs",
        ),
    ],
)
def test_a_row_that_cannot_be_read_voids_the_list_and_is_named(
    account: Account, kind: str, columns: dict[str, Any], odd: str
) -> None:
    error = says(account, kind, **columns)
    assert str(error) == (
        f"NetSuite sent a {kind} the monitor cannot read {odd} is missing or odd; "
        "nothing of this reading is kept"
    )
    assert error.source == "netsuite"


def test_a_box_that_is_null_says_nothing_and_nobody_is_inactive_by_it(account: Account) -> None:
    account.tables.add("project", 1, entityid="P1", isinactive=None)
    (project,) = account.read("project")[1]
    assert project == a_record(
        "project", "1", "P1", subsidiary_ids=(), resource_ids=(), allow_expenses=None
    )


def test_only_the_latest_edit_moves_the_moment_and_a_renamed_parent_moves_no_childs(
    account: Account,
) -> None:
    a_tree("class")(account.tables)
    account.clock.move_to(START + timedelta(hours=1))
    account.tables.rename("class", 10, "Revenue")
    _, parent, child = account.read("class")[1]
    assert (parent.full_name, parent.modified_at) == ("Revenue", START + timedelta(hours=1))
    assert (child.full_name, child.modified_at) == ("Revenue : Marketing", START)
