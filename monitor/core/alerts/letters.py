"""What became of one alert's risks -> its letters: one for the parent, one for each other news."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.core.alerts.blindness import Blindness, Doubt
from monitor.core.alerts.values import Alert, Letter, Method, Reason, TrackedRisk
from monitor.core.message import Message
from monitor.core.message.parent import parent_message
from monitor.core.message.thread import (
    Ended,
    blind_message,
    resolved_message,
    sighted_message,
    uncertain_message,
)
from monitor.core.message.words import Voice


@dataclass(frozen=True, slots=True)
class News:
    """One alert in this cycle, and what became of its risks."""

    alert: Alert
    is_new: bool = False
    is_unheard: bool = False
    """Its parent never reached Slack, and is no longer on its way."""
    has_joined: bool = False
    alive: tuple[TrackedRisk, ...] = ()
    ended: tuple[TrackedRisk, ...] = ()
    """Those that ended just now."""
    ended_before: tuple[TrackedRisk, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    """What cannot be seen and matters to it."""

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


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the letters of a cycle; each is keyed so that it is said once."""

    now: datetime
    voice: Voice
    standing: Mapping[str, TrackedRisk] = field(default_factory=dict)
    """What stands now, by fingerprint."""

    def tell(self, news: News) -> tuple[Alert, list[Letter]]:
        """The alert as it is now, and its letters: at most one for its parent."""
        blindness = news.blindness
        alert = blindness.taken_in(self.now) if news.becomes_blind else blindness.let_go()
        alert = replace(alert, shown=_digest(news.alive))
        if not news.alive:
            alert = replace(alert, closed_at=self.now)
        if news.is_new:
            parent = self._parent(news, alert)
            return alert, [self.letter(alert, Reason.OPENED, Method.POST, parent)]
        letters = [
            self.letter(alert, reason, Method.REPLY, message)
            for reason, message in self._replies(news)
        ]
        reason = _why_edited(news, alert)
        if news.is_unheard and news.alive:
            parent = self._parent(news, alert)
            letters.insert(0, self.letter(alert, Reason.OPENED, Method.POST, parent))
        elif reason is not None:
            edit = self.letter(alert, reason, Method.EDIT, self._parent(news, alert))
            letters.insert(0, edit)
        return alert, letters

    def own(self, alert: Alert, doubts: Iterable[Doubt]) -> Letter:
        """The monitor's blindness, told while nothing else is open."""
        return self.letter(alert, Reason.BLIND, Method.POST, self._blind(alert, doubts))

    def own_again(self, alert: Alert, doubts: Iterable[Doubt]) -> list[Letter]:
        """It is blind to something else, too."""
        message = self._blind(alert, doubts)
        return [
            self.letter(alert, Reason.BLIND, method, message)
            for method in (Method.EDIT, Method.REPLY)
        ]

    def own_less(self, alert: Alert, doubts: Iterable[Doubt]) -> Letter:
        """It sees some of it again."""
        return self.letter(alert, Reason.SIGHTED, Method.EDIT, self._blind(alert, doubts))

    def own_over(self, alert: Alert) -> list[Letter]:
        """It sees again."""
        message = self._sighted(alert)
        return [
            self.letter(alert, Reason.SIGHTED, method, message)
            for method in (Method.EDIT, Method.REPLY)
        ]

    def _replies(self, news: News) -> Iterator[tuple[Reason, Message]]:
        alert = news.alert
        if news.blindness.is_over:
            yield Reason.SIGHTED, self._sighted(alert)
        if news.becomes_blind:
            yield Reason.BLIND, self._blind(alert, news.doubts)
        if news.resolved:
            ended = self._endings(news.resolved, alert)
            yield (
                Reason.RESOLVED,
                resolved_message(
                    ended,
                    alert.alert_id,
                    self.voice,
                    lived=self._lived(alert),
                    rest=len(news.alive),
                ),
            )
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

    def _blind(self, alert: Alert, doubts: Iterable[Doubt]) -> Message:
        doubts = tuple(doubts)
        return blind_message(
            [doubt.subject for doubt in doubts],
            _sentences(doubts),
            alert.alert_id,
            self.voice,
        )

    def _sighted(self, alert: Alert) -> Message:
        blind_for = self.now - (alert.blind_since or self.now)
        return sighted_message(alert.alert_id, self.voice, blind_for=blind_for)

    def _lived(self, alert: Alert) -> timedelta:
        return self.now - alert.opened_at

    def letter(self, alert: Alert, reason: Reason, method: Method, message: Message) -> Letter:
        """What is said of the alert, under a key of this cycle."""
        moment = int(self.now.timestamp() * 1000)
        key = f"alert-{alert.alert_id}-{reason.code}-{method}-{moment}"
        return Letter(key, reason, method, alert.alert_id, message)


def _why_edited(news: News, alert: Alert) -> Reason | None:
    """Why the parent must be edited, or None.

    Another risk comes first: a channel without edits tells only that edit, as a message of its own.
    """
    if not news.alive and not news.ended:
        return None
    reasons = (
        (news.has_joined, Reason.JOINED),
        (bool(news.resolved), Reason.RESOLVED),
        (bool(news.uncertain), Reason.UNCERTAIN),
        (news.becomes_blind, Reason.BLIND),
        (news.blindness.is_over or news.blindness.is_less, Reason.SIGHTED),
        (alert.shown != news.alert.shown, Reason.CHANGED),
    )
    return next((reason for is_so, reason in reasons if is_so), None)


def _digest(alive: Iterable[TrackedRisk]) -> str:
    """What the parent shows, without what only time changes."""
    shown = [
        (
            one.risk.fingerprint,
            one.risk.full_name,
            one.risk.cause.code,
            one.risk.certainty.code,
            one.risk.imported.value,
            one.risk.remedy,
            one.risk.changed_by,
            one.risk.reports,
        )
        for one in sorted(alive, key=lambda one: one.risk.fingerprint)
    ]
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def _unseen(alert: Alert, doubts: tuple[Doubt, ...]) -> tuple[str, ...]:
    """What the parent says of it: what the thread was told, as long as it lasts."""
    return () if alert.blind_since is None else _sentences(Blindness(alert, doubts).told)


def _sentences(doubts: Iterable[Doubt]) -> tuple[str, ...]:
    return tuple(doubt.sentence for doubt in doubts)
