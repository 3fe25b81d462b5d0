"""The channel's daily test of itself, in words: the summary was posted, found again and edited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from monitor.core.freshness import SourceFreshness
from monitor.core.message.values import Message, Section
from monitor.core.message.words import Voice, sentence

_TITLE = "Channel self-test"
DELIVERY = "Delivery"
"""The section of the summary that tells of it."""


def self_test_lines(test: SourceFreshness, voice: Voice) -> Iterator[str]:
    """How the last one went; nothing when there was none yet."""
    passed = f"last passed on {voice.moment(test.last_good_at)}" if test.last_good_at else ""
    if test.failing_since is not None:
        since = voice.moment(test.failing_since)
        tail = f"; it {passed}" if passed else ""
        yield sentence(f"{_TITLE}: fails since {since}{tail}: {test.error}")
    elif passed:
        yield sentence(f"{_TITLE}: {passed}")


def with_self_test(digest: Message, at: datetime, voice: Voice) -> Message:
    """The summary that was found, and now says so; what it said of the test before is gone."""
    line = f"{_TITLE}: posted, found and edited at {voice.moment(at)}."
    sections = [
        section._replace(lines=tuple(one for one in section.lines if not one.startswith(_TITLE)))
        for section in digest.sections
    ]
    if all(section.title != DELIVERY for section in sections):
        sections.append(Section(DELIVERY, ()))
    told = (
        section._replace(lines=(*section.lines, line)) if section.title == DELIVERY else section
        for section in sections
    )
    return replace(digest, sections=tuple(told))
