"""What delivery asks of a channel: the one interface that a bot and a webhook share."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol, TypeGuard

from monitor.core.message import Message


class Place(NamedTuple):
    """Where a message stands: the channel's id and the message's ts; empty when not told."""

    channel: str
    ts: str


class Channel(Protocol):
    """One channel; every method raises DeliveryError."""

    can_edit: bool

    def post(
        self, key: str, message: Message, *, thread: str | None = None, note: str = ""
    ) -> Place:
        """Post a message (in a thread when given its parent's ts), below the note."""


class EditableChannel(Channel, Protocol):
    """A channel that knows its messages again."""

    def holds(self, place: Place) -> bool:
        """Whether the message stands in this channel, as far as can be told."""

    def edit(self, place: Place, key: str, message: Message) -> None:
        """Put the message in the place of an earlier one."""

    def find(self, key: str, *, since: datetime, thread: str | None = None) -> Place | None:
        """Where the message with this key stands, if it was posted since then."""

    def link(self, place: Place) -> str:
        """The address that opens the message; empty when Slack gives none."""


def is_editable(channel: EditableChannel | Channel) -> TypeGuard[EditableChannel]:
    return channel.can_edit
