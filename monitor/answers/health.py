"""The answer of `monitor health` as a value: whether silence means that all is well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from monitor.adapters.store.outbox import Delivery
from monitor.answers.freshness import STALE_AFTER_CYCLES, ago
from monitor.answers.known import Known
from monitor.config.duration import format_duration
from monitor.core.cycles import Cycle, CycleEnd
from monitor.core.message.words import counted


class Verdict(Enum):
    """What is to be thought of the monitor; the value is the exit code."""

    HEALTHY = 0
    UNHEALTHY = 3
    REFUSED = 4


@dataclass(frozen=True, slots=True)
class Health:
    """What a probe asks at the moment `now` (UTC)."""

    now: datetime
    max_age: timedelta
    """An older reading is no picture of the present."""
    last: Cycle | None
    last_that_read: Cycle | None
    delivery: Delivery
    doubts: tuple[str, ...] = ()
    """What is known of why a system is not read, one sentence each."""

    @property
    def verdict(self) -> Verdict:
        """An old reading is worse than a channel that refuses: nothing is even known then."""
        # A reading of the future is none either: the clock was set back, and would hide an end.
        if self.last_that_read is None or abs(self.now - self._read_at) > self.max_age:
            return Verdict.UNHEALTHY
        return Verdict.REFUSED if self.delivery.dead else Verdict.HEALTHY

    @property
    def sentence(self) -> str:
        """The verdict and why, in one line."""
        if self.last_that_read is None:
            return f"not healthy: no cycle has read both systems yet{self._why()}"
        if self._read_at - self.now > self.max_age:
            return "not healthy: the last good cycle lies in the future: check the clock"
        began = f"the last good cycle began {ago(max(self.now - self._read_at, timedelta()))}"
        if self.verdict is Verdict.UNHEALTHY:
            return f"not healthy: {began}, more than {format_duration(self.max_age)}{self._why()}"
        if self.verdict is Verdict.REFUSED:
            refused = counted(self.delivery.dead, "message")
            return f"not healthy: {refused} refused by Slack for good{self._slack()}"
        return f"healthy: {began}"

    @property
    def _read_at(self) -> datetime:
        return self.now if self.last_that_read is None else self.last_that_read.began_at

    def _why(self) -> str:
        if self.last is not None and self.last.end is CycleEnd.BROKEN:
            return f"; the last one broke off: {self.last.detail}"
        return f"; {self.doubts[0]}" if self.doubts else "; is `monitor run` running?"

    def _slack(self) -> str:
        return f": {self.delivery.last_error}" if self.delivery.last_error else ""


def health_of(known: Known, *, now: datetime, max_age: timedelta | None = None) -> Health:
    """How the monitor does; `max_age` None = three `every` of the last cycle."""
    store = known.store
    freshness = known.freshness(now)
    is_failing = any(one.failing_since is not None for one in freshness.sources)
    return Health(
        now=now,
        max_age=max_age or STALE_AFTER_CYCLES * known.settings.every,
        last=store.cycles.last(),
        last_that_read=store.cycles.last_that_read(),
        delivery=store.outbox.delivery(),
        doubts=freshness.source_doubts() if is_failing else (),
    )
