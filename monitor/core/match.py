"""The text on an expense -> the NetSuite record it means, and how we know."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from monitor.core.records import Kind, Record, Ref

_AROUND_COLON = re.compile(r" *: *")


class Basis(StrEnum):
    """By what a text was recognised; tried in this order."""

    FULL_PATH = "full_path"
    FORMER_NAME = "former_name"
    LEAF = "leaf"


class Match(NamedTuple):
    """The record a text means. `is_ambiguous`: others fit as well, so nothing is certain of it."""

    ref: Ref
    basis: Basis
    is_ambiguous: bool = False


def normalise(text: str) -> str:
    """The text as both systems would compare it: HTML decoded, `\\:` unescaped, NFC, blanks
    collapsed, case folded.
    """
    if "&" in text:
        text = html.unescape(text)
    if "\\" in text:
        text = text.replace("\\:", ":")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split()).casefold()


def tightened(normalised: str) -> str:
    """The same without blanks around colons: "a : b" and "a:b" become one."""
    return _AROUND_COLON.sub(":", normalised) if ":" in normalised else normalised


_Names = defaultdict[str, list[Ref]]


@dataclass(slots=True)
class _Tier:
    """All names of one sort, as written and tightened."""

    literal: _Names = field(default_factory=lambda: defaultdict(list))
    tight: _Names = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, ref: Ref) -> None:
        literal = normalise(name)
        if ref not in self.literal[literal]:
            self.literal[literal].append(ref)
        tight = tightened(literal)
        if ref not in self.tight[tight]:
            self.tight[tight].append(ref)

    def find(self, normalised: str, kinds: Collection[str]) -> list[Ref]:
        literal = [ref for ref in self.literal.get(normalised, ()) if ref.kind in kinds]
        return literal or [
            ref for ref in self.tight.get(tightened(normalised), ()) if ref.kind in kinds
        ]


class RecordBook:
    """Every record that exists or existed, by its ref and by every name it ever had.

    Built once a cycle and not changed afterwards.
    """

    def __init__(
        self,
        present: Iterable[Record],
        *,
        former: Iterable[Record] = (),
        gone: Iterable[Record] = (),
    ) -> None:
        self.present: dict[Ref, Record] = {record.ref: record for record in present}
        self.gone: dict[Ref, Record] = {
            record.ref: record for record in gone if record.ref not in self.present
        }
        self._former: defaultdict[Ref, list[Record]] = defaultdict(list)
        self._paths, self._former_paths = _Tier(), _Tier()
        self._leaves, self._former_leaves = _Tier(), _Tier()
        for record in self.present.values():
            self._enter(record, self._paths, self._leaves)
        for record in former:
            self._former[record.ref].append(record)
            self._enter(record, self._former_paths, self._former_leaves)
        for record in self.gone.values():
            self._enter(record, self._former_paths, self._former_leaves)

    def get(self, ref: Ref) -> Record | None:
        """The record as it is, or as it last was."""
        return self.present.get(ref) or self.gone.get(ref)

    def former(self, ref: Ref) -> tuple[Record, ...]:
        """The record's earlier contents."""
        return tuple(self._former.get(ref, ()))

    def find(self, text: str, kinds: Collection[str]) -> Match | None:
        """The record of these kinds that the text means; present names beat former ones."""
        normalised = normalise(text)
        if not normalised:
            return None
        for tier, basis in (
            (self._paths, Basis.FULL_PATH),
            (self._former_paths, Basis.FORMER_NAME),
            (self._leaves, Basis.LEAF),
            (self._former_leaves, Basis.FORMER_NAME),
        ):
            if refs := tier.find(normalised, kinds):
                return self._meant(refs, basis)
        return None

    def _meant(self, refs: list[Ref], basis: Basis) -> Match:
        if len(refs) == 1:
            return Match(refs[0], basis)
        active = [ref for ref in refs if ref in self.present and not self.present[ref].is_inactive]
        # Of an active and an inactive record of one name, Expensify's import knows the active one.
        meant = active[0] if active else min(refs, key=lambda ref: (ref.kind, int(ref.id)))
        return Match(meant, basis, is_ambiguous=True)

    def _enter(self, record: Record, paths: _Tier, leaves: _Tier) -> None:
        for path in dict.fromkeys(_paths(record, self.present)):
            paths.add(path, record.ref)
        if record.name != record.full_name:
            leaves.add(record.name, record.ref)


def _paths(record: Record, present: Mapping[Ref, Record]) -> Iterator[str]:
    """Every way Expensify may spell the whole record."""
    yield record.full_name
    if record.kind not in (Kind.PROJECT, Kind.CUSTOMER):
        return
    yield record.name
    yield from record.other_names
    customer = present.get(Ref(Kind.CUSTOMER, record.customer_id or ""))
    if record.kind == Kind.PROJECT and customer is not None:
        for customer_name in (customer.name, *customer.other_names):
            yield f"{customer_name} : {record.name}"
