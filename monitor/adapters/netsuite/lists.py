"""Which table holds which list, which columns it may have, and how a row becomes a record.

Tables and columns: docs.oracle.com records catalog, as public SuiteQL uses them. Any column but
the id may be absent in an account (edition, feature, permission), so each is probed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from monitor.core.records import Kind, Record
from monitor.errors import SourceError

Row = Mapping[str, Any]

_UTC = 'TO_CHAR(SYS_EXTRACT_UTC(t.{0}),\'YYYY-MM-DD"T"HH24:MI:SS"Z"\')'
_DAY = "TO_CHAR(t.{0},'YYYY-MM-DD')"


@dataclass(frozen=True, slots=True)
class Attached:
    """A table of pairs that belongs to a list: an owner of the list, and one value of it."""

    table: str
    owner: str
    value: str
    field: str
    """The record's field that the values fill."""


@dataclass(frozen=True, slots=True)
class ListSpec:
    """One list: `columns` maps a column of the answer to the expression that asks for it."""

    kind: str
    table: str
    permission: str
    columns: Mapping[str, str]
    attached: Attached | None = None


def _columns(*names: str, **expressions: str) -> dict[str, str]:
    modified = {"lastmodified_utc": _UTC.format("lastmodifieddate")}
    return {**{name: f"t.{name}" for name in names}, **expressions, **modified}


_TREE = ("name", "fullname", "parent", "isinactive", "includechildren", "subsidiary", "externalid")
_ENTITY = ("entityid", "altname", "companyname", "firstname", "lastname", "isinactive", "parent")

SPECS: Mapping[str, ListSpec] = {
    spec.kind: spec
    for spec in (
        ListSpec(
            Kind.CLASS,
            "classification",
            "Lists > Classes (View)",
            _columns(*_TREE),
            Attached(
                "classificationsubsidiarymap",
                "classification",
                "subsidiary",
                "mapped_subsidiary_ids",
            ),
        ),
        ListSpec(
            Kind.DEPARTMENT,
            "department",
            "Lists > Departments (View)",
            _columns(*_TREE),
            Attached(
                "departmentsubsidiarymap", "department", "subsidiary", "mapped_subsidiary_ids"
            ),
        ),
        ListSpec(
            Kind.LOCATION,
            "location",
            "Lists > Locations (View)",
            _columns(*_TREE),
            Attached("locationsubsidiarymap", "location", "subsidiary", "mapped_subsidiary_ids"),
        ),
        ListSpec(
            Kind.SUBSIDIARY,
            "subsidiary",
            "Lists > Subsidiaries (View), and OneWorld",
            _columns("name", "fullname", "parent", "isinactive", "externalid"),
        ),
        ListSpec(
            Kind.PROJECT,
            "job",
            "Lists > Projects (View)",
            _columns(
                *_ENTITY,
                "customer",
                "externalid",
                "allowexpenses",
                "limittimetoassignees",
                "subsidiary",
            ),
            Attached("jobresources", "project", "jobresource", "resource_ids"),
        ),
        ListSpec(
            Kind.CUSTOMER,
            "customer",
            "Lists > Customers (View)",
            _columns(*_ENTITY, "externalid"),
            Attached("customersubsidiaryrelationship", "entity", "subsidiary", "subsidiary_ids"),
        ),
        ListSpec(
            Kind.EMPLOYEE,
            "employee",
            "Lists > Employees (View)",
            _columns(
                "entityid",
                "firstname",
                "lastname",
                "email",
                "isinactive",
                "class",
                "department",
                "location",
                "subsidiary",
                "externalid",
                releasedate=_DAY.format("releasedate"),
            ),
        ),
    )
}


def parser(
    spec: ListSpec, columns: frozenset[str], *, has_attached: bool
) -> Callable[[Row, Mapping[str, tuple[str, ...]]], Record]:
    """A function that turns one row, and the attached values by owner, into a record.

    It raises SourceError, naming the row, when the row has no usable id or no name at all.
    """
    fill = _FILLS.get(spec.kind, _tree)
    attached_field = spec.attached.field if spec.attached and has_attached else ""

    def parse(row: Row, attached: Mapping[str, tuple[str, ...]]) -> Record:
        try:
            record_id = str(int(row["id"]))
            fields = fill(row, columns)
            if attached_field:
                fields[attached_field] = attached.get(record_id, ())
            return Record(
                kind=spec.kind,
                id=record_id,
                is_inactive=row.get("isinactive") == "T",
                external_id=row.get("externalid"),
                modified_at=_moment(row.get("lastmodified_utc")),
                **fields,
            )
        except (KeyError, ValueError, TypeError) as error:
            raise SourceError(
                f"NetSuite sent a {spec.kind} the monitor cannot read ({_named(row)}): "
                f"{error} is missing or odd; nothing of this reading is kept",
                source="netsuite",
            ) from error

    return parse


def _tree(row: Row, columns: frozenset[str]) -> dict[str, Any]:
    name = row["name"]
    return {
        "name": name,
        "full_name": row.get("fullname") or name,
        "parent_id": row.get("parent"),
        "include_children": _truth(row, columns, "includechildren"),
        "subsidiary_ids": _ids(row.get("subsidiary")) if "subsidiary" in columns else None,
    }


def _entity(row: Row, columns: frozenset[str]) -> dict[str, Any]:
    """companyname, else altname, else the person, else the entity id; the rest may be shown too."""
    person = " ".join(filter(None, (row.get("firstname"), row.get("lastname"))))
    spelled = [row.get("companyname"), row.get("altname"), person, row.get("entityid")]
    names = list(dict.fromkeys(name for name in spelled if name))
    if not names:
        raise KeyError("name")
    return {
        "name": names[0],
        "full_name": names[0],
        "other_names": tuple(names[1:]),
        "parent_id": row.get("parent"),
    }


def _project(row: Row, columns: frozenset[str]) -> dict[str, Any]:
    return {
        **_entity(row, columns),
        "customer_id": row.get("customer"),
        "allow_expenses": _truth(row, columns, "allowexpenses"),
        "limit_to_resources": _truth(row, columns, "limittimetoassignees"),
        "subsidiary_ids": _ids(row.get("subsidiary")) if "subsidiary" in columns else None,
    }


def _employee(row: Row, columns: frozenset[str]) -> dict[str, Any]:
    person = " ".join(filter(None, (row.get("firstname"), row.get("lastname"))))
    name = row.get("entityid") or person or row.get("email")
    if not name:
        raise KeyError("name")
    return {
        "name": name,
        "full_name": name,
        "email": row.get("email"),
        "class_id": row.get("class"),
        "department_id": row.get("department"),
        "location_id": row.get("location"),
        "subsidiary_id": row.get("subsidiary"),
        "released_on": row.get("releasedate"),
    }


_FILLS: Mapping[str, Callable[[Row, frozenset[str]], dict[str, Any]]] = {
    Kind.PROJECT: _project,
    Kind.CUSTOMER: _entity,
    Kind.EMPLOYEE: _employee,
}


def _truth(row: Row, columns: frozenset[str], name: str) -> bool | None:
    return row.get(name) == "T" if name in columns else None


def _ids(text: Any) -> tuple[str, ...]:
    """A multi-select arrives as one text: "1, 3, 4"."""
    if text is None:
        return ()
    return tuple(sorted((part.strip() for part in str(text).split(",") if part.strip()), key=int))


def _moment(text: Any) -> datetime | None:
    return None if text is None else datetime.fromisoformat(str(text)).astimezone(UTC)


def _named(row: Row) -> str:
    known = {name: row[name] for name in ("id", "name", "fullname", "entityid") if name in row}
    return f"row {known}" if known else "a row without an id and a name"
