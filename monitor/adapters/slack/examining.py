"""What Slack tells of an app and its channel without a message: its name, its scopes, the room."""

from __future__ import annotations

from typing import NamedTuple

from slack_sdk import WebClient

from monitor.adapters.slack.calls import called, part_of
from monitor.adapters.slack.refusals import header
from monitor.errors import DeliveryError


class Room(NamedTuple):
    """The channel as Slack describes it."""

    name: str
    is_archived: bool = False
    is_member: bool = True
    is_private: bool = False
    is_shared: bool = False
    """People of other organizations are in it."""


class Examined(NamedTuple):
    """What is known of the app. `room` is None when the token may not look at the channel."""

    bot: str
    scopes: frozenset[str] | None
    """None when Slack does not tell them."""
    room: Room | None


def examine(client: WebClient, channel: str) -> Examined:
    """Ask Slack; raises DeliveryError when the token or the channel is none of Slack's.

    A channel is looked up by its id only: of a name ("#exports") nothing is known.
    """
    answer = called(client.auth_test)
    told = header(answer.headers, "x-oauth-scopes")
    scopes = frozenset(filter(None, (one.strip() for one in told.split(","))))
    bot = str(answer.get("user") or answer.get("user_id") or "")
    room = None if channel.startswith("#") else _room(client, channel)
    return Examined(bot, scopes or None, room)


def _room(client: WebClient, channel: str) -> Room | None:
    try:
        answer = called(lambda: client.conversations_info(channel=channel))
    except DeliveryError as error:
        if error.code == "missing_scope":
            return None
        raise
    told = part_of(answer.data, "channel")
    return Room(
        str(told.get("name") or channel),
        is_archived=bool(told.get("is_archived")),
        is_member=told.get("is_member") is not False,
        is_private=bool(told.get("is_private")),
        is_shared=bool(told.get("is_ext_shared")),
    )
