"""What is different between two snapshots: set-based SQL; Python looks at changed rows only."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from heapq import merge
from operator import itemgetter
from typing import Any

from monitor.adapters.store.kinds import Kinds
from monitor.adapters.store.looks import READ, Looks
from monitor.adapters.store.rows import record_from
from monitor.adapters.store.schema import OPEN
from monitor.core.changes import word_of
from monitor.core.records import (
    CONTENT_FIELDS,
    SHOWN_FIELDS,
    Change,
    ChangeWord,
    FieldChange,
    Record,
    Ref,
)

_WIDTH = len(CONTENT_FIELDS) + 1
_ABSENT = (None,) * len(CONTENT_FIELDS)


def _columns(table: str) -> str:
    return ", ".join(f"{table}.{name}" for name in (*CONTENT_FIELDS, "modified_at"))


def _content(table: str) -> str:
    return ", ".join(f"{table}.{name}" for name in CONTENT_FIELDS)


# When the record was missed first, if it was absent just before its version ended.
_MISSED = (
    "(select missed from absence a where a.kind = o.kind and a.id = o.id and a.closed = o.vto)"
)
# When a record that is gone at :b was missed first, and when one that was not there at :a came.
_GONE = (
    "(select missed from absence a where a.kind = o.kind and a.id = o.id and a.closed <= :b "
    "order by missed desc limit 1)"
)
_CAME = (
    "(select min(f.vfrom) from version f where f.kind = n.kind and f.id = n.id and f.vfrom > :a)"
)
_ONCE_WAS = "exists(select 1 from version p where p.kind = n.kind and p.id = n.id and p.vto <= {})"
_FILTER = "and {0}.kind in (select value from json_each(:kinds)) {1}"
_ONLY = (
    "and ({0}.kind, {0}.id) in "
    "(select json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(:refs))"
)
_NOTHING = ", ".join(["null"] * _WIDTH)

# A row: step, kind, id, is it restored, the snapshot that first missed the old content, the one
# that first saw the new; the old content, is there a new one, the new content.
_NET = f"""
select 0, o.kind, o.id, 0,
       coalesce({_MISSED}, o.vto), coalesce(n.vfrom, {_GONE}),
       {_columns("o")}, n.id is not null, {_columns("n")}
  from version o indexed by version_to
  left join version n
    on n.kind = o.kind and n.id = o.id and n.vfrom > :a and n.vfrom <= :b and n.vto > :b
 where o.vto > :a and o.vto <= :b and o.vto < {OPEN} and o.vfrom <= :a
   and (n.id is null or ({_content("o")}) is not ({_content("n")})) {{old}}
union all
select 0, n.kind, n.id, {_ONCE_WAS.format(":a")},
       {_CAME}, n.vfrom, {_NOTHING}, 1, {_columns("n")}
  from version n indexed by version_from
 where n.vfrom > :a and n.vfrom <= :b and n.vto > :b
   and not exists(select 1 from version o
                   where o.kind = n.kind and o.id = n.id and o.vfrom <= :a and o.vto > :a) {{new}}
 order by 1, 2, 3
"""

_EACH = f"""
select n.vfrom, n.kind, n.id, {_ONCE_WAS.format("n.vfrom - 1")},
       coalesce({_MISSED}, n.vfrom), n.vfrom, {_columns("o")}, 1, {_columns("n")}
  from version n indexed by version_from
  left join version o on o.kind = n.kind and o.id = n.id and o.vto = n.vfrom
 where n.vfrom > :a and n.vfrom <= :b {{new}}
union all
select o.vto, o.kind, o.id, 0,
       coalesce({_MISSED}, o.vto), coalesce({_MISSED}, o.vto),
       {_columns("o")}, 0, {_NOTHING}
  from version o indexed by version_to
 where o.vto > :a and o.vto <= :b and o.vto < {OPEN}
   and not exists(select 1 from version n
                   where n.kind = o.kind and n.id = o.id and n.vfrom = o.vto) {{old}}
 order by 1, 2, 3
"""


class Changes:
    """The differences between any two moments of the database.

    The first snapshot that read a list is its baseline: what it showed was not added then, it was
    only not known before. A later list is compared from its own baseline on.
    """

    def __init__(self, db: sqlite3.Connection, kinds: Kinds) -> None:
        self._db = db
        self._kinds = kinds

    def between(
        self,
        a: int,
        b: int,
        *,
        kinds: Collection[str] | None = None,
        refs: Collection[Ref] | None = None,
    ) -> Iterator[Change]:
        """The net difference of the states at snapshots a < b, ordered by kind and id.

        What became something else and then again what it was is no difference. `seen_between`
        spans every step: from the last look at what was there at a to the first at what is at b.
        """
        return self._changes(_NET, a, b, kinds, refs)

    def each(
        self,
        a: int,
        b: int,
        *,
        kinds: Collection[str] | None = None,
        refs: Collection[Ref] | None = None,
    ) -> Iterator[Change]:
        """Every step after snapshot a up to snapshot b, oldest first."""
        return self._changes(_EACH, a, b, kinds, refs)

    def _changes(
        self,
        query: str,
        a: int,
        b: int,
        kinds: Collection[str] | None,
        refs: Collection[Ref] | None,
    ) -> Iterator[Change]:
        names = self._kinds.names()
        only = "" if refs is None else _ONLY
        sql = query.format(
            old=_FILTER.format("o", only.format("o")), new=_FILTER.format("n", only.format("n"))
        )
        pairs, looks = self._pairs(refs or ()), Looks(self._db)
        parts = [
            self._db.execute(sql, {"a": begin, "b": b, "kinds": str(numbers), "refs": pairs})
            for begin, numbers in self._beginnings(a, kinds).items()
        ]
        # The answers are ordered alike; nearly always there is one, which is passed on as it comes.
        for row in merge(*parts, key=itemgetter(0, 1, 2)):
            change = _change(names[row[1]], row, looks)
            if change is not None:
                yield change

    def _beginnings(self, a: int, kinds: Collection[str] | None) -> dict[int, list[int]]:
        """From which snapshot on each kind can be compared: a, or its baseline when that is later.

        A kind that was never read has nothing to compare.
        """
        wanted = self._kinds.numbers(kinds)
        baselines = self._db.execute(
            "select number, (select vfrom from list_reading "
            f"where kind = number and {READ} order by vfrom limit 1) from kind order by number"
        )
        beginnings: dict[int, list[int]] = {}
        for number, baseline in baselines:
            if number in wanted and baseline is not None:
                beginnings.setdefault(max(a, baseline), []).append(number)
        return beginnings

    def _pairs(self, refs: Collection[Ref]) -> str:
        numbers = {name: number for number, name in self._kinds.names().items()}
        pairs = [[numbers[ref.kind], int(ref.id)] for ref in refs if ref.kind in numbers]
        return str(pairs)


def _change(kind: str, row: tuple[Any, ...], looks: Looks) -> Change | None:
    kind_number, record_id, is_restored, missing, seen = row[1:6]
    old_row, has_new, new_row = row[6 : 6 + _WIDTH], row[6 + _WIDTH], row[7 + _WIDTH :]
    before = None if old_row[0] is None else record_from(kind, record_id, old_row[:-1], old_row[-1])
    after = record_from(kind, record_id, new_row[:-1], new_row[-1]) if has_new else None
    fields = _fields(before, after)
    if not fields:
        return None  # only the map table's reading differs, which no list shows
    shown = after or before
    assert shown is not None  # a row of the query has at least one side
    return Change(
        kind=kind,
        id=shown.id,
        name=shown.name,
        full_name=shown.full_name,
        change=_word(before, after, is_restored=bool(is_restored)),
        fields=fields,
        seen_between=(looks.before(kind_number, missing), looks.at(seen)),
        modified_at=after.modified_at if after else None,
        before=before,
        after=after,
    )


def _fields(before: Record | None, after: Record | None) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(name, _shown(name, old), _shown(name, new))
        for name, old, new in zip(CONTENT_FIELDS, _values(before), _values(after), strict=True)
        if old != new and name in SHOWN_FIELDS and _shown(name, old) != _shown(name, new)
    )


def _values(record: Record | None) -> tuple[Any, ...]:
    return _ABSENT if record is None else record[2:-1]


def _shown(name: str, value: Any) -> Any:
    # No further names is nothing to list, not an empty list.
    return None if name == "other_names" and not value else value


def _word(before: Record | None, after: Record | None, *, is_restored: bool) -> ChangeWord:
    """The strongest word that applies."""
    if before is None:
        return ChangeWord.RESTORED if is_restored else ChangeWord.ADDED
    return word_of(before, after)
