"""What somebody might do in NetSuite that changes nothing is said by the record's name."""

from __future__ import annotations

import pytest

from monitor.core.idle import idle_in
from monitor.core.records import Ref
from monitor.core.whatif import Edit, Supposition, suppose
from tests.core.builders import a_class, a_subsidiary

SALES = a_class("10", "Sales")
MARKETING = a_class("12", "Sales : Marketing", parent_id="10", subsidiary_ids=("1", "3"))
OLD = a_class("30", "Old", is_inactive=True)
HALF = a_class("31", "Half", subsidiary_ids=("1", "3"), mapped_subsidiary_ids=("1",))
RECORDS = (SALES, MARKETING, OLD, HALF, a_subsidiary("1"), a_subsidiary("3"))


@pytest.mark.parametrize(
    ("word", "record_id", "value", "said"),
    [
        pytest.param("inactivate", "30", "", "class:30 “Old” is inactive", id="inactive already"),
        pytest.param(
            "reactivate", "12", "", "class:12 “Sales : Marketing” is active", id="active already"
        ),
        pytest.param(
            "add-subsidiary",
            "12",
            "3",
            "class:12 “Sales : Marketing” has subsidiary 3",
            id="has the subsidiary already",
        ),
        pytest.param(
            "move",
            "12",
            "10",
            "class:12 “Sales : Marketing” is below class:10",
            id="there already",
        ),
        pytest.param("move", "10", "none", "class:10 “Sales” is at the top", id="at the top"),
        pytest.param("rename", "10", "Sales", "class:10 “Sales” is called that", id="its own name"),
    ],
)
def test_what_is_so_already_changes_nothing_and_says_so(
    word: str, record_id: str, value: str, said: str
) -> None:
    supposition = Supposition(Edit(word), Ref("class", record_id), value)
    assert list(idle_in(RECORDS, [supposition])) == [
        f"{said} already: nothing would change by that"
    ]
    assert suppose(RECORDS, [supposition]) == RECORDS


@pytest.mark.parametrize(
    ("word", "record_id", "value"),
    [
        pytest.param("inactivate", "12", "", id="it is active"),
        pytest.param("reactivate", "30", "", id="it is inactive"),
        pytest.param("add-subsidiary", "12", "2", id="it has others"),
        pytest.param("add-subsidiary", "31", "3", id="only one of the two readings has it"),
        pytest.param("move", "12", "none", id="it is below another"),
        pytest.param("move", "10", "30", id="it is at the top"),
        pytest.param("rename", "12", "Brand", id="it is called otherwise"),
        pytest.param("delete", "12", "", id="it is there"),
        pytest.param("remove-subsidiary", "12", "3", id="it has the subsidiary"),
        pytest.param("delete", "99", "", id="there is no such record"),
    ],
)
def test_what_changes_something_is_not_named(word: str, record_id: str, value: str) -> None:
    assert not list(idle_in(RECORDS, [Supposition(Edit(word), Ref("class", record_id), value)]))


def test_one_of_several_is_named_once() -> None:
    idle = Supposition(Edit.INACTIVATE, Ref("class", "30"))
    busy = Supposition(Edit.INACTIVATE, Ref("class", "12"))
    assert list(idle_in(RECORDS, [busy, idle, idle])) == [
        "class:30 “Old” is inactive already: nothing would change by that"
    ]
