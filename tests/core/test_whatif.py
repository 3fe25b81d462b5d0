"""What somebody might do in NetSuite -> the records as they would be, or why it cannot be done."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.records import Record, Ref
from monitor.core.whatif import Edit, Supposition, mistakes_in, suppose
from tests.core.builders import a_class, a_record, a_subsidiary

SALES = a_class("10", "Sales")
MARKETING = a_class("12", "Sales : Marketing", parent_id="10", subsidiary_ids=("1", "3"))
EVENTS = a_class("13", "Sales : Marketing : Events", parent_id="12", include_children=True)
WORKS = a_class("20", "Works")
PROJECT = a_record("project", "12", "Atlas", subsidiary_ids=None)
RECORDS = (SALES, MARKETING, EVENTS, WORKS, PROJECT, a_subsidiary("1"), a_subsidiary("3"))


def a_supposition(word: str, record: str, value: str = "") -> Supposition:
    """a_supposition("rename", "class:12", "Brand")"""
    return Supposition(Edit(word), Ref.parse(record), value)


def after(*suppositions: Supposition, records: tuple[Record, ...] = RECORDS) -> dict[Ref, Record]:
    return {record.ref: record for record in suppose(records, suppositions)}


def differences(*suppositions: Supposition) -> dict[str, dict[str, Any]]:
    """Every record that is otherwise, with the fields that are; None of one that is gone."""
    later = after(*suppositions)
    found: dict[str, Any] = {}
    for record in RECORDS:
        other = later.get(record.ref)
        if other is None:
            found[str(record.ref)] = None
        elif other != record:
            found[str(record.ref)] = {
                name: getattr(other, name)
                for name in Record._fields
                if getattr(other, name) != getattr(record, name)
            }
    return found


@pytest.mark.parametrize(
    ("supposition", "otherwise"),
    [
        pytest.param(
            a_supposition("inactivate", "class:12"),
            {"class:12": {"is_inactive": True}},
            id="inactivated: the record alone, what lies below stays active",
        ),
        pytest.param(
            a_supposition("rename", "class:12", "Brand"),
            {
                "class:12": {"name": "Brand", "full_name": "Sales : Brand"},
                "class:13": {"full_name": "Sales : Brand : Events"},
            },
            id="renamed: the paths below follow",
        ),
        pytest.param(
            a_supposition("rename", "class:10", "A : B"),
            {
                "class:10": {"name": "A : B", "full_name": "A : B"},
                "class:12": {"full_name": "A : B : Marketing"},
                "class:13": {"full_name": "A : B : Marketing : Events"},
            },
            id="renamed to a name that looks like a path: all below follow",
        ),
        pytest.param(
            a_supposition("move", "class:12", "20"),
            {
                "class:12": {"parent_id": "20", "full_name": "Works : Marketing"},
                "class:13": {"full_name": "Works : Marketing : Events"},
            },
            id="moved: its path and those below follow the new parent",
        ),
        pytest.param(
            a_supposition("move", "class:12", "none"),
            {
                "class:12": {"parent_id": None, "full_name": "Marketing"},
                "class:13": {"full_name": "Marketing : Events"},
            },
            id="moved to the top",
        ),
        pytest.param(
            a_supposition("remove-subsidiary", "class:12", "3"),
            {"class:12": {"subsidiary_ids": ("1",)}},
            id="a subsidiary less",
        ),
        pytest.param(
            a_supposition("add-subsidiary", "class:13", "3"),
            {"class:13": {"subsidiary_ids": ("1", "3")}},
            id="a subsidiary more: include-children stays",
        ),
        pytest.param(
            a_supposition("delete", "class:13"), {"class:13": None}, id="deleted: it is gone"
        ),
        pytest.param(
            a_supposition("inactivate", "project:12"),
            {"project:12": {"is_inactive": True}},
            id="another kind with the same id is another record",
        ),
        pytest.param(a_supposition("delete", "class:99"), {}, id="no such record: nothing"),
    ],
)
def test_what_would_be_otherwise(supposition: Supposition, otherwise: dict[str, Any]) -> None:
    assert differences(supposition) == otherwise


def test_both_readings_of_the_subsidiaries_lose_one() -> None:
    record = a_class(subsidiary_ids=("1", "3"), mapped_subsidiary_ids=("1", "3", "10"))
    later = after(a_supposition("remove-subsidiary", "class:12", "3"), records=(record,))
    assert later[record.ref].subsidiary_ids == ("1",)
    assert later[record.ref].mapped_subsidiary_ids == ("1", "10")


def test_one_thing_comes_after_the_other() -> None:
    assert differences(
        a_supposition("rename", "class:10", "Vendas"), a_supposition("move", "class:20", "12")
    )["class:20"] == {"parent_id": "12", "full_name": "Vendas : Marketing : Works"}


def test_what_was_moved_below_a_record_follows_its_next_name() -> None:
    assert differences(
        a_supposition("move", "class:20", "12"), a_supposition("rename", "class:12", "Brand")
    )["class:20"] == {"parent_id": "12", "full_name": "Sales : Brand : Works"}


def test_a_path_that_does_not_end_with_the_name_keeps_its_beginning() -> None:
    odd = a_class("12", "Sales : Marketing")._replace(name="MKT")
    later = after(a_supposition("rename", "class:12", "Brand"), records=(odd,))
    assert later[odd.ref].full_name == "Sales : Brand"


MISTAKES = [
    pytest.param(
        [a_supposition("inactivate", "class:99")],
        ["there is no class:99 in NetSuite"],
        id="an unknown record",
    ),
    pytest.param(
        [a_supposition("move", "class:10", "13")],
        ["class:10 would lie below itself"],
        id="moved below its own grandchild",
    ),
    pytest.param(
        [a_supposition("move", "class:12", "12")],
        ["class:12 would lie below itself"],
        id="moved below itself",
    ),
    pytest.param(
        [a_supposition("move", "class:20", "13"), a_supposition("move", "class:10", "20")],
        ["class:10 would lie below itself"],
        id="each move alone is possible, together they make a circle",
    ),
    pytest.param(
        [a_supposition("move", "class:12", "99")],
        ["there is no class:99 to move class:12 below"],
        id="an unknown parent",
    ),
    pytest.param(
        [a_supposition("move", "project:12", "10")],
        ["a project cannot be moved: only class, department, location have a parent"],
        id="a kind without a tree",
    ),
    pytest.param(
        [a_supposition("rename", "class:12", " ")], ["say what to rename class:12 to"], id="no name"
    ),
    pytest.param(
        [a_supposition("add-subsidiary", "class:12")],
        ["say which subsidiary to add"],
        id="no subsidiary named",
    ),
    pytest.param(
        [a_supposition("remove-subsidiary", "class:12", "2")],
        ["class:12 has no subsidiary 2, only 1, 3"],
        id="a subsidiary it does not have",
    ),
    pytest.param(
        [a_supposition("add-subsidiary", "class:12", "9")],
        ["there is no subsidiary 9"],
        id="a subsidiary that is not there",
    ),
    pytest.param(
        [a_supposition("remove-subsidiary", "project:12", "1")],
        ["NetSuite does not say which subsidiaries may use project:12"],
        id="subsidiaries that cannot be read",
    ),
    pytest.param(
        [a_supposition("remove-subsidiary", "class:10", "1")],
        ["class:10 would be left without any subsidiary"],
        id="its only subsidiary",
    ),
    pytest.param(
        [a_supposition("inactivate", "class:12"), a_supposition("reactivate", "class:12")],
        ["reactivate class:12 contradicts inactivate class:12"],
        id="there and back",
    ),
    pytest.param(
        [a_supposition("rename", "class:12", "A"), a_supposition("rename", "class:12", "B")],
        ["rename class:12=B contradicts rename class:12=A"],
        id="two names",
    ),
    pytest.param(
        [a_supposition("delete", "class:13"), a_supposition("rename", "class:13", "A")],
        ["class:13 cannot be deleted and something else (rename) at once"],
        id="deleted and renamed",
    ),
    pytest.param(
        [
            a_supposition("remove-subsidiary", "class:12", "3"),
            a_supposition("rename", "class:12", "A"),
            a_supposition("inactivate", "class:12"),
            a_supposition("inactivate", "class:12"),
        ],
        [],
        id="several things with one record, one of them said twice: all of it can be done",
    ),
    pytest.param(
        [a_supposition("delete", "class:98"), a_supposition("delete", "class:99")],
        ["there is no class:98 in NetSuite", "there is no class:99 in NetSuite"],
        id="all mistakes at once",
    ),
]


@pytest.mark.parametrize(("suppositions", "said"), MISTAKES)
def test_what_cannot_be_done_is_said(suppositions: list[Supposition], said: list[str]) -> None:
    assert [why for _, why in mistakes_in(RECORDS, suppositions)] == said


REFS = ("class:10", "class:12", "class:13", "class:20", "project:12", "class:99")
EDITS = st.one_of(
    st.builds(
        a_supposition,
        st.sampled_from(["inactivate", "reactivate", "delete"]),
        st.sampled_from(REFS),
    ),
    st.builds(
        a_supposition, st.just("rename"), st.sampled_from(REFS), st.text(min_size=1, max_size=9)
    ),
    st.builds(
        a_supposition,
        st.just("move"),
        st.sampled_from(REFS),
        st.sampled_from(["10", "12", "13", "20", "none"]),
    ),
    st.builds(
        a_supposition,
        st.sampled_from(["remove-subsidiary", "add-subsidiary"]),
        st.sampled_from(REFS),
        st.sampled_from(["1", "3"]),
    ),
)


@given(st.lists(EDITS, max_size=6))
def test_nothing_supposed_changes_nothing_and_a_step_is_a_step(edits: list[Supposition]) -> None:
    assert suppose(RECORDS, ()) == RECORDS
    stepwise = RECORDS
    for edit in edits:
        stepwise = suppose(stepwise, [edit])
    assert suppose(RECORDS, edits) == stepwise


@given(st.lists(EDITS, max_size=4), st.sampled_from(REFS))
def test_inactivated_and_reactivated_is_as_before(edits: list[Supposition], ref: str) -> None:
    active = suppose(RECORDS, [*edits, a_supposition("reactivate", ref)])
    there, back = a_supposition("inactivate", ref), a_supposition("reactivate", ref)
    assert suppose(active, [there, back]) == active


@given(st.lists(EDITS, max_size=6))
def test_what_can_be_done_leaves_every_path_below_its_parents(edits: list[Supposition]) -> None:
    if any(mistakes_in(RECORDS, edits)):
        return
    later = after(*edits)
    for record in later.values():
        parent = later.get(Ref(record.kind, record.parent_id or ""))
        if parent is not None and record.kind == "class":
            assert record.full_name == f"{parent.full_name} : {record.name}"
