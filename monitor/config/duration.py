"""Lengths of time as people write them: 90s, 15m, 6h, 2d."""

from __future__ import annotations

import re
from datetime import timedelta

PATTERN = "^[1-9][0-9]{0,5}[smhd]$"
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_TYPED = re.compile(r"(-?)(\d+)\s*([smhdw])", re.ASCII)
_TYPED_UNITS = {**_UNITS, "w": "weeks"}
_MOST_DIGITS = 18
"""So many are too long in any unit."""


def parse_duration(text: str) -> timedelta:
    """Read "90s", "15m", "6h" or "2d"; raises ValueError saying how to write one."""
    if not re.fullmatch(PATTERN, text):
        raise ValueError("write a length of time like 90s, 15m, 6h or 2d")
    return timedelta(**{_UNITS[text[-1]]: int(text[:-1])})


def read_length(text: str) -> timedelta:
    """Read what a person types: the same, and weeks. Raises ValueError; what no calendar holds is
    the longest there is.
    """
    said = _TYPED.fullmatch(text.strip().lower())
    if said is None:
        raise ValueError("write a length of time like 90m, 6h, 2d or 2w")
    if said[1] or not said[2].strip("0"):
        raise ValueError("must be more than nothing")
    try:
        return timedelta(**{_TYPED_UNITS[said[3]]: int(said[2][:_MOST_DIGITS])})
    except OverflowError:
        return timedelta.max


def format_duration(length: timedelta) -> str:
    """The shortest way to write it; whole seconds. One day stays 24h: it is how people say it."""
    seconds = int(length.total_seconds())
    if seconds % 86400 == 0 and seconds > 86400:
        return f"{seconds // 86400}d"
    for unit, size in (("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
