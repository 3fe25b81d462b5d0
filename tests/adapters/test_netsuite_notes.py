"""System notes are read once each, in order, with what of them the role is shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.adapters.netsuite.specs import RECORD_TYPES
from monitor.adapters.netsuite.system_notes import SystemNotes
from monitor.core.notes import Note, NotesReading
from monitor.core.records import Ref
from monitor.errors import SourceError
from tests.adapters.netsuite_account import START, Account, an_account

MARKETING = Ref("class", "12")


@pytest.fixture
def account() -> Iterator[Account]:
    with an_account() as one:
        one.tables.add("class", 12, name="Marketing")
        one.tables.add("employee", -5, entityid="Dana Lee", department=1)
        yield one


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def notes_of(account: Account, page_size: int = 1000) -> SystemNotes:
    return SystemNotes(account.asker(page_size=page_size), RECORD_TYPES)


def two_edits(account: Account) -> tuple[Note, Note]:
    """A class is inactivated by Dana, an employee moves by somebody without a name."""
    account.clock.move_to(at(5))
    account.tables.inactivate("class", 12)
    account.clock.move_to(at(9))
    account.tables.trail.author = 77
    account.tables.edit("employee", -5, department=2)
    return (
        Note(MARKETING, at(5), "Dana Lee", "CLASSIFICATION.ISINACTIVE", "F", "T"),
        Note(Ref("employee", "-5"), at(9), "77", "EMPLOYEE.DEPARTMENT", "1", "2"),
    )


@pytest.mark.parametrize("page_size", [1, 2, 1000])
def test_every_note_is_read_once_however_small_the_pages(account: Account, page_size: int) -> None:
    first, second = two_edits(account)
    notes = notes_of(account, page_size)
    reading = notes.read(None, since=START)
    assert reading == NotesReading((first, second), 2)
    assert notes.read(2, since=START) == NotesReading((), 2)
    account.tables.reactivate("class", 12)
    assert [note.new for note in notes.read(2, since=START).notes] == ["F"]


def test_moments_are_utc_whatever_the_zone_of_the_account(account: Account) -> None:
    account.suiteql.zone = ZoneInfo("Asia/Kolkata")
    expected = two_edits(account)
    assert notes_of(account).read(None, since=START).notes == expected


def test_the_first_time_only_what_was_noted_since_then_is_read(account: Account) -> None:
    _, second = two_edits(account)
    assert notes_of(account).read(None, since=at(6)) == NotesReading((second,), 2)


def test_with_nothing_since_then_the_next_reading_goes_on_from_the_newest(account: Account) -> None:
    two_edits(account)
    assert notes_of(account).read(None, since=at(60)) == NotesReading((), 2)


def test_a_long_backlog_is_read_in_parts(account: Account) -> None:
    first, second = two_edits(account)
    notes = notes_of(account, page_size=1)
    assert notes.read(None, since=START, most_pages=1) == NotesReading((first,), 1)
    assert notes.read(1, since=START, most_pages=1) == NotesReading((second,), 2)


def test_notes_of_records_that_nobody_watches_are_passed_over(account: Account) -> None:
    account.tables.db.execute(
        "insert into systemnote(date, recordtypeid, recordid, name) values (?, '-30', 1, 501)",
        (account.tables.stamp(),),
    )
    expected = two_edits(account)
    assert notes_of(account).read(None, since=START) == NotesReading(expected, 3)


def test_a_note_that_names_no_record_explains_nothing(account: Account) -> None:
    account.tables.db.execute(
        "insert into systemnote(date, recordtypeid, name) values (?, '-101', 501)",
        (account.tables.stamp(),),
    )
    expected = two_edits(account)
    assert notes_of(account).read(None, since=START).notes == expected


@pytest.mark.parametrize(
    ("column", "lost"),
    [
        ("field", {"field": ""}),
        ("oldvalue", {"old": ""}),
        ("newvalue", {"new": ""}),
    ],
)
def test_a_column_that_the_role_is_not_shown_is_empty(
    account: Account, column: str, lost: dict[str, str]
) -> None:
    account.suiteql.hidden_columns["systemnote", column] = "not-exposed"
    expected = tuple(note._replace(**lost) for note in two_edits(account))
    assert notes_of(account).read(None, since=START).notes == expected


@pytest.mark.parametrize("column", ["date", "recordid", "name"])
def test_without_who_when_or_what_the_notes_are_off(account: Account, column: str) -> None:
    account.suiteql.hidden_columns["systemnote", column] = "identifier"
    two_edits(account)
    assert notes_of(account).read(None, since=START) == NotesReading(is_off=True)


@pytest.mark.parametrize("says", ["record", "type", "unsupported"])
def test_a_table_that_the_role_cannot_read_is_off_until_it_can(account: Account, says: str) -> None:
    account.suiteql.says_of_tables = says
    account.suiteql.hidden_tables.add("systemnote")
    expected = two_edits(account)
    notes = notes_of(account)
    assert notes.read(None, since=START) == NotesReading(is_off=True)
    account.suiteql.hidden_tables.clear()
    assert notes.read(None, since=START) == NotesReading(expected, 2)


def test_a_column_that_is_lost_meanwhile_is_done_without(account: Account) -> None:
    first, second = two_edits(account)
    notes = notes_of(account)
    assert notes.read(None, since=START).notes == (first, second)
    account.suiteql.hidden_columns["systemnote", "field"] = "identifier"
    assert notes.read(1, since=START) == NotesReading((second._replace(field=""),), 2)


def test_without_its_permission_a_role_is_shown_its_own_notes_only(account: Account) -> None:
    _, second = two_edits(account)
    account.suiteql.own_notes_of = 77
    assert notes_of(account).read(None, since=START) == NotesReading((second,), 2)
    account.suiteql.own_notes_of = 1
    assert notes_of(account).read(None, since=START).notes == ()


def test_a_netsuite_that_fails_is_an_error(account: Account) -> None:
    account.faults.always("403", match="systemnote")
    with pytest.raises(SourceError):
        notes_of(account).read(None, since=START)
