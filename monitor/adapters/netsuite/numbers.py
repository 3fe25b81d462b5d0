"""Whole numbers and moments as NetSuite's rows tell them, or ValueError for anything else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from monitor.core.moments import plausible

_LONGEST_MOMENT = 40
_LARGEST = 10**15
"""No id of NetSuite's comes near it, and the database holds every smaller one."""


def whole(value: Any) -> int:
    """An id or a count, told as a number or as text; raises ValueError, and TypeError for what is
    neither.
    """
    try:
        number = int(value)
    except OverflowError as error:  # JSON's Infinity
        raise ValueError(f"the number {value}") from error
    is_exact = isinstance(value, str) or number == value
    if isinstance(value, bool) or not is_exact or abs(number) >= _LARGEST:
        raise ValueError(f"the number {str(value)[:40]}")
    return number


def moment(text: Any) -> datetime | None:
    """A moment as our queries ask for it, "2026-06-23T14:02:11Z"; raises ValueError."""
    if text is None:
        return None
    if len(str(text)) > _LONGEST_MOMENT:
        raise ValueError("the moment")
    told = datetime.fromisoformat(str(text))
    if told.tzinfo is None:
        raise ValueError(f"the zone of {text}")
    return plausible(told)
