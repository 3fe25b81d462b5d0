"""A clock that the story moves: waiting takes no time at all, until the story is told."""

from __future__ import annotations

import time
from datetime import datetime, timedelta


class StoryClock:
    """Starts at a moment; a sleep just moves it on."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._start = start
        self._goes_on_since: float | None = None

    def now(self) -> datetime:
        if self._goes_on_since is None:
            return self._now
        return self._now + timedelta(seconds=time.monotonic() - self._goes_on_since)

    def monotonic(self) -> float:
        return (self._now - self._start).total_seconds()

    def sleep(self, seconds: float) -> None:
        self._now += timedelta(seconds=max(0.0, seconds))

    def go_on(self) -> None:
        """From here on time passes by itself, for whoever uses what the story leaves behind."""
        self._goes_on_since = time.monotonic()

    def move_to(self, moment: datetime) -> None:
        """Let time pass until the moment; never backwards."""
        self._now = max(self._now, moment)
