"""What Slack says when somebody presses a button -> a press, or why it is none of ours."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

_LONGEST_NAME = 80
_MOST_DIGITS = 12
_PRIVATE = "privategroup"
"""What Slack calls every private channel here, whatever its name."""


class Action(StrEnum):
    """The buttons, by their action ids."""

    ACK = "sync_drift.ack"
    SNOOZE = "sync_drift.snooze"
    EXPLAIN = "sync_drift.explain"


class Press(NamedTuple):
    """Somebody pressed a button of an alert. `person` is a name, and only that: it may be long or
    strange, but stands on one line.
    """

    action: Action
    alert_id: int
    person: str
    channel: str
    ts: str


class Refusal(StrEnum):
    """Why a press does nothing."""

    FOREIGN_TEAM = "it comes from another Slack workspace"
    FOREIGN_APP = "it belongs to another app"
    FOREIGN_CHANNEL = "it was pressed in another channel"
    FOREIGN_ACTION = "it is no button of this monitor"
    NO_ALERT = "it names no alert"


class Home(NamedTuple):
    """Whose buttons count; empty where it is not known."""

    channel: str
    team: str = ""
    app: str = ""


class Whereabouts(NamedTuple):
    """Whom to answer, and where; empty when Slack did not say."""

    channel: str
    user: str


def press_of(payload: Mapping[str, Any], home: Home) -> Press | Refusal:
    """The press, or why it does nothing."""
    if (refusal := _foreign(payload, home)) is not None:
        return refusal
    actions = payload.get("actions")
    action = _within(actions[0]) if isinstance(actions, list) and actions else {}
    action_id = _text(action.get("action_id"))
    if action_id not in set(Action):
        return Refusal.FOREIGN_ACTION
    alert_id = _number(action.get("value"))
    if alert_id is None:
        return Refusal.NO_ALERT
    return Press(
        Action(action_id),
        alert_id,
        _person(_within(payload.get("user"))),
        whereabouts(payload).channel,
        _text(_within(payload.get("container")).get("message_ts")),
    )


def whereabouts(payload: Mapping[str, Any]) -> Whereabouts:
    """Who pressed, in which channel."""
    channel = _within(payload.get("channel")).get("id")
    container = _within(payload.get("container")).get("channel_id")
    user = _within(payload.get("user")).get("id")
    return Whereabouts(_text(channel) or _text(container), _text(user))


def click_of(payload: Mapping[str, Any]) -> str:
    """What one click has alone, however often Slack tells of it; empty when it cannot be told."""
    actions = payload.get("actions")
    action = _within(actions[0]) if isinstance(actions, list) and actions else {}
    at = _text(action.get("action_ts"))
    return f"{whereabouts(payload).user} {action.get('action_id')} {at}" if at else ""


def _foreign(payload: Mapping[str, Any], home: Home) -> Refusal | None:
    teams = {_within(payload.get(name)).get("id") for name in ("team", "enterprise")}
    if home.team and home.team not in teams:
        return Refusal.FOREIGN_TEAM
    if home.app and payload.get("api_app_id") != home.app:
        return Refusal.FOREIGN_APP
    return None if _is_home(payload, home.channel) else Refusal.FOREIGN_CHANNEL


def _is_home(payload: Mapping[str, Any], channel: str) -> bool:
    if channel.startswith("#"):
        name = _text(_within(payload.get("channel")).get("name"))
        return name in (channel[1:], _PRIVATE)
    return whereabouts(payload).channel == channel


def _person(user: Mapping[str, Any]) -> str:
    names = (user.get("name"), user.get("username"), user.get("id"))
    lines = (" ".join(_text(name).split()) for name in names)
    return next(filter(None, lines), "somebody")[:_LONGEST_NAME]


def _number(value: object) -> int | None:
    text = _text(value)
    is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None


def _within(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
