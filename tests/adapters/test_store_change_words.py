"""One change: its word, its fields old -> new, and when it can have happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from monitor.core.records import Change, ChangeWord, FieldChange, ListState, Record
from tests.adapters.store_memory import EDITED, EVERY, Account, a_class, in_memory, moment


def _changes(before: Record | None, after: Record | None) -> list[Change]:
    """The changes of a list that holds another record, too, so that it is never empty."""
    account, other = Account(in_memory()), a_class("99", "Sales")
    account.reads(other, *([before] if before else []))
    now = [other, *([after] if after else [])]
    account.reads(*now)
    account.reads(*now)
    return list(account.store.changes.between(1, 3))


def _field_change(before: Record, after: Record) -> list[Change]:
    changes = _changes(before, after)
    assert [change.before for change in changes] == [before]
    return changes


@pytest.mark.parametrize(
    ("after", "word"),
    [
        pytest.param({"is_inactive": True, "name": "Ads"}, "inactivated", id="and renamed"),
        pytest.param({"name": "Ads", "parent_id": "7"}, "renamed", id="renamed and moved"),
        pytest.param({"parent_id": "7", "email": "a@b"}, "moved", id="moved and edited"),
        pytest.param({"full_name": "Sales : Marketing"}, "edited", id="by its parent's new name"),
    ],
)
def test_a_change_is_called_by_the_strongest_word_that_applies(
    after: dict[str, Any], word: str
) -> None:
    old = a_class()
    assert [change.change for change in _field_change(old, old._replace(**after))] == [word]


def test_an_inactive_record_that_is_active_again_was_reactivated() -> None:
    inactive = a_class(is_inactive=True)
    changed = _field_change(inactive, inactive._replace(is_inactive=False, name="Ads"))
    assert [change.change for change in changed] == [ChangeWord.REACTIVATED]


def test_a_change_says_everything_that_is_known_of_it() -> None:
    old = a_class(subsidiary_ids=("1", "3"), modified_at=EDITED)
    new = old._replace(name="Ads", subsidiary_ids=None, modified_at=EDITED + EVERY)
    assert _field_change(old, new) == [
        Change(
            kind="class",
            id="12",
            name="Ads",
            full_name="Marketing",
            change=ChangeWord.RENAMED,
            fields=(
                FieldChange("name", "Marketing", "Ads"),
                FieldChange("subsidiary_ids", ("1", "3"), None),
            ),
            seen_between=(moment(1), moment(2)),
            modified_at=EDITED + EVERY,
            before=old,
            after=new,
        )
    ]


_VALUES: dict[str, Any] = {
    "parent_id": "7",
    "subsidiary_ids": ("1", "-2"),
    "include_children": False,
    "external_id": "",
    "customer_id": "4",
    "allow_expenses": True,
    "limit_to_resources": False,
    "resource_ids": (),
    "email": "dana@acme.example",
    "class_id": "1",
    "department_id": "2",
    "location_id": "3",
    "subsidiary_id": "4",
    "released_on": "2026-11-30",
    "hired_on": "2026-12-01",
}


@pytest.mark.parametrize(("field", "value"), _VALUES.items())
def test_nothing_known_and_a_value_are_different_in_both_directions(field: str, value: Any) -> None:
    without, having = a_class(), a_class(**{field: value})
    gained, lost = _field_change(without, having), _field_change(having, without)
    assert [change.fields for change in gained] == [(FieldChange(field, None, value),)]
    assert [change.fields for change in lost] == [(FieldChange(field, value, None),)]


def test_an_empty_set_is_not_an_unknown_one_but_no_further_names_are_nothing_to_list() -> None:
    empty = a_class(subsidiary_ids=())
    (change,) = _field_change(a_class(), empty)
    assert change.fields == (FieldChange("subsidiary_ids", None, ()),)
    (change,) = _field_change(a_class(), a_class(other_names=("Acme, Inc.",)))
    assert change.fields == (FieldChange("other_names", None, ("Acme, Inc.",)),)


def test_neither_the_edit_time_nor_the_map_table_alone_is_a_change() -> None:
    old = a_class(subsidiary_ids=("1",), mapped_subsidiary_ids=("1",), modified_at=EDITED)
    assert _changes(old, old._replace(modified_at=EDITED + EVERY)) == []
    assert _changes(old, old._replace(mapped_subsidiary_ids=None)) == []


def test_added_and_deleted_list_every_field_that_has_a_value() -> None:
    record = a_class(subsidiary_ids=("1",), modified_at=EDITED)
    shown = [("name", "Marketing"), ("full_name", "Marketing"), ("is_inactive", False)]
    shown.append(("subsidiary_ids", ("1",)))
    (added,) = _changes(None, record)
    assert (added.change, added.before, added.after) == (ChangeWord.ADDED, None, record)
    assert added.fields == tuple(FieldChange(name, None, value) for name, value in shown)
    (deleted,) = _changes(record, None)
    assert (deleted.change, deleted.before, deleted.after) == (ChangeWord.DELETED, record, None)
    assert deleted.fields == tuple(FieldChange(name, value, None) for name, value in shown)
    assert deleted.modified_at is None


def test_a_renamed_parent_edits_the_full_names_below_it() -> None:
    account = Account(in_memory())
    parent, child = a_class("1", "Sales"), a_class("2", "Ads", full_name="Sales : Ads")
    account.reads(parent, child)
    account.reads(
        parent._replace(name="Trade", full_name="Trade"), child._replace(full_name="Trade : Ads")
    )
    assert [
        (change.id, change.change, change.fields) for change in account.store.changes.between(1, 2)
    ] == [
        (
            "1",
            ChangeWord.RENAMED,
            (FieldChange("name", "Sales", "Trade"), FieldChange("full_name", "Sales", "Trade")),
        ),
        ("2", ChangeWord.EDITED, (FieldChange("full_name", "Sales : Ads", "Trade : Ads"),)),
    ]


def test_there_and_back_again_is_two_steps_and_no_difference() -> None:
    account, active = Account(in_memory()), a_class()
    for record in (active, active._replace(is_inactive=True), active):
        account.reads(record)
    assert list(account.store.changes.between(1, 3)) == []
    assert [
        (change.change, change.seen_between) for change in account.store.changes.each(1, 3)
    ] == [
        (ChangeWord.INACTIVATED, (moment(1), moment(2))),
        (ChangeWord.REACTIVATED, (moment(2), moment(3))),
    ]


def _restored(account: Account) -> None:
    """Class 12 is there, is gone for certain, and comes back under another name."""
    other = a_class("99", "Sales")
    account.reads(other, a_class())
    account.reads(other)
    account.reads(other)
    account.reads(other, a_class(name="Ads"))


def test_a_record_that_comes_back_under_its_id_was_restored() -> None:
    account = Account(in_memory())
    _restored(account)
    changes = account.store.changes
    assert [change.change for change in changes.each(1, 4)] == ["deleted", "restored"]
    (since_its_deletion,) = changes.between(3, 4)
    assert since_its_deletion.change is ChangeWord.RESTORED
    assert since_its_deletion.before is None
    assert FieldChange("name", None, "Ads") in since_its_deletion.fields
    (since_it_was_there,) = changes.between(1, 4)
    assert since_it_was_there.change is ChangeWord.RENAMED
    assert since_it_was_there.seen_between == (moment(1), moment(4))


def test_steps_come_oldest_first_and_then_by_kind_and_number() -> None:
    account = Account(in_memory(), "class", "department")
    before = [a_class("9"), a_class("-5"), a_class("10"), a_class("1")._replace(kind="department")]
    account.reads(*before)
    between = [record._replace(email="a@b") for record in before]
    account.reads(before[0], *between[1:])
    account.reads(*between)
    ids = [f"{change.ref}" for change in account.store.changes.each(1, 3)]
    assert ids == ["class:-5", "class:10", "department:1", "class:9"]
    ids = [f"{change.ref}" for change in account.store.changes.between(1, 3)]
    assert ids == ["class:-5", "class:9", "class:10", "department:1"]


# When it can have happened


def _seen(account: Account, a: int, b: int) -> list[tuple[datetime, datetime]]:
    return [change.seen_between for change in account.store.changes.between(a, b)]


def test_a_deletion_happened_before_the_first_look_that_missed_the_record() -> None:
    account, other = Account(in_memory()), a_class("99", "Sales")
    account.reads(other, a_class())
    account.reads(other, a_class(name="Ads"))
    for _ in range(3):
        account.reads(other)
    assert _seen(account, 2, 5) == [(moment(2), moment(3))]
    assert _seen(account, 1, 5) == [(moment(1), moment(3))]


def test_a_change_can_have_happened_while_its_list_could_not_be_read() -> None:
    account, other = Account(in_memory()), a_class("99", "Sales")
    account.reads(other, a_class())
    account.reads(states={"class": ListState.OFF})
    account.reads(without=["class"])
    account.reads(other, a_class(name="Ads"))
    assert _seen(account, 1, 4) == [(moment(1), moment(4))]
    assert _seen(account, 3, 4) == [(moment(1), moment(4))]


def test_a_net_difference_can_have_begun_with_its_first_step() -> None:
    account, other = Account(in_memory()), a_class("99", "Sales")
    account.reads(other)
    account.reads(other, a_class())
    account.reads(other, a_class(name="Ads"))
    assert _seen(account, 1, 3) == [(moment(1), moment(3))]
    (change,) = account.store.changes.between(1, 3)
    assert (change.change, change.name) == (ChangeWord.ADDED, "Ads")


# Baselines


def test_the_first_reading_adds_nothing() -> None:
    account = Account(in_memory())
    first = account.reads(a_class())
    assert list(account.store.changes.between(first.id - 1, first.id)) == []
    assert list(account.store.changes.each(first.id - 1, first.id)) == []


@pytest.mark.parametrize(
    "how", [{"states": {"department": ListState.OFF}}, {"without": ["department"]}]
)
def test_a_list_that_is_read_later_has_its_own_baseline(how: dict[str, Any]) -> None:
    account = Account(in_memory(), "class", "department")
    known, late = a_class(), a_class("5", "Berlin")._replace(kind="department")
    account.reads(known, **how)
    account.reads(known._replace(name="Ads"), late)
    account.reads(known, late._replace(name="Bonn"))
    changes = account.store.changes
    assert [str(change.ref) for change in changes.each(1, 2)] == ["class:12"]
    (change,) = changes.between(1, 3)
    assert (str(change.ref), change.change) == ("department:5", ChangeWord.RENAMED)
    assert change.seen_between == (moment(2), moment(3))
    steps = [str(change.ref) for change in changes.each(1, 3)]
    assert steps == ["class:12", "class:12", "department:5"]
