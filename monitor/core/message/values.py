"""A message as a value: plain words in the order people read them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Tone(StrEnum):
    """How a message looks before it is read; the value is what a reader without colours gets."""

    AT_RISK = "Exports at risk"
    WORSE = "Worse now"
    FAILED = "Export failed"
    REOPENED = "At risk again"
    REMINDER = "Still at risk"
    RESOLVED = "Resolved"
    LOST = "Expensify lost values"
    BLIND = "The monitor cannot see"
    SIGHTED = "The monitor sees again"
    DIGEST = "Daily summary"
    SAMPLE = "Test message"


class Section(NamedTuple):
    """A titled paragraph; `lines` are plain text, one statement each. The title may be empty."""

    title: str
    lines: tuple[str, ...]


class ReportRow(NamedTuple):
    """One report of the list: its words, and where it opens in Expensify ("" when there is no
    link).
    """

    text: str
    url: str = ""
    person: str = ""
    """Whose report it is, as it stands in the words too; "" where nobody may be mentioned."""


class Attachment(NamedTuple):
    """A file to go with a message; whoever cannot send it leaves the message's lines to say it."""

    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell, as plain words. Names in it are raw data: whoever sends it escapes them
    for its medium.
    """

    tone: Tone
    headline: str
    sections: tuple[Section, ...] = ()
    reports: tuple[ReportRow, ...] = ()
    more_reports: int = 0
    """How many further reports the list leaves out."""
    footer: str = ""
    """The freshness line: the oldest data time."""
    attachment: Attachment | None = None
