"""What people type or write into a file after `monitor what-if` -> what is to be supposed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from monitor.answers.rehearsal import Told
from monitor.cli.arguments import kind_from, record_from
from monitor.cli.files import no_utf8_csv, unreadable
from monitor.core.records import Kind, Ref
from monitor.core.whatif import TOP, Edit, Supposition
from monitor.errors import UsageError

_HEADER = ("kind", "id", "change", "value")
_NEEDED = 3
"""Columns without which a line says nothing."""


class _Written(NamedTuple):
    """One change as it was written, and where; `mistake`: why it is none."""

    edit: str
    record: str
    value: str
    where: str
    mistake: str = ""


def suppositions_from(options: Mapping[str, Iterable[str]], file: Path | None) -> tuple[Told, ...]:
    """Everything to suppose, the options first, then line by line; `options`: texts by the change's
    word.

    What cannot be understood is told among it, in its place. Raises UsageError with every mistake,
    one sentence a line, when nothing else is there.
    """
    written = _from_options(options)
    told = (*map(_told, written), *(_from_csv(file) if file else ()))
    if not told:
        raise UsageError(
            "say what to suppose: for example --inactivate class:12, or --from-csv FILE"
        )
    if all(one.mistake for one in told):
        raise UsageError("\n".join(one.mistake for one in told))
    return told


def _from_options(options: Mapping[str, Iterable[str]]) -> Iterator[_Written]:
    for edit, texts in options.items():
        for text in texts:
            record, _, value = text.partition("=")
            yield _Written(edit, record, value, f"--{edit} {text}")


def _from_csv(file: Path) -> tuple[Told, ...]:
    try:
        header, *lines = _text_of(file).split("\n")
        _check_header(file, header)
    except UsageError as error:
        return (Told(None, str(file), str(error)),)
    rows = (_row(line, f"{file}, line {number}") for number, line in enumerate(lines, start=2))
    told = tuple(_told(row) for row in rows if row is not None)
    return told or (Told(None, str(file), f"{file} has no changes below its first line"),)


def _text_of(file: Path) -> str:
    """Raises UsageError."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeError as error:
        raise no_utf8_csv(str(file)) from error
    except OSError as error:
        raise unreadable(str(file), error) from error


def _check_header(file: Path, line: str) -> None:
    """Raises UsageError."""
    if _names(line, ",") == _HEADER:
        return
    if _HEADER in (_names(line, ";"), _names(line, "\t")):
        raise UsageError(f"{file}: columns are separated by commas")
    raise UsageError(f"{file}: its first line must be {','.join(_HEADER)}")


def _names(line: str, separator: str) -> tuple[str, ...]:
    return tuple(cell.strip().strip('"').lower() for cell in line.split(separator))


def _row(line: str, where: str) -> _Written | None:
    """A line alone, so that an open quote hides no other; None of an empty one."""
    try:
        cells = [cell.strip() for cell in next(csv.reader([line], strict=True), [])]
    except csv.Error as error:
        return _Written("", "", "", where, f"the quotes of the line do not match ({error})")
    if not any(cells):
        return None
    kind, record_id, edit, value = (*cells, "", "", "")[: len(_HEADER)]
    word = edit.lower().replace("_", "-")
    return _Written(word, f"{kind}:{record_id}", value, where, _misshapen(cells, line))


def _misshapen(cells: list[str], line: str) -> str:
    columns = len(_HEADER)
    if len(cells) > columns:
        return f"more than {columns} cells"
    if len(cells) >= _NEEDED:
        return ""
    hint = ": columns are separated by commas" if ";" in line or "\t" in line else ""
    return f"the line has {len(cells)} of {columns} columns{hint}"


def _told(written: _Written) -> Told:
    if written.mistake:
        return Told(None, written.where, f"{written.where}: {written.mistake}")
    try:
        return Told(_supposition(written), written.where)
    except UsageError as error:
        return Told(None, written.where, f"{written.where}: {error}")


def _supposition(written: _Written) -> Supposition:
    """Raises UsageError."""
    ref = _ref(written)
    edit = Edit(written.edit)
    value = written.value.strip()
    if value and not edit.needs_value:
        raise UsageError(f"{edit} takes no value, but {value!r} stands there")
    return Supposition(edit, ref, _value(edit, ref, value))


def _ref(written: _Written) -> Ref:
    """The record; raises UsageError that says all that is wrong with it and the change's word."""
    edits = ", ".join(Edit)
    mistakes = []
    if not written.edit:
        mistakes.append(f"say what to do: one of {edits}")
    elif written.edit not in set(Edit):
        mistakes.append(f"there is no change {written.edit!r}: write one of {edits}")
    try:
        ref = _listed(written.record)
    except UsageError as error:
        raise UsageError("; ".join([*mistakes, str(error)])) from error
    if mistakes:
        raise UsageError(*mistakes)
    return ref


def _listed(record: str) -> Ref:
    ref = record_from(record)
    if ref.kind == Kind.SUBSIDIARY:
        raise UsageError("subsidiaries themselves cannot be rehearsed")
    return ref


def _value(edit: Edit, ref: Ref, value: str) -> str:
    """A new name as it is; the id of a parent ("none": of nothing) or of a subsidiary."""
    if edit is Edit.RENAME or not value or (edit is Edit.MOVE and value.lower() == TOP):
        return value if edit is Edit.RENAME else value.lower()
    wanted = ref.kind if edit is Edit.MOVE else Kind.SUBSIDIARY
    kind, _, record_id = value.rpartition(":")
    if kind and kind_from(kind) != wanted:
        raise UsageError(f"{value!r} is no {wanted}: write its internal id")
    return record_from(f"{wanted}:{record_id}").id
