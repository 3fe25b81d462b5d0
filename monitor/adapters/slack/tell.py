"""One letter -> one message: posted, edited or replied, and never twice if that can be known."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import structlog

from monitor.adapters.slack.channel import Channel, EditableChannel, Place, is_editable
from monitor.adapters.slack.refusals import GONE_PARENT, GONE_THREAD, NOT_NOW
from monitor.core.alerts import Letter, Method
from monitor.errors import DeliveryError

log = structlog.get_logger("monitor")

REPEAT = "(may be a repeat)"
_MOST_LOOK_UPS = 5
"""Then the letter goes out marked: a history that never answers keeps nobody from hearing it."""


class Doubt(NamedTuple):
    """An earlier attempt may have arrived: not before when, and how many there were."""

    since: datetime
    attempts: int


def tell(
    channel: EditableChannel | Channel, letter: Letter, parent: Place | None, doubt: Doubt | None
) -> tuple[Place, Method]:
    """Put the letter into the channel; returns where it stands and how it went there.

    An edit without its parent becomes the parent; a reply without its thread stands by itself. In
    doubt it is looked up before it is posted, or marked as a repeat where that is not allowed.
    Raises DeliveryError.
    """
    if letter.method is Method.REPLY:
        return _reply(channel, letter, parent, doubt), Method.REPLY
    if letter.method is Method.POST or parent is None or not is_editable(channel):
        return _post(channel, letter, doubt), Method.POST
    try:
        channel.edit(parent, letter.key, letter.message, alert_id=letter.alert_id)
    except DeliveryError as error:
        if error.code not in GONE_PARENT:
            raise
        note = _replaces(letter, "" if error.code == "message_not_found" else channel.link(parent))
        return _post(channel, letter, doubt, note=note), Method.POST
    return parent, Method.EDIT


def _replaces(letter: Letter, address: str) -> str:
    why = f"cannot be edited any more: {address}" if address else "is gone or closed"
    return f"This replaces the earlier message of alert {letter.alert_id}, which {why}"


def _reply(
    channel: EditableChannel | Channel, letter: Letter, parent: Place | None, doubt: Doubt | None
) -> Place:
    if parent is None:
        return _post(channel, letter, doubt)
    try:
        return _post(channel, letter, doubt, thread=parent)
    except DeliveryError as error:
        if error.code not in GONE_THREAD:
            raise
    return _post(channel, letter, doubt)


def _post(
    channel: EditableChannel | Channel,
    letter: Letter,
    doubt: Doubt | None,
    *,
    thread: Place | None = None,
    note: str = "",
) -> Place:
    if doubt is not None:
        try:
            found = _look_up(channel, letter, doubt, thread)
        except DeliveryError as error:
            if error.code in NOT_NOW and doubt.attempts < _MOST_LOOK_UPS:
                raise
            log.warning("slack_history_unreadable", error=str(error))
            note = f"{note} {REPEAT}".strip()
        else:
            if found is not None:
                return found
    return _sent(channel, letter, thread, note)


def _sent(
    channel: EditableChannel | Channel, letter: Letter, thread: Place | None, note: str
) -> Place:
    """With its file, where there is a thread for it and Slack takes it; else in words."""
    if letter.message.attachment is not None and thread is not None and is_editable(channel):
        try:
            return channel.attach(thread, letter.message, note=note)
        except DeliveryError as error:
            if error.code in NOT_NOW:
                raise
            log.warning("slack_file_refused", error=str(error), alert=letter.alert_id)
    return channel.post(
        letter.key,
        letter.message,
        thread=thread.ts if thread else None,
        note=note,
        is_broadcast=letter.is_broadcast,
        alert_id=letter.alert_id,
    )


def _look_up(
    channel: EditableChannel | Channel, letter: Letter, doubt: Doubt, thread: Place | None
) -> Place | None:
    if not is_editable(channel):
        raise DeliveryError("a webhook cannot look a message up", code="no_history")
    file = letter.message.attachment
    return channel.find(
        letter.key,
        since=doubt.since,
        thread=thread.ts if thread else None,
        file=file.name if file else "",
    )
