"""The summary of a day: gathered from what a cycle knows, and promised once a local day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.adapters.store import Store
from monitor.adapters.store.digests import CHANNEL
from monitor.core.alerts import (
    Alert,
    Letter,
    Memory,
    Method,
    Outcome,
    Overlay,
    Reason,
    RiskState,
    Sight,
    Sort,
    TrackedRisk,
)
from monitor.core.digest import Digest, Hidden, OpenAlert, Post, digest_day
from monitor.core.message.digest import digest_message
from monitor.core.message.lost import lost_words
from monitor.core.outcomes import Label
from monitor.core.outcomes import Outcome as ExportOutcome
from monitor.core.predict import BrokenDefault, sweep_employees
from monitor.core.records import Snapshot
from monitor.core.risks import Cause, Risk
from monitor.judging import Parts, situation_now, voice_of

_A_DAY = timedelta(days=1)


def promise_digest(
    parts: Parts,
    store: Store,
    snapshot: Snapshot | None,
    sight: Sight,
    outcome: Outcome,
    now: datetime,
) -> Outcome:
    """The outcome with the summary that is due, if it was not promised yet; in the cycle's
    transaction, after its outcome was stored. A cycle that could not read says so in it.
    """
    at = parts.policy.digest_at
    day = digest_day(now, at, ZoneInfo(parts.time_zone)) if at is not None else None
    if day is None:
        return outcome
    stem = f"digest-{day}"
    key = store.digests.free_key(stem, is_shadow=parts.policy.is_shadow)
    if key is None:
        return outcome
    memory = store.alerts.memory(now)
    since = store.digests.last_made_at(before=stem)
    alive = [one for one in memory.tracked if one.state is not RiskState.RESOLVED]
    digest = Digest(
        day,
        since,
        alerts=tuple(_open_alerts(memory, alive, now)),
        watched=tuple(_watched(alive)),
        broken_defaults=_broken_defaults(parts, store, snapshot, now),
        misses=_misses(store, since or now - _A_DAY),
        sight=sight,
        hidden=tuple(_hidden(memory.overlays, alive, now)),
        post=_post(store, since or now - _A_DAY, len(outcome.letters)),
        self_test=store.sources.freshness(CHANNEL),
    )
    message = digest_message(digest, voice_of(parts, sight), now)
    letter = Letter(key, Reason.DIGEST, Method.POST, None, message)
    store.alerts.apply(Outcome(letters=(letter,)), now)
    return replace(outcome, letters=(*outcome.letters, letter))


def _open_alerts(memory: Memory, alive: list[TrackedRisk], now: datetime) -> Iterator[OpenAlert]:
    for alert in memory.alerts:
        mine = tuple(one.risk for one in alive if one.alert_id == alert.alert_id)
        yield OpenAlert(
            alert.alert_id,
            alert.policy_id,
            alert.lives_since,
            mine,
            tuple(_laid_over(alert, mine, memory.overlays, now)),
            tuple(lost_words(one) for one in alert.lost),
            is_blind=alert.blind_since is not None,
        )


def _laid_over(
    alert: Alert, risks: tuple[Risk, ...], overlays: Iterable[Overlay], now: datetime
) -> Iterator[Overlay]:
    fingerprints = {risk.fingerprint for risk in risks}
    for one in overlays:
        is_of_it = one.alert_id == alert.alert_id or one.fingerprint in fingerprints
        if one.sort is not Sort.SILENCE and is_of_it and one.is_active(now):
            yield one


def _watched(alive: Iterable[TrackedRisk]) -> Iterator[Risk]:
    """What no alert tells of and pending reports use; a stale rule waits for reports to come."""
    for one in alive:
        is_used = bool(one.risk.reports) or one.risk.cause is Cause.EMPLOYEE_RULE_STALE
        if one.alert_id is None and one.state is RiskState.WATCH and is_used:
            yield one.risk


def _broken_defaults(
    parts: Parts, store: Store, snapshot: Snapshot | None, now: datetime
) -> tuple[BrokenDefault, ...] | None:
    if snapshot is None:
        return None
    return sweep_employees(situation_now(parts, store, snapshot, now))


def _misses(store: Store, since: datetime) -> tuple[ExportOutcome, ...]:
    """Real failures that nobody predicted, learned since then: what happened earlier may have been
    read later.
    """
    known = store.digests.exports_known_until(since) or since
    return tuple(one for one in store.outcomes.since(known) if one.label is Label.MISSED)


def _hidden(
    overlays: Iterable[Overlay], alive: list[TrackedRisk], now: datetime
) -> Iterator[Hidden]:
    would_be_told = [one.risk for one in alive if one.state is not RiskState.WATCH]
    for one in overlays:
        if one.sort is Sort.SILENCE and one.is_active(now):
            yield Hidden(one, sum(one.is_about(risk) for risk in would_be_told))


def _post(store: Store, since: datetime, promised_now: int) -> Post:
    """What this cycle has just promised does not wait yet."""
    delivery = store.outbox.delivery()
    return Post(
        sent=store.digests.sent_since(since),
        waiting=max(0, delivery.waiting - promised_now),
        refused=delivery.dead,
        error=delivery.last_error,
        came_and_went=store.digests.came_and_went_since(since),
    )
