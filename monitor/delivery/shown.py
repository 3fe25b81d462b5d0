"""What a channel can show of a letter, and where an alert's message stands in it."""

from __future__ import annotations

from monitor.adapters.slack.channel import Channel, EditableChannel, Place, is_editable
from monitor.adapters.store import Store
from monitor.core.alerts import Letter, Method, Reason


def why_never(letter: Letter, channel: EditableChannel | Channel) -> str:
    """Why this channel never shows the letter; empty = it does."""
    if channel.can_edit:
        return ""
    # A webhook leaves out an edit: it follows the figures, or a reply says the same.
    if letter.method is Method.EDIT and letter.reason is not Reason.JOINED:
        return "a webhook cannot edit"
    # The first message is one message: what it leaves out has no thread to stand in.
    return "a webhook has no threads" if is_list(letter) else ""


def is_list(letter: Letter) -> bool:
    """Whether it only adds what the alert's first message leaves out."""
    return letter.method is Method.REPLY and letter.reason is Reason.OPENED


def parent_of(
    store: Store, channel: EditableChannel | Channel, alert_id: int | None
) -> Place | None:
    """The alert's parent, if it stands in today's channel."""
    standing = store.outbox.parent_of(alert_id)
    if standing is None or not is_editable(channel):
        return None
    place = Place(*standing)
    return place if channel.holds(place) else None
