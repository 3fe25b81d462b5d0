"""Expensify lost its lists: told once a workspace, apart from risks, until they are back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.core.alerts import AlertPolicy, Sight, decide
from monitor.core.lost import AcceptedList, LostList
from tests.core.alert_builders import NOTHING_ENDED, VOICE, Desk, failing
from tests.core.builders import NOW, UK, US, a_risk, at, hours

OPENED = ["1 list_lost post"]
RESOLVED = ["1 resolved edit", "1 resolved reply"]
CLASSES = LostList(US, "tag:1", ("class",), 38, 40, at("09:00"), at("09:15"))
PROJECTS = LostList(US, "tag:2", ("project",), 55, 55, at("09:00"), at("09:15"))


def losing(*lost: LostList, blind: str = "", is_whole: bool = True) -> Sight:
    """Both sides were read, and these lists of Expensify's are without their values."""
    kinds = ((blind, "the role may not see them"),) if blind else ()
    return Sight(is_whole=is_whole, lost_lists=lost, blind_kinds=kinds)


def a_desk(*lost: LostList) -> Desk:
    """The loss was just told."""
    desk = Desk()
    desk.cycle(sight=losing(*lost or (CLASSES,)))
    return desk


def test_it_is_told_at_once_and_once() -> None:
    desk = Desk()
    assert desk.cycle(sight=losing(CLASSES)) == OPENED
    assert desk.cycle(sight=losing(CLASSES)) == []
    assert desk.cycle(sight=losing(CLASSES), after=hours(30)) == []
    assert desk.open_alerts == [1]


def test_it_is_over_when_the_values_are_back() -> None:
    desk = a_desk()
    assert desk.cycle(sight=losing()) == RESOLVED
    assert (desk.open_alerts, desk.cycle(sight=losing())) == ([], [])


@pytest.mark.parametrize(
    ("codings", "said"),
    [
        pytest.param(
            {(US, "tag:1", "class"), (US, "tag:2", "project")},
            "offers what NetSuite has again in",
            id="still named",
        ),
        pytest.param(set(), "the monitor looks no more at", id="named no more"),
        pytest.param(
            {(US, "tag:1", "location"), (US, "tag:2", "customer")},
            "the monitor looks no more at",
            id="named for something else",
        ),
    ],
)
def test_that_nobody_looks_any_more_is_not_told_as_if_the_values_were_back(
    codings: set[tuple[str, str, str]], said: str
) -> None:
    desk = a_desk(CLASSES, PROJECTS)
    assert desk.cycle(sight=replace(losing(), codings=frozenset(codings))) == RESOLVED
    lists = "tag level 1 (classes) and tag level 2 (projects)"
    assert f"{said} {lists}" in desk.said()


def test_of_two_lists_only_the_one_still_named_is_called_back() -> None:
    desk = a_desk(CLASSES, PROJECTS)
    sight = replace(losing(), codings=frozenset({(US, "tag:2", "project")}))
    assert desk.cycle(sight=sight) == RESOLVED
    assert "has again in tag level 2 (projects), after" in desk.said()


@pytest.mark.parametrize(
    ("upto", "author", "said"),
    [
        pytest.param(
            "09:15", "Dana Lee",
            "the loss in tag level 1 (classes) of Acme US was accepted by Dana Lee, after 1 h",
            id="by somebody",
        ),
        pytest.param(
            "10:00", "", "of Acme US was accepted, after 1 h", id="by nobody who is known",
        ),
        pytest.param(
            "09:00", "Dana Lee", "offers what NetSuite has again", id="an earlier loss, not this",
        ),
    ],
)  # fmt: skip
def test_a_loss_that_was_accepted_is_over_by_somebodys_word(
    upto: str, author: str, said: str
) -> None:
    desk = a_desk()
    word = AcceptedList(US, "tag:1", at(upto), author)
    sight = replace(losing(), accepted_lists=(word,))
    assert desk.cycle(sight=sight, after=hours(1)) == RESOLVED
    assert said in desk.said()


def test_of_two_lists_only_the_accepted_one_is_called_so() -> None:
    desk = a_desk(CLASSES, PROJECTS)
    elsewhere = AcceptedList(UK, "tag:2", at("09:15"), "Bo")
    word = AcceptedList(US, "tag:1", at("09:15"), "Dana Lee")
    sight = replace(losing(PROJECTS), accepted_lists=(elsewhere, word))
    assert desk.cycle(sight=sight) == ["1 changed edit"]
    assert desk.cycle(sight=replace(sight, lost_lists=())) == RESOLVED
    assert "has again in tag level 2 (projects), after" in desk.said()


def test_lists_that_went_together_are_one_message() -> None:
    desk = Desk()
    assert desk.cycle(sight=losing(CLASSES, PROJECTS)) == OPENED
    assert desk.alerts[1].lost == (CLASSES, PROJECTS)


def test_another_list_that_goes_is_told_in_the_same_alert() -> None:
    desk = a_desk()
    assert desk.cycle(sight=losing(CLASSES, PROJECTS)) == ["1 list_lost edit", "1 list_lost reply"]
    assert "55 of 55" in desk.said()


def test_one_list_that_is_back_leaves_the_other() -> None:
    desk = a_desk(CLASSES, PROJECTS)
    assert desk.cycle(sight=losing(PROJECTS)) == ["1 changed edit"]
    assert "classes" not in desk.said()
    assert desk.cycle(sight=losing()) == RESOLVED


def test_that_some_values_are_back_is_no_news() -> None:
    desk = a_desk()
    assert desk.cycle(sight=losing(CLASSES._replace(gone=20))) == []


def test_every_workspace_has_an_alert_of_its_own() -> None:
    desk = Desk()
    elsewhere = CLASSES._replace(policy_id=UK)
    assert desk.cycle(sight=losing(CLASSES, elsewhere)) == ["1 list_lost post", "2 list_lost post"]
    assert desk.cycle(sight=losing(elsewhere)) == RESOLVED
    assert desk.open_alerts == [2]


@pytest.mark.parametrize(
    "sight",
    [
        pytest.param(losing(is_whole=False), id="the cycle was not whole"),
        pytest.param(failing(NOW), id="netsuite cannot be read"),
        pytest.param(losing(blind="class"), id="netsuite does not show the records"),
    ],
)
def test_nothing_is_over_that_could_not_be_looked_at(sight: Sight) -> None:
    desk = a_desk()
    assert "resolved" not in " ".join(desk.cycle(sight=sight))
    assert desk.alerts[1] == a_desk().alerts[1]


def test_that_another_kind_cannot_be_seen_keeps_nothing_open() -> None:
    desk = a_desk()
    assert desk.cycle(sight=losing(blind="department")) == ["2 blind post", *RESOLVED]


def test_nothing_is_told_of_half_a_look() -> None:
    assert Desk().cycle(sight=losing(CLASSES, is_whole=False)) == []


def test_a_risk_has_an_alert_of_its_own_beside_it() -> None:
    desk = Desk()
    told = desk.cycle(a_risk(), sight=losing(CLASSES))
    assert told == ["1 opened post", "2 list_lost post"]
    assert desk.cycle(a_risk(), sight=losing()) == ["2 resolved edit", "2 resolved reply"]
    assert desk.states == {"class:12": "open"}


def test_a_risk_that_comes_soon_after_does_not_join_it() -> None:
    desk = a_desk()
    assert desk.cycle(a_risk(), sight=losing(CLASSES)) == ["2 opened post"]


def test_it_tells_of_no_blindness_which_has_its_own_message() -> None:
    desk = a_desk()
    desk.cycle(sight=failing(desk.now), is_read=False)
    assert desk.cycle(sight=failing(desk.now), is_read=False, after=hours(2)) == ["2 blind post"]


def test_blindness_told_in_the_same_cycle_has_another_number() -> None:
    desk = Desk()
    assert desk.cycle(sight=losing(CLASSES, blind="department")) == [
        "1 blind post",
        "2 list_lost post",
    ]


@pytest.mark.parametrize(("is_shadow", "reasons"), [(False, ["list_lost"]), (True, [])])
def test_what_nobody_heard_is_told_again_unless_nobody_is_to_hear(
    is_shadow: bool, reasons: list[str]
) -> None:
    desk = a_desk()
    outcome = decide(
        (),
        replace(desk.memory(), unheard=frozenset({1})),
        sight=losing(CLASSES),
        endings=NOTHING_ENDED,
        now=desk.now + hours(1),
        policy=AlertPolicy(is_shadow=is_shadow),
        voice=VOICE,
    )
    assert [letter.reason.code for letter in outcome.letters] == reasons
