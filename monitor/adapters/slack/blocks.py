"""Message -> Block Kit, and the text beside it, within what Slack takes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any, NamedTuple

from monitor.adapters.slack.mrkdwn import escaped, in_lines, link, linked
from monitor.adapters.slack.pressing import Action
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

_BUTTONS = (
    (Action.ACK, "Acknowledge"),
    (Action.SNOOZE, "Snooze 24 h"),
    (Action.EXPLAIN, "Explain"),
)

Block = dict[str, Any]


class Looks(NamedTuple):
    """How this channel shows messages, besides their words."""

    mentions: Mapping[str, str] = {}
    """Slack's id of a person, by the name or e-mail address that a report's row has."""
    buttons_of: int | None = None
    """The alert whose buttons stand below its message; None = no buttons."""


PLAIN = Looks()


def blocks_of(message: Message, note: str = "", looks: Looks = PLAIN) -> list[Block]:
    """The message as Slack blocks, below the note; what does not fit is left out and said so, but
    the buttons and the footer always stay.
    """
    message = in_lines(message)
    blocks = list(_blocks(message, note, looks.mentions))
    closing = [*_buttons(message, looks), *_contexts(*message.footer.split("\n"))]
    if len(kept := _first(blocks, closing)) < len(blocks):
        closing = [*_contexts(_CUT), *closing]
        kept = _first(blocks, closing)
    return [*kept, *closing]


def comment_of(message: Message, note: str = "") -> str:
    """The words beside a file: what the message is about."""
    message = in_lines(message)
    words = f"{note} {message.tone}: {message.headline}".strip()
    return escaped(words, _LONGEST_HEADLINE)


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


def _buttons(message: Message, looks: Looks) -> Iterator[Block]:
    """What can be done about an alert that stands."""
    if looks.buttons_of is None or message.tone is not Tone.AT_RISK:
        return
    yield {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "text": {"type": "plain_text", "text": words},
                "action_id": action.value,
                "value": str(looks.buttons_of),
            }
            for action, words in _BUTTONS
        ],
    }


def _blocks(message: Message, note: str, mentions: Mapping[str, str]) -> Iterator[Block]:
    yield from _contexts(note)
    headline = escaped(message.headline, _LONGEST_HEADLINE)
    yield from _sections(f"{_SIGNS[message.tone]} *{message.tone}*: {headline}")
    for section in message.sections:
        yield from _paragraphs(section)
    if message.reports:
        yield {"type": "divider"}
        for row in message.reports:
            yield from _row(row, mentions)
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


def _row(row: ReportRow, mentions: Mapping[str, str]) -> Iterator[Block]:
    page = link(row.url, "open")
    words = _mentioning(row, mentions, _LONGEST_LINE - len(page))
    yield from _sections(" ".join(part for part in ("•", words, page) if part))


def _mentioning(row: ReportRow, mentions: Mapping[str, str], longest: int) -> str:
    """The row's words; where its person is known in Slack, a mention stands in place of the name.
    Nothing else in a message ever mentions anybody.
    """
    known = {name.casefold(): user for name, user in mentions.items()}
    user = known.get(row.person.casefold(), "") if row.person else ""
    before, found, after = row.text.partition(f" · {row.person} · ")
    if not (user and found):
        return escaped(row.text, longest)
    mention = f" · <@{user}> · "
    begin = escaped(before, longest - len(mention))
    return f"{begin}{mention}{escaped(after, longest - len(mention) - len(begin))}"


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
