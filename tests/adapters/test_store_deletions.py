"""Absent is never deleted without a complete second look, and a mass disappearance is held."""

from __future__ import annotations

from datetime import datetime

import pytest

from monitor.core.records import ListReading, ListState, Record
from tests.adapters.store_memory import Account, a_class, in_memory, moment, some_classes

OFF = {"class": ListState.OFF}


def _account(*records: Record) -> Account:
    account = Account(in_memory())
    account.reads(*records)
    return account


def _deleted(account: Account) -> list[str]:
    return [record.id for record in account.store.records.deleted()]


def _states(account: Account) -> dict[str, ListState]:
    newest = account.store.snapshots.latest()
    assert newest is not None
    return {one.kind: one.state for one in account.store.snapshots.list_readings(newest.id)}


def _deletions(account: Account) -> list[tuple[str, tuple[datetime, datetime]]]:
    newest = account.store.snapshots.latest()
    assert newest is not None
    changes = account.store.changes.between(1, newest.id)
    return [(change.id, change.seen_between) for change in changes if change.after is None]


# Two looks


def test_a_record_is_deleted_when_two_snapshots_in_a_row_miss_it() -> None:
    account = _account(*some_classes(3))
    account.reads(*some_classes(2))
    assert _deletions(account) == []
    assert list(account.store.records.current()) == some_classes(3)
    account.reads(*some_classes(2))
    assert _deletions(account) == [("3", (moment(1), moment(2)))]
    assert list(account.store.records.current()) == some_classes(2)
    assert list(account.store.records.deleted()) == some_classes(1, first=3)


def test_what_netsuite_names_as_deleted_is_deleted_at_once() -> None:
    account = _account(*some_classes(3))
    account.reads(*some_classes(1), confirmed=some_classes(1, first=3))
    assert _deleted(account) == ["3"]
    assert _deletions(account) == [("3", (moment(1), moment(2)))]


def test_what_netsuite_names_as_deleted_and_still_lists_is_not_deleted() -> None:
    account = _account(*some_classes(3))
    account.reads(*some_classes(3), confirmed=some_classes(3))
    assert _deleted(account) == []


def test_a_reading_that_was_dropped_neither_counts_nor_resets() -> None:
    account = _account(*some_classes(3))
    account.stages(some_classes(2))
    account.reads(*some_classes(2))
    account.stages(some_classes(3))
    assert _deleted(account) == []
    account.reads(*some_classes(2))
    assert _deleted(account) == ["3"]


def test_a_snapshot_without_the_list_neither_counts_nor_resets() -> None:
    account = _account(*some_classes(3))
    account.reads(*some_classes(2))
    account.reads(states=OFF)
    account.reads(without=["class"])
    assert _deleted(account) == []
    account.reads(*some_classes(2))
    assert _deletions(account) == [("3", (moment(1), moment(2)))]


def test_who_is_back_in_between_was_never_gone() -> None:
    account = _account(*some_classes(3))
    for present in (2, 3, 2, 3, 2):
        account.reads(*some_classes(present))
    assert _deleted(account) == []
    assert list(account.store.changes.each(1, 6)) == []


def test_who_is_back_with_other_content_changed_since_it_was_last_seen() -> None:
    account = _account(*some_classes(3))
    account.reads(*some_classes(2))
    account.reads(*some_classes(2), a_class("3", "Ads"))
    (change,) = account.store.changes.between(1, 3)
    assert (change.change, change.seen_between) == ("renamed", (moment(1), moment(3)))


def test_every_deletion_needs_its_own_two_looks() -> None:
    account = _account(*some_classes(3))
    for present in (2, 2, 3, 2):
        account.reads(*some_classes(present))
    assert _deleted(account) == []
    account.reads(*some_classes(2))
    assert _deleted(account) == ["3"]
    assert [change.change for change in account.store.changes.each(1, 6)] == [
        "deleted",
        "restored",
        "deleted",
    ]


# The held shrink


@pytest.mark.parametrize(
    ("before", "after", "state"),
    [
        pytest.param(100, 80, ListState.READ, id="twenty of a hundred are not many"),
        pytest.param(100, 79, ListState.HELD, id="twenty-one of a hundred are"),
        pytest.param(300, 270, ListState.READ, id="thirty of three hundred are a tenth"),
        pytest.param(300, 269, ListState.HELD, id="one more is more than a tenth"),
        pytest.param(5, 1, ListState.READ, id="four of five are few"),
        pytest.param(5, 0, ListState.HELD, id="all of them are never believed"),
        pytest.param(1, 0, ListState.HELD, id="nor is the only one"),
        pytest.param(0, 0, ListState.READ, id="an empty list may stay empty"),
    ],
)
def test_a_mass_disappearance_is_held(before: int, after: int, state: ListState) -> None:
    account = _account(*some_classes(before))
    account.reads(*some_classes(after))
    assert _states(account) == {"class": state}
    account.reads(*some_classes(after))
    gone = before - after if state is ListState.READ else 0
    assert len(_deleted(account)) == gone


def test_a_list_that_holds_nobody_it_held_is_held_although_it_is_not_empty() -> None:
    account = _account(*some_classes(3))
    account.reads(*some_classes(3, first=7))
    assert _states(account) == {"class": ListState.HELD}


def test_a_held_list_still_shows_who_changed_and_who_is_new() -> None:
    account = _account(*some_classes(100))
    account.reads(a_class("1", "Ads"), *some_classes(1, first=200))
    assert _states(account) == {"class": ListState.HELD}
    changes = account.store.changes.between(1, 2)
    assert [(change.id, change.change) for change in changes] == [
        ("1", "renamed"),
        ("200", "added"),
    ]


def test_netsuites_own_word_releases_the_hold() -> None:
    account = _account(*some_classes(100))
    account.reads(*some_classes(50), confirmed=some_classes(50, first=51))
    assert _states(account) == {"class": ListState.READ}
    assert len(_deleted(account)) == 50


def test_a_held_list_gives_up_those_that_netsuite_names() -> None:
    account = _account(*some_classes(100))
    account.reads(*some_classes(50), confirmed=some_classes(3, first=51))
    assert _states(account) == {"class": ListState.HELD}
    assert _deleted(account) == ["51", "52", "53"]


def test_the_whole_list_is_held_unless_netsuite_names_everyone() -> None:
    account = _account(*some_classes(5))
    account.reads(confirmed=some_classes(4))
    assert _states(account) == {"class": ListState.HELD}
    assert _deleted(account) == ["1", "2", "3", "4"]


def test_looks_at_a_held_list_do_not_count() -> None:
    account = _account(*some_classes(100))
    for present in (50, 50, 50, 85):
        account.reads(*some_classes(present))
    assert _states(account) == {"class": ListState.READ}
    assert _deleted(account) == []
    account.reads(*some_classes(85))
    assert len(_deleted(account)) == 15


def test_a_hold_does_not_reset_a_look_that_counts() -> None:
    account = _account(*some_classes(100))
    account.reads(*some_classes(99))
    account.reads(*some_classes(50))
    assert _deleted(account) == []
    account.reads(*some_classes(99))
    assert _deleted(account) == ["100"]


def test_a_person_can_say_that_the_disappearance_is_real() -> None:
    account = _account(*some_classes(100))
    account.reads(*some_classes(50))
    with account.store.immediate():
        account.store.snapshots.accept_deletions("class", moment(3))
    assert _deleted(account) == []
    account.reads(*some_classes(50))
    assert _states(account) == {"class": ListState.READ}
    assert _deletions(account) == [(str(n), (moment(1), moment(2))) for n in range(51, 101)]


def test_a_persons_word_is_good_for_one_look_at_that_list() -> None:
    account = Account(in_memory(), "class", "department")
    departments = [record._replace(kind="department") for record in some_classes(40)]
    account.reads(*some_classes(100), *departments)
    with account.store.immediate():
        account.store.snapshots.accept_deletions("class", moment(2))
    account.reads(states=OFF)
    assert _states(account) == {"class": ListState.BLIND, "department": ListState.HELD}
    account.reads(*some_classes(50), *departments)
    assert _states(account) == {"class": ListState.READ, "department": ListState.READ}
    account.reads(*some_classes(9), *departments)
    assert _states(account) == {"class": ListState.HELD, "department": ListState.READ}


# Lists that are not read


def test_a_list_that_never_was_readable_is_off_and_one_that_was_is_blind() -> None:
    account = Account(in_memory())
    account.reads(states=OFF)
    assert _states(account) == {"class": ListState.OFF}
    account.reads(*some_classes(2))
    account.reads(states=OFF)
    assert _states(account) == {"class": ListState.BLIND}
    assert list(account.store.records.current()) == some_classes(2)


def test_blindness_keeps_its_reason() -> None:
    account = _account(a_class())
    off = ListReading("class", ListState.OFF, detail="grant Lists > Classes (View)")
    with account.store.immediate():
        account.store.staging().commit(account.next_moment(), [off], {})
    assert account.store.snapshots.list_readings(2) == (off._replace(state=ListState.BLIND),)


_GRANT = "grant Lists > Classes (View), or the feature is off"


def _reads_columns(account: Account, *columns: str, records: list[Record]) -> ListReading:
    """One reading in which the list had these columns; the result is its verdict."""
    staging = account.stages(records)
    reading = ListReading("class", ListState.READ, len(records), columns, _GRANT)
    with account.store.immediate():
        snapshot = staging.commit(account.next_moment(), [reading], {})
    (verdict,) = account.store.snapshots.list_readings(snapshot.id)
    return verdict


def test_a_list_that_lacks_a_column_it_once_had_is_blind_and_nothing_of_it_is_written() -> None:
    account = Account(in_memory())
    scoped = [a_class(str(number), subsidiary_ids=("1",)) for number in range(1, 12)]
    bare = [record._replace(subsidiary_ids=None) for record in scoped]
    _reads_columns(account, "map", "name", "subsidiary", records=scoped)
    for _ in range(3):
        assert _reads_columns(account, "name", records=[*bare[2:], a_class("40")]) == ListReading(
            "class",
            ListState.BLIND,
            columns=("name",),
            detail="NetSuite shows the monitor's role the list class without map, subsidiary, "
            f"which was there before: {_GRANT}",
        )
        assert list(account.store.records.current()) == scoped
    edited = [scoped[0]._replace(is_inactive=True), *scoped[1:]]
    columns = ("map", "name", "subsidiary")
    assert _reads_columns(account, *columns, records=edited) == ListReading(
        "class", ListState.READ, 11, columns
    )
    (change,) = account.store.changes.between(1, 5)
    assert (change.id, change.change, change.seen_between) == (
        "1",
        "inactivated",
        (moment(1), moment(5)),
    )


def test_a_column_that_is_new_or_never_was_there_blinds_nothing() -> None:
    account = Account(in_memory())
    for columns in (("name",), ("name",), ("name", "subsidiary")):
        assert _reads_columns(account, *columns, records=[a_class()]).state is ListState.READ
    assert _reads_columns(account, "subsidiary", records=[a_class()]).state is ListState.BLIND


def test_a_column_that_a_held_reading_had_is_missed_as_well() -> None:
    account = _account(*some_classes(50))
    columns = ("name", "subsidiary")
    held = _reads_columns(account, *columns, records=some_classes(5))
    assert held == ListReading("class", ListState.HELD, 5, columns)
    assert _reads_columns(account, "name", records=some_classes(50)).state is ListState.BLIND


def test_a_list_that_nobody_asks_for_any_more_is_frozen() -> None:
    account = Account(in_memory(), "class", "department")
    department = a_class("1", "Berlin")._replace(kind="department")
    account.reads(*some_classes(2), department)
    for _ in range(3):
        account.reads(department, without=["class"])
    assert _states(account) == {"department": ListState.READ}
    assert list(account.store.records.current()) == [*some_classes(2), department]
    account.reads(a_class("1", "Ads"), *some_classes(1, first=2), department)
    (change,) = account.store.changes.between(1, 5)
    assert (change.change, change.seen_between) == ("renamed", (moment(1), moment(5)))


def test_a_list_was_last_read_when_a_snapshot_believed_it() -> None:
    account = _account(*some_classes(100))
    last_read_at = account.store.snapshots.last_read_at
    assert (last_read_at("class"), last_read_at("project")) == (moment(1), None)
    account.reads(*some_classes(100))
    assert last_read_at("class") == moment(2)
    account.reads(*some_classes(3))
    account.reads(states=OFF)
    account.reads(without=["class"])
    assert last_read_at("class") == moment(2)
    account.reads(*some_classes(99))
    assert last_read_at("class") == moment(6)
