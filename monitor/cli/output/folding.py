"""What is wider than the terminal goes on below: between words, indented, in its colours."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

_WORD = re.compile(r"\s*\S+")
_STEP = re.compile(r" *(?:\d+\.|[→•]) ")
_DEEPER = 2


def fold(text: str, room: int | None) -> str:
    """Every line within the room; None = lines of any length."""
    if room is None:
        return text
    return "\n".join(part for line in text.split("\n") for part in folded(line, room))


def folded(line: str, room: int, *, below: int | None = None) -> list[str]:
    """The line as lines; a word that is too long by itself, such as an address, stays whole.

    `below`: how far what follows is indented; None = under the text of a step, else a little deeper
    than the line itself.
    """
    if width(line) <= room:
        return [line]
    depth = min(_depth(line), room // 2) if below is None else below
    return list(_broken(line, room, " " * depth))


def width(text: str) -> int:
    """How many columns it takes; colours take none, a Chinese character two."""
    seen = click.unstyle(text)
    if seen.isascii():
        return len(seen)
    from rich.cells import cell_len  # costs every command that says nothing but ASCII

    return cell_len(seen)


def _depth(line: str) -> int:
    if step := _STEP.match(line):
        return len(step[0])
    return len(line) - len(line.lstrip(" ")) + _DEEPER


def _broken(line: str, room: int, indent: str) -> Iterator[str]:
    said = ""
    for word in _WORD.findall(line):
        if click.unstyle(said).strip() and width(said) + width(word) > room:
            yield said
            said = indent + word.lstrip()
        else:
            said += word
    yield said
