"""Small pieces of every output: moments, values and names that are safe on a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import click

from monitor.core.records import FieldValue
from monitor.core.sync import Imported
from monitor.core.visible import plain as plain
from monitor.when import local as local

Paint = Callable[[str, str], str]
"""Text and colour name -> the text as it is written."""

NOTHING = "–"
_BELOW = "    "
"""Before what a row continues with on the next line."""
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


def table(rows: Sequence[Sequence[str]], *, gap: str = "  ", room: int | None = None) -> list[str]:
    """Align the columns, whatever the colours; a line ends with its last word.

    A table wider than the room goes on below, indented: a cell is never cut, only a sentence that
    is too long by itself is wrapped, between its words.
    """
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    folds = _folds(widths, len(gap), room)
    return [line for row in rows for line in _lines(row, widths, folds, gap=gap, room=room)]


def _folds(widths: Sequence[int], gap: int, room: int | None) -> list[range]:
    """Which columns stand beside each other: all of them, or as many as there is room for."""
    folds: list[range] = []
    begin, used = 0, 0
    for column, width in enumerate(widths):
        fits = room is None or used + gap + width <= room - (len(_BELOW) if folds else 0)
        if column > begin and not fits:
            folds.append(range(begin, column))
            begin, used = column, width
        else:
            used += width + (gap if column > begin else 0)
    return [*folds, range(begin, len(widths))]


def _lines(
    row: Sequence[str],
    widths: Sequence[int],
    folds: Sequence[range],
    *,
    gap: str,
    room: int | None,
) -> Iterator[str]:
    """The row, one line a fold; what would be an empty line below is left out."""
    for number, fold in enumerate(folds):
        line = gap.join(row[one] + " " * (widths[one] - _width(row[one])) for one in fold).rstrip()
        if not number:
            yield line
        elif line:
            yield from _below(line, room)


def _below(line: str, room: int | None) -> list[str]:
    if room is None or len(_BELOW) + _width(line) <= room:
        return [_BELOW + line]
    return textwrap.wrap(
        line,
        max(room, 2 * len(_BELOW)),
        initial_indent=_BELOW,
        subsequent_indent=_BELOW,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _width(cell: str) -> int:
    return len(click.unstyle(cell))
