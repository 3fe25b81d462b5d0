"""What was tried, what was found, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from monitor.core.message.words import length
from monitor.errors import MonitorError

_A_CURE = re.compile(
    r"(/invite|add|ask|check|choose|correct|create|find|give|grant|install|name|put|restore|run|"
    r"set|store|write)\b"
)
_AGAIN = "try again in a few minutes; should it stay, ask the service's status page"
_NAMED = "correct what is named, then run `monitor check` again"
_NOTABLE_SKEW = timedelta(minutes=1)
_TOLD_IN_SECONDS = timedelta(minutes=5)


class State(StrEnum):
    """How it is; `value` is what programs read."""

    OK = "ok"
    NOTE = "note"
    """It works, and something is to be known or done."""
    BAD = "bad"
    """The monitor cannot do its work like that."""


class Finding(NamedTuple):
    """One thing that was tried. What is not in order always says what to do."""

    state: State
    subject: str
    sentence: str
    do: str = ""


def fine(subject: str, sentence: str) -> Finding:
    """It is as it should be."""
    return Finding(State.OK, subject, sentence)


def note(subject: str, sentence: str, do: str) -> Finding:
    """It works, but this is to be known."""
    return Finding(State.NOTE, subject, sentence, do)


def bad(subject: str, sentence: str, do: str) -> Finding:
    """It does not work."""
    return Finding(State.BAD, subject, sentence, do)


def failed(subject: str, error: MonitorError) -> Finding:
    """An error as a finding: most of our sentences end with what to do."""
    sentence = str(error)
    what, _, cure = sentence.rpartition(": ")
    if what and _A_CURE.match(cure):
        return bad(subject, what, cure)
    return bad(subject, sentence, _AGAIN if is_passing(error) else _NAMED)


def is_passing(error: MonitorError) -> bool:
    """Whether the same may work a while later."""
    return getattr(error, "is_permanent", True) is False


def tried(subject: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """What was found, until an error ends it: the error is a finding, too."""
    try:
        yield from findings
    except MonitorError as error:
        yield failed(subject, error)
    except OSError as error:
        yield bad(
            subject,
            f"{error.filename} cannot be looked at ({error.strerror})",
            "run `monitor check` as the user of the service",
        )


def clock(service: str, ahead: timedelta | None, *, otherwise: str = "") -> Iterator[Finding]:
    """How this machine's clock and the service's stand; nothing of a service that told no time.

    `otherwise`: what a clock that is far off leads to.
    """
    if ahead is None:
        return
    subject = f"{service} clock"
    if abs(ahead) < _NOTABLE_SKEW:
        yield fine(subject, "agrees with this machine's to the minute")
        return
    way = "ahead of" if ahead > timedelta() else "behind"
    yield note(
        subject,
        f"this machine's clock is {_span(abs(ahead))} {way} {service}'s{otherwise}",
        "let this machine keep time by NTP (`timedatectl set-ntp true`); where both services "
        "agree, it is this machine that is wrong",
    )


def _span(span: timedelta) -> str:
    return f"{span.total_seconds():.0f} s" if span < _TOLD_IN_SECONDS else length(span)
