"""What lies below a record at risk is told with it: by the same edit, and by nothing less."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.core.message.folding import Family, families
from monitor.core.message.parent import parent_message
from monitor.core.message.words import Voice
from monitor.core.records import Ref
from monitor.core.risks import Cause, Certainty, Risk
from tests.core.builders import NOW, US, a_risk, at

VOICE = Voice(names={US: "Acme US"})


def named(number: int, full_name: str, **fields: Any) -> Risk:
    """A class of that name, inactivated at 09:15."""
    return a_risk(**{"ref": Ref("class", str(number)), "full_name": full_name, **fields})


SALES = named(1, "Sales")
EAST = named(2, "Sales : East")
BOSTON = named(3, "Sales : East : Boston")


def folded(*risks: Risk, **fields: Any) -> list[tuple[str, list[str]]]:
    """The heads, and the names below each."""
    return [
        (one.head.full_name, [risk.full_name for risk in one.below])
        for one in families(risks, **fields)
    ]


def test_everything_below_goes_to_the_highest_record_of_the_same_edit() -> None:
    assert families((BOSTON, EAST, SALES)) == [Family(SALES, (EAST, BOSTON))]


@pytest.mark.parametrize(
    ("child", "is_told_with_it"),
    [
        pytest.param({}, True, id="the same cause at the same moment"),
        pytest.param(
            {"cause": Cause.PARENT_INACTIVE, "since": at("11:00")},
            True,
            id="it is at risk because the record above is inactive, whenever that showed",
        ),
        pytest.param(
            {"since": at("09:30"), "earliest_at": at("09:00")},
            True,
            id="two looks bound its moment, and the edit lies between them",
        ),
        pytest.param({"since": at("09:16")}, False, id="the same cause at another moment"),
        pytest.param({"since": None}, False, id="a moment that nobody knows"),
        pytest.param({"cause": Cause.OUTSIDE_SUBSIDIARY}, False, id="another cause"),
        pytest.param({"full_name": "Sales East"}, False, id="a name that only begins alike"),
        pytest.param({"ref": Ref("department", "2")}, False, id="a record of another kind"),
    ],
)
def test_below_is(child: dict[str, Any], is_told_with_it: bool) -> None:
    below = named(2, **{"full_name": "Sales : East", **child})
    assert (len(families((SALES, below))) == 1) is is_told_with_it


def test_a_record_that_merely_was_edited_makes_nothing_below_it_inactive() -> None:
    edited = named(1, "Sales", cause=Cause.EDITED_SINCE_SYNC, certainty=Certainty.LIKELY)
    lies_below = named(2, "Sales : East", cause=Cause.PARENT_INACTIVE)
    assert folded(edited, lies_below) == [("Sales : East", []), ("Sales", [])]


def test_what_only_waits_for_its_export_stands_apart() -> None:
    apart = {EAST.fingerprint, SALES.fingerprint}
    assert folded(SALES, EAST, BOSTON, apart=apart) == [
        ("Sales", []),
        ("Sales : East", []),
        ("Sales : East : Boston", []),
    ]


def test_the_family_stands_where_its_most_urgent_record_would() -> None:
    fair = named(9, "Fairs", certainty=Certainty.LIKELY)
    head = named(1, "Sales", certainty=Certainty.POSSIBLE)
    assert folded(fair, head, EAST) == [("Sales", ["Sales : East"]), (fair.full_name, [])]


def test_the_message_names_the_first_below_and_counts_the_rest_as_no_records_of_their_own() -> None:
    below = [named(number, f"Sales : Region {number}") for number in range(10, 15)]
    others = [named(number, f"Fair {number}") for number in range(20, 22)]
    message = parent_message((SALES, *below, *others), 1, VOICE, now=NOW)
    words = "And 5 classes below it, by the same edit: “Region 10”, “Region 11”, “Region 12” and 2"
    lines = [line for section in message.sections for line in section.lines]
    assert sum(line.startswith(words) for line in lines) == 1
    assert not any("more record" in section.title for section in message.sections)


def test_records_beyond_the_first_three_are_counted_with_all_below_them() -> None:
    others = [named(number, f"Fair {number}") for number in range(20, 23)]
    heads = [named(1, "West"), named(2, "West : Ads")]
    message = parent_message((*others, *heads), 1, VOICE, now=NOW)
    assert message.sections[-1].title == "The same alert holds 2 more records"
    assert message.sections[-1].lines[0] == "Class “West”, class “West : Ads”."
