"""What the store should say, by brute force: whole copies of every snapshot, compared by loops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.core.records import SHOWN_FIELDS, Change, ChangeWord, FieldChange, Record, Ref

Copy = dict[Ref, Record]


@dataclass
class Look:
    """One complete reading: which lists were read, what they held, and what is believed since."""

    taken_at: datetime
    kinds: frozenset[str]
    held: Copy
    believed: Copy


@dataclass
class Model:
    """The account as the readings show it. Snapshots are numbered from 1."""

    looks: list[Look] = field(default_factory=list)
    misses: dict[Ref, int] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)

    def read(
        self,
        taken_at: datetime,
        lists: Mapping[str, list[Record]],
        confirmed: frozenset[Ref],
    ) -> None:
        """A complete reading of these lists; those it leaves out were not looked at."""
        believed = dict(self.looks[-1].believed) if self.looks else {}
        held: Copy = {}
        for kind, records in lists.items():
            now = {record.ref: record for record in records}
            held |= now
            self._miss(kind, now, believed, confirmed)
            for ref, record in now.items():
                if ref not in believed or believed[ref][:-1] != record[:-1]:
                    believed[ref] = record
        self.looks.append(Look(taken_at, frozenset(lists), held, believed))

    def _miss(self, kind: str, now: Copy, believed: Copy, confirmed: frozenset[Ref]) -> None:
        before = {ref for ref in believed if ref.kind == kind}
        for ref in before & now.keys():
            self.misses.pop(ref, None)
        absent = before - now.keys()
        is_accepted = kind in self.accepted
        self.accepted.discard(kind)
        is_mass = bool(absent - confirmed) and absent == before and not is_accepted
        for ref in absent:
            self.misses[ref] = self.misses.get(ref, 0) + (not is_mass)
            is_second = self.misses[ref] >= 2 and not is_mass
            if is_second or is_accepted or ref in confirmed:
                del believed[ref], self.misses[ref]

    def between(self, a: int, b: int) -> list[Change]:
        """The net difference of the copies, list by list."""
        changes = []
        for kind, baseline in self._baselines().items():
            begin = max(a, baseline)
            for ref in self._refs(kind):
                if begin < b and self._at(begin, ref) is not self._at(b, ref):
                    changes += self._change(ref, begin, b)
        return changes

    def each(self, a: int, b: int) -> list[Change]:
        """The net difference of every two copies in a row."""
        return [change for step in range(a, b) for change in self.between(step, step + 1)]

    def missed(self, kind: str) -> dict[str, datetime]:
        """Ids that were seen once and not at the last look, and the first look without them."""
        looks = [look for look in self.looks if kind in look.kinds]
        missing: dict[str, datetime] = {}
        seen: set[str] = set()
        for look in looks:
            now = {ref.id for ref in look.held if ref.kind == kind}
            seen |= now
            missing = {one: missing.get(one, look.taken_at) for one in seen - now}
        return missing

    def _baselines(self) -> dict[str, int]:
        first: dict[str, int] = {}
        for number, look in enumerate(self.looks, 1):
            for kind in sorted(look.kinds):
                first.setdefault(kind, number)
        return dict(sorted(first.items()))

    def _refs(self, kind: str) -> list[Ref]:
        refs = {ref for look in self.looks for ref in look.believed if ref.kind == kind}
        return sorted(refs, key=lambda ref: int(ref.id))

    def _at(self, number: int, ref: Ref) -> Record | None:
        return self.looks[number - 1].believed.get(ref)

    def _change(self, ref: Ref, a: int, b: int) -> Iterator[Change]:
        before, after = self._at(a, ref), self._at(b, ref)
        fields = tuple(
            FieldChange(name, old, new)
            for name in SHOWN_FIELDS
            if (old := _value(before, name)) != (new := _value(after, name))
        )
        shown = after or before
        if not fields or shown is None:
            return
        was_there = any(self._at(number, ref) for number in range(1, a))
        yield Change(
            kind=ref.kind,
            id=ref.id,
            name=shown.name,
            full_name=shown.full_name,
            change=_word(before, after, was_there=was_there),
            fields=fields,
            seen_between=(self._last_with_old(ref, a, b), self._first_with_new(ref, b)),
            modified_at=after.modified_at if after else None,
            before=before,
            after=after,
        )

    def _last_with_old(self, ref: Ref, a: int, b: int) -> datetime:
        """The last look that showed what was there at a, before that ended for the first time."""
        ended = next(n for n in range(a + 1, b + 1) if self._at(n, ref) is not self._at(a, ref))
        is_there = self._at(a, ref) is not None
        return next(
            look.taken_at
            for look in reversed(self.looks[: ended - 1])
            if ref.kind in look.kinds and (ref in look.held) == is_there
        )

    def _first_with_new(self, ref: Ref, b: int) -> datetime:
        """The first look that showed what is there at b, and has been since."""
        begun = b
        while self._at(begun - 1, ref) is self._at(b, ref):
            begun -= 1
        if self._at(b, ref) is not None:
            return self.looks[begun - 1].taken_at
        missing = self.looks[begun - 1]
        for look in reversed(self.looks[: begun - 1]):
            if ref in look.held:
                break
            if ref.kind in look.kinds:
                missing = look
        return missing.taken_at


def _value(record: Record | None, name: str) -> object:
    value = None if record is None else getattr(record, name)
    return None if name == "other_names" and value == () else value


def _word(before: Record | None, after: Record | None, *, was_there: bool) -> ChangeWord:
    if after is None:
        return ChangeWord.DELETED
    if before is None:
        return ChangeWord.RESTORED if was_there else ChangeWord.ADDED
    if after.is_inactive and not before.is_inactive:
        return ChangeWord.INACTIVATED
    if before.is_inactive and not after.is_inactive:
        return ChangeWord.REACTIVATED
    if before.name != after.name:
        return ChangeWord.RENAMED
    if before.parent_id != after.parent_id:
        return ChangeWord.MOVED
    return ChangeWord.EDITED
