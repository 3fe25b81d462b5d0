"""Which table holds which list, and which columns it may have.

Tables and columns: docs.oracle.com records catalog, as public SuiteQL uses them. Any column but
the id may be absent in an account (edition, feature, permission), so each is probed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.core.records import Kind

RECORD_TYPES: Mapping[str, str] = {
    Kind.CLASS: "-101",
    Kind.DEPARTMENT: "-102",
    Kind.LOCATION: "-103",
    Kind.SUBSIDIARY: "-117",
    Kind.PROJECT: "-7",
    Kind.CUSTOMER: "-2",
    Kind.EMPLOYEE: "-4",
}
"""NetSuite's numbers for record types, as DeletedRecord and SystemNote use them."""

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
    names: tuple[str, ...] = ("name",)
    """The columns that can name a record; one of them must be there."""

    def lacking(self, columns: frozenset[str]) -> str:
        """A column without which nothing can be said of the list; "" when all is there.

        A record whose inactive box cannot be seen is not active: nobody knows.
        """
        if "isinactive" not in columns:
            return "isinactive"
        return "" if columns & set(self.names) else self.names[0]


def _columns(*names: str, **expressions: str) -> dict[str, str]:
    modified = {"lastmodified_utc": _UTC.format("lastmodifieddate")}
    return {**{name: f"t.{name}" for name in names}, **expressions, **modified}


_TREE = ("name", "fullname", "parent", "isinactive", "includechildren", "subsidiary", "externalid")
_NAMES = ("companyname", "altname", "firstname", "lastname", "entityid")
_ENTITY = (*_NAMES, "isinactive", "parent")

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
            names=_NAMES,
        ),
        ListSpec(
            Kind.CUSTOMER,
            "customer",
            "Lists > Customers (View)",
            _columns(*_ENTITY, "externalid"),
            Attached("customersubsidiaryrelationship", "entity", "subsidiary", "subsidiary_ids"),
            names=_NAMES,
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
                hiredate=_DAY.format("hiredate"),
                releasedate=_DAY.format("releasedate"),
            ),
            names=("entityid", "firstname", "lastname", "email"),
        ),
    )
}
