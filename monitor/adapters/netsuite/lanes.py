"""How many requests may be under way at once, and when none may begin at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.adapters.http import Passing
from monitor.clock import Clock, Deadline
from monitor.errors import SourceError

_LONGEST_NAP_SECONDS = 1.0
_BLINK_SECONDS = 0.01


class Crowded(Passing):
    """NetSuite has too many requests under way: ours, Expensify's and everybody else's."""


class GivenUp(SourceError):
    """Another list could not be read, so this one is of no use."""


class Lanes:
    """The account's turns. After a refusal for too many requests nobody begins another one until
    the wait of who was refused is over, and from then on there is a lane less.
    """

    def __init__(self, most: int, clock: Clock, cycle: Deadline | None = None) -> None:
        self.most = most
        self._clock = clock
        self._cycle = cycle or Deadline(clock)
        self._changed = threading.Condition()
        self._open = most
        self._under_way = 0
        self._quiet_until = clock.monotonic()
        self._is_given_up = False

    @contextmanager
    def opened(self) -> Iterator[None]:
        """A reading: it begins with every lane, and when it was given up that ends with it."""
        self._open = self.most
        try:
            yield
        finally:
            self._is_given_up = False

    def give_up(self) -> None:
        """Nobody begins another request or goes on waiting: each raises GivenUp."""
        with self._changed:
            self._is_given_up = True
            self._changed.notify_all()

    @contextmanager
    def attempt(self) -> Iterator[None]:
        while (quiet := self._enter()) > 0:
            self._cycle.check("NetSuite", "it has too many requests under way", wait=quiet)
            self.sleep(quiet)
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def refused(self, error: BaseException | None, wait: float) -> None:
        if not isinstance(error, Crowded):
            return
        with self._changed:
            self._open = max(1, self._open - 1)
            self._quiet_until = max(self._quiet_until, self._clock.monotonic() + wait)

    def sleep(self, seconds: float) -> None:
        """Wait. Beside others in naps: a failure of theirs ends it."""
        longest = seconds if self.most == 1 else _LONGEST_NAP_SECONDS
        while seconds > 0:
            self.check()
            self._clock.sleep(min(seconds, longest))
            seconds -= longest

    def check(self) -> None:
        """Raise GivenUp when the reading was given up."""
        if self._is_given_up:
            raise GivenUp("the reading was given up: another list failed", source="netsuite")

    def _enter(self) -> float:
        """Take a lane (0) when one is free, or say for how many seconds nobody may."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_given_up or self._under_way < self._open)
            self.check()
            quiet = self._quiet_until - self._clock.monotonic()
            # A clock may not know a time as short as a blink, and would never arrive.
            if quiet > _BLINK_SECONDS:
                return quiet
            self._under_way += 1
            return 0
