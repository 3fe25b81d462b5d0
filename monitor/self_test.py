"""The channel's test of itself: the day's summary is looked up where it was posted, and edited."""

from __future__ import annotations

from datetime import timedelta

import structlog

from monitor.adapters.slack.channel import Channel, EditableChannel, Place, is_editable
from monitor.adapters.store import Store
from monitor.adapters.store.digests import CHANNEL, SentDigest
from monitor.clock import Clock
from monitor.core.freshness import SourceFreshness
from monitor.core.message.self_test import with_self_test
from monitor.core.message.words import Voice
from monitor.errors import DeliveryError

log = structlog.get_logger("monitor")

_TRIED_FOR = timedelta(hours=1)
"""So long after the summary was sent; what failed until then is tried with the next one."""


def prove_channel(
    store: Store, channel: EditableChannel | Channel, clock: Clock, voice: Voice
) -> None:
    """Once for each summary that was sent; how it went is remembered, and never stops anything.

    A channel without edits and history has nothing to test, and what another one's last test was
    is forgotten.
    """
    if not is_editable(channel):
        _forget(store)
        return
    digest, now = store.digests.newest_sent(), clock.now()
    if digest is None or now - digest.sent_at > _TRIED_FOR:
        return
    passed_at = store.sources.freshness(CHANNEL).last_good_at
    is_tested = passed_at is not None and passed_at >= digest.sent_at
    if is_tested or not channel.holds(Place(digest.channel, digest.ts)):
        return
    try:
        _find_and_edit(channel, digest, clock, voice)
    except DeliveryError as error:
        log.error("self_test_failed", code=error.code, error=str(error))
        with store.immediate():
            store.sources.failed(CHANNEL, now, str(error), is_permanent=error.is_permanent)
        return
    with store.immediate():
        store.sources.good(CHANNEL, clock.now())
    log.info("self_test_passed", digest=digest.key)


def _forget(store: Store) -> None:
    if store.sources.freshness(CHANNEL) != SourceFreshness(CHANNEL):
        with store.immediate():
            store.sources.forget(CHANNEL)


def _find_and_edit(
    channel: EditableChannel, digest: SentDigest, clock: Clock, voice: Voice
) -> None:
    found = channel.find(digest.key, since=digest.made_at)
    if found is None:
        raise DeliveryError(
            "Slack took the daily summary, but its history does not show it", code="not_found"
        )
    message = with_self_test(digest.message, clock.now(), voice)
    channel.edit(Place(digest.channel, found.ts), digest.key, message)
