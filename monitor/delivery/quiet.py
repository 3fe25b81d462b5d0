"""Quiet hours: which letters wait for their end, and which have waited long enough to be one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from monitor.adapters.store.outbox import QUEUED, Envelope
from monitor.core.alerts import AlertPolicy, Letter, Reason

_STALE_AFTER = timedelta(hours=24)


class Quiet:
    """The quiet hours of today's configuration; nothing of them is remembered."""

    def __init__(self, policy: AlertPolicy) -> None:
        self._hours = policy.quiet_hours
        self._allows_urgent = policy.quiet_hours_allow_certain

    def holds(self, letter: Letter, waiting: Iterable[Envelope], now: datetime) -> bool:
        """Whether the letter waits for the end of the quiet hours. An urgent one that may go takes
        all that waits of its alert along, so that their order stays.
        """
        if letter.reason is Reason.DIGEST or not self._covers(now):
            return False
        return not (self._allows_urgent and _has_urgent(letter.alert_id, waiting))

    def is_late(self, envelope: Envelope, now: datetime) -> bool:
        """Whether it waited through quiet hours, shadow mode, or an outage of a day."""
        is_old = envelope.was_kept_back or now - envelope.created_at > _STALE_AFTER
        return envelope.state == QUEUED and (is_old or self._covers(envelope.created_at))

    def _covers(self, at: datetime) -> bool:
        return self._hours is not None and self._hours.covers(at)


def _has_urgent(alert_id: int | None, waiting: Iterable[Envelope]) -> bool:
    letters = (one.letter for one in waiting)
    return any(one.is_urgent and one.alert_id == alert_id for one in letters)
