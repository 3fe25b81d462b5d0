"""The text on an expense -> the NetSuite record it means, and how we know."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
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

    As often as it takes: a name that itself looks like an entity ("Cards &copy") may be sent as it
    is, or encoded once more.
    """
    once = _once(text)
    while not _is_final(once) and (again := _once(once)) != once:
        once = again
    return once


def _once(text: str) -> str:
    if "&" in text:
        import html  # its table of entities costs a command that never meets one

        text = html.unescape(text)
    if "\\" in text:
        text = text.replace("\\:", ":")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split()).casefold()


def _is_final(text: str) -> bool:
    """Nearly every name is plain, and there are a hundred thousand of them."""
    return text.isascii() and "&" not in text and "\\" not in text


def readable(text: str) -> str:
    """The text as people read it: HTML decoded, `\\:` unescaped, blanks collapsed."""
    if "&" in text:
        import html

        text = html.unescape(text)
    return " ".join(text.replace("\\:", ":").split())


def tightened(normalised: str) -> str:
    """The same without blanks around colons: "a : b" and "a:b" become one."""
    return _AROUND_COLON.sub(":", normalised) if ":" in normalised else normalised


_Names = defaultdict[str, list[Ref]]


@dataclass(slots=True)
class _Tier:
    """All names of one sort, as written; `tight` holds those that read differently tightened."""

    literal: _Names = field(default_factory=lambda: defaultdict(list))
    tight: _Names = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, ref: Ref) -> None:
        literal = normalise(name)
        self.literal[literal].append(ref)
        if (tight := tightened(literal)) != literal:
            self.tight[tight].append(ref)

    def find(self, normalised: str, kinds: Collection[str]) -> list[Ref]:
        """Each record once: as written, else with the blanks around colons left out."""
        if literal := self._of(kinds, self.literal.get(normalised, ())):
            return literal
        tight = tightened(normalised)
        return self._of(kinds, (*self.literal.get(tight, ()), *self.tight.get(tight, ())))

    @staticmethod
    def _of(kinds: Collection[str], refs: Iterable[Ref]) -> list[Ref]:
        return list(dict.fromkeys(ref for ref in refs if ref.kind in kinds))


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
        self.kinds = frozenset(ref.kind for ref in (*self.present, *self.gone))
        """The kinds of which anything is known."""
        self._former: defaultdict[Ref, list[Record]] = defaultdict(list)
        self._paths, self._former_paths = _Tier(), _Tier()
        self._leaves, self._former_leaves = _Tier(), _Tier()
        for record in former:
            self._former[record.ref].append(record)
        for record in self.present.values():
            self._enter(record, self._paths, self._leaves)
            for path in self._former_combinations(record):
                self._former_paths.add(path, record.ref)
        for record in (*chain.from_iterable(self._former.values()), *self.gone.values()):
            self._enter(record, self._former_paths, self._former_leaves)
            for path in self._former_combinations(record):
                self._former_paths.add(path, record.ref)

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

    def predecessor(self, text: str, meant: Ref) -> Ref | None:
        """The deleted record of the same kind that had the name before the one that the text means
        now; the newest, where there were several.
        """
        normalised = normalise(text)
        for tier in (self._former_paths, self._former_leaves):
            gone = [ref for ref in tier.find(normalised, (meant.kind,)) if ref in self.gone]
            if gone:
                return max(gone, key=lambda ref: int(ref.id))
        return None

    def _meant(self, refs: list[Ref], basis: Basis) -> Match:
        if len(refs) == 1:
            return Match(refs[0], basis)
        if not any(ref in self.present for ref in refs):
            # Whichever of them Expensify sends, it is deleted: the newest is the likeliest.
            return Match(max(refs, key=lambda ref: (ref.kind, int(ref.id))), basis)
        active = [ref for ref in refs if ref in self.present and not self.present[ref].is_inactive]
        # Of an active and an inactive record of one name, Expensify's import knows the active one.
        meant = min(active or refs, key=lambda ref: (ref.kind, int(ref.id)))
        return Match(meant, basis, is_ambiguous=True)

    def _enter(self, record: Record, paths: _Tier, leaves: _Tier) -> None:
        for path in dict.fromkeys((*_own_paths(record), *self._combinations(record))):
            paths.add(path, record.ref)
        if record.name != record.full_name:
            leaves.add(record.name, record.ref)

    def _combinations(self, project: Record) -> Iterator[str]:
        """`Customer : Project`, with every name of the customer as it is."""
        if project.kind == Kind.PROJECT and project.customer_id is not None:
            customer = self.present.get(Ref(Kind.CUSTOMER, project.customer_id))
            yield from _combined(customer, project)

    def _former_combinations(self, project: Record) -> Iterator[str]:
        """The same with what the customer was once called, also when it is gone."""
        if project.kind == Kind.PROJECT and project.customer_id is not None:
            ref = Ref(Kind.CUSTOMER, project.customer_id)
            for customer in (*self._former.get(ref, ()), self.gone.get(ref)):
                yield from _combined(customer, project)


def _own_paths(record: Record) -> Iterator[str]:
    """Every way Expensify may spell the whole record by itself."""
    yield record.full_name
    if record.kind in (Kind.PROJECT, Kind.CUSTOMER):
        yield record.name
        yield from record.other_names


def _combined(customer: Record | None, project: Record) -> Iterator[str]:
    if customer is not None:
        for customer_name in (customer.name, *customer.other_names):
            yield f"{customer_name} : {project.name}"
