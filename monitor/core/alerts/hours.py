"""The hours in which nobody is to be disturbed, by the clock on the wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, tzinfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Every day from `begin` up to `end` in the zone; over midnight when `end` is the earlier."""

    begin: time
    end: time
    zone: tzinfo

    def covers(self, at: datetime) -> bool:
        """Whether the clock on the wall is within the hours at the moment."""
        local = at.astimezone(self.zone).time()
        if self.begin <= self.end:
            return self.begin <= local < self.end
        return local >= self.begin or local < self.end
