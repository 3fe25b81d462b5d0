"""A press is read at the door: whole and ours, or refused with its reason."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.slack.pressing import (
    Action,
    Home,
    Press,
    Refusal,
    Whereabouts,
    click_of,
    press_of,
    whereabouts,
)
from tests.adapters.slack_socket import APP, a_payload

HOME = Home("C0123456789", "T0SIMULATED", APP)


@pytest.mark.parametrize("action", Action, ids=lambda action: action.name)
def test_a_button_of_ours_is_a_press(action: Action) -> None:
    payload = a_payload(action.value.removeprefix("sync_drift."))
    assert press_of(payload, HOME) == Press(action, 7, "Dana Lee", "C0123456789", "1.5")


def an_action(**changes: Any) -> dict[str, Any]:
    action = {"action_id": "sync_drift.ack", "value": "7", "action_ts": "1.6", **changes}
    return a_payload(actions=[action])


@pytest.mark.parametrize(
    ("payload", "refusal"),
    [
        pytest.param(a_payload(team={"id": "T1"}), Refusal.FOREIGN_TEAM, id="another team"),
        pytest.param(a_payload(team=None), Refusal.FOREIGN_TEAM, id="a team that is not told"),
        pytest.param(a_payload(api_app_id="A1"), Refusal.FOREIGN_APP, id="another app"),
        pytest.param(
            a_payload(channel={"id": "C1"}), Refusal.FOREIGN_CHANNEL, id="another channel"
        ),
        pytest.param(
            a_payload(channel=None, container={}), Refusal.FOREIGN_CHANNEL, id="no channel"
        ),
        pytest.param(an_action(action_id="deploy"), Refusal.FOREIGN_ACTION, id="another action"),
        pytest.param(an_action(action_id=[1]), Refusal.FOREIGN_ACTION, id="an odd action id"),
        pytest.param(a_payload("mute"), Refusal.FOREIGN_ACTION, id="an action of another version"),
        pytest.param(a_payload(actions=[]), Refusal.FOREIGN_ACTION, id="no action"),
        pytest.param(a_payload(actions="x"), Refusal.FOREIGN_ACTION, id="actions of no sense"),
        pytest.param(an_action(value="seven"), Refusal.NO_ALERT, id="a value that is no number"),
        pytest.param(an_action(value="-7"), Refusal.NO_ALERT, id="a negative number"),
        pytest.param(an_action(value="٧"), Refusal.NO_ALERT, id="a digit of another script"),
        pytest.param(an_action(value="7" * 13), Refusal.NO_ALERT, id="a number beyond all alerts"),
        pytest.param(an_action(value=7), Refusal.NO_ALERT, id="a number that is no text"),
        pytest.param(an_action(value=None), Refusal.NO_ALERT, id="no value"),
    ],
)
def test_what_is_none_of_ours_is_refused_with_its_reason(
    payload: dict[str, Any], refusal: Refusal
) -> None:
    assert press_of(payload, HOME) is refusal


@pytest.mark.parametrize(
    ("user", "person"),
    [
        pytest.param({"id": "U1", "name": "dana", "username": "d"}, "dana", id="the name"),
        pytest.param({"id": "U1", "username": "dana.lee"}, "dana.lee", id="else the user name"),
        pytest.param({"id": "U1", "name": " "}, "U1", id="else the id"),
        pytest.param({"id": "U1", "name": "Dana\n\u2028 Lee"}, "Dana Lee", id="on one line"),
        pytest.param({"name": "x" * 90}, "x" * 80, id="of a sane length"),
        pytest.param(None, "somebody", id="nobody named"),
    ],
)
def test_a_person_is_called_by_the_best_name_there_is(user: object, person: str) -> None:
    press = press_of(a_payload(user=user), HOME)
    assert isinstance(press, Press)
    assert press.person == person


@pytest.mark.parametrize(
    ("name", "is_ours"),
    [
        pytest.param("netsuite-exports", True, id="the same name"),
        pytest.param("privategroup", True, id="a private channel, whose name Slack hides"),
        pytest.param("random", False, id="another name"),
        pytest.param(None, False, id="no name"),
    ],
)
def test_a_channel_configured_by_its_name_is_known_by_it(name: str | None, is_ours: bool) -> None:
    payload = a_payload(channel={"id": "C0123456789", "name": name})
    pressed = press_of(payload, HOME._replace(channel="#netsuite-exports"))
    assert isinstance(pressed, Press) is is_ours


def test_a_team_inside_an_enterprise_is_ours_when_the_enterprise_is() -> None:
    payload = a_payload(team={"id": "T9"}, enterprise={"id": "E1"})
    assert isinstance(press_of(payload, HOME._replace(team="E1")), Press)


def test_where_team_and_app_are_not_known_the_channel_decides() -> None:
    payload = a_payload(team={"id": "T1"}, api_app_id="A1")
    assert isinstance(press_of(payload, Home("C0123456789")), Press)


def test_one_click_keeps_its_sign_and_another_has_another() -> None:
    again = an_action(action_ts="1.7")
    assert click_of(a_payload()) == click_of(a_payload()) != ""
    assert len({click_of(a_payload()), click_of(again), click_of(a_payload("snooze"))}) == 3
    assert click_of(a_payload(user={"id": "U2"})) != click_of(a_payload())
    assert click_of(a_payload(actions=[])) == ""


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=5,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(a_payload(), ANYTHING)))
def test_whatever_comes_is_read_or_refused_and_never_fails(payload: dict[str, Any]) -> None:
    for home in (HOME, Home("#netsuite-exports"), Home("")):
        assert isinstance(press_of(payload, home), Press | Refusal)
    assert isinstance(click_of(payload), str)
    assert isinstance(whereabouts(payload), Whereabouts)
