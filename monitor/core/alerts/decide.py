"""The decision: from what became of every risk to the letters that say what is news."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from monitor.core.alerts.beside import told_of
from monitor.core.alerts.blindness import Doubt, doubts_of
from monitor.core.alerts.endings import Endings
from monitor.core.alerts.letters import Telling, Writer
from monitor.core.alerts.lost import tell_lost
from monitor.core.alerts.muting import over_with
from monitor.core.alerts.news import News
from monitor.core.alerts.overlays import Overlay
from monitor.core.alerts.own_blindness import new_own, tell_own
from monitor.core.alerts.placing import Placed, place
from monitor.core.alerts.reminders import Spoken
from monitor.core.alerts.same_edit import also_hit
from monitor.core.alerts.track import ALIVE, TOLD, track
from monitor.core.alerts.values import (
    Alert,
    AlertPolicy,
    Memory,
    Method,
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
    overlays = tuple(one for one in memory.overlays if one.is_active(now))
    placed = place(tracked, memory, overlays, policy, now)
    doubts = doubts_of(sight, now=now, policy=policy, voice=voice)
    writer = Writer(now, voice, _standing(placed.tracked))
    told = [
        writer.tell(_news(alert, placed, memory, doubts, writer, overlays, policy))
        if alert.policy_id
        else tell_own(alert, doubts, writer, is_unheard=alert.alert_id in placed.unheard)
        for alert in placed.alerts
    ]
    unheard = [one for one in doubts if one.is_lasting and not _is_heard(one, told)]
    if unheard:
        told.append(new_own(placed.next_id, doubts, writer))
        placed.next_id += 1
    lost = tell_lost(memory.alerts, sight, writer, next_id=placed.next_id, unheard=placed.unheard)
    told += [Telling(alert, letters) for alert, letters in lost]
    broken = (overlay_id for one in told for overlay_id in one.lifted)
    return Outcome(
        placed.tracked,
        tuple(_counted(one, now) for one in told),
        tuple(letter for one in told for letter in one.letters),
        tuple(dict.fromkeys((*broken, *_over_with(overlays, memory, told, placed)))),
    )


def _over_with(
    overlays: tuple[Overlay, ...], memory: Memory, told: Iterable[Telling], placed: Placed
) -> tuple[int, ...]:
    """What was laid over alerts and risks that stand no more."""
    alerts = {alert.alert_id: alert for alert in (*memory.alerts, *(one.alert for one in told))}
    return over_with(
        overlays,
        (alert.alert_id for alert in alerts.values() if alert.is_open),
        (one.risk for one in placed.tracked if one.state in TOLD),
    )


def _counted(one: Telling, now: datetime) -> Alert:
    """The alert, which knows how often it spoke and when it was last noticed."""
    if not one.letters:
        return one.alert
    is_noticed = any(letter.method is not Method.EDIT for letter in one.letters)
    return replace(one.alert, told=one.alert.told.counted(now, is_noticed=is_noticed))


def _news(
    alert: Alert,
    placed: Placed,
    memory: Memory,
    doubts: Iterable[Doubt],
    writer: Writer,
    overlays: tuple[Overlay, ...],
    policy: AlertPolicy,
) -> News:
    mine = [
        replace(one, risk=told_of(one.risk))
        for one in placed.tracked
        if one.alert_id == alert.alert_id
    ]
    alive = tuple(one for one in mine if one.state in TOLD)
    return News(
        alert,
        writer.now,
        writer.voice,
        is_new=alert.alert_id in placed.new,
        is_unheard=alert.alert_id in placed.unheard,
        has_joined=alert.alert_id in placed.joined,
        again=placed.again.get(alert.alert_id, {}),
        alive=alive,
        ended=tuple(one for one in mine if one.state is RiskState.RESOLVED),
        ended_before=tuple(
            one
            for one in memory.tracked
            if one.alert_id == alert.alert_id and one.state is RiskState.RESOLVED
        ),
        doubts=tuple(one for one in doubts if one.concerns(alert)),
        overlays=overlays,
        spoken=Spoken(
            memory.last_told.get(alert.alert_id),
            memory.reminders.get(alert.alert_id, 0),
            policy.remind_every,
        ),
        also_hit=also_hit(alive, placed.told, writer.voice),
    )


def _is_heard(doubt: Doubt, told: Iterable[Telling]) -> bool:
    """Whether an open alert tells of it, so that it needs no message of its own."""
    return any(
        alert.is_open and not is_muted and (not alert.policy_id or doubt.concerns(alert))
        for alert, _, _, is_muted in told
    )


def _standing(tracked: Iterable[TrackedRisk]) -> dict[str, TrackedRisk]:
    return {one.risk.fingerprint: one for one in tracked if one.state in ALIVE}
