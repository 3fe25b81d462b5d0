"""What workspaces offer: both shapes of tags, report fields, and answers that are none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.adapters.expensify.policies import PolicySummary
from monitor.core.reports import OfferedValue, PolicyLists
from monitor.errors import SourceError
from tests.adapters.expensify_office import UK, US, Desk, a_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path) as desk:
        yield desk


def tag(text: str, level: int = 1, *, is_enabled: bool = True) -> OfferedValue:
    return OfferedValue(f"tag:{level}", text, is_enabled)


def test_every_workspace_the_credential_sees_is_listed_with_its_role(desk: Desk) -> None:
    desk.office.add_policy(UK, "Acme UK", role="user", sort="control", has_connections=None)
    assert desk.expensify.policies() == (
        PolicySummary(US, "Acme US", "admin", "corporate", True),
        PolicySummary(UK, "Acme UK", "user", "control", None),
    )
    assert desk.office.asked == [{"type": "get", "inputSettings": {"type": "policyList"}}]


def test_one_question_asks_for_all_workspaces_and_keeps_their_order(desk: Desk) -> None:
    desk.office.policies[US].offered = {"tag:1": {"Sales": True, "Sales : Old": False}}
    desk.office.add_policy(UK, "Acme UK", offered={"report_field:Department": {"Finance": True}})
    assert desk.expensify.lists([UK, US]) == (
        PolicyLists(UK, "", (OfferedValue("report_field:Department", "Finance", True),)),
        PolicyLists(US, "", (tag("Sales"), tag("Sales : Old", is_enabled=False))),
    )
    assert desk.asked("get") == [
        {"type": "policy", "fields": ["tags", "reportFields"], "policyIDList": [UK, US]}
    ]


def test_levels_keep_their_numbers_also_past_an_empty_one(desk: Desk) -> None:
    desk.office.policies[US].offered = {"tag:10": {"Ten": True}, "tag:2": {"Atlas": True}}
    (lists,) = desk.expensify.lists([US])
    assert lists.values == (tag("Atlas", 2), tag("Ten", 10))


SHAPES: list[Any] = [
    pytest.param(
        {
            "tags": [
                {"glCode": "", "name": "Enterprise", "enabled": True},
                {"glCode": "", "name": "Enterprise:Jean-Luc Picard", "enabled": False},
            ]
        },
        (tag("Enterprise"), tag("Enterprise:Jean-Luc Picard", is_enabled=False)),
        id="a flat list of tags is the first level, colons and all",
    ),
    pytest.param(
        {
            "tags": [
                {"name": "Class", "tags": [{"name": "Sales"}]},
                {"name": "Project", "tags": [{"name": "Atlas"}, {"name": "Borealis"}]},
            ]
        },
        (tag("Sales"), tag("Atlas", 2), tag("Borealis", 2)),
        id="a list of levels has the tags of each",
    ),
    pytest.param({"tags": [{"name": "Tags", "tags": []}]}, (), id="one level without tags: none"),
    pytest.param({"tags": [{"name": "Tags", "tags": None}]}, (), id="no list in a level: none"),
    pytest.param({"tags": []}, (), id="an empty list: none"),
    pytest.param({"tags": [{"name": "A"}]}, (tag("A"),), id="`enabled` absent: it is enabled"),
    pytest.param(
        {"tags": [{"name": "A", "enabled": None}]}, (tag("A"),), id="`enabled` null: it is enabled"
    ),
    pytest.param(
        {"tags": [{"name": "A", "enabled": "false"}]},
        (tag("A", is_enabled=False),),
        id="`enabled` as text is understood",
    ),
    pytest.param(
        {"tags": [{"name": "A", "enabled": False}, {"name": "A"}, {"name": "A", "enabled": False}]},
        (tag("A"),),
        id="the same text under several parents is one value, enabled if one of them is",
    ),
    pytest.param({"tags": [{"name": 2026}]}, (tag("2026"),), id="a name that is a number is text"),
    pytest.param(
        {"tags": [{"name": "R&amp;D \\: Lab"}]}, (tag("R&amp;D \\: Lab"),), id="a text is untouched"
    ),
    pytest.param(
        {
            "reportFields": [
                {"values": [], "name": "title", "type": "formula"},
                {"values": ["Class 1", "Class 2:Sub class 2"], "name": "Classes"},
                {"name": "Notes", "type": "text"},
            ]
        },
        (
            OfferedValue("report_field:Classes", "Class 1", True),
            OfferedValue("report_field:Classes", "Class 2:Sub class 2", True),
        ),
        id="report fields offer their values, a formula none",
    ),
]


@pytest.mark.parametrize(("section", "values"), SHAPES)
def test_every_shape_the_manual_shows_is_read(
    desk: Desk, section: dict[str, Any], values: tuple[OfferedValue, ...]
) -> None:
    desk.answers(
        {"responseCode": 200, "policyInfo": {US: {"tags": [], "reportFields": []} | section}}
    )
    assert desk.expensify.lists([US]) == (PolicyLists(US, "", values),)


def test_a_workspace_that_is_not_shown_among_others_is_named_and_what_to_do(desk: Desk) -> None:
    with pytest.raises(SourceError) as refused:
        desk.expensify.lists([US, UK])
    assert str(refused.value) == (
        f"Expensify shows no workspace {UK} to the monitor: check [[workspace]] policy_id, and "
        "that the credential's owner is an admin of it"
    )
    assert refused.value.is_permanent


def test_when_no_workspace_is_found_at_all_the_policy_id_is_to_be_checked(desk: Desk) -> None:
    with pytest.raises(SourceError) as refused:
        desk.expensify.lists([UK])
    assert str(refused.value) == (
        "Expensify does not know a workspace (404 Policy not found): check [[workspace]] policy_id"
    )
    assert refused.value.is_permanent


UNREADABLE: list[Any] = [
    pytest.param({"policyInfo": []}, "answer about workspaces", id="no workspaces by id"),
    pytest.param({}, "answer about workspaces", id="no workspaces"),
    pytest.param({"policyInfo": {US: {}}}, f"workspace {US}", id="no section at all"),
    pytest.param(
        {"policyInfo": {US: {"tags": None, "reportFields": None}}},
        f"workspace {US}",
        id="nothing in either section",
    ),
    pytest.param(
        {"policyInfo": {US: {"responseMessage": "no permission"}}},
        f"workspace {US}",
        id="an error in the workspace's place",
    ),
    pytest.param({"policyInfo": {US: {"tags": [{}]}}}, f"workspace {US}", id="a tag without name"),
    pytest.param(
        {"policyInfo": {US: {"tags": [{"name": None}]}}}, f"workspace {US}", id="a name of null"
    ),
    pytest.param({"policyInfo": {US: {"tags": "A"}}}, f"workspace {US}", id="tags that are text"),
    pytest.param({"policyInfo": {US: {"tags": 7}}}, f"workspace {US}", id="tags that are a number"),
    pytest.param(
        {"policyInfo": {US: {"reportFields": [{"values": ["a"]}]}}},
        f"workspace {US}",
        id="a report field without name",
    ),
]


@pytest.mark.parametrize(("document", "what"), UNREADABLE)
def test_an_answer_that_is_not_the_manuals_is_refused_whole(
    desk: Desk, document: dict[str, Any], what: str
) -> None:
    desk.answers({"responseCode": 200, **document})
    with pytest.raises(SourceError) as refused:
        desk.expensify.lists([US])
    assert str(refused.value) == (
        f"Expensify's {what} is not what its manual describes: nothing of this reading is kept"
    )
    assert not refused.value.is_permanent


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({}, id="no list"),
        pytest.param({"policyList": None}, id="null"),
        pytest.param({"policyList": [{"name": "Acme"}]}, id="a workspace without id"),
        pytest.param({"policyList": [{"id": None}]}, id="an id of null"),
        pytest.param({"policyList": ["Acme"]}, id="a workspace that is text"),
    ],
)
def test_a_list_of_workspaces_that_is_none_is_refused(desk: Desk, document: object) -> None:
    desk.answers({"responseCode": 200, **dict(document)})  # type: ignore[call-overload]
    with pytest.raises(SourceError, match="Expensify's list of workspaces is not what its manual"):
        desk.expensify.policies()


def test_a_section_that_the_answer_leaves_out_is_said_to_be_absent(desk: Desk) -> None:
    desk.answers({"responseCode": 200, "policyInfo": {US: {"reportFields": []}}})
    (lists,) = desk.expensify.lists([US])
    assert (lists.values, lists.absent) == ((), ("tag:",))
