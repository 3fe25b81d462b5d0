"""A message as plain text: for terminals, notifications and readers without blocks."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.message.values import Message


def as_text(message: Message) -> str:
    """All of the message, one statement a line."""
    return "\n".join(_lines(message))


def _lines(message: Message) -> Iterator[str]:
    yield f"{message.tone}: {message.headline}"
    for section in message.sections:
        if section.title:
            yield f"\n{section.title}"
        yield from (f"  {line}" if section.title else line for line in section.lines)
    if message.reports:
        yield "\nReports"
        yield from (f"  {' · '.join(filter(None, (row.text, row.url)))}" for row in message.reports)
    if message.more_reports:
        yield f"  … and {message.more_reports} more"
    if message.footer:
        yield f"\n{message.footer}"
