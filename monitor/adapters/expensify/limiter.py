"""Expensify's two rate windows (5 in 10 s, 20 in 60 s), kept for one credential by everyone."""

from __future__ import annotations

import fcntl
import json
import os
from hashlib import sha256
from pathlib import Path

from monitor.clock import Clock
from monitor.errors import StoreError

WINDOWS = ((5, 10.0), (20, 60.0))
"""Requests, seconds (integrations.expensify.com manual, since December 2024)."""
_LONGEST = max(seconds for _, seconds in WINDOWS)


class Limiter:
    """Moments of the last requests in a small locked file beside the database."""

    def __init__(self, folder: Path, user_id: str, user_secret: str, clock: Clock) -> None:
        name = sha256(f"{user_id}\0{user_secret}".encode()).hexdigest()[:16]
        self._path = folder / f"expensify-{name}.rate"
        self._clock = clock

    def wait_for_turn(self) -> None:
        """Return when a request may be made, and count it; raises Stopped when asked to end."""
        while (wait := self._try()) > 0:
            self._clock.sleep(wait)

    def _try(self) -> float:
        """Take the turn (0), or say how many seconds to wait. The lock is never held meanwhile."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(
                f"{self._path} cannot be opened ({error.strerror}): the monitor keeps Expensify's "
                "rate limits there"
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            now = self._clock.now().timestamp()
            moments = _recent(os.read(descriptor, 1 << 16), now)
            wait = _wait(moments, now)
            if wait <= 0:
                _write(descriptor, [*moments, now])
            return wait
        finally:
            os.close(descriptor)


def _recent(content: bytes, now: float) -> list[float]:
    """The moments that still count; one from the future means the clock was set back."""
    try:
        moments = [float(moment) for moment in json.loads(content or b"[]")]
    except (ValueError, TypeError):
        return []
    return sorted(moment for moment in moments if now - _LONGEST < moment <= now + 1)


def _wait(moments: list[float], now: float) -> float:
    waits = [moments[-count] + seconds - now for count, seconds in WINDOWS if len(moments) >= count]
    return max([0.0, *(wait + 0.05 for wait in waits if wait > 0)])


def _write(descriptor: int, moments: list[float]) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(moments).encode(), 0)
