"""When the monitor could not see: gaps between complete readings, lists that were not read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.adapters.store import Store
from monitor.adapters.store.unseen_times import UnreadList, UnreadSpell
from monitor.core.records import ListState
from monitor.errors import StoreError
from tests.adapters.store_memory import EVERY, Account, a_class, in_memory, moment

BLIND, HELD = ListState.BLIND, ListState.HELD


@pytest.fixture
def store() -> Iterator[Store]:
    with in_memory() as store:
        yield store


def skip(account: Account, times: int) -> None:
    """So many cycles could read nothing."""
    for _ in range(times):
        account.next_moment()


def spells(
    store: Store, since: int, until: int, source: str = "netsuite"
) -> list[tuple[int, int | None]]:
    """The times without the source, by the numbers of the readings around them."""
    found = store.unseen_times.spells(moment(since), moment(until), longer_than=3 * EVERY)
    return [
        (_number(one), None if one.end is None else _number(one, end=True))
        for one in found
        if one.source == source
    ]


def _number(one: UnreadSpell, *, end: bool = False) -> int:
    at = one.end if end and one.end else one.begin
    return (at - moment(1)) // EVERY + 1


def test_a_time_without_a_reading_counts_when_it_is_longer_than_asked_for(store: Store) -> None:
    account = Account(store)
    account.reads(a_class())  # 1
    skip(account, 2)
    account.reads(a_class())  # 4: three cycles later, as long as asked for
    skip(account, 3)
    account.reads(a_class())  # 8
    assert spells(store, 1, 8) == [(4, 8)]


def test_a_time_that_began_before_the_range_is_told_whole(store: Store) -> None:
    account = Account(store)
    account.reads(a_class())
    skip(account, 8)
    account.reads(a_class())  # 10
    assert spells(store, 5, 11) == [(1, 10)]
    assert spells(store, 10, 11) == []


def test_a_time_that_has_no_end_yet_goes_on(store: Store) -> None:
    Account(store).reads(a_class())
    assert spells(store, 1, 4) == []
    assert spells(store, 1, 5) == [(1, None)]


def test_before_the_first_reading_nobody_looked(store: Store) -> None:
    account = Account(store)
    skip(account, 9)
    account.reads(a_class())
    assert spells(store, 1, 11) == []


def test_expensify_is_looked_at_as_well(store: Store) -> None:
    with store.immediate():
        for number in (1, 6):
            store.reports.new_reading(moment(number))
    found = store.unseen_times.spells(moment(1), moment(6), longer_than=3 * EVERY)
    assert UnreadSpell("expensify", moment(1), moment(6)) in found


@pytest.mark.parametrize(
    ("since", "begin"), [pytest.param(-9, 1, id="long before"), pytest.param(3, 3, id="after it")]
)
def test_a_source_that_was_never_read_is_missing_since_the_other_was(
    store: Store, since: int, begin: int
) -> None:
    Account(store).reads(a_class())  # 1
    assert spells(store, since, 9, "expensify") == [(begin, None)]
    with store.immediate():
        store.reports.new_reading(moment(8))
    assert spells(store, since, 9, "expensify") == [(begin, 8)]


def test_where_nothing_was_ever_read_there_is_no_time_to_tell_of(store: Store) -> None:
    assert store.unseen_times.spells(moment(1), moment(9), longer_than=EVERY) == ()


def test_lists_that_were_blind_or_held_are_told_with_their_times(store: Store) -> None:
    account = Account(store, "class", "department")
    account.reads(a_class())
    account.reads(states={"class": BLIND})  # 2
    account.reads(a_class())  # 3
    account.reads(a_class(), states={"department": HELD})  # 4
    assert store.unseen_times.lists(moment(1), moment(5)) == (
        UnreadList("class", BLIND, "", moment(2), moment(3)),
        UnreadList("department", HELD, "", moment(4), None),
    )
    assert [one.kind for one in store.unseen_times.lists(moment(4), moment(5))] == ["department"]
    assert [one.kind for one in store.unseen_times.lists(moment(1), moment(3))] == ["class"]


def test_what_is_read_in_one_moment_nobody_changes_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    with Store.open(path) as store:
        Account(store).reads(a_class())
    with (
        Store.open(path, read_only=True) as reader,
        Store.open(path, patience=timedelta()) as writer,
    ):
        account = Account(writer)
        account.next_moment()
        with reader.one_moment():
            assert reader.snapshots.latest() is not None
            with pytest.raises(StoreError, match="locked"):
                account.reads(a_class(is_inactive=True))
            assert [one.is_inactive for one in reader.records.current()] == [False]
        account.reads(a_class(is_inactive=True))
        assert [one.is_inactive for one in reader.records.current()] == [True]
