"""Edits between a sync and the first look: what notes tell of them, and what nobody can."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.core.notes import Note
from monitor.core.records import Change, ChangeWord, FieldChange, Record
from monitor.core.sync import MARGIN, LastSync
from monitor.core.unseen import FirstLook, edit_told, joined, unseen_since
from tests.core.builders import US, a_change, a_class, at
from tests.core.rule_builders import a_customer, a_project, an_employee

SYNCED, EDITED, READ = at("08:00"), at("08:30"), at("09:00")


def a_note(field: str, old: str, new: str, time: str = "08:30", author: str = "Dana Lee") -> Note:
    return Note(a_class().ref, at(time), author, field, old, new)


def told(record: Record, *notes: Note) -> Change | None:
    """What the notes tell of the record's edit at 08:30, between a sync at 08:00 and 09:00."""
    look = FirstLook(record._replace(modified_at=EDITED), READ)
    return edit_told(look, notes, SYNCED)


def fields_told(record: Record, *notes: Note) -> dict[str, tuple[Any, Any]] | None:
    change = told(record, *notes)
    return change and {one.field: (one.old, one.new) for one in change.fields}


def test_an_edit_that_notes_tell_is_a_change_like_one_that_was_seen() -> None:
    record = a_class(modified_at=EDITED)
    assert told(record, a_note("CLASSIFICATION.ISINACTIVE", "T", "F")) == Change(
        kind="class",
        id="12",
        name="Marketing",
        full_name="Sales : Marketing",
        change=ChangeWord.REACTIVATED,
        fields=(FieldChange("is_inactive", True, False),),
        seen_between=(SYNCED, READ),
        modified_at=EDITED,
        modified_by="Dana Lee",
        before=record._replace(is_inactive=True),
        after=record,
    )


PROJECT = a_project(customer_id="3", allow_expenses=True, limit_to_resources=False)
ANA = an_employee(class_id="12", department_id="4", location_id="-5")


@pytest.mark.parametrize(
    ("record", "note", "fields"),
    [
        pytest.param(
            a_class(), ("CLASSIFICATION.SNAME", "Brand", "Marketing"),
            {"name": ("Brand", "Marketing"),
             "full_name": ("Sales : Brand", "Sales : Marketing")},
            id="a name, and with it the path",
        ),
        pytest.param(
            a_class(parent_id="10"), ("CLASSIFICATION.PARENT", "", "10"),
            {"parent_id": (None, "10")}, id="what stands above it",
        ),
        pytest.param(
            a_class(subsidiary_ids=("1", "3")), ("CLASSIFICATION.SUBSIDIARY", "3, 2", "1, 3"),
            {"subsidiary_ids": (("2", "3"), ("1", "3"))}, id="the subsidiaries",
        ),
        pytest.param(
            a_class(include_children=True), ("CLASSIFICATION.INCLUDECHILDREN", "F", "T"),
            {"include_children": (False, True)}, id="whether those below are included",
        ),
        pytest.param(
            PROJECT, ("JOB.ALLOWEXPENSES", "No", "Yes"), {"allow_expenses": (False, True)},
            id="a project that was closed to expenses",
        ),
        pytest.param(
            PROJECT, ("JOB.LIMITTIMETOASSIGNEES", "T", "F"), {"limit_to_resources": (True, False)},
            id="a project that was limited",
        ),
        pytest.param(
            PROJECT, ("JOB.CUSTOMER", "5", "3"), {"customer_id": ("5", "3")},
            id="a project's customer",
        ),
        pytest.param(
            a_customer(), ("CUSTOMER.ISINACTIVE", "true", "false"), {"is_inactive": (True, False)},
            id="a customer",
        ),
        pytest.param(
            ANA, ("EMPLOYEE.CLASS", "13", "12"), {"class_id": ("13", "12")}, id="a default class",
        ),
        pytest.param(
            ANA, ("EMPLOYEE.DEPARTMENT", "", "4"), {"department_id": (None, "4")},
            id="a default that there was none of",
        ),
        pytest.param(
            ANA, ("EMPLOYEE.LOCATION", "Oslo", "London"), {"location_id": ("Oslo", "-5")},
            id="a default that the notes call by its name",
        ),
        pytest.param(
            ANA, ("EMPLOYEE.SUBSIDIARY", "2", "1"), {"subsidiary_id": ("2", "1")},
            id="an employee's subsidiary",
        ),
        pytest.param(
            ANA, ("EMPLOYEE.EMAIL", "al@acme.example", "ana@acme.example"),
            {"email": ("al@acme.example", "ana@acme.example")}, id="an address",
        ),
        pytest.param(
            a_class(), ("CLASSIFICATION.ISINACTIVE", "F", "F"), {},
            id="a box that is what it was is named, and not edited",
        ),
        pytest.param(
            a_class()._replace(kind="segment:customrecord_x"), ("X.ISINACTIVE", "T", "F"),
            {"is_inactive": (True, False)}, id="a segment's value",
        ),
    ],
)  # fmt: skip
def test_what_a_note_tells(
    record: Record, note: tuple[str, str, str], fields: dict[str, tuple[Any, Any]]
) -> None:
    assert fields_told(record, a_note(*note)) == fields


@pytest.mark.parametrize(
    ("record", "note"),
    [
        pytest.param(a_class(), ("CLASSIFICATION.EXTERNALID", "A", "B"), id="no rule asks for it"),
        pytest.param(PROJECT, ("CUSTOMERJOB.X", "5", "3"), id="a table's own name is no field"),
        pytest.param(a_class(), ("CLASSIFICATION.ISINACTIVE", "F", "T"), id="it ends elsewhere"),
        pytest.param(a_class(), ("CLASSIFICATION.ISINACTIVE", "?", "F"), id="in unknown words"),
        pytest.param(a_class(), ("CLASSIFICATION.NAME", "", "Marketing"), id="it was made then"),
        pytest.param(a_class(), ("CLASSIFICATION.NAME", "A", "Other"), id="about another name"),
        pytest.param(
            a_class(), ("CLASSIFICATION.SUBSIDIARY", "Acme UK", "Acme US"), id="sets by name"
        ),
        pytest.param(ANA, ("EMPLOYEE.CLASS", "12", "13"), id="another default than there is"),
        pytest.param(an_employee(), ("EMPLOYEE.CLASS", "", "Ads"), id="a default there is not"),
        pytest.param(
            a_customer(subsidiary_ids=("1",)), ("CUSTOMER.SUBSIDIARY", "2", "1"),
            id="only a customer's primary subsidiary",
        ),
    ],
)  # fmt: skip
def test_a_note_tells_nothing(record: Record, note: tuple[str, str, str]) -> None:
    assert told(record, a_note(*note)) is None


def test_without_notes_nobody_knows_what_was_edited() -> None:
    assert told(a_class()) is None


def test_a_record_of_which_netsuite_gives_no_edit_time_was_not_edited() -> None:
    note = a_note("CLASSIFICATION.ISINACTIVE", "T", "F")
    assert edit_told(FirstLook(a_class(), READ), [note], SYNCED) is None


@pytest.mark.parametrize(
    ("time", "is_of_the_edit"),
    [
        pytest.param("08:00", False, id="at the sync"),
        pytest.param("08:01", True, id="after the sync"),
        pytest.param("08:30", True, id="at the edit"),
        pytest.param("08:32", True, id="clocks may differ"),
        pytest.param("08:33", False, id="after the last edit that the first look showed"),
    ],
)
def test_a_note_is_of_the_edit_or_of_another(time: str, is_of_the_edit: bool) -> None:
    note = a_note("CLASSIFICATION.ISINACTIVE", "T", "F", time)
    assert (told(a_class(), note) is not None) is is_of_the_edit


def test_of_several_notes_about_a_field_the_oldest_tells_what_it_was() -> None:
    names = [("Brand", "Ads", "08:10"), ("Ads", "Marketing", "08:20")]
    notes = [a_note("CLASSIFICATION.NAME", *rest) for rest in reversed(names)]
    assert fields_told(a_class(path="Marketing"), *notes) == {
        "name": ("Brand", "Marketing"),
        "full_name": ("Brand", "Marketing"),
    }


@pytest.mark.parametrize(
    ("record", "notes", "word"),
    [
        pytest.param(
            a_class(is_inactive=True),
            [("CLASSIFICATION.ISINACTIVE", "F", "T"), ("CLASSIFICATION.NAME", "A", "Marketing")],
            "inactivated", id="inactivated rather than renamed",
        ),
        pytest.param(
            a_class(parent_id="10"),
            [("CLASSIFICATION.PARENT", "9", "10"), ("CLASSIFICATION.NAME", "A", "Marketing")],
            "renamed", id="renamed rather than moved",
        ),
        pytest.param(
            a_class(parent_id="10"), [("CLASSIFICATION.PARENT", "9", "10")], "moved", id="moved",
        ),
        pytest.param(ANA, [("EMPLOYEE.CLASS", "13", "12")], "edited", id="edited"),
    ],
)  # fmt: skip
def test_the_strongest_word_speaks(
    record: Record, notes: list[tuple[str, str, str]], word: str
) -> None:
    change = told(record, *(a_note(*note) for note in notes))
    assert change is not None and change.change == word


# Together with what was seen since

RENAMED = a_change(a_class("12", "Brand"), a_class("12", "Ads"), seen=(SYNCED, READ))


def the_net(before: Record, after: Record | None) -> Change:
    return a_change(before, after, seen=(READ, at("09:15")), modified_by="Omar Haddad")


def test_an_edit_that_nothing_followed_stands_beside_the_others() -> None:
    other = the_net(a_class("13", "IT"), a_class("13", "ICT"))
    assert joined([other], [RENAMED]) == (other, RENAMED)


def test_what_was_seen_since_is_told_from_before_the_edit() -> None:
    (whole,) = joined([the_net(a_class("12", "Ads"), a_class("12", "Media"))], [RENAMED])
    assert whole == a_change(
        a_class("12", "Brand"),
        a_class("12", "Media"),
        seen=(SYNCED, at("09:15")),
        modified_by="Omar Haddad",
    )


def test_what_was_deleted_since_is_deleted() -> None:
    (whole,) = joined([the_net(a_class("12", "Ads"), None)], [RENAMED])
    assert (whole.change, whole.before) == (ChangeWord.DELETED, a_class("12", "Brand"))


def test_what_became_again_what_it_was_before_the_edit_is_no_change() -> None:
    assert joined([the_net(a_class("12", "Ads"), a_class("12", "Brand"))], [RENAMED]) == ()


# Which edits are from after the sync


@pytest.mark.parametrize(
    ("last", "since"),
    [
        pytest.param(LastSync(US), None, id="no sync is known: nothing is from after it"),
        pytest.param(LastSync(US, SYNCED, READ), READ + MARGIN, id="after its latest moment"),
        pytest.param(LastSync(US, SYNCED), SYNCED + MARGIN, id="after the last one that is known"),
        pytest.param(LastSync(US, None, READ), READ + MARGIN, id="after which there was none"),
        pytest.param(
            LastSync(US, SYNCED, SYNCED, margin=timedelta(hours=1)),
            SYNCED + timedelta(hours=1),
            id="by as much as the clocks differ",
        ),
    ],
)
def test_an_edit_is_from_after_the_sync(last: LastSync, since: datetime | None) -> None:
    assert unseen_since(last) == since
