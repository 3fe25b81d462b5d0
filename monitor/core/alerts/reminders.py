"""An alert that still stands is told again: ever more seldom, and once its snooze has run out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.alerts.muting import Laid
from monitor.core.alerts.overlays import Sort
from monitor.core.alerts.told import Told
from monitor.core.alerts.values import RiskState, TrackedRisk
from monitor.core.alerts.worse import Change
from monitor.core.message.words import Voice

_LONGEST = timedelta(days=7)
_MOST_DOUBLINGS = 20
_MUTES = ((False, "snoozed"), (True, "silenced"))


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was sent of an alert, by the outbox, and how often it is to be repeated today."""

    last_at: datetime | None = None
    """When something that people notice was last sent (UTC)."""
    reminders: int = 0
    """How many reminders were sent since its last other news."""
    every: timedelta | None = None

    @property
    def interval(self) -> timedelta | None:
        """Until the next reminder: twice as long after each, up to a week."""
        if self.every is None:
            return None
        doubled = self.every * (1 << min(self.reminders, _MOST_DOUBLINGS))
        return min(doubled, max(_LONGEST, self.every))


@dataclass(frozen=True, slots=True)
class Reminder:
    """Whether an alert's living risks are to be told again now."""

    alive: tuple[TrackedRisk, ...]
    laid: Laid
    told: Told
    spoken: Spoken
    now: datetime
    is_blind: bool = False
    """Nothing is repeated that cannot be looked at."""

    def due(self, voice: Voice) -> Change:
        """It was told long enough ago."""
        last, interval = self.spoken.last_at, self.spoken.interval
        if last is None or interval is None or self.is_blind:
            return Change()
        last = max(last, self.told.spoke_at or last)
        # On a clock that jumped back, what was told last lies ahead.
        if abs(self.now - last) < interval:
            return Change()
        return self._of(self._unheeded, f"Last told on {voice.moment(last)}, and it still stands.")

    def woken(self) -> Change:
        """A snooze or a silence has run out."""
        woken = self._woken
        is_each = {one.risk.fingerprint in self.told.silenced for one in woken}
        what = " and ".join(word for is_so, word in _MUTES if is_so in is_each)
        return self._of(woken, f"The time for which it was {what} is over, and it still stands.")

    def woken_until(self) -> datetime | None:
        """The latest end of a snooze that is told, once `woken` is."""
        ends = [self.told.muted[one.risk.fingerprint] for one in self._woken]
        return max([*ends, *filter(None, [self.told.woken])], default=None)

    def muted(self, *, is_told: bool) -> dict[str, datetime]:
        """Until when its risks are muted, with those whose run-out is not told yet."""
        ends: dict[str, datetime] = {}
        for one in self.alive:
            until = self.laid.until(one)
            if until is None and not is_told and self.is_blind:
                until = self.told.muted.get(one.risk.fingerprint)
            if until is not None:
                ends[one.risk.fingerprint] = until
        return ends

    def silenced(self, muted: Collection[str]) -> frozenset[str]:
        """Which of these muted risks wait for the end of a silence, not of a snooze."""
        return frozenset(
            one.risk.fingerprint
            for one in self.alive
            if one.risk.fingerprint in muted and self._is_by_silence(one)
        )

    def _is_by_silence(self, one: TrackedRisk) -> bool:
        until = self.laid.until(one)
        if until is None:  # it ran out, and is not told yet
            return one.risk.fingerprint in self.told.silenced
        return all(
            over.sort is Sort.SILENCE
            for over in self.laid.overlays
            if over.is_mute and over.expires_at == until and over.is_about(one.risk, one.alert_id)
        )

    @property
    def _woken(self) -> list[TrackedRisk]:
        if self.is_blind:
            return []
        return [one for one in self._unheeded if self._has_run_out(one)]

    @property
    def _unheeded(self) -> list[TrackedRisk]:
        """What nobody muted or took."""
        left_alone = self.laid.muted(self.alive) | self.laid.acknowledged(self.alive)
        return [
            one
            for one in self.alive
            if one.state is RiskState.OPEN and one.risk.fingerprint not in left_alone
        ]

    def _has_run_out(self, one: TrackedRisk) -> bool:
        until = self.told.muted.get(one.risk.fingerprint)
        # An end that was told is not told again, should the clock jump back before it.
        woken = self.told.woken
        return until is not None and self.now >= until and (woken is None or woken < until)

    def _of(self, risks: list[TrackedRisk], why: str) -> Change:
        return Change(tuple(one.risk for one in risks), (why,)) if risks else Change()
