"""When an attempt may begin, and how long to wait for another one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import Protocol

from tenacity import RetryCallState
from tenacity.wait import wait_base, wait_random_exponential

from monitor.clock import Clock

_LONGEST_WAIT_SECONDS = 60


class Turns(Protocol):
    """Who asks beside others takes a turn for every attempt."""

    def attempt(self) -> AbstractContextManager[None]:
        """One attempt, from its beginning to its answer; the beginning may have to wait."""

    def refused(self, error: BaseException | None, wait: float) -> None:
        """An attempt failed, and whoever made it is about to wait so many seconds."""

    def sleep(self, seconds: float) -> None:
        """Wait; raises Stopped as soon as somebody asks the program to end."""


class NoTurns:
    """Nobody else is asking."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def attempt(self) -> AbstractContextManager[None]:
        return nullcontext()

    def refused(self, error: BaseException | None, wait: float) -> None:
        """It concerns nobody else."""

    def sleep(self, seconds: float) -> None:
        self._clock.sleep(seconds)


class Backoff(wait_base):
    """What the service asked for, else longer and longer with chance in it."""

    _otherwise = wait_random_exponential(multiplier=0.5, max=20)

    def __call__(self, retry_state: RetryCallState) -> float:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        asked = getattr(error, "retry_after", None)
        if asked is not None:
            return float(min(asked.total_seconds(), _LONGEST_WAIT_SECONDS))
        return float(self._otherwise(retry_state))


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """How long the service asks to wait, if it says so in seconds."""
    said = headers.get("retry-after", "")
    return timedelta(seconds=int(said)) if re.fullmatch("[0-9]{1,9}", said) else None
