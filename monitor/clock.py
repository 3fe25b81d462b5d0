"""Time as a thing that is handed in: `now`, and waits that a stop request cuts short."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Protocol

from monitor.errors import Stopped


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
