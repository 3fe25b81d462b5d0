"""How a cycle ended, for whoever watches the watcher."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class CycleEnd(StrEnum):
    """What came of one cycle."""

    GOOD = "both systems were read, and Slack took what was due"
    UNTOLD = "both systems were read, but Slack did not take a message"
    UNREAD = "a system could not be read"
    BROKEN = "it broke off"

    @property
    def code(self) -> str:
        """The same for programs."""
        return self.name.lower()

    @property
    def has_read(self) -> bool:
        """Whether both systems were read whole."""
        return self in (CycleEnd.GOOD, CycleEnd.UNTOLD)


class Cycle(NamedTuple):
    """One cycle that ended; one that was asked to stop did not."""

    began_at: datetime
    duration: timedelta
    end: CycleEnd
    detail: str = ""
    """Why it broke off; why a system could not be read is known of the system."""
