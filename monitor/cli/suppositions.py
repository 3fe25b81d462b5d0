"""What people type or write into a file after `monitor what-if` -> what is to be supposed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from monitor.answers.rehearsal import Told
from monitor.cli.arguments import kind_from, record_from
from monitor.core.records import Kind, Ref
from monitor.core.whatif import TOP, Edit, Supposition
from monitor.errors import UsageError

_HEADER = ("kind", "id", "change", "value")


class _Written(NamedTuple):
    """One change as it was written, and where."""

    edit: str
    record: str
    value: str
    where: str


def suppositions_from(options: Mapping[str, Iterable[str]], file: Path | None) -> tuple[Told, ...]:
    """Everything to suppose, the options first; `options`: texts by the change's word.

    Raises UsageError with every mistake, one sentence a line.
    """
    mistakes: list[str] = []
    told: list[Told] = []
    written = [*_from_options(options), *(_from_csv(file, mistakes) if file else ())]
    for one in written:
        try:
            told.append(Told(_supposition(one), one.where))
        except UsageError as error:
            mistakes.append(f"{one.where}: {error}")
    if mistakes:
        raise UsageError("\n".join(mistakes))
    if not told:
        raise UsageError(
            "say what to suppose: for example --inactivate class:12, or --from-csv FILE"
        )
    return tuple(told)


def _from_options(options: Mapping[str, Iterable[str]]) -> Iterator[_Written]:
    for edit, texts in options.items():
        for text in texts:
            record, _, value = text.partition("=")
            yield _Written(edit, record, value, f"--{edit} {text}")


def _from_csv(file: Path, mistakes: list[str]) -> Iterator[_Written]:
    """The rows of the file; what is wrong with the file itself goes to the mistakes."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        mistakes.append(f"{file} cannot be read: {error}")
        return
    rows = csv.reader(text.splitlines(), strict=True)
    try:
        header = tuple(cell.strip().lower() for cell in next(rows, ()))
        if header != _HEADER:
            mistakes.append(f"{file}: its first line must be {','.join(_HEADER)}")
            return
        for row in rows:
            where = f"{file}, line {rows.line_num}"
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield _row(cells, where, mistakes)
    except csv.Error as error:
        mistakes.append(f"{file}, line {rows.line_num}: {error}")


def _row(cells: list[str], where: str, mistakes: list[str]) -> _Written:
    kind, record_id, edit, value = (*cells, "", "", "", "")[:4]
    if len(cells) > len(_HEADER):
        mistakes.append(f"{where}: more than {len(_HEADER)} cells")
    return _Written(edit.lower().replace("_", "-"), f"{kind}:{record_id}", value, where)


def _supposition(written: _Written) -> Supposition:
    """Raises UsageError."""
    try:
        edit = Edit(written.edit)
    except ValueError as error:
        raise UsageError(
            f"there is no change {written.edit!r}: write one of {', '.join(Edit)}"
        ) from error
    ref = record_from(written.record)
    if ref.kind == Kind.SUBSIDIARY:
        raise UsageError("subsidiaries themselves cannot be rehearsed")
    value = written.value.strip()
    if value and not edit.needs_value:
        raise UsageError(f"{edit} takes no value, but {value!r} stands there")
    return Supposition(edit, ref, _value(edit, ref, value))


def _value(edit: Edit, ref: Ref, value: str) -> str:
    """A new name as it is; the id of a parent ("none": of nothing) or of a subsidiary."""
    if edit is Edit.RENAME or not value or (edit is Edit.MOVE and value.lower() == TOP):
        return value if edit is Edit.RENAME else value.lower()
    wanted = ref.kind if edit is Edit.MOVE else Kind.SUBSIDIARY
    kind, _, record_id = value.rpartition(":")
    if kind and kind_from(kind) != wanted:
        raise UsageError(f"{value!r} is no {wanted}: write its internal id")
    return record_from(f"{wanted}:{record_id}").id
