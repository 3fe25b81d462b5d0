"""Which subsidiaries may use a record, and where NetSuite does not say enough to tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.records import Record
from monitor.core.subsidiaries import Access, SubsidiaryTree
from tests.core.builders import a_class, a_subsidiary

#       1         2
#      / \
#     3   5
#     |
#     4
TREE = SubsidiaryTree(
    [
        a_subsidiary("1"),
        a_subsidiary("2"),
        a_subsidiary("3", "1"),
        a_subsidiary("4", "3"),
        a_subsidiary("5", "1"),
    ]
)
ALLOWED, REFUSED, DISPUTED, UNKNOWN = Access


def _class(
    *listed: str, mapped: tuple[str, ...] | None = None, children: bool | None = False
) -> Record:
    return a_class(subsidiary_ids=listed, mapped_subsidiary_ids=mapped, include_children=children)


@pytest.mark.parametrize(
    ("record", "subsidiary", "access"),
    [
        pytest.param(_class("1"), "1", ALLOWED, id="as listed"),
        pytest.param(_class("1", "2"), "2", ALLOWED, id="as one of several"),
        pytest.param(_class("1"), "2", REFUSED, id="not listed"),
        pytest.param(_class("1"), "3", REFUSED, id="a child, without include-children"),
        pytest.param(_class("1", children=True), "3", ALLOWED, id="a child, with it"),
        pytest.param(_class("1", children=True), "4", ALLOWED, id="a child's child, with it"),
        pytest.param(_class("3", children=True), "1", REFUSED, id="never the parent"),
        pytest.param(_class("3", children=True), "5", REFUSED, id="nor the sibling"),
        pytest.param(_class("2", children=True), "4", REFUSED, id="nor another branch"),
        pytest.param(_class("1", mapped=("1",)), "1", ALLOWED, id="both readings agree: yes"),
        pytest.param(_class("1", mapped=("1",)), "2", REFUSED, id="both readings agree: no"),
        pytest.param(_class("1", mapped=("2",)), "2", DISPUTED, id="the readings disagree"),
        pytest.param(_class("2", mapped=("1",)), "2", DISPUTED, id="in either direction"),
        pytest.param(_class(mapped=("1",)), "1", ALLOWED, id="only the map table says anything"),
        pytest.param(_class(mapped=("1",)), "2", REFUSED, id="and it may refuse"),
        pytest.param(_class("1", mapped=()), "2", REFUSED, id="an empty map table says nothing"),
        pytest.param(_class(), "1", UNKNOWN, id="an empty list: who knows what it means"),
        pytest.param(
            _class()._replace(subsidiary_ids=None), "1", UNKNOWN, id="a list nobody can read"
        ),
        pytest.param(_class("1"), None, UNKNOWN, id="a workspace without a subsidiary"),
        pytest.param(_class("9"), "9", UNKNOWN, id="a subsidiary the role does not see"),
        pytest.param(
            _class("1", children=None), "3", UNKNOWN, id="a child, include-children not readable"
        ),
        pytest.param(_class("1", children=None), "1", ALLOWED, id="listed, whatever it would say"),
        pytest.param(
            _class("1", children=None), "2", REFUSED, id="no child, whatever it would say"
        ),
        pytest.param(
            _class("1", mapped=("3",), children=None), "3", ALLOWED, id="one reading says enough"
        ),
    ],
)
def test_whether_a_subsidiary_may_use_it(
    record: Record, subsidiary: str | None, access: Access
) -> None:
    assert TREE.access(record, subsidiary) is access


def test_without_subsidiaries_there_is_no_verdict() -> None:
    assert SubsidiaryTree().access(_class("1"), "1") is UNKNOWN


OUT_OF_SIGHT = SubsidiaryTree([a_subsidiary("1"), a_subsidiary("4", "3")])
"""The role does not see subsidiary 3, through which 4 belongs to 1."""


@pytest.mark.parametrize(
    ("record", "access"),
    [
        pytest.param(_class("1", children=True), UNKNOWN, id="it may be allowed through a parent"),
        pytest.param(_class("1", children=None), UNKNOWN, id="even if nobody says so"),
        pytest.param(_class("1"), REFUSED, id="parents do not matter without include-children"),
        pytest.param(_class("3", children=True), ALLOWED, id="its parent is known by its id"),
    ],
)
def test_a_tree_with_a_hole_refuses_nothing_that_it_may_allow(
    record: Record, access: Access
) -> None:
    assert OUT_OF_SIGHT.access(record, "4") is access


@pytest.mark.parametrize(
    ("subsidiary", "lineage"),
    [
        pytest.param("4", ("4", "3", "1"), id="up to the root"),
        pytest.param("2", ("2",), id="a root is alone"),
        pytest.param("9", ("9",), id="so is one out of sight"),
    ],
)
def test_what_stands_above_a_subsidiary(subsidiary: str, lineage: tuple[str, ...]) -> None:
    assert TREE.lineage(subsidiary) == lineage


def test_a_tree_that_bites_its_tail_has_an_end() -> None:
    circle = SubsidiaryTree(
        [a_subsidiary("1", "2"), a_subsidiary("2", "1"), a_subsidiary("3", "3")]
    )
    assert circle.lineage("1") == ("1", "2")
    assert circle.access(_class("2", children=True), "1") is ALLOWED
    assert circle.access(_class("9", children=True), "3") is REFUSED


_IDS = st.sampled_from(["1", "2", "3", "4", "5"])


@given(
    parents=st.dictionaries(_IDS, st.none() | _IDS),
    listed=st.sets(_IDS, min_size=1),
    subsidiary=_IDS,
    children=st.sampled_from([True, False, None]),
)
def test_whoever_is_listed_is_allowed_in_every_tree(
    parents: dict[str, str | None], listed: set[str], subsidiary: str, children: bool | None
) -> None:
    tree = SubsidiaryTree(a_subsidiary(child, parent) for child, parent in parents.items())
    access = tree.access(_class(*sorted(listed), children=children), subsidiary)
    if subsidiary not in parents:
        assert access is UNKNOWN
    elif subsidiary in listed:
        assert access is ALLOWED
    elif children is False:
        assert access is REFUSED
