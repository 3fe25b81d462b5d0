"""After quiet hours, shadow mode or an outage: one message an alert, not all that was missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog

from monitor.adapters.slack.channel import Channel, EditableChannel
from monitor.adapters.store import Store
from monitor.adapters.store.outbox import CAME_AND_WENT, QUEUED, SENDING, Envelope
from monitor.core.alerts import Letter, Method, Reason
from monitor.core.message.catch_up import catch_up_message
from monitor.delivery.quiet import Quiet
from monitor.delivery.shown import is_list, parent_of, why_never

log = structlog.get_logger("monitor")

_SAID_BY_PARENT = "the alert's message says it as it is known now"
_SHOWN_BY_PARENT = "the alert's message shows all its reports"
_JOINED = "said together with a later letter"


def catch_up(store: Store, channel: EditableChannel | Channel, quiet: Quiet, now: datetime) -> None:
    """Drop what came and went unheard, and make one of what waited too long. What is to be said is
    rewritten in the transaction that drops the rest: nothing is lost by ending in between.
    """
    with store.immediate():
        _forget_what_came_and_went(store, now)
    waiting = store.outbox.undelivered()
    late = {
        one.letter.alert_id
        for one in waiting
        if quiet.is_late(one, now) and not quiet.holds(one.letter, waiting, now)
    }
    for alert_id in sorted(one for one in late if one is not None):
        mine = [one for one in waiting if one.letter.alert_id == alert_id and one.state == QUEUED]
        with store.immediate():
            _Alert(store, channel, now, waiting, mine).becomes_one()


def _forget_what_came_and_went(store: Store, now: datetime) -> None:
    """Alerts that were over before anybody heard of them: nobody needs to."""
    over = store.outbox.over_unheard()
    for envelope in store.outbox.undelivered() if over else ():
        if envelope.letter.alert_id in over:
            store.outbox.dropped(envelope.row, CAME_AND_WENT, now)
    for alert_id in sorted(over):
        log.info("alert_came_and_went", alert=alert_id)


class _Alert:
    """What waits to be said of one alert, and whose fate is known."""

    def __init__(
        self,
        store: Store,
        channel: EditableChannel | Channel,
        now: datetime,
        waiting: Sequence[Envelope],
        mine: list[Envelope],
    ) -> None:
        self._outbox = store.outbox
        self._now = now
        self._mine = mine
        shown = [one for one in mine if not why_never(one.letter, channel)]
        self._replies = [one for one in shown if _is_news(one.letter)]
        self._whole = [one for one in shown if one.letter.method is not Method.REPLY]
        alert_id = mine[0].letter.alert_id
        self._may_stand = parent_of(store, channel, alert_id) is not None or any(
            one.letter.alert_id == alert_id and one.state == SENDING for one in waiting
        )

    def becomes_one(self) -> None:
        """Its message as known now; or one reply that joins those that wait."""
        self._drop_needless_lists()
        replies = self._replies
        if self._whole and not self._may_stand:
            said_until = self._show_as_known_now()
            self._drop([one for one in replies if one.created_at <= said_until], _SAID_BY_PARENT)
            replies = [one for one in replies if one.created_at > said_until]
        self._join(replies)

    def _drop_needless_lists(self) -> None:
        """Its message came to show all reports since: what they once were helps nobody."""
        for newest in self._whole[-1:]:
            lists = [one for one in self._mine if is_list(one.letter)]
            if not newest.letter.message.more_reports:
                earlier = [one for one in lists if one.created_at < newest.created_at]
                self._drop(earlier, _SHOWN_BY_PARENT)

    def _show_as_known_now(self) -> datetime:
        """Let one letter be the alert's message as the newest would show it; returns of when."""
        newest = [one for one in self._mine if one.letter.method is not Method.REPLY][-1]
        posts = [one for one in self._whole if one.letter.method is Method.POST]
        kept = (posts or self._whole)[-1]
        letters = [one.letter for one in self._whole]
        said = kept.letter._replace(
            message=newest.letter.message, is_urgent=any(one.is_urgent for one in letters)
        )
        self._outbox.rewritten(kept.row, said)
        self._drop([one for one in self._whole if one is not kept], _SAID_BY_PARENT)
        return newest.created_at

    def _join(self, replies: list[Envelope]) -> None:
        news = [one for one in replies if one.letter.reason is not Reason.REMINDER]
        kept = news or replies[-1:]
        self._drop([one for one in replies if one not in kept], _JOINED)
        if len(kept) < 2:
            return
        letters = [one.letter for one in kept]
        joined = letters[-1]._replace(
            message=catch_up_message(tuple(letter.message for letter in letters)),
            is_broadcast=any(letter.is_broadcast for letter in letters),
            is_urgent=any(letter.is_urgent for letter in letters),
        )
        self._outbox.rewritten(kept[-1].row, joined)
        self._drop(kept[:-1], _JOINED)

    def _drop(self, envelopes: list[Envelope], why: str) -> None:
        for envelope in envelopes:
            self._outbox.dropped(envelope.row, why, self._now)


def _is_news(letter: Letter) -> bool:
    return letter.method is Method.REPLY and not is_list(letter)
