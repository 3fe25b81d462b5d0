"""The decision: from what became of every risk to the letters that say what is news."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.alerts.blindness import BlindnessTold, see
from monitor.core.alerts.track import TOLD, Endings, is_uncertain, track
from monitor.core.alerts.values import (
    Alert,
    AlertPolicy,
    Letter,
    Memory,
    Method,
    Outcome,
    Reason,
    RiskState,
    Sight,
    TrackedRisk,
)
from monitor.core.message.parent import parent_message
from monitor.core.message.thread import resolved_parent, resolved_reply, uncertain_reply
from monitor.core.message.values import Message
from monitor.core.message.words import Voice
from monitor.core.risks import Risk


@dataclass(frozen=True, slots=True)
class _News:
    """One alert after this cycle, and what became of its risks."""

    alert: Alert
    alive: tuple[TrackedRisk, ...]
    joined: bool = False
    is_new: bool = False
    ended: tuple[TrackedRisk, ...] = ()
    ended_before: tuple[TrackedRisk, ...] = ()
    uncertain: tuple[TrackedRisk, ...] = ()


def decide(
    risks: tuple[Risk, ...] | None,
    memory: Memory,
    *,
    sight: Sight,
    endings: Endings,
    now: datetime,
    policy: AlertPolicy,
    voice: Voice,
) -> Outcome:
    """Hold today's risks against what was last told, and say only what is news.

    `risks` None = NetSuite was not read, so nothing was predicted anew. Nothing resolves unless the
    cycle saw both sources whole. The same input a second time says nothing.
    """
    tracked = track(risks, memory.tracked, sight=sight, endings=endings, now=now)
    tracked, alerts, new_ids, joined_ids = _assign(tracked, memory, policy, now)
    letters: list[Letter] = []
    written: list[Alert] = []
    for alert in alerts:
        if not alert.policy_id:
            written.append(alert)
            continue
        news = _news(
            alert,
            memory.tracked,
            tracked,
            is_new=alert.alert_id in new_ids,
            joined=alert.alert_id in joined_ids,
        )
        told, letters_of_alert = _tell(news, voice, now)
        written.append(told)
        letters += letters_of_alert
    blindness = see(written, memory, sight, now=now, policy=policy, voice=voice, tracked=tracked)
    return Outcome(
        tracked=tuple(map(_let_go, tracked)),
        alerts=blindness.alerts,
        letters=(*letters, *_without_doubles(blindness, letters)),
    )


def _assign(
    tracked: tuple[TrackedRisk, ...], memory: Memory, policy: AlertPolicy, now: datetime
) -> tuple[tuple[TrackedRisk, ...], list[Alert], set[int], set[int]]:
    """Give every open risk its alert: a young one of its workspace, or a new one."""
    alerts = [alert for alert in memory.alerts if alert.is_open]
    next_id = memory.next_alert_id
    new: set[int] = set()
    joined: set[int] = set()
    assigned = []
    for one in tracked:
        if one.state is not RiskState.OPEN or one.alert_id is not None:
            assigned.append(one)
            continue
        alert = _young(alerts, one.risk.policy_id, policy, now)
        if alert is None:
            alert = Alert(next_id, one.risk.policy_id, opened_at=now)
            next_id += 1
            alerts.append(alert)
            new.add(alert.alert_id)
        elif alert.alert_id not in new:
            joined.add(alert.alert_id)
        assigned.append(replace(one, alert_id=alert.alert_id))
    return tuple(assigned), alerts, new, joined


def _young(
    alerts: Iterable[Alert], policy_id: str, policy: AlertPolicy, now: datetime
) -> Alert | None:
    return next(
        (
            alert
            for alert in alerts
            if alert.policy_id == policy_id and now - alert.opened_at < policy.join_window
        ),
        None,
    )


def _news(
    alert: Alert,
    remembered: Iterable[TrackedRisk],
    tracked: Iterable[TrackedRisk],
    *,
    is_new: bool,
    joined: bool,
) -> _News:
    mine = [one for one in tracked if one.alert_id == alert.alert_id]
    uncertain = tuple(one for one in mine if is_uncertain(one))
    return _News(
        alert,
        alive=tuple(one for one in mine if one.state in TOLD),
        is_new=is_new,
        joined=joined,
        ended=tuple(one for one in mine if one.ended and one not in uncertain),
        ended_before=tuple(
            one
            for one in remembered
            if one.alert_id == alert.alert_id and one.state is RiskState.RESOLVED
        ),
        uncertain=uncertain,
    )


def _tell(news: _News, voice: Voice, now: datetime) -> tuple[Alert, list[Letter]]:
    """The alert's letters: at most one for the parent, and a reply for each sort of ending."""
    alert = replace(news.alert, shown=_digest(news.alive))
    if not news.alive:
        alert = replace(alert, closed_at=now)
    post = _Post(alert, now)
    if news.is_new:
        return alert, [post.letter(Reason.OPENED, Method.POST, _parent(news, voice, now))]
    letters = []
    reason = _reason(news, alert)
    if reason is not None:
        letters.append(post.letter(reason, Method.EDIT, _parent(news, voice, now)))
    lived = now - alert.opened_at
    if news.ended:
        ended = [(one.risk, one.ended) for one in news.ended]
        reply = resolved_reply(ended, alert.alert_id, voice, lived=lived)
        letters.append(post.letter(Reason.RESOLVED, Method.REPLY, reply))
    if news.uncertain:
        reply = uncertain_reply([one.risk for one in news.uncertain], alert.alert_id, voice)
        letters.append(post.letter(Reason.UNCERTAIN, Method.REPLY, reply))
    return alert, letters


def _reason(news: _News, alert: Alert) -> Reason | None:
    """Why the parent must be edited: the strongest reason, or none."""
    if news.ended:
        return Reason.RESOLVED
    if news.uncertain:
        return Reason.UNCERTAIN
    if news.joined:
        return Reason.JOINED
    return Reason.CHANGED if alert.shown != news.alert.shown else None


def _parent(news: _News, voice: Voice, now: datetime) -> Message:
    if news.alive:
        risks = tuple(one.risk for one in news.alive)
        return parent_message(risks, news.alert.alert_id, voice, now=now)
    if news.ended:
        ended = [(one.risk, one.ended) for one in (*news.ended_before, *news.ended)]
        lived = now - news.alert.opened_at
        return resolved_parent(ended, news.alert.alert_id, voice, lived=lived)
    return uncertain_reply([one.risk for one in news.uncertain], news.alert.alert_id, voice)


@dataclass(frozen=True, slots=True)
class _Post:
    """Writes letters whose keys say each thing once."""

    alert: Alert
    now: datetime

    def letter(self, reason: Reason, method: Method, message: Message) -> Letter:
        moment = int(self.now.timestamp() * 1000)
        key = f"alert-{self.alert.alert_id}-{reason.code}-{method}-{moment}"
        return Letter(key, reason, method, self.alert.alert_id, message)


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


def _let_go(one: TrackedRisk) -> TrackedRisk:
    """A risk that is only watched again belongs to no alert."""
    if one.state is RiskState.WATCH and one.alert_id is not None:
        return replace(one, alert_id=None, ended="")
    return one


def _without_doubles(blindness: BlindnessTold, letters: list[Letter]) -> list[Letter]:
    """One edit of a parent a cycle: when its risks are news anyway, that edit is enough."""
    edited = {letter.alert_id for letter in letters if letter.method in (Method.EDIT, Method.POST)}
    return [
        letter
        for letter in blindness.letters
        if letter.method is not Method.EDIT or letter.alert_id not in edited
    ]
