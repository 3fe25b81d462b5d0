"""Could not look is never fine: when blindness is told, once, and when sight is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.alerts.values import (
    Alert,
    AlertPolicy,
    Letter,
    Memory,
    Method,
    Reason,
    RiskState,
    Sight,
    SourceFreshness,
    TrackedRisk,
)
from monitor.core.message.parent import parent_message
from monitor.core.message.thread import blind_message, sighted_message
from monitor.core.message.values import Message
from monitor.core.message.words import Voice

_NAMES = {"netsuite": "NetSuite", "expensify": "Expensify"}


@dataclass(frozen=True, slots=True)
class BlindnessTold:
    """The alerts after blindness was weighed, and what is to be said of it."""

    alerts: tuple[Alert, ...]
    letters: tuple[Letter, ...] = ()


def see(
    alerts: list[Alert],
    memory: Memory,
    sight: Sight,
    *,
    tracked: Iterable[TrackedRisk],
    now: datetime,
    policy: AlertPolicy,
    voice: Voice,
) -> BlindnessTold:
    """Tell blindness once: on the open alerts at once for a permanent cause, else after a while;
    on a message of its own only when nothing else is open.
    """
    is_blind = any(_failing(sight)) or bool(sight.blind_kinds)
    is_tellable = bool(sight.blind_kinds) or any(
        _is_tellable(source, now, policy) for source in sight.sources
    )
    post = _Post(now, tuple(tracked), tuple(_causes(sight, voice)), voice)
    if not is_blind:
        return _told(post.sighted(alert) for alert in alerts)
    if not is_tellable:
        return BlindnessTold(tuple(alerts))
    if any(alert.is_open for alert in alerts):
        return _told(post.blind(alert) for alert in alerts)
    if not _is_lasting(sight, now, policy):
        return BlindnessTold(tuple(alerts))
    taken = [alert.alert_id + 1 for alert in alerts]
    own = Alert(max([memory.next_alert_id, *taken]), "", opened_at=now, blind_since=now)
    return BlindnessTold((*alerts, own), (post.own(own),))


@dataclass(frozen=True, slots=True)
class _Post:
    now: datetime
    tracked: tuple[TrackedRisk, ...]
    causes: tuple[str, ...]
    voice: Voice

    def blind(self, alert: Alert) -> tuple[Alert, list[Letter]]:
        if not alert.is_open or alert.blind_since is not None:
            return alert, []
        reply = blind_message(self.causes, alert.alert_id, self.voice)
        note = "The monitor cannot see everything at the moment: " + " ".join(self.causes)
        letters = [*self._edit(alert, Reason.BLIND, note)]
        letters.append(self._letter(alert, Reason.BLIND, Method.REPLY, reply))
        return replace(alert, blind_since=self.now), letters

    def sighted(self, alert: Alert) -> tuple[Alert, list[Letter]]:
        if alert.blind_since is None or not alert.is_open:
            return alert, []
        message = sighted_message(
            alert.alert_id, self.voice, blind_for=self.now - alert.blind_since
        )
        reply = self._letter(alert, Reason.SIGHTED, Method.REPLY, message)
        alert = replace(alert, blind_since=None)
        if alert.policy_id:
            return alert, [*self._edit(alert, Reason.SIGHTED, ""), reply]
        edit = self._letter(alert, Reason.SIGHTED, Method.EDIT, message)
        return replace(alert, closed_at=self.now), [edit, reply]

    def own(self, alert: Alert) -> Letter:
        message = blind_message(self.causes, alert.alert_id, self.voice)
        return self._letter(alert, Reason.BLIND, Method.POST, message)

    def _edit(self, alert: Alert, reason: Reason, note: str) -> Iterator[Letter]:
        risks = tuple(
            one.risk
            for one in self.tracked
            if one.alert_id == alert.alert_id and one.state in (RiskState.OPEN, RiskState.BLIND)
        )
        if risks:
            message = parent_message(risks, alert.alert_id, self.voice, now=self.now, note=note)
            yield self._letter(alert, reason, Method.EDIT, message)

    def _letter(self, alert: Alert, reason: Reason, method: Method, message: Message) -> Letter:
        key = f"alert-{alert.alert_id}-{reason.code}-{method}-{int(self.now.timestamp() * 1000)}"
        return Letter(key, reason, method, alert.alert_id, message)


def _told(told: Iterable[tuple[Alert, list[Letter]]]) -> BlindnessTold:
    pairs = list(told)
    return BlindnessTold(
        tuple(alert for alert, _ in pairs),
        tuple(letter for _, letters in pairs for letter in letters),
    )


def _failing(sight: Sight) -> Iterator[SourceFreshness]:
    return (source for source in sight.sources if source.failing_since is not None)


def _is_tellable(source: SourceFreshness, now: datetime, policy: AlertPolicy) -> bool:
    if source.failing_since is None:
        return False
    return source.is_permanent or _blind_for_long(source, now, policy)


def _blind_for_long(source: SourceFreshness, now: datetime, policy: AlertPolicy) -> bool:
    since = source.last_good_at or source.failing_since
    return since is not None and now - since >= policy.blind_after


def _is_lasting(sight: Sight, now: datetime, policy: AlertPolicy) -> bool:
    """With nothing open there is no hurry: even a permanent cause waits for `blind_after`."""
    return bool(sight.blind_kinds) or any(
        _blind_for_long(source, now, policy) for source in _failing(sight)
    )


def _causes(sight: Sight, voice: Voice) -> Iterator[str]:
    for source in _failing(sight):
        name = _NAMES.get(source.source, source.source)
        since = voice.moment(source.last_good_at) if source.last_good_at else "never"
        yield f"{name}: {source.error.rstrip('.')}. Last read: {since}."
    for kind, why in sight.blind_kinds:
        yield f"NetSuite's list of {kind} records: {why.rstrip('.')}."
