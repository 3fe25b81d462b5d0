"""Versions, not copies: what a reading adds, what its pages must be like, when it is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.store import Store
from monitor.core.records import ListReading, ListState, Record, Ref, Snapshot
from monitor.errors import SourceError
from tests.adapters.store_memory import (
    EDITED,
    EVERY,
    Account,
    a_class,
    contents,
    counted,
    in_memory,
    moment,
    rows_of,
    some_classes,
)


def _sizes(path: Path) -> dict[str, int]:
    return {table: len(rows) for table, rows in rows_of(path).items()}


def _grown(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: after[name] - size for name, size in before.items() if after[name] != size}


# Growth


def test_a_reading_that_shows_nothing_new_adds_its_own_row_and_nothing_else(
    tmp_path: Path,
) -> None:
    with Store.open(tmp_path / "monitor.db") as store:
        account, records = Account(store, "class", "department"), some_classes(50)
        account.reads(*records)
        before = _sizes(tmp_path / "monitor.db")
        for _ in range(5):
            account.reads(*(record._replace(modified_at=EDITED) for record in records))
        assert _grown(before, _sizes(tmp_path / "monitor.db")) == {"snapshot": 5}


def test_storage_grows_with_change_not_with_time(tmp_path: Path) -> None:
    path, records = tmp_path / "monitor.db", some_classes(300)
    with Store.open(path) as store:
        account = Account(store)
        account.reads(*records)
        first_size = path.stat().st_size
        for cycle in range(100):
            records[cycle] = records[cycle]._replace(name=f"Renamed {cycle}")
            account.reads(*records)
    assert counted(path, "version") == 300 + 100
    # One version costs about a hundred bytes, and is found by two indexes.
    assert path.stat().st_size - first_size < 100 * 600


def test_a_change_ends_one_version_and_begins_the_next() -> None:
    account = Account(in_memory())
    old, new = a_class(), a_class(name="Ads", modified_at=EDITED)
    account.reads(old)
    account.reads(new)
    records = account.store.records
    assert list(records.at(1)) == [old]
    assert list(records.at(2)) == list(records.current()) == [new]
    assert list(records.former()) == [old]


# Snapshots


def test_every_complete_reading_is_a_snapshot_of_its_own() -> None:
    account = Account(in_memory())
    snapshots = account.store.snapshots
    assert (snapshots.latest(), snapshots.baseline()) == (None, None)
    taken = [account.reads(a_class()) for _ in range(3)]
    assert taken == [Snapshot(number, moment(number)) for number in (1, 2, 3)]
    assert snapshots.baseline() == taken[0]
    assert snapshots.latest() == taken[2]
    assert [snapshots.by_id(number) for number in (2, 4)] == [taken[1], None]
    assert [snapshots.back(number) for number in (1, 3, 4)] == [taken[2], taken[0], None]
    assert snapshots.at(moment(2)) == snapshots.at(moment(3) - EVERY / 2) == taken[1]
    assert snapshots.at(moment(1) - EVERY) is None


def test_each_snapshot_keeps_the_verdict_of_every_list() -> None:
    store = in_memory()
    verdicts = [
        [
            ListReading("subsidiary", ListState.OFF, detail="grant Lists > Subsidiaries"),
            ListReading("class", ListState.READ, 2, ("id", "name")),
        ],
        [ListReading("class", ListState.READ, 3, ("id", "name", "fullname"))],
        [ListReading("class", ListState.READ, 3, ("id", "name", "fullname"))],
    ]
    for number, readings in enumerate(verdicts, 1):
        with store.immediate():
            store.staging().commit(moment(number), readings, {})
    snapshots = store.snapshots
    assert [snapshots.list_readings(number) for number in (1, 2, 3, 4)] == [
        (verdicts[0][1], verdicts[0][0]),
        tuple(verdicts[1]),
        tuple(verdicts[2]),
        tuple(verdicts[2]),
    ]
    kinds = ("class", "subsidiary", "project")
    assert [snapshots.was_ever_read(kind) for kind in kinds] == [True, False, False]


def test_a_list_was_first_read_when_a_snapshot_first_could() -> None:
    store = in_memory()
    off, read = (ListReading("class", state) for state in (ListState.OFF, ListState.READ))
    for number, reading in enumerate((off, read, off, read), 1):
        with store.immediate():
            store.staging().commit(moment(number), [reading], {})
    first_read_at = store.snapshots.first_read_at
    assert (first_read_at("class"), first_read_at("project")) == (moment(2), None)


# Pages


@given(
    st.sets(st.integers(-5, 20)),
    st.sets(st.integers(-5, 20), min_size=1),
    st.sampled_from((1, 2, 3, 7, 1000)),
)
def test_the_pages_can_be_cut_anywhere(before: set[int], now: set[int], page_size: int) -> None:
    account = Account(in_memory(), page_size=page_size)
    account.reads(*(a_class(str(number)) for number in before))
    later = [a_class(str(number), "Ads") for number in now]
    staging = account.stages(later)
    assert staging.absent("class") == tuple(map(str, sorted(before - now)))
    account.reads(*later)
    renamed = {record.ref for record in account.store.records.current() if record.name == "Ads"}
    assert renamed == {record.ref for record in later}


@pytest.mark.parametrize(
    ("pages", "named"),
    [
        pytest.param([["2", "1"]], "class:1 after class:2", id="backwards in a page"),
        pytest.param([["2"], ["1"]], "class:1 after class:2", id="backwards from page to page"),
        pytest.param([["2", "2"]], "class:2 after class:2", id="twice in a page"),
        pytest.param([["1", "2"], ["2"]], "class:2 after class:2", id="twice over two pages"),
        pytest.param([["9", "10", "-1"]], "class:-1 after class:10", id="by number, not by text"),
    ],
)
def test_a_list_out_of_order_is_refused_naming_the_row(pages: list[list[str]], named: str) -> None:
    sink = in_memory().staging().sink("class")
    with pytest.raises(SourceError, match=f"^NetSuite sent {named}: ") as refused:
        for page in pages:
            sink.add([a_class(record_id) for record_id in page])
    assert refused.value.source == "netsuite"


def test_a_list_that_is_read_again_forgets_what_it_had() -> None:
    account = Account(in_memory())
    account.reads(*some_classes(4))
    staging = account.store.staging()
    sink = staging.sink("class")
    sink.add([a_class("3", "Ads"), a_class("8", "never there")])
    sink.restart()
    sink.add(some_classes(3))
    assert staging.absent("class") == ("4",)
    with account.store.immediate():
        staging.commit(account.next_moment(), [ListReading("class", ListState.READ)], {})
    assert list(account.store.records.current()) == some_classes(4)
    assert list(account.store.changes.between(1, 2)) == []


def test_an_empty_page_says_nothing() -> None:
    account = Account(in_memory())
    account.reads(a_class())
    staging = account.store.staging()
    staging.sink("class").add([])
    assert staging.absent("class") == ("12",)


def test_lists_are_read_side_by_side() -> None:
    account = Account(in_memory(), "class", "department")
    staging = account.store.staging()
    department = a_class("1", "Berlin")._replace(kind="department")
    staging.sink("class").add(some_classes(2))
    staging.sink("department").add([department])
    staging.sink("class").add(some_classes(2, first=3))
    readings = [ListReading(kind, ListState.READ) for kind in ("class", "department")]
    with account.store.immediate():
        staging.commit(account.next_moment(), readings, {})
    assert list(account.store.records.current()) == [*some_classes(4), department]
    assert list(account.store.records.current(["department"])) == [department]


# When it is seen


def test_nothing_of_a_reading_is_in_the_file_before_it_is_committed(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    with Store.open(path) as store:
        account = Account(store)
        account.reads(*some_classes(5))
        before = path.read_bytes()
        staging = account.stages([a_class("3", "Ads"), *some_classes(3000, first=9)])
        staging.sink("department").add([a_class("1")._replace(kind="department")])
        staging.absent("class")
        assert path.read_bytes() == before
        assert list(store.records.current()) == some_classes(5)


def test_a_new_reading_does_not_see_the_pages_of_one_that_was_dropped() -> None:
    account = Account(in_memory())
    account.reads(*some_classes(2))
    account.stages([a_class("1", "dropped")])
    account.reads(*some_classes(2))
    assert list(account.store.changes.each(1, 2)) == []


def test_a_reading_is_committed_whole_or_not_at_all() -> None:
    account = Account(in_memory(), "class", "department")
    account.reads(*some_classes(5))
    before = contents(account.store._db)
    staging = account.stages([a_class("1", "Ads")])
    with pytest.raises(KeyboardInterrupt), account.store.immediate():
        staging.commit(account.next_moment(), [ListReading("class", ListState.READ)], {})
        raise KeyboardInterrupt
    assert contents(account.store._db) == before


# Single moments


def test_a_record_was_seen_when_any_version_of_it_is_there() -> None:
    account = Account(in_memory())
    account.reads(a_class("-3"))
    seen = account.store.records.was_ever_seen
    assert [seen(Ref("class", "-3")), seen(Ref("class", "4")), seen(Ref("project", "-3"))] == [
        True,
        False,
        False,
    ]


def test_former_contents_come_newest_first() -> None:
    account = Account(in_memory())
    names: list[tuple[str, str]] = [("A", "X"), ("B", "X"), ("B", "Y"), ("C", "Y")]
    for first, second in names:
        account.reads(a_class("1", first), a_class("2", second))
    former = [(record.id, record.name) for record in account.store.records.former()]
    assert former == [("1", "B"), ("2", "X"), ("1", "A")]


_texts = st.text(st.characters(codec="utf-8"))
_ids = st.none() | st.lists(st.integers().map(str), max_size=3).map(tuple)


@given(
    st.builds(
        Record,
        kind=st.just("class"),
        id=st.integers(-(2**63) + 1, 2**63 - 1).map(str),
        name=_texts,
        full_name=_texts,
        is_inactive=st.booleans(),
        subsidiary_ids=_ids,
        include_children=st.none() | st.booleans(),
        email=st.none() | _texts,
        other_names=st.lists(_texts, max_size=3).map(tuple),
        mapped_subsidiary_ids=_ids,
        resource_ids=_ids,
        modified_at=st.none()
        | st.datetimes(timezones=st.just(EDITED.tzinfo)).map(
            lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
        ),
    )
)
def test_a_record_is_remembered_as_it_was(record: Record) -> None:
    account = Account(in_memory())
    account.reads(record)
    assert list(account.store.records.current()) == [record]
    account.reads(record)
    assert list(account.store.changes.each(1, 2)) == []
