"""The hours in which nobody is to be disturbed, by the clock on the wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo


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

    def ends_after(self, at: datetime) -> datetime:
        """The first moment (UTC) from `at` on that the hours do not cover."""
        if not self.covers(at):
            return at
        local = at.astimezone(self.zone)
        day = local.date() if local.time() < self.end else local.date() + timedelta(days=1)
        ends = datetime.combine(day, self.end, tzinfo=self.zone).astimezone(UTC)
        # The end may stand twice on the wall, or not at all: never a moment that is still covered.
        while self.covers(ends):
            ends += timedelta(minutes=1)
        return ends
