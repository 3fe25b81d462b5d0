"""A refusal with its reason, and the habits in which NetSuite accounts differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Refusal(NamedTuple):
    """One reason why an export fails. `why` is this simulation's own word for it.

    `record_id` is empty where no record is at fault; then `text` names the text or the person.
    """

    code: str
    text: str
    why: str = ""
    kind: str = ""
    record_id: str = ""


@dataclass(frozen=True, slots=True)
class Habits:
    """What one account accepts, or asks for, and another does not."""

    accepts_inactive: frozenset[str] = frozenset()
    """Kinds whose inactive records an export may still use."""
    accepts_inactive_parent: bool = True
    accepts_empty_list: bool = True
    """A record of which no subsidiary is named may be used by all of them."""
    only_projects: bool = False
    """The preference Show Projects Only for Time and Expense Entry."""


STRICT = Habits()
