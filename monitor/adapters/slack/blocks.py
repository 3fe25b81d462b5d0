"""Message -> Block Kit, and the text beside it; names are data and stay harmless."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from monitor.core.message import Message, Section, Tone
from monitor.core.message.plain import as_text

MOST_CHARACTERS = 10_000
"""Slack refuses messages from about 13,000 characters of blocks on, whatever its pages say."""
_MOST_BLOCKS = 50
_MOST_SECTION = 2_900
_MOST_TEXT = 3_800

_SIGNS = {
    Tone.AT_RISK: ":rotating_light:",
    Tone.RESOLVED: ":white_check_mark:",
    Tone.BLIND: ":see_no_evil:",
    Tone.SIGHTED: ":eyes:",
    Tone.SAMPLE: ":test_tube:",
}

Block = dict[str, Any]


def blocks_of(message: Message) -> list[Block]:
    """The message as Slack blocks, within its limits: what does not fit is cut and said so."""
    blocks: list[Block] = []
    room = MOST_CHARACTERS
    for block in _blocks(message):
        room -= _size(block)
        if room < 0 or len(blocks) >= _MOST_BLOCKS - 1:
            blocks.append(_context("… the rest did not fit; `monitor risks` shows all of it"))
            break
        blocks.append(block)
    return blocks


def text_of(message: Message, note: str = "") -> str:
    """The message as Slack text, for notifications and screen readers, or when blocks fail."""
    text = "\n".join(part for part in (note, as_text(message)) if part)
    return escaped(text, _MOST_TEXT)


def escaped(text: str, longest: int = _MOST_SECTION) -> str:
    """Harmless mrkdwn: nobody is mentioned, nothing runs backwards; cut before it is escaped."""
    clean = "".join(_visible(character) for character in text)
    if len(clean) > longest:
        clean = clean[: longest - 1] + "…"
    return clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _visible(character: str) -> str:
    if character == "\n":
        return character
    # Control and format characters: bidi overrides, zero-width joins, escapes.
    return "" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co") else character


def _blocks(message: Message) -> Iterator[Block]:
    headline = escaped(f"{message.headline}")
    yield _section(f"{_SIGNS[message.tone]} *{message.tone}*: {headline}")
    for section in message.sections:
        yield from _paragraphs(section)
    if message.reports:
        yield {"type": "divider"}
        for row in message.reports:
            yield _section(f"• {escaped(row.text)}")
    if message.more_reports:
        yield _context(f"… and {message.more_reports} more")
    if message.footer:
        yield _context(escaped(message.footer))


def _paragraphs(section: Section) -> Iterator[Block]:
    title = f"*{escaped(_unstarred(section.title))}*" if section.title else ""
    paragraph = title
    for line in section.lines:
        more = escaped(line)
        if paragraph and len(paragraph) + len(more) + 1 > _MOST_SECTION:
            yield _section(paragraph)
            paragraph = ""
        paragraph = f"{paragraph}\n{more}" if paragraph else more
    if paragraph:
        yield _section(paragraph)


def _unstarred(title: str) -> str:
    """An asterisk inside would end the bold."""
    return title.replace("*", "∗")


def _section(mrkdwn: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn[:3000]}}


def _context(mrkdwn: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn[:2000]}]}


def _size(block: Block) -> int:
    return len(str(block))
