"""What the first reading of a list showed as edited after some moment."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from monitor.core.records import ListState, Record
from tests.adapters.store_memory import EVERY, Account, a_class, in_memory, moment

A_MINUTE = timedelta(minutes=1)
SYNCED = moment(1) - EVERY
OLD = a_class("1", modified_at=SYNCED - A_MINUTE)
NEW = a_class("2", "Ads", modified_at=SYNCED + A_MINUTE, subsidiary_ids=("1",))


def _shown(account: Account, after: datetime = SYNCED) -> list[tuple[Record, datetime]]:
    return list(account.store.records.edited_at_first_look(("class", "department"), after))


def test_it_is_what_was_edited_after_the_moment_with_the_time_of_the_look() -> None:
    account = Account(in_memory())
    account.reads(OLD, NEW, a_class("3"))
    assert _shown(account) == [(NEW, moment(1))]
    assert _shown(account, SYNCED + A_MINUTE) == []


def test_what_became_of_it_later_does_not_matter() -> None:
    account = Account(in_memory())
    account.reads(OLD, NEW)
    late = moment(2) - A_MINUTE
    account.reads(OLD._replace(name="Trade", modified_at=late), NEW._replace(name="Media"))
    account.reads(OLD, NEW, a_class("4", modified_at=moment(3) - A_MINUTE))
    assert _shown(account) == [(NEW, moment(1))]


def test_what_was_read_before_the_moment_was_seen_as_it_was_then() -> None:
    account = Account(in_memory())
    account.reads(a_class(modified_at=moment(1) + A_MINUTE))
    assert _shown(account, moment(1)) == []
    assert len(_shown(account, moment(1) - A_MINUTE)) == 1


@pytest.mark.parametrize("state", [ListState.OFF, None], ids=["it was off", "nobody asked for it"])
def test_a_list_that_is_read_later_has_a_first_look_of_its_own(state: ListState | None) -> None:
    account = Account(in_memory(), "class", "department")
    late = NEW._replace(kind="department")
    account.reads(
        NEW,
        states={"department": state} if state else None,
        without=() if state else ["department"],
    )
    account.reads(NEW, late)
    assert _shown(account) == [(NEW, moment(1)), (late, moment(2))]


def test_only_the_kinds_asked_for_are_looked_at() -> None:
    account = Account(in_memory(), "class", "location")
    account.reads(NEW, NEW._replace(kind="location"))
    assert _shown(account) == [(NEW, moment(1))]
