"""The same risk again soon after it ended: it belongs to what was told of it then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.core.alerts.values import Alert, Memory, TrackedRisk
from monitor.core.message.discreet import discreet
from monitor.core.message.facts import called
from monitor.core.message.words import Voice, sentence

SOON = timedelta(days=7)
"""The same risk again within that time belongs to what was told of it."""


def past_lives(memory: Memory, now: datetime) -> dict[str, TrackedRisk]:
    """The newest life of each risk (by fingerprint) that was told and ended within a week."""
    ended = [
        (one.resolved_at, one)
        for one in (*memory.tracked, *memory.recent)
        if one.alert_id is not None
        and one.resolved_at is not None
        and abs(now - one.resolved_at) <= SOON
    ]
    ended.sort(key=lambda pair: pair[0])
    return {one.risk.fingerprint: one for _, one in ended}


def opened_again(alert: Alert, now: datetime) -> Alert:
    """The alert as it begins anew: what was told in its earlier life is news again."""
    told = replace(alert.told.forgotten(), reopened_at=now)
    return replace(alert, closed_at=None, blind_since=None, blind_about=(), told=told)


def what_was_over(past: Mapping[str, TrackedRisk], voice: Voice) -> tuple[str, ...]:
    """One sentence a risk: when it had ended, and how."""
    return tuple(_what_was_over(past[fingerprint], voice) for fingerprint in sorted(past))


def _what_was_over(one: TrackedRisk, voice: Voice) -> str:
    at = f" ({voice.moment(one.resolved_at)})" if one.resolved_at else ""
    return sentence(f"{called(discreet(one.risk, voice))}{at}: {one.ended}")
