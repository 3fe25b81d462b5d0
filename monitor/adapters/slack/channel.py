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
        self,
        key: str,
        message: Message,
        *,
        thread: str | None = None,
        note: str = "",
        is_broadcast: bool = False,
        alert_id: int | None = None,
    ) -> Place:
        """Post a message below the note: in a thread when given its parent's ts, and then for the
        whole channel to see if it is a broadcast. Buttons are those of the alert.
        """


class EditableChannel(Channel, Protocol):
    """A channel that knows its messages again."""

    def holds(self, place: Place) -> bool:
        """Whether the message stands in this channel, as far as can be told."""

    def edit(
        self, place: Place, key: str, message: Message, *, alert_id: int | None = None
    ) -> None:
        """Put the message in the place of an earlier one."""

    def attach(self, parent: Place, message: Message, *, note: str = "") -> Place:
        """Put the message's attachment into its parent's thread, with the headline beside it."""

    def find(
        self, key: str, *, since: datetime, thread: str | None = None, file: str = ""
    ) -> Place | None:
        """Where the message with this key stands, or one with a file of this name, if it was posted
        since then.
        """

    def link(self, place: Place) -> str:
        """The address that opens the message; empty when Slack gives none."""


def is_editable(channel: EditableChannel | Channel) -> TypeGuard[EditableChannel]:
    return channel.can_edit
