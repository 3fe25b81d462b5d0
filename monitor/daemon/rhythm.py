"""When the next cycle is due, and whether the daemon still keeps its rhythm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

_DELIVERY = timedelta(minutes=10)
"""How long telling Slack may take after a reading that used its whole deadline."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a cycle begins, and when it has surely hung."""

    every: timedelta
    cycle_deadline: timedelta

    @property
    def longest_silence(self) -> timedelta:
        """No cycle takes longer, nor begins so much too late."""
        return self.cycle_deadline + _DELIVERY


def first_cycle_at(now: datetime, last_good_at: datetime | None, every: timedelta) -> datetime:
    """When the first cycle after a start is due: what was missed is caught up once, at once; after
    a good cycle the rest of its interval is waited. One that lies in the future tells of a clock
    that was set back, and delays nothing.
    """
    if last_good_at is None or last_good_at > now:
        return now
    return max(now, last_good_at + every)


def due_after_step(now: datetime, next_at: datetime, due_in: timedelta) -> datetime:
    """When the next cycle is due after the clock was set: no later than its interval allows, and
    at once when its moment is past (the machine slept, or the clock was slow).
    """
    return max(now, min(next_at, now + due_in))


class Progress:
    """When cycles began and ended, in seconds of a clock that is never set."""

    def __init__(self, monotonic: Callable[[], float], rhythm: Rhythm, due_in: timedelta) -> None:
        self._monotonic = monotonic
        self.rhythm = rhythm
        self._due = monotonic() + due_in.total_seconds()
        self._begun: float | None = None

    def begin(self) -> None:
        """A cycle begins."""
        self._begun = self._monotonic()
        self._due = self._begun + self.rhythm.every.total_seconds()

    def end(self) -> None:
        """It has ended, well or not. Turns that it ran over are skipped, as the schedule does."""
        self._begun = None
        while self._due <= self._monotonic():
            self._due += self.rhythm.every.total_seconds()

    def keep(self, rhythm: Rhythm) -> None:
        """Another rhythm from now on: the next cycle is due as if the last had known it."""
        shift = rhythm.every - self.rhythm.every
        self._due += shift.total_seconds()
        self.rhythm = rhythm

    def due_in(self) -> timedelta:
        """How long until the next cycle is due; never below zero."""
        return timedelta(seconds=max(0.0, self._due - self._monotonic()))

    def is_stuck(self) -> bool:
        """Whether the running cycle hangs, or none began for so long that none will."""
        since = self._due if self._begun is None else self._begun
        return self._monotonic() - since > self.rhythm.longest_silence.total_seconds()
