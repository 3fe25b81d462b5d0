"""Message -> Block Kit, and the text beside it, within what Slack takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from monitor.adapters.slack.mrkdwn import escaped, in_lines, link, linked
from monitor.core.message import Message, ReportRow, Section, Tone
from monitor.core.message.plain import as_text

MOST_CHARACTERS = 10_000
"""Slack refuses messages from about 13,000 characters of blocks on, whatever its pages say."""
MOST_BLOCKS = 50
LONGEST_SECTION = 3_000
LONGEST_TEXT = 3_800
"""Of the text beside the blocks: Slack asks for less than 4,000."""

_LONGEST_LINE = 2_900
_LONGEST_HEADLINE = 1_000
_LONGEST_CONTEXT = 1_200
_MOST_CONTEXTS = 2
_LONGEST_TITLE = 300
_CUT = "… the rest did not fit; `monitor risks` shows all of it"

_SIGNS = {
    Tone.AT_RISK: ":rotating_light:",
    Tone.WORSE: ":chart_with_upwards_trend:",
    Tone.FAILED: ":x:",
    Tone.REOPENED: ":repeat:",
    Tone.REMINDER: ":hourglass:",
    Tone.RESOLVED: ":white_check_mark:",
    Tone.LOST: ":warning:",
    Tone.BLIND: ":see_no_evil:",
    Tone.SIGHTED: ":eyes:",
    Tone.DIGEST: ":newspaper:",
    Tone.SAMPLE: ":test_tube:",
}

Block = dict[str, Any]


def blocks_of(message: Message, note: str = "") -> list[Block]:
    """The message as Slack blocks, below the note; what does not fit is left out and said so, but
    the footer always stays.
    """
    message = in_lines(message)
    blocks, closing = list(_blocks(message, note)), list(_contexts(*message.footer.split("\n")))
    if len(kept := _first(blocks, closing)) < len(blocks):
        closing = [*_contexts(_CUT), *closing]
        kept = _first(blocks, closing)
    return [*kept, *closing]


def text_of(message: Message, note: str = "") -> str:
    """The message as Slack text, for notifications and screen readers, or when blocks fail."""
    text = "\n".join(part for part in (note, as_text(in_lines(message))) if part)
    return escaped(text, LONGEST_TEXT, ending=f"\n{_CUT}")


def _first(blocks: list[Block], closing: list[Block]) -> list[Block]:
    """As many as there is room for before the closing ones."""
    room = MOST_CHARACTERS - sum(map(_size, closing))
    sizes = accumulate(map(_size, blocks[: MOST_BLOCKS - len(closing)]))
    return blocks[: sum(size <= room for size in sizes)]


def _size(block: Block) -> int:
    return len(json.dumps(block, ensure_ascii=False))


def _blocks(message: Message, note: str) -> Iterator[Block]:
    yield from _contexts(note)
    headline = escaped(message.headline, _LONGEST_HEADLINE)
    yield from _sections(f"{_SIGNS[message.tone]} *{message.tone}*: {headline}")
    for section in message.sections:
        yield from _paragraphs(section)
    if message.reports:
        yield {"type": "divider"}
        for row in message.reports:
            yield from _row(row)
    if message.more_reports:
        yield from _contexts(f"… and {message.more_reports} more")


def _paragraphs(section: Section) -> Iterator[Block]:
    """The title and its lines, in as few blocks as they fit in."""
    paragraph = _bold(section.title)
    for line in section.lines:
        more = escaped(line, _LONGEST_LINE)
        if len(paragraph) + len(more) + 1 > _LONGEST_LINE:
            yield from _sections(paragraph)
            paragraph = ""
        paragraph = f"{paragraph}\n{more}" if paragraph else more
    yield from _sections(paragraph)


def _bold(title: str) -> str:
    words = escaped(title, _LONGEST_TITLE).strip()
    # An asterisk inside would end the bold.
    return f"*{words.replace('*', '∗')}*" if words else ""


def _row(row: ReportRow) -> Iterator[Block]:
    page = link(row.url, "open")
    words = escaped(row.text, _LONGEST_LINE - len(page))
    yield from _sections(" ".join(part for part in ("•", words, page) if part))


def _sections(mrkdwn: str) -> Iterator[Block]:
    """One section; none for mere blanks, which Slack refuses."""
    if mrkdwn.strip():
        yield {"type": "section", "text": _text(mrkdwn)}


def _contexts(*lines: str) -> Iterator[Block]:
    """Small grey lines, as far as there are words for them."""
    for mrkdwn in (escaped(line, _LONGEST_CONTEXT) for line in lines[:_MOST_CONTEXTS]):
        if mrkdwn.strip():
            yield {"type": "context", "elements": [_text(mrkdwn)]}


def _text(mrkdwn: str) -> dict[str, Any]:
    # verbatim: else Slack itself makes mentions of names like @channel.
    return {"type": "mrkdwn", "text": linked(mrkdwn, LONGEST_SECTION), "verbatim": True}
