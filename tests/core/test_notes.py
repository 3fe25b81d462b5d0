"""Who made a change: the notes of its record, time and fields; where they differ, nobody."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.notes import Note, NotesState, explained, notes_state
from monitor.core.records import Change, Ref
from tests.core.builders import a_change, a_class, at

SEEN = (at("09:00"), at("09:15"))
INACTIVATED = a_change(a_class(), a_class(is_inactive=True), seen=SEEN)
MOVED_AND_RENAMED = a_change(
    a_class(), a_class(name="Brand", full_name="Ads : Brand", parent_id="9"), seen=SEEN
)


def a_note(
    author: str = "Dana Lee",
    time: str = "09:10",
    field: str = "CLASSIFICATION.ISINACTIVE",
    ref: Ref = INACTIVATED.ref,
) -> Note:
    return Note(ref, at(time), author, field, "F", "T")


@pytest.mark.parametrize(
    ("change", "notes", "author", "moment"),
    [
        pytest.param(INACTIVATED, [], None, None, id="no note: nobody knows"),
        pytest.param(INACTIVATED, [a_note()], "Dana Lee", at("09:10"), id="its note tells"),
        pytest.param(
            INACTIVATED, [a_note(ref=Ref("class", "13"))], None, None, id="a note about another"
        ),
        pytest.param(INACTIVATED, [a_note(time="08:30")], None, None, id="an earlier edit"),
        pytest.param(INACTIVATED, [a_note(time="09:20")], None, None, id="a later edit"),
        pytest.param(
            INACTIVATED, [a_note(time="08:58")], "Dana Lee", at("08:58"), id="clocks may differ"
        ),
        pytest.param(
            INACTIVATED,
            [a_note("Omar Haddad", "09:12", "CLASSIFICATION.NAME"), a_note()],
            "Dana Lee",
            at("09:10"),
            id="of two people the one who edited the field",
        ),
        pytest.param(
            INACTIVATED,
            [a_note(field="X1"), a_note("Omar Haddad", "09:12", "X2")],
            None,
            None,
            id="two people, and no field says which: nobody is named",
        ),
        pytest.param(
            INACTIVATED,
            [a_note(field="X1"), a_note(time="09:12", field="X2")],
            "Dana Lee",
            at("09:12"),
            id="one person alone, whatever the fields",
        ),
        pytest.param(
            INACTIVATED,
            [a_note(), a_note("Omar Haddad", "09:12"), a_note("Ines Costa", "09:05")],
            "Omar Haddad",
            at("09:12"),
            id="of several who edited the field the last",
        ),
        pytest.param(
            MOVED_AND_RENAMED,
            [
                a_note("Omar Haddad", "09:12", "CLASSIFICATION.PARENT"),
                a_note(field="CLASSIFICATION.NAME"),
            ],
            "Dana Lee",
            at("09:10"),
            id="of several fields the weightiest",
        ),
    ],
)
def test_who_made_a_change_and_when(
    change: Change, notes: list[Note], author: str | None, moment: datetime | None
) -> None:
    told = change._replace(modified_by=author, modified_at=moment)
    assert explained(change, notes) == told
    assert explained(change, notes[::-1]) == told


def test_what_netsuite_says_itself_is_kept() -> None:
    change = INACTIVATED._replace(modified_at=at("09:11"), modified_by="Ines Costa")
    assert explained(change, [a_note()]) == change


@pytest.mark.parametrize(
    ("authors", "state"),
    [
        ([], NotesState.NONE),
        (["Dana Lee", "Dana Lee"], NotesState.ONE_AUTHOR),
        (["Dana Lee", "Omar Haddad"], NotesState.SEEN),
    ],
)
def test_notes_of_nobody_or_of_one_are_what_a_role_sees_that_sees_its_own(
    authors: list[str], state: NotesState
) -> None:
    assert notes_state(authors) is state
    assert notes_state(authors, is_off=True) is NotesState.OFF
    is_doubtful = state is not NotesState.SEEN
    assert ("grant System Notes for Analytics and REST" in state) is is_doubtful


NOTES = st.lists(
    st.builds(
        a_note,
        st.sampled_from(["Dana Lee", "Omar Haddad"]),
        st.sampled_from(["08:00", "09:01", "09:10", "10:00"]),
        st.sampled_from(["CLASSIFICATION.NAME", "CLASSIFICATION.ISINACTIVE", "X"]),
    )
)


@given(NOTES, st.randoms())
def test_the_order_of_the_notes_is_no_matter_and_only_their_authors_are_named(
    notes: list[Note], chance: object
) -> None:
    told = explained(INACTIVATED, notes)
    shuffled = list(notes)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert explained(INACTIVATED, shuffled) == told
    within = {note.author for note in notes if note.at in (at("09:01"), at("09:10"))}
    assert told.modified_by is None or told.modified_by in within
