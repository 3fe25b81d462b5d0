"""A difference as CSV for spreadsheets: one row a field, the header always."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from monitor.answers.difference import Difference
from monitor.cli.output.words import iso
from monitor.core.records import Change, FieldChange, FieldValue
from monitor.core.visible import no_formula

HEADER = (
    "kind",
    "id",
    "full_name",
    "change",
    "field",
    "old",
    "new",
    "seen_from",
    "seen_to",
    "modified_at",
    "modified_by",
)
_LINE_END = "\r\n"


def diff_csv(difference: Difference) -> str:
    """The whole answer; unknown is an empty cell, several ids are joined by ";". A text that a
    spreadsheet would take for a formula stands behind an apostrophe.
    """
    page = _Lines()
    # csv quotes a line break inside a name only where it could be taken for its own line end
    writer = csv.writer(page, lineterminator=_LINE_END)
    writer.writerow(HEADER)
    for row in difference.changes:
        writer.writerows(_rows(row.change))
    return "\n".join(page.lines)


class _Lines:
    """Takes what csv writes, one line at a time, and drops its line ends."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.lines.append(line.removesuffix(_LINE_END))


def _rows(change: Change) -> Iterator[tuple[str, ...]]:
    seen_from, seen_to = change.seen_between
    # a change whose fields are all hidden is still a change
    for field in change.fields or (FieldChange("", None, None),):
        yield (
            change.kind,
            change.id,
            no_formula(change.full_name),
            change.change.value,
            field.field,
            _cell(field.old),
            _cell(field.new),
            iso(seen_from),
            iso(seen_to),
            iso(change.modified_at) if change.modified_at else "",
            no_formula(change.modified_by or ""),
        )


def _cell(value: FieldValue) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return no_formula(value if isinstance(value, str) else ";".join(value))
