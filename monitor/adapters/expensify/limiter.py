"""Expensify's two rate windows (5 in 10 s, 20 in 60 s), kept for one credential by everyone."""

from __future__ import annotations

import fcntl
import json
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from monitor.adapters.private_file import open_private
from monitor.clock import Clock, Deadline
from monitor.errors import StoreError

WINDOWS = ((5, 10.0), (20, 60.0))
"""Requests, seconds (integrations.expensify.com manual, since December 2024)."""
_JITTER = 1.0
"""Seconds by which two requests may come closer to each other on their way."""
_MOST = max(count for count, _ in WINDOWS)
_RECORD_BYTES = 1024


class Limiter:
    """Moments of the last requests in a small locked file beside the database."""

    def __init__(
        self,
        folder: Path,
        user_id: str,
        user_secret: str,
        clock: Clock,
        cycle: Deadline | None = None,
    ) -> None:
        name = sha256(f"{user_id}\0{user_secret}".encode()).hexdigest()[:16]
        self._path = folder / f"expensify-{name}.rate"
        self._clock = clock
        self._cycle = cycle or Deadline(clock)

    def wait_for_turn(self) -> None:
        """Return when a request may be made, and count it; raises Stopped when asked to end, and
        SourceError when the cycle would be over by then.
        """
        while (wait := self._try()) > 0:
            why = "its rate limit left no turn in time"
            self._cycle.sleep(wait, "Expensify", why, what="rate limit")

    def _try(self) -> float:
        """Take the turn (0), or say how many seconds to wait. The lock is never held meanwhile."""
        with self._locked() as descriptor:
            now = self._clock.now().timestamp()
            moments = _moments(os.pread(descriptor, _RECORD_BYTES, 0), now)
            wait = _wait(moments, now)
            if wait <= 0:
                moments = [*moments, now]
            # Written also when waiting: what was mended stays mended, so that the wait ends.
            os.pwrite(descriptor, _record(moments), 0)
            return wait

    @contextmanager
    def _locked(self) -> Iterator[int]:
        try:
            descriptor = open_private(self._path)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                yield descriptor
            finally:
                os.close(descriptor)
        except OSError as error:
            raise StoreError(
                f"{self._path} cannot be read and written ({error.strerror}): the monitor keeps "
                "Expensify's rate limits there, check the disk and the permissions"
            ) from error


def _moments(content: bytes, now: float) -> list[float]:
    """The last requests, oldest first.

    Doubt is read as "just now": a moment in the future (the clock was set back), and a file that
    cannot be read. It costs one wait; the other way round it costs a refusal.
    """
    try:
        moments = [float(moment) for moment in json.loads(content.strip() or b"[]")]
    except (ValueError, TypeError, OverflowError):
        return [now] * _MOST
    if any(math.isnan(moment) for moment in moments):
        return [now] * _MOST
    return sorted(min(moment, now) for moment in moments)[-_MOST:]


def _wait(moments: list[float], now: float) -> float:
    ready_at = [
        moments[-count] + seconds + _JITTER for count, seconds in WINDOWS if len(moments) >= count
    ]
    longest = max([0.0, *(moment - now for moment in ready_at)])
    # Rounded up: a clock may not know shorter times, and would never arrive.
    return math.ceil(longest * 100) / 100


def _record(moments: list[float]) -> bytes:
    """Of one length always: one step writes it, and a killed process does not tear it."""
    return json.dumps(moments[-_MOST:]).encode().ljust(_RECORD_BYTES)
