"""Changes: any two moments of any history differ by what whole copies of them would show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.records import ListState, Record, Ref
from tests.adapters.store_memory import EDITED, EVERY, Account, a_class, in_memory, moment
from tests.adapters.store_model import Model

KINDS = ("class", "department")
IDS = ("-7", "2", "11")
REFS = [Ref(kind, record_id) for kind in KINDS for record_id in IDS]

_TEXTS = (None, "", "1", "Käthe & Söhne")
_IDS = (None, (), ("1",), ("1", "3"))
_TRUTHS = (None, False, True)
POOLS: dict[str, tuple[Any, ...]] = {
    "name": ("A", "B"),
    "full_name": ("A", "P : A", "Q : A"),
    "is_inactive": (False, True),
    "parent_id": _TEXTS,
    "subsidiary_ids": _IDS,
    "mapped_subsidiary_ids": _IDS,
    "include_children": _TRUTHS,
    "external_id": _TEXTS,
    "other_names": ((), ("A, Inc.",), ("A", "Inc.")),
    "customer_id": _TEXTS,
    "allow_expenses": _TRUTHS,
    "limit_to_resources": _TRUTHS,
    "resource_ids": _IDS,
    "email": _TEXTS,
    "class_id": _TEXTS,
    "department_id": _TEXTS,
    "location_id": _TEXTS,
    "subsidiary_id": _TEXTS,
    "released_on": _TEXTS,
    "hired_on": _TEXTS,
    "modified_at": (None, EDITED, EDITED + EVERY),
}


class Fate(Enum):
    """What becomes of one list in one reading."""

    READ = auto()
    OFF = auto()
    OUT = auto()


@dataclass(frozen=True)
class Cycle:
    """What NetSuite held (for every ref a variant, or nothing), and how that was read."""

    held: tuple[int | None, ...]
    fates: tuple[Fate, Fate] = (Fate.READ, Fate.READ)
    confirmed: frozenset[Ref] = frozenset()
    accepted: str = ""
    is_void: bool = False


@dataclass(frozen=True)
class Life:
    """One history: the contents that its records take in turn, and its cycles."""

    variants: tuple[Record, ...]
    cycles: tuple[Cycle, ...]

    def world(self, cycle: Cycle) -> list[Record]:
        """The records of one cycle."""
        return [
            self.variants[variant]._replace(kind=ref.kind, id=ref.id)
            for ref, variant in zip(REFS, cycle.held, strict=True)
            if variant is not None
        ]


_edits = st.sampled_from((*POOLS, *["mapped_subsidiary_ids"] * 4)).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from(POOLS[name]))
)
_mostly_read = st.sampled_from((*[Fate.READ] * 6, Fate.OFF, Fate.OUT))
_cycles = st.builds(
    Cycle,
    held=st.tuples(*[st.sampled_from((0, 0, 1, 2, None))] * len(REFS)),
    fates=st.tuples(_mostly_read, _mostly_read),
    confirmed=st.one_of(st.just(frozenset()), st.frozensets(st.sampled_from(REFS))),
    accepted=st.sampled_from((*[""] * 6, *KINDS)),
    is_void=st.sampled_from((*[False] * 6, True)),
)


def _varied(edits: tuple[dict[str, Any], dict[str, Any]]) -> tuple[Record, ...]:
    """Three contents, each a little different from the one before."""
    first = a_class()
    second = first._replace(**edits[0])
    return first, second, second._replace(**edits[1])


_some_edits = st.lists(_edits, max_size=3).map(dict)
_lives = st.builds(
    Life,
    variants=st.tuples(_some_edits, _some_edits).map(_varied),
    cycles=st.lists(_cycles, min_size=2, max_size=9).map(tuple),
)


def _lived(life: Life, *, page_size: int = 1000) -> tuple[Account, Model]:
    """Play the cycles in a store and in the model."""
    account, model = Account(in_memory(), *KINDS, page_size=page_size), Model()
    for cycle in life.cycles:
        if cycle.is_void:
            account.next_moment()
            account.stages(life.world(cycle))
            continue
        if cycle.accepted and model.looks:
            account.store.snapshots.accept_deletions(cycle.accepted, moment(1))
            model.accepted.add(cycle.accepted)
        _read(account, model, life.world(cycle), cycle)
    return account, model


def _read(account: Account, model: Model, world: list[Record], cycle: Cycle) -> None:
    # The first reading knows both kinds, so that they are numbered alike in every history.
    fates = {
        kind: Fate.OFF if fate is Fate.OUT and not model.looks else fate
        for kind, fate in zip(KINDS, cycle.fates, strict=True)
    }
    snapshot = account.reads(
        *world,
        states={kind: ListState.OFF for kind in KINDS if fates[kind] is Fate.OFF},
        without=[kind for kind in KINDS if fates[kind] is Fate.OUT],
        confirmed=[a_class(ref.id)._replace(kind=ref.kind) for ref in cycle.confirmed],
    )
    read = [kind for kind in KINDS if fates[kind] is Fate.READ]
    lists = {kind: [record for record in world if record.kind == kind] for kind in read}
    model.read(snapshot.taken_at, lists, cycle.confirmed)
    assert snapshot.id == len(model.looks)


def _pairs(count: int) -> Iterator[tuple[int, int]]:
    return ((a, b) for b in range(1, count + 1) for a in range(1, b))


@given(_lives, st.sampled_from((1, 2, 1000)))
def test_any_two_moments_differ_as_whole_copies_of_them_do(life: Life, page_size: int) -> None:
    account, model = _lived(life, page_size=page_size)
    changes = account.store.changes
    for a, b in _pairs(len(model.looks)):
        assert list(changes.between(a, b)) == model.between(a, b)
        assert list(changes.each(a, b)) == model.each(a, b)


@given(_lives)
def test_any_moment_shows_the_records_that_a_whole_copy_of_it_would(life: Life) -> None:
    account, model = _lived(life)
    records = account.store.records
    for number, look in enumerate(model.looks, 1):
        assert list(records.at(number)) == _ordered(look.believed.values())
    ever = {ref: record for look in model.looks for ref, record in look.believed.items()}
    now = model.looks[-1].believed if model.looks else {}
    assert list(records.current()) == _ordered(now.values())
    assert list(records.deleted()) == _ordered(ever[ref] for ref in ever.keys() - now.keys())
    for kind in (*KINDS, "location"):
        assert dict(records.missed(kind)) == model.missed(kind)


@given(
    _lives,
    st.sets(st.sampled_from((*KINDS, "location"))),
    st.sets(st.sampled_from((*REFS, Ref("location", "1")))),
)
def test_asking_for_some_kinds_or_records_leaves_out_the_others(
    life: Life, kinds: set[str], refs: set[Ref]
) -> None:
    account, model = _lived(life)
    for compare in (account.store.changes.between, account.store.changes.each):
        everything = list(compare(1, len(model.looks)))
        some_kinds = list(compare(1, len(model.looks), kinds=kinds))
        some_refs = list(compare(1, len(model.looks), refs=refs))
        assert some_kinds == [change for change in everything if change.kind in kinds]
        assert some_refs == [change for change in everything if change.ref in refs]


def _ordered(records: Iterable[Record]) -> list[Record]:
    return sorted(records, key=lambda record: (record.kind, int(record.id)))
