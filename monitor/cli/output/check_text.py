"""What `monitor check` found, for people: a table, and below each row what to do."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from monitor.checking import Finding, State
from monitor.cli.output.words import Paint, plain

SIGNS = {State.OK: "✓", State.NOTE: "!", State.BAD: "✗"}
_COLORS = {State.OK: "green", State.NOTE: "yellow", State.BAD: "red"}
_DO = "→ "
_LEAST_BESIDE = 40
"""Columns for a sentence beside its subject: in fewer it stands below."""


def check_text(
    findings: Sequence[Finding], paint: Paint, room: int | None, *, is_quiet: bool = False
) -> str:
    """The table, and a line that counts; quietly: only the rows that are not in order."""
    shown = [one for one in findings if not is_quiet or one.state is not State.OK]
    width = max((len(one.subject) for one in shown), default=0)
    rows = [line for one in shown for line in _row(one, width, paint, room)]
    return "\n".join([*rows, "", closing(findings)] if rows else [closing(findings)])


def closing(findings: Sequence[Finding]) -> str:
    """How many there are of what is not in order, and what that means."""
    counts = Counter(one.state for one in findings)
    told = ", ".join(f"{counts[one]} {SIGNS[one]}" for one in reversed(State) if counts[one])
    if counts[State.BAD]:
        return f"{told}: do what stands below each ✗, then run `monitor check` again"
    if counts[State.NOTE]:
        return f"{told}: the monitor can work; look at what stands below each !"
    return f"{told}: all is well"


def _row(one: Finding, width: int, paint: Paint, room: int | None) -> Iterator[str]:
    sign = SIGNS[one.state]
    beside = f"{sign} {plain(one.subject):<{width}}  "
    if room is not None and room - len(beside) < _LEAST_BESIDE:
        lines = [f"{sign} {plain(one.subject)}", *_wrapped(one.sentence, "    ", "    ", room)]
        below = "    "
    else:
        below = " " * len(beside)
        lines = _wrapped(one.sentence, beside, below, room)
    yield paint(sign, _COLORS[one.state]) + lines[0].removeprefix(sign)
    yield from lines[1:]
    if one.do:
        yield from _wrapped(one.do, below + _DO, below + " " * len(_DO), room)


def _wrapped(text: str, first: str, rest: str, room: int | None) -> list[str]:
    if room is None:
        return [first + plain(text)]
    return textwrap.wrap(
        plain(text),
        max(room, len(rest) + 1),
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
