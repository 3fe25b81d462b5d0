"""One alert in one cycle: what became of its risks, and what of that is news."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from monitor.core.alerts.blindness import Blindness, Doubt
from monitor.core.alerts.muting import Laid
from monitor.core.alerts.overlays import Overlay
from monitor.core.alerts.reminders import Reminder, Spoken
from monitor.core.alerts.told import Told
from monitor.core.alerts.values import Alert, Reason, RiskState, TrackedRisk
from monitor.core.alerts.worse import Change, Comparison
from monitor.core.message.words import Voice
from monitor.core.risks import Risk


@dataclass(frozen=True)
class News:
    """One alert in this cycle, and what became of its risks."""

    alert: Alert
    now: datetime
    voice: Voice
    is_new: bool = False
    is_unheard: bool = False
    """Its parent never reached Slack, and is no longer on its way."""
    has_joined: bool = False
    again: Mapping[str, TrackedRisk] = field(default_factory=dict)
    """Risks that came back, by fingerprint: the life that had ended."""
    alive: tuple[TrackedRisk, ...] = ()
    ended: tuple[TrackedRisk, ...] = ()
    """Those that ended just now."""
    ended_before: tuple[TrackedRisk, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    """What cannot be seen and matters to it."""
    overlays: tuple[Overlay, ...] = ()
    """All that are active."""
    spoken: Spoken = field(default_factory=Spoken)
    also_hit: tuple[str, ...] = ()
    """Which other workspaces the same edit hits."""

    @property
    def is_told_whole(self) -> bool:
        """Its parent is posted, and says all there is."""
        return bool(self.alive) and (self.is_new or self.is_unheard)

    @property
    def is_kept_back(self) -> bool:
        """Nobody heard of it, and nobody wants to for now: it is told whole once that is over."""
        return self.is_unheard and self.is_muted

    @property
    def blindness(self) -> Blindness:
        return Blindness(self.alert, self.doubts)

    @property
    def becomes_blind(self) -> bool:
        return bool(self.alive) and self.blindness.is_news

    @property
    def resolved(self) -> tuple[TrackedRisk, ...]:
        return tuple(one for one in self.ended if not one.is_uncertain)

    @property
    def uncertain(self) -> tuple[TrackedRisk, ...]:
        return tuple(one for one in self.ended if one.is_uncertain)

    @cached_property
    def broken(self) -> tuple[Overlay, ...]:
        """The snoozes that held until it gets worse, and it did."""
        laid = Laid.over(self.alive, self.overlays)
        heard = self._against_told(laid.muted(self.alive, is_for_good=True))
        return laid.broken(self.alive, (*heard.worse().risks, *heard.failed().risks))

    @cached_property
    def laid(self) -> Laid:
        """What people laid over it and still holds."""
        return Laid.over(self.alive, self.overlays).without(self.broken)

    @cached_property
    def muted(self) -> frozenset[str]:
        return self.laid.muted(self.alive)

    @property
    def is_muted(self) -> bool:
        """Nothing but ends is told of it."""
        return bool(self.alive) and all(one.risk.fingerprint in self.muted for one in self.alive)

    @cached_property
    def worse(self) -> Change:
        return Change() if self.is_told_whole else self._against_told(self.muted).worse()

    @cached_property
    def failed(self) -> Change:
        return Change() if self.is_told_whole else self._against_told(self.muted).failed()

    @cached_property
    def reopened(self) -> tuple[Risk, ...]:
        """What is at risk again."""
        if self.is_told_whole:
            return ()
        return tuple(risk for risk in self.loud if risk.fingerprint in self.again)

    @property
    def has_grown(self) -> bool:
        """There is so much more of it that the list of its reports is worth another letter."""
        is_woken = bool(self._reminder.woken().risks)
        return not self.is_muted and (self.has_joined or self._is_doubled or is_woken)

    @property
    def _is_doubled(self) -> bool:
        return self._against_told(self.muted).is_doubled and bool(self.worse.risks)

    @property
    def loud(self) -> tuple[Risk, ...]:
        """What stands, and is not muted."""
        risks = (one.risk for one in self.alive)
        return tuple(risk for risk in risks if risk.fingerprint not in self.muted)

    @cached_property
    def reminder(self) -> Change:
        """What is told again; never beside what is news of the same risks."""
        if self.is_told_whole or self.worse.risks or self.failed.risks or self.reopened:
            return Change()
        woken = self._reminder.woken()
        if woken.risks or self.ended or self.blindness.is_over or self.becomes_blind:
            return woken
        return self._reminder.due(self.voice)

    def taken_in(self) -> Told:
        """What of it is told once this cycle's letters are."""
        told = self.alert.told.forgotten() if self.is_told_whole else self.alert.told
        hidden = frozenset[str]() if self.is_told_whole else self.muted
        held = Comparison(told, self.alive, self.now, self.voice, hidden)
        is_doubled = held.is_doubled and bool(self.worse.risks)
        is_told = bool(self.reminder.risks)
        is_said = is_told or bool(self.worse.risks or self.failed.risks or self.reopened)
        muted = self._reminder.muted(is_told=is_said)
        return replace(
            held.taken_in(is_doubled=is_doubled),
            muted=muted,
            silenced=self._reminder.silenced(muted),
            woken=self._reminder.woken_until() if is_told else told.woken,
        )

    def why_edited(self, shown: str) -> Reason | None:
        """Why the parent must be edited to show this, or None.

        Another risk comes first: a channel without edits tells only that edit, as a message of its
        own.
        """
        if not self.alive and not self.ended:
            return None
        reasons = (
            (self.has_joined, Reason.JOINED),
            (bool(self.again), Reason.REOPENED),
            (bool(self.resolved), Reason.RESOLVED),
            (bool(self.uncertain), Reason.UNCERTAIN),
            (bool(self.worse.risks), Reason.WORSE),
            (bool(self.failed.risks), Reason.FAILED_FOR_REAL),
            (self.becomes_blind, Reason.BLIND),
            (self.blindness.is_over or self.blindness.is_less, Reason.SIGHTED),
            (shown != self.alert.shown, Reason.CHANGED),
        )
        return next((reason for is_so, reason in reasons if is_so), None)

    def _against_told(self, muted: Iterable[str]) -> Comparison:
        hidden = frozenset(muted) | set(self.again)
        return Comparison(self.alert.told, self.alive, self.now, self.voice, hidden)

    @property
    def _reminder(self) -> Reminder:
        is_told_blind = self.alert.blind_since is not None and not self.blindness.is_over
        is_blind = is_told_blind or any(one.state is RiskState.BLIND for one in self.alive)
        return Reminder(self.alive, self.laid, self.alert.told, self.spoken, self.now, is_blind)
