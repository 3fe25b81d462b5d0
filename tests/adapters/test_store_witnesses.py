"""What is remembered beside the lists: notes, witnesses, and lists that are not believed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.store import Store
from monitor.adapters.store.witnesses import LOGIN_AUDIT, SYSTEM_NOTES, Witness
from monitor.core.notes import Note, explained
from monitor.core.records import Ref
from monitor.core.unreflected import Sort, Unreflected
from tests.adapters.store_memory import Account, a_class, in_memory, moment

MARKETING = Ref("class", "12")
EDITED_AT = moment(1) + timedelta(minutes=7)
NOTE = Note(MARKETING, EDITED_AT, "Dana Lee", "CLASSIFICATION.ISINACTIVE", "F", "T")


@pytest.fixture
def store() -> Iterator[Store]:
    with in_memory() as one:
        yield one


def an_inactivation(store: Store) -> None:
    account = Account(store)
    account.reads(a_class())
    account.reads(a_class(is_inactive=True))


def keep(store: Store, *notes: Note) -> None:
    with store.immediate():
        store.notes.add(notes)


def test_notes_come_back_as_they_were_told(store: Store) -> None:
    other = NOTE._replace(ref=Ref("employee", "-5"), author="Omar Haddad", old="", new="Zoë 'x'")
    keep(store, NOTE, other)
    assert store.notes.of(MARKETING, EDITED_AT, EDITED_AT) == (NOTE,)
    assert store.notes.of(Ref("employee", "-5"), EDITED_AT, EDITED_AT) == (other,)
    assert store.notes.authors() == {"Dana Lee", "Omar Haddad"}


def test_notes_outside_the_asked_time_are_left_out(store: Store) -> None:
    keep(store, NOTE)
    second = timedelta(seconds=1)
    assert store.notes.of(MARKETING, EDITED_AT + second, EDITED_AT + 2 * second) == ()
    assert store.notes.of(MARKETING, EDITED_AT - 2 * second, EDITED_AT - second) == ()


def test_a_note_without_an_author_adds_none(store: Store) -> None:
    keep(store, NOTE._replace(author=""))
    assert store.notes.authors() == frozenset()


def test_a_change_is_explained_by_its_notes(store: Store) -> None:
    an_inactivation(store)
    (before,) = store.notes.explain(store.changes.between(1, 2))
    assert before.modified_by is None
    keep(store, NOTE)
    (change,) = store.notes.explain(store.changes.between(1, 2))
    assert (change.modified_by, change.modified_at) == ("Dana Lee", EDITED_AT)


@given(st.lists(st.tuples(st.sampled_from(["12", "13"]), st.integers(-5, 25)), max_size=6))
def test_the_store_explains_as_all_notes_together_would(told: list[tuple[str, int]]) -> None:
    notes = [
        NOTE._replace(ref=Ref("class", record), at=moment(1) + timedelta(minutes=minute))
        for record, minute in told
    ]
    with in_memory() as store:
        an_inactivation(store)
        keep(store, *notes)
        (change,) = store.changes.between(1, 2)
        assert list(store.notes.explain([change])) == [explained(change, notes)]


def look(store: Store, at: datetime, **found: object) -> Witness | None:
    with store.immediate():
        store.witnesses.looked(SYSTEM_NOTES, at, **found)  # type: ignore[arg-type]
    return store.witnesses.get(SYSTEM_NOTES)


def test_a_witness_is_as_last_looked_at_and_keeps_its_place(store: Store) -> None:
    assert store.witnesses.get(SYSTEM_NOTES) is None
    first = look(store, moment(1), reached=7)
    assert first == Witness(SYSTEM_NOTES, False, "", 7, moment(1))
    off = look(store, moment(2), is_off=True, detail="grant it")
    assert off == Witness(SYSTEM_NOTES, True, "grant it", 7, moment(2))
    assert look(store, moment(3), reached=9) == Witness(SYSTEM_NOTES, False, "", 9, moment(3))
    assert store.witnesses.get(LOGIN_AUDIT) is None


@pytest.mark.parametrize("skew", [timedelta(0), timedelta(seconds=-90), timedelta(minutes=3)])
def test_the_skew_is_that_last_measured(store: Store, skew: timedelta) -> None:
    assert store.witnesses.skew() == timedelta(0)
    for measured in (timedelta(hours=1), skew):
        with store.immediate():
            store.witnesses.measure_clock(moment(1), measured)
    assert store.witnesses.skew() == skew


def test_a_doubted_list_keeps_its_beginning_until_it_is_believed_again(store: Store) -> None:
    doubt = Unreflected("P1", Sort("class", "inactivated"), moment(1), "class:12 was offered")
    other = doubt._replace(policy_id="P2")
    with store.immediate():
        store.unreflected.add([doubt, other])
        store.unreflected.add([doubt._replace(since=moment(5), note="again")])
    assert store.unreflected.of("P1") == (doubt,)
    with store.immediate():
        store.unreflected.forget("P1", [doubt.sort])
    assert (store.unreflected.of("P1"), store.unreflected.of("P2")) == ((), (other,))
