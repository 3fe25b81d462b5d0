"""A clock that the story moves: waiting takes no time at all."""

from __future__ import annotations

from datetime import datetime, timedelta


class StoryClock:
    """Starts at a moment; a sleep just moves it on."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._start = start

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return (self._now - self._start).total_seconds()

    def sleep(self, seconds: float) -> None:
        self._now += timedelta(seconds=max(0.0, seconds))

    def move_to(self, moment: datetime) -> None:
        """Let time pass until the moment; never backwards."""
        self._now = max(self._now, moment)
