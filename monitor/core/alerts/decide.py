"""The decision: from what became of every risk to the letters that say what is news."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.core.alerts.beside import told_of
from monitor.core.alerts.blindness import Blindness, Doubt, doubts_of
from monitor.core.alerts.endings import Endings
from monitor.core.alerts.letters import News, Writer
from monitor.core.alerts.lost import tell_lost
from monitor.core.alerts.track import ALIVE, TOLD, track
from monitor.core.alerts.values import (
    Alert,
    AlertPolicy,
    Letter,
    Memory,
    Outcome,
    RiskState,
    Sight,
    TrackedRisk,
)
from monitor.core.message.words import Voice
from monitor.core.risks import Risk


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
    placed = _place(tracked, memory, policy, now)
    placed.unheard = frozenset() if policy.is_shadow else memory.unheard
    doubts = doubts_of(sight, now=now, policy=policy, voice=voice)
    writer = Writer(now, voice, _standing(placed.tracked))
    told: list[Alert] = []
    letters: list[Letter] = []
    for alert in placed.alerts:
        if alert.policy_id:
            alert, written = writer.tell(_news(alert, placed, memory, doubts))
        else:
            alert, written = _own(alert, placed, doubts, writer)
        told.append(alert)
        letters += written
    unheard = [one for one in doubts if one.is_lasting and not _is_heard(one, told)]
    if unheard:
        own = Blindness(Alert(placed.next_id, "", opened_at=now), doubts).taken_in(now)
        told.append(own)
        letters.append(writer.own(own, doubts))
        placed.next_id += 1
    for alert, written in tell_lost(
        memory.alerts, sight, writer, next_id=placed.next_id, unheard=placed.unheard
    ):
        told.append(alert)
        letters += written
    return Outcome(placed.tracked, tuple(told), tuple(letters))


@dataclass(slots=True)
class _Placed:
    """Every risk with its alert, and the alerts that are open now."""

    alerts: list[Alert]
    next_id: int
    tracked: tuple[TrackedRisk, ...] = ()
    new: set[int] = field(default_factory=set)
    joined: set[int] = field(default_factory=set)
    unheard: frozenset[int] = frozenset()
    """Alerts to be told again from the start."""


def _place(
    tracked: Iterable[TrackedRisk], memory: Memory, policy: AlertPolicy, now: datetime
) -> _Placed:
    """Give every open risk its alert: a young one of its workspace, or a new one."""
    open_ones = [alert for alert in memory.alerts if alert.is_open and not alert.lost]
    placed = _Placed(open_ones, memory.next_alert_id)
    placed.tracked = tuple(_with_alert(one, placed, policy, now) for one in tracked)
    return placed


def _with_alert(
    one: TrackedRisk, placed: _Placed, policy: AlertPolicy, now: datetime
) -> TrackedRisk:
    if one.state is not RiskState.OPEN or one.alert_id is not None:
        return one
    alert = _young(placed.alerts, one.risk.policy_id, policy, now)
    if alert is None:
        alert = Alert(placed.next_id, one.risk.policy_id, opened_at=now)
        placed.next_id += 1
        placed.alerts.append(alert)
        placed.new.add(alert.alert_id)
    else:
        placed.joined.add(alert.alert_id)
    return replace(one, alert_id=alert.alert_id)


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


def _news(alert: Alert, placed: _Placed, memory: Memory, doubts: Iterable[Doubt]) -> News:
    mine = [
        replace(one, risk=told_of(one.risk))
        for one in placed.tracked
        if one.alert_id == alert.alert_id
    ]
    return News(
        alert,
        is_new=alert.alert_id in placed.new,
        is_unheard=alert.alert_id in placed.unheard,
        has_joined=alert.alert_id in placed.joined,
        alive=tuple(one for one in mine if one.state in TOLD),
        ended=tuple(one for one in mine if one.state is RiskState.RESOLVED),
        ended_before=tuple(
            one
            for one in memory.tracked
            if one.alert_id == alert.alert_id and one.state is RiskState.RESOLVED
        ),
        doubts=tuple(one for one in doubts if one.concerns(alert)),
    )


def _own(
    alert: Alert, placed: _Placed, doubts: tuple[Doubt, ...], writer: Writer
) -> tuple[Alert, list[Letter]]:
    """The monitor's own blindness: one message, until it sees everything again."""
    blindness = Blindness(alert, doubts)
    if not doubts:
        return replace(blindness.let_go(), closed_at=writer.now), writer.own_over(alert)
    if alert.alert_id in placed.unheard:
        alert = replace(blindness.taken_in(writer.now), shown="")
        return alert, [writer.own(alert, doubts)]
    if blindness.is_news:
        alert = replace(blindness.taken_in(writer.now), shown="")
        return alert, writer.own_again(alert, doubts)
    left = blindness.told or doubts
    shown = ", ".join(one.subject for one in left)
    if blindness.is_less or (alert.shown and alert.shown != shown):
        return replace(blindness.let_go(), shown=shown), [writer.own_less(alert, left)]
    return alert, []


def _is_heard(doubt: Doubt, alerts: Iterable[Alert]) -> bool:
    """Whether an open alert tells of it, so that it needs no message of its own."""
    return any(alert.is_open and (not alert.policy_id or doubt.concerns(alert)) for alert in alerts)


def _standing(tracked: Iterable[TrackedRisk]) -> dict[str, TrackedRisk]:
    return {one.risk.fingerprint: one for one in tracked if one.state in ALIVE}
