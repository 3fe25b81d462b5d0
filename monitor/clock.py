"""Time as a thing that is handed in: `now`, waits that a stop cuts short, and a cycle's end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from math import ceil, inf
from typing import Protocol

from monitor.errors import SourceError, Stopped


class Clock(Protocol):
    """What everything outside the core asks for the time. Tests and the demo hand in one that they
    move themselves.
    """

    def now(self) -> datetime:
        """The present moment: aware, UTC."""

    def monotonic(self) -> float:
        """Seconds that never run backwards, for deadlines."""

    def sleep(self, seconds: float) -> None:
        """Wait; raises Stopped as soon as somebody asks the program to end."""


class SystemClock:
    """The machine's clock; every sleep ends at once when `stop` is set."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self.stop = stop or threading.Event()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        if self.stop.wait(max(0.0, seconds)):
            raise Stopped("stopped while waiting")


Waiting = Callable[[str], AbstractContextManager[object]]
"""Shows what is waited for, as long as the context."""


def unseen(_what: str) -> AbstractContextManager[None]:
    """Nobody looks."""
    return nullcontext()


class Deadline:
    """When the cycle at hand must end. Everybody who waits in it asks here first; outside of a
    cycle there is no end.
    """

    def __init__(
        self,
        clock: Clock,
        length: timedelta | None = None,
        said: str = "",
        waiting: Waiting = unseen,
    ) -> None:
        """`said`: which setting it is, for whoever reads that the time was over."""
        self._clock = clock
        self._waiting = waiting
        self._length = inf if length is None else length.total_seconds()
        self._said = said
        self._ends_at = inf

    @contextmanager
    def running(self) -> Iterator[None]:
        """A cycle, which begins now."""
        self._ends_at = self._clock.monotonic() + self._length
        try:
            yield
        finally:
            self._ends_at = inf

    def left(self) -> float:
        """Seconds until the end; 0 when it is past."""
        return max(0.0, self._ends_at - self._clock.monotonic())

    def check(self, name: str, why: str, *, wait: float = 0.0) -> None:
        """Raise SourceError about the system when no time is left after a wait of so long."""
        if wait >= self.left():
            raise SourceError(
                f"{name} was not read to its end, as the cycle took longer than "
                f"{self._said}: {why}",
                source=name.lower(),
            )

    def sleep(self, seconds: float, name: str, why: str, *, what: str) -> None:
        """Wait for what is the system's, unless the cycle would be over then: raises SourceError
        at once.
        """
        self.check(name, why, wait=seconds)
        with self._waiting(f"waiting {ceil(seconds)} s for {name}'s {what}"):
            self._clock.sleep(seconds)
