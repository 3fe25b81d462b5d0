"""The hours in which nobody is to be disturbed, by the clock on the wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Every day from `begin` up to `end` in the zone; over midnight when `end` is the earlier."""

    begin: time
    end: time
    zone: tzinfo

    @classmethod
    def read(cls, text: str, zone: tzinfo) -> QuietHours | None:
        """Take "20:00-07:00" in the zone; None for an empty text."""
        if not text:
            return None
        begin, end = map(time.fromisoformat, text.split("-"))
        return cls(begin, end, zone)

    def covers(self, at: datetime) -> bool:
        """Whether the clock on the wall is within the hours at the moment."""
        local = at.astimezone(self.zone).time()
        if self.begin <= self.end:
            return self.begin <= local < self.end
        return local >= self.begin or local < self.end

    def end_after(self, at: datetime) -> datetime:
        """The first moment from `at` on (UTC) that they do not cover."""
        # Minute by minute: on some nights the end is left out, or shown twice.
        moment = at.astimezone(UTC)
        while self.covers(moment):
            moment = moment.replace(second=0, microsecond=0) + _MINUTE
        return moment
