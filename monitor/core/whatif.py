"""Records + what somebody might do in NetSuite -> the records as they would be then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from monitor.core.records import Kind, Record, Ref

_BETWEEN = " : "
"""What NetSuite writes between the names of a path."""
_IN_A_TREE = (Kind.CLASS, Kind.DEPARTMENT, Kind.LOCATION)
_SEGMENT = "segment:"
TOP = "none"
"""Names no parent: the record moves to the top of its list."""


class Edit(StrEnum):
    """What somebody may do to a record; the value is the word for it on the command line."""

    INACTIVATE = "inactivate"
    REACTIVATE = "reactivate"
    RENAME = "rename"
    MOVE = "move"
    REMOVE_SUBSIDIARY = "remove-subsidiary"
    ADD_SUBSIDIARY = "add-subsidiary"
    DELETE = "delete"

    @property
    def needs_value(self) -> bool:
        """Whether it must be said to what, or by which."""
        return self in (Edit.RENAME, Edit.MOVE, Edit.REMOVE_SUBSIDIARY, Edit.ADD_SUBSIDIARY)


class Supposition(NamedTuple):
    """One thing that somebody might do. `value`: the new name, the new parent's id (or "none"), or
    the subsidiary's id.
    """

    edit: Edit
    ref: Ref
    value: str = ""


def suppose(records: Iterable[Record], suppositions: Iterable[Supposition]) -> tuple[Record, ...]:
    """The records as they would be after all of it, one thing after the other, in their order.

    The paths of what lies below a renamed or moved record follow it. Nothing is checked:
    `mistakes_in` does that.
    """
    world = _World(records)
    for supposition in suppositions:
        world.take(supposition)
    return tuple(world.records.values())


def mistakes_in(
    records: Iterable[Record], suppositions: Iterable[Supposition]
) -> Iterator[tuple[Supposition, str]]:
    """Everything that could not be done in NetSuite, with why; nothing when all of it could."""
    given = tuple(suppositions)
    before = _World(records)
    alone = {supposition: _mistake(supposition, before) for supposition in given}
    yield from ((supposition, mistake) for supposition, mistake in alone.items() if mistake)
    yield from _contradictions(given)
    after = _World(before.records.values())
    for supposition in given:
        if alone[supposition]:
            continue
        after.take(supposition)
        if supposition.edit is Edit.MOVE and after.is_in_a_circle(supposition.ref):
            yield supposition, f"{supposition.ref} would lie below itself"
    for ref in dict.fromkeys(supposition.ref for supposition in given):
        removed = [one for one in given if one[:2] == (Edit.REMOVE_SUBSIDIARY, ref)]
        if removed and after.is_of_nobody(ref):
            yield removed[-1], f"{ref} would be left without any subsidiary"


class _World:
    """The records by ref, changed one step at a time."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records = {record.ref: record for record in records}
        self._below: defaultdict[Ref, set[Ref]] = defaultdict(set)
        for record in self.records.values():
            if record.parent_id is not None:
                self._below[Ref(record.kind, record.parent_id)].add(record.ref)

    def take(self, supposition: Supposition) -> None:
        """Do one thing; where there is no such record there is nothing to do."""
        ref, value = supposition.ref, supposition.value
        record = self.records.get(ref)
        if record is None:
            return
        match supposition.edit:
            case Edit.INACTIVATE | Edit.REACTIVATE:
                is_inactive = supposition.edit is Edit.INACTIVATE
                self.records[ref] = record._replace(is_inactive=is_inactive)
            case Edit.RENAME:
                path = _above(record) + value
                self._call(record, record._replace(name=value, full_name=path), frozenset())
            case Edit.MOVE:
                self._move(record, None if value == TOP else value)
            case Edit.REMOVE_SUBSIDIARY | Edit.ADD_SUBSIDIARY:
                self.records[ref] = _rescoped(record, supposition)
            case Edit.DELETE:
                del self.records[ref]

    def is_in_a_circle(self, ref: Ref) -> bool:
        """Whether the record lies below itself."""
        seen: set[Ref] = set()
        record = self.records.get(ref)
        while record is not None and record.parent_id is not None and record.ref not in seen:
            seen.add(record.ref)
            record = self.records.get(Ref(record.kind, record.parent_id))
            if record is not None and record.ref == ref:
                return True
        return False

    def is_of_nobody(self, ref: Ref) -> bool:
        """Whether the record names no subsidiary: NetSuite keeps no such record."""
        record = self.records.get(ref)
        return record is not None and record.subsidiary_ids == ()

    def _move(self, record: Record, parent_id: str | None) -> None:
        if record.parent_id is not None:
            self._below[Ref(record.kind, record.parent_id)].discard(record.ref)
        path = _leaf(record)
        if parent_id is not None:
            above = Ref(record.kind, parent_id)
            self._below[above].add(record.ref)
            if above in self.records:
                path = f"{self.records[above].full_name}{_BETWEEN}{path}"
        moved = record._replace(parent_id=parent_id, full_name=path)
        self._call(record, moved, frozenset())

    def _call(self, record: Record, anew: Record, seen: frozenset[Ref]) -> None:
        """Put the record in its place, and let the paths of all that lies below follow."""
        self.records[record.ref] = anew
        if record.ref in seen or record.full_name == anew.full_name:
            return
        old, new = record.full_name + _BETWEEN, anew.full_name + _BETWEEN
        for ref in sorted(self._below[record.ref]):
            below = self.records.get(ref)
            if below is not None and below.full_name.startswith(old):
                path = new + below.full_name.removeprefix(old)
                self._call(below, below._replace(full_name=path), seen | {record.ref})


def _above(record: Record) -> str:
    """The part of the path before the record's own name."""
    return record.full_name.removesuffix(_leaf(record))


def _leaf(record: Record) -> str:
    if record.full_name == record.name or record.full_name.endswith(_BETWEEN + record.name):
        return record.name
    return record.full_name.rpartition(_BETWEEN)[2]


def _rescoped(record: Record, supposition: Supposition) -> Record:
    """The same with one subsidiary more or less, in both of NetSuite's readings."""
    value = supposition.value

    def changed(ids: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if ids is None:
            return None
        others = {one for one in ids if one != value}
        if supposition.edit is Edit.ADD_SUBSIDIARY:
            others.add(value)
        return tuple(sorted(others, key=int))

    return record._replace(
        subsidiary_ids=changed(record.subsidiary_ids),
        mapped_subsidiary_ids=changed(record.mapped_subsidiary_ids),
    )


def _mistake(supposition: Supposition, world: _World) -> str:
    """Why this alone could not be done, "" when it could."""
    edit, ref, value = supposition
    record = world.records.get(ref)
    if record is None:
        return f"there is no {ref} in NetSuite"
    if edit.needs_value and not value.strip():
        return (
            f"say what to {edit} {ref} to"
            if edit in (Edit.RENAME, Edit.MOVE)
            else (f"say which subsidiary to {edit.removesuffix('-subsidiary')}")
        )
    if edit is Edit.MOVE:
        return _bad_move(record, value, world)
    if edit in (Edit.REMOVE_SUBSIDIARY, Edit.ADD_SUBSIDIARY):
        return _bad_scope(record, edit, value, world)
    return ""


def _bad_move(record: Record, value: str, world: _World) -> str:
    if record.kind not in _IN_A_TREE and not record.kind.startswith(_SEGMENT):
        return f"a {record.kind} cannot be moved: only {', '.join(_IN_A_TREE)} have a parent"
    if value != TOP and Ref(record.kind, value) not in world.records:
        return f"there is no {record.kind}:{value} to move {record.ref} below"
    return ""


def _bad_scope(record: Record, edit: Edit, value: str, world: _World) -> str:
    ids = record.subsidiary_ids
    if ids is None:
        return f"NetSuite does not say which subsidiaries may use {record.ref}"
    if edit is Edit.REMOVE_SUBSIDIARY and value not in ids:
        return f"{record.ref} has no subsidiary {value}, only {', '.join(ids) or 'none'}"
    if edit is Edit.ADD_SUBSIDIARY and Ref(Kind.SUBSIDIARY, value) not in world.records:
        return f"there is no subsidiary {value}"
    return ""


def _contradictions(given: tuple[Supposition, ...]) -> Iterator[tuple[Supposition, str]]:
    """What cannot be meant together, whatever comes first."""
    seen: dict[tuple[Ref, object], Supposition] = {}
    of_record: defaultdict[Ref, set[Edit]] = defaultdict(set)
    for one in given:
        earlier = seen.setdefault((one.ref, _aspect(one)), one)
        if earlier != one:
            yield one, f"{_said(one)} contradicts {_said(earlier)}"
        of_record[one.ref].add(one.edit)
    for one in given:
        if one.edit is Edit.DELETE and len(of_record[one.ref]) > 1:
            others = ", ".join(sorted(of_record[one.ref] - {Edit.DELETE}))
            yield one, f"{one.ref} cannot be deleted and something else ({others}) at once"


def _aspect(supposition: Supposition) -> object:
    """What of the record it changes; of each aspect only one thing can be meant."""
    if supposition.edit in (Edit.INACTIVATE, Edit.REACTIVATE):
        return "activity"
    if supposition.edit in (Edit.REMOVE_SUBSIDIARY, Edit.ADD_SUBSIDIARY):
        return "subsidiary", supposition.value
    return supposition.edit


def _said(supposition: Supposition) -> str:
    value = f"={supposition.value}" if supposition.value else ""
    return f"{supposition.edit} {supposition.ref}{value}"
