"""Small pieces of every output: moments, values and names that are safe on a terminal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from monitor.core.records import FieldValue
from monitor.core.sync import Imported
from monitor.core.visible import plain as plain
from monitor.when import local as local

Paint = Callable[[str, str], str]
"""Text and colour name -> the text as it is written."""

NOTHING = "–"
IMPORTED = {
    Imported.NO: "Expensify has not imported it",
    Imported.YES: "Expensify has imported it",
    Imported.UNKNOWN: "cannot tell whether Expensify has imported it",
}
_FIELDS = {
    "full_name": "full name",
    "parent_id": "parent",
    "is_inactive": "inactive",
    "subsidiary_ids": "subsidiaries",
    "include_children": "includes children",
    "external_id": "external id",
    "other_names": "other names",
    "customer_id": "customer",
    "allow_expenses": "allows expenses",
    "limit_to_resources": "limited to its resources",
    "resource_ids": "resources",
    "class_id": "class",
    "department_id": "department",
    "location_id": "location",
    "subsidiary_id": "subsidiary",
    "released_on": "last day",
    "hired_on": "first day",
}


def iso(moment: datetime) -> str:
    """The moment for programs: ISO 8601, UTC, whole seconds."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def iso_or_none(moment: datetime | None) -> str | None:
    """The same for a moment that may be unknown."""
    return None if moment is None else iso(moment)


def field_word(field: str) -> str:
    """What an accountant calls a field."""
    return _FIELDS.get(field, field)


def value(given: FieldValue) -> str:
    """A field's value for people; unknown and empty look the same."""
    if given is None or given == ():
        return NOTHING
    if isinstance(given, bool):
        return "yes" if given else "no"
    return plain(given if isinstance(given, str) else ", ".join(given)) or NOTHING
