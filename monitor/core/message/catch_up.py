"""Several messages that waited together -> one: the newest, and before it what led there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from monitor.core.message.values import Message, Section

_BEFORE = "Before that, oldest first"


def catch_up_message(messages: tuple[Message, ...]) -> Message:
    """One message that says them all: it reads like the newest one, which is what holds now."""
    *earlier, newest = messages
    before = Section(_BEFORE, tuple(line for one in earlier for line in _lines(one)))
    return replace(newest, sections=(*newest.sections, before) if earlier else newest.sections)


def _lines(message: Message) -> Iterator[str]:
    """The message as the lines of a paragraph."""
    for section in message.sections:
        if section.title == _BEFORE:
            yield from section.lines
    yield f"{message.tone}: {message.headline}"
    for section in message.sections:
        if section.title != _BEFORE:
            yield from filter(None, (section.title, *section.lines))
