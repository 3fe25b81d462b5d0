"""Plain words -> Slack's mrkdwn: names are data, stay readable, and do nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from itertools import accumulate

from monitor.core.message import Message, Section

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LINE_BREAKS = re.compile("[\n\r\t\v\f\x1c-\x1e\x85\u2028\u2029]+")
_INVISIBLE = ("Cc", "Cf", "Cs", "Co")
"""Control and format characters (bidi overrides, zero-width joins), and what is no character."""

_OWN_PAGES = re.compile(
    r"https://(?:[\w-]+\.)+(?:netsuite|expensify|slack)\.com/[^\s()<>|…]*(?=[\s)]|$)", re.ASCII
)
"""Pages of the systems concerned; no other address becomes a link."""


def escaped(text: str, longest: int, ending: str = "…") -> str:
    """Harmless mrkdwn of at most `longest` characters: nobody is mentioned, nothing runs
    backwards. What is cut ends with `ending`, and never in the middle of an entity.
    """
    pieces = [_ENTITIES.get(character, character) for character in text if _is_visible(character)]
    if sum(map(len, pieces)) <= longest:
        return "".join(pieces)
    room = longest - len(ending)
    kept = sum(end <= room for end in accumulate(map(len, pieces)))
    return "".join(pieces[:kept]) + ending


def linked(mrkdwn: str, longest: int) -> str:
    """The same with the systems' own pages to click on, where there is room for it."""
    clickable = _OWN_PAGES.sub(r"<\g<0>>", mrkdwn)
    return clickable if len(clickable) <= longest else mrkdwn


def link(url: str, words: str) -> str:
    """A link with these words; empty for what is no web address."""
    if not re.fullmatch(r"https?://[^\s<>|\"]{1,300}", url, re.ASCII):
        return ""
    return f"<{url.replace('&', '&amp;')}|{words}>"


def in_lines(message: Message) -> Message:
    """The message with every statement on one line: a name cannot pretend to be the next one.
    Only the footer has lines of its own.
    """
    return replace(
        message,
        headline=_one_line(message.headline),
        sections=tuple(
            Section(_one_line(section.title), tuple(map(_one_line, section.lines)))
            for section in message.sections
        ),
        reports=tuple(row._replace(text=_one_line(row.text)) for row in message.reports),
        footer="\n".join(map(_one_line, message.footer.split("\n"))),
    )


def _one_line(text: str) -> str:
    return _LINE_BREAKS.sub(" ", text)


def _is_visible(character: str) -> bool:
    return character == "\n" or unicodedata.category(character) not in _INVISIBLE
