"""How a row of a NetSuite list becomes a record, or is refused by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from monitor.adapters.netsuite.numbers import moment, whole
from monitor.adapters.netsuite.specs import SPECS, ListSpec
from monitor.core.records import Kind, Record
from monitor.errors import SourceError

__all__ = ["SPECS", "parser"]

Row = Mapping[str, Any]

_LONGEST_ROW = 200
_TRUTHS = {"T": True, "F": False, None: None}
"""A box that is null says nothing; any other word is one we do not know."""
_TEXTS = frozenset(
    {"name", "fullname", "externalid", "companyname", "altname", "firstname", "lastname"}
    | {"entityid", "email", "hiredate", "releasedate"}
)


def parser(
    spec: ListSpec, columns: frozenset[str], *, has_attached: bool
) -> Callable[[Row, Mapping[str, tuple[str, ...]]], Record]:
    """A function that turns one row, and the attached values by owner, into a record.

    It raises SourceError, naming the row, when the row has no usable id or no name at all.
    """
    fill = _FILLS.get(spec.kind, _tree)
    texts = tuple(sorted(_TEXTS & columns))
    attached_field = spec.attached.field if spec.attached and has_attached else ""

    def parse(row: Row, attached: Mapping[str, tuple[str, ...]]) -> Record:
        try:
            record_id = str(whole(row["id"]))
            _check_texts(row, texts)
            fields = fill(row, columns)
            if attached_field:
                fields[attached_field] = attached.get(record_id, ())
            return Record(
                kind=spec.kind,
                id=record_id,
                is_inactive=bool(_truth(row, "isinactive")),
                external_id=row.get("externalid"),
                modified_at=moment(row.get("lastmodified_utc")),
                **fields,
            )
        except (KeyError, ValueError, TypeError) as error:
            raise SourceError(
                f"NetSuite sent a {spec.kind} the monitor cannot read ({_named(row)}): "
                f"{str(error)[:_LONGEST_ROW]} is missing or odd; nothing of this reading is kept",
                source="netsuite",
            ) from error

    return parse


def _check_texts(row: Row, names: tuple[str, ...]) -> None:
    for name in names:
        value = row.get(name)
        if value is not None and type(value) is not str:
            raise TypeError(f"{name} {value!r:.60}")


def _tree(row: Row, columns: frozenset[str]) -> dict[str, Any]:
    name = row["name"]
    if name is None:
        raise KeyError("name")
    return {
        "name": name,
        "full_name": row.get("fullname") or name,
        "parent_id": _id(row, "parent"),
        "include_children": _truth(row, "includechildren"),
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
        "parent_id": _id(row, "parent"),
    }


def _project(row: Row, columns: frozenset[str]) -> dict[str, Any]:
    return {
        **_entity(row, columns),
        "customer_id": _id(row, "customer"),
        "allow_expenses": _truth(row, "allowexpenses"),
        "limit_to_resources": _truth(row, "limittimetoassignees"),
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
        "class_id": _id(row, "class"),
        "department_id": _id(row, "department"),
        "location_id": _id(row, "location"),
        "subsidiary_id": _id(row, "subsidiary"),
        "released_on": row.get("releasedate"),
        "hired_on": row.get("hiredate"),
    }


_FILLS: Mapping[str, Callable[[Row, frozenset[str]], dict[str, Any]]] = {
    Kind.PROJECT: _project,
    Kind.CUSTOMER: _entity,
    Kind.EMPLOYEE: _employee,
}


def _truth(row: Row, name: str) -> bool | None:
    return _TRUTHS[row.get(name)]


def _id(row: Row, name: str) -> str | None:
    value = row.get(name)
    return None if value is None or value == "" else str(whole(value))


def _ids(text: Any) -> tuple[str, ...]:
    """A multi-select arrives as one text: "1, 3, 4"."""
    if text is None:
        return ()
    return tuple(map(str, sorted({whole(part) for part in str(text).split(",") if part.strip()})))


def _named(row: Row) -> str:
    known = {name: row[name] for name in ("id", "name", "fullname", "entityid") if name in row}
    return f"row {str(known)[:_LONGEST_ROW]}" if known else "a row without an id and a name"
