"""Small pieces of every output: moments, values and names that are safe on a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import click

from monitor.core.records import FieldValue
from monitor.core.sync import Imported
from monitor.errors import UsageError
from monitor.when import zone_named

Paint = Callable[[str, str], str]
"""Text and colour name -> the text as it is written."""

NOTHING = "–"
IMPORTED = {
    Imported.NO: "Expensify has not imported it",
    Imported.YES: "Expensify has imported it",
    Imported.UNKNOWN: "cannot tell whether Expensify has imported it",
}
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ONE_PLACE = {"Cc", "Cs", "Zl", "Zp"}
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


def local(moment: datetime, time_zone: str) -> str:
    """The moment for people, in their zone: 2026-11-22 04:45 EST."""
    try:
        zone = zone_named(time_zone)
    except UsageError:  # showing UTC beats showing nothing
        zone = UTC
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z")


def plain(text: str) -> str:
    """A name as it may stand on a terminal: no line breaks, control or direction characters."""
    if text.isprintable():  # excludes all of them, and costs little
        return text
    return "".join("\ufffd" if _is_hidden(char) else char for char in text)


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


def table(rows: Sequence[Sequence[str]], *, gap: str = "  ") -> list[str]:
    """Align the columns, whatever the colours; a line ends with its last word."""
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        gap.join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _width(cell: str) -> int:
    return len(click.unstyle(cell))


def _is_hidden(char: str) -> bool:
    return char in _BIDI or unicodedata.category(char) in _ONE_PLACE
