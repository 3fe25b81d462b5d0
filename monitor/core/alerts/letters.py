"""What became of one alert's risks -> its letters: one for the parent, one for each other news."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from monitor.core.alerts.blindness import Blindness, Doubt
from monitor.core.alerts.digests import list_digest, parent_digest
from monitor.core.alerts.news import News
from monitor.core.alerts.reopening import what_was_over
from monitor.core.alerts.values import Alert, Letter, Method, Reason, TrackedRisk
from monitor.core.alerts.worse import Change, is_ready, is_surely_refused
from monitor.core.message import Message
from monitor.core.message.listing import list_message
from monitor.core.message.news import (
    failed_message,
    reminder_message,
    reopened_message,
    worse_message,
)
from monitor.core.message.parent import parent_message
from monitor.core.message.thread import (
    Ended,
    blind_message,
    resolved_message,
    resolved_reply,
    sighted_message,
    uncertain_message,
)
from monitor.core.message.words import Voice
from monitor.core.risks import Risk

_BROADCAST = (Reason.WORSE, Reason.REOPENED, Reason.REMINDER)
"""Replies that the whole channel sees, when something is ready to export."""
_URGENT = (
    Reason.OPENED,
    Reason.JOINED,
    Reason.WORSE,
    Reason.FAILED_FOR_REAL,
    Reason.REOPENED,
)
"""News that quiet hours may let through, when something is certain to fail."""


class Telling(NamedTuple):
    """An alert as it is once its letters are promised."""

    alert: Alert
    letters: list[Letter]
    lifted: tuple[int, ...] = ()
    """Snoozes that got worse broke."""
    is_muted: bool = False


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the letters of a cycle; each is keyed so that it is said once."""

    now: datetime
    voice: Voice
    standing: Mapping[str, TrackedRisk] = field(default_factory=dict)
    """What stands now, by fingerprint."""

    def tell(self, news: News) -> Telling:
        """The alert as it is now, and its letters: at most one for its parent."""
        if news.is_kept_back:
            return Telling(news.alert, [], is_muted=True)
        blindness = news.blindness
        alert = blindness.taken_in(self.now) if news.becomes_blind else blindness.let_go()
        shown = parent_digest(news.alive, news.laid.overlays)
        alert = replace(alert, shown=shown, told=news.taken_in())
        if not news.alive:
            alert = replace(alert, closed_at=self.now)
        every = self._list(news, alert)
        if every is not None:
            alert = replace(alert, told=replace(alert.told, listed=list_digest(news.alive)))
        letters = [*self._parents(news, alert, every), *self._replies(news, alert)]
        lifted = tuple(overlay.overlay_id for overlay in news.broken)
        return Telling(alert, letters, lifted, is_muted=news.is_muted)

    def _list(self, news: News, alert: Alert) -> Message | None:
        """All its reports, where the parent leaves some out and no list shows these yet."""
        is_first = news.is_told_whole or bool(news.reopened)
        is_stale = news.has_grown and alert.told.listed != list_digest(news.alive)
        if not (is_first or is_stale):
            return None
        risks = tuple(one.risk for one in news.alive)
        return list_message(risks, alert.alert_id, self.voice, now=self.now)

    def _parents(self, news: News, alert: Alert, every: Message | None) -> Iterator[Letter]:
        """The parent as a post or an edit, and all its reports where it leaves some out."""
        reason = news.why_edited(alert.shown)
        if news.is_told_whole:
            parent = self._parent(news, alert)
            yield self.letter(alert, Reason.OPENED, Method.POST, parent, news.loud)
        elif reason is not None:
            parent = self._parent(news, alert)
            yield self.letter(alert, reason, Method.EDIT, parent, news.loud)
        if every is not None:
            yield self.letter(alert, Reason.OPENED, Method.REPLY, every, news.loud)

    def _replies(self, news: News, alert: Alert) -> Iterator[Letter]:
        if not news.is_new:
            for reason, message in self._passing(news):
                yield self.letter(alert, reason, Method.REPLY, message)
            for reason, change, worded in self._standing_news(news):
                message = worded(
                    change.risks, alert.alert_id, self.voice, now=self.now, why=change.why
                )
                yield self.letter(alert, reason, Method.REPLY, message, change.risks)

    def _standing_news(self, news: News) -> Iterator[tuple[Reason, Change, _Worded]]:
        """News of what stands, each with those who word it."""
        again = Change(news.reopened, what_was_over(news.again, self.voice))
        told = (
            (Reason.REOPENED, again, reopened_message),
            (Reason.WORSE, news.worse, worse_message),
            (Reason.FAILED_FOR_REAL, news.failed, failed_message),
            (Reason.REMINDER, news.reminder, reminder_message),
        )
        return (one for one in told if one[1].risks)

    def _passing(self, news: News) -> Iterator[tuple[Reason, Message]]:
        """What can be seen, what cannot, and what ended."""
        alert = news.alert
        if news.blindness.is_over and not news.is_muted:
            yield Reason.SIGHTED, self.sighted(alert)
        if news.becomes_blind and not news.is_muted:
            yield Reason.BLIND, self.blind(alert, news.doubts)
        if news.resolved:
            ended = self._endings(news.resolved, alert)
            lived, rest = self._lived(alert), len(news.alive)
            message = resolved_reply(ended, alert.alert_id, self.voice, lived=lived, rest=rest)
            yield Reason.RESOLVED, message
        if news.uncertain:
            ended = self._endings(news.uncertain, alert)
            yield Reason.UNCERTAIN, uncertain_message(ended, alert.alert_id, self.voice)

    def _parent(self, news: News, alert: Alert) -> Message:
        if not news.alive:
            return self._last_words(news)
        return parent_message(
            tuple(one.risk for one in news.alive),
            alert.alert_id,
            self.voice,
            now=self.now,
            unseen=_unseen(alert, news.doubts),
            gone={one.risk.fingerprint: one.ended for one in news.alive if one.ended},
            overlays=news.laid.overlays,
            why=news.also_hit,
        )

    def _last_words(self, news: News) -> Message:
        ended = self._endings((*news.ended_before, *news.ended), news.alert)
        if all(one.is_uncertain for one in ended):
            return uncertain_message(ended, news.alert.alert_id, self.voice)
        lived = self._lived(news.alert)
        return resolved_message(ended, news.alert.alert_id, self.voice, lived=lived)

    def _endings(self, ended: Iterable[TrackedRisk], alert: Alert) -> tuple[Ended, ...]:
        """The last ending of each risk, and what of it stands all the same."""
        last = {one.risk.fingerprint: one for one in ended}
        return tuple(self._ending(one, alert) for one in last.values())

    def _ending(self, one: TrackedRisk, alert: Alert) -> Ended:
        stands = self.standing.get(one.risk.fingerprint)
        how = one.ended
        if stands is not None and stands.alert_id not in (None, alert.alert_id):
            how = f"{how}; it is at risk again since, see alert {stands.alert_id}"
        watched = stands.risk.reports if stands else ()
        return Ended(one.risk, how, watched, is_uncertain=one.is_uncertain)

    def blind(self, alert: Alert, doubts: Iterable[Doubt]) -> Message:
        """What cannot be seen."""
        doubts = tuple(doubts)
        return blind_message(
            [doubt.subject for doubt in doubts],
            _sentences(doubts),
            alert.alert_id,
            self.voice,
        )

    def sighted(self, alert: Alert) -> Message:
        """Everything can be seen again."""
        blind_for = self.now - (alert.blind_since or self.now)
        return sighted_message(alert.alert_id, self.voice, blind_for=blind_for)

    def _lived(self, alert: Alert) -> timedelta:
        """How long something was at risk: what was over in between does not count."""
        return self.now - alert.lives_since

    def letter(
        self,
        alert: Alert,
        reason: Reason,
        method: Method,
        message: Message,
        risks: tuple[Risk, ...] = (),
    ) -> Letter:
        """What is said of the alert and these risks, under a key of this cycle: a count, for
        clocks jump.
        """
        return Letter(
            f"alert-{alert.alert_id}-{reason.code}-{method}-{alert.told.said}",
            reason,
            method,
            alert.alert_id,
            message,
            is_broadcast=method is Method.REPLY and reason in _BROADCAST and is_ready(risks),
            is_urgent=reason in _URGENT and is_surely_refused(risks),
        )


def _unseen(alert: Alert, doubts: tuple[Doubt, ...]) -> tuple[str, ...]:
    """What the parent says of it: what the thread was told, as long as it lasts."""
    return () if alert.blind_since is None else _sentences(Blindness(alert, doubts).told)


def _sentences(doubts: Iterable[Doubt]) -> tuple[str, ...]:
    return tuple(doubt.sentence for doubt in doubts)


class _Worded(Protocol):
    """Who words news of an alert."""

    def __call__(
        self,
        risks: tuple[Risk, ...],
        alert_id: int,
        voice: Voice,
        *,
        now: datetime,
        why: tuple[str, ...],
    ) -> Message: ...
