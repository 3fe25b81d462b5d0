"""The other half of the promise: takes the outbox to Slack and marks what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeGuard

import structlog

from monitor.adapters.store import Store
from monitor.adapters.store.outbox import SENDING, Envelope, Standing
from monitor.clock import Clock
from monitor.core.alerts import Letter, Method, Reason
from monitor.core.message import Message
from monitor.errors import DeliveryError

log = structlog.get_logger("monitor")

REPEAT = "(may be a repeat)"
_PAUSE_SECONDS = 1.0
"""Slack takes one message a second and channel."""
_CHANGED_AT_MOST = timedelta(minutes=1)
_GIVE_UP_AFTER = timedelta(hours=24)
_LONGEST_BACK_OFF = timedelta(minutes=30)
_GONE_PARENT = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})


class Channel(Protocol):
    """What delivery asks of Slack; every method raises DeliveryError."""

    can_edit: bool

    def post(
        self, key: str, message: Message, *, thread: str | None = None, note: str = ""
    ) -> tuple[str, str]: ...


class EditableChannel(Channel, Protocol):
    """A channel through a bot token."""

    def edit(self, channel: str, ts: str, key: str, message: Message) -> None: ...

    def find(self, key: str, *, since: datetime, thread: str | None = None) -> str | None: ...


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What one delivery did; `error` is the last refusal, empty when all that was due was sent."""

    sent: int = 0
    waiting: int = 0
    dead: int = 0
    error: str = ""


def deliver(store: Store, channel: EditableChannel | Channel, clock: Clock) -> DeliveryResult:
    """Send what is due, oldest first; one letter that fails never blocks those of other alerts."""
    round_ = _Round(store, channel, clock)
    for envelope in store.outbox.undelivered():
        round_.take(envelope)
    return round_.result()


class _Round:
    """One walk through the outbox."""

    def __init__(self, store: Store, channel: EditableChannel | Channel, clock: Clock) -> None:
        self._store = store
        self._channel = channel
        self._clock = clock
        self._sent = 0
        self._error = ""
        self._held: set[int | None] = set()
        """Alerts whose next letters wait, so that their order in the channel stays."""

    def take(self, envelope: Envelope) -> None:
        letter, now = envelope.letter, self._clock.now()
        if letter.alert_id in self._held or self._is_settled(envelope, now):
            return
        if envelope.next_attempt_at > now or self._is_too_soon(letter, now):
            self._held.add(letter.alert_id)
            return
        try:
            self._send(envelope)
        except DeliveryError as error:
            self._failed(envelope, error)
        else:
            self._sent += 1
            self._clock.sleep(_PAUSE_SECONDS)

    def result(self) -> DeliveryResult:
        delivery = self._store.outbox.delivery()
        return DeliveryResult(self._sent, delivery.waiting, delivery.dead, self._error)

    def _is_settled(self, envelope: Envelope, now: datetime) -> bool:
        """Whether nothing is to be sent: outdone by a newer letter, or no use in this channel."""
        why = ""
        if self._is_outdone(envelope):
            why = "a newer letter says it"
        elif not self._channel.can_edit and _is_edit_only(envelope.letter):
            why = "a webhook cannot edit"
        elif now - envelope.created_at > _GIVE_UP_AFTER and envelope.letter.method is Method.EDIT:
            why = "too old to be news"
        if why:
            with self._store.immediate():
                self._store.outbox.dropped(envelope.row, why)
        return bool(why)

    def _is_outdone(self, envelope: Envelope) -> bool:
        letter = envelope.letter
        return letter.method is Method.EDIT and any(
            other.row > envelope.row
            and other.letter.method is Method.EDIT
            and other.letter.alert_id == letter.alert_id
            for other in self._store.outbox.undelivered()
        )

    def _is_too_soon(self, letter: Letter, now: datetime) -> bool:
        """Only edits that merely follow the figures are held back."""
        if letter.reason is not Reason.CHANGED:
            return False
        touched = self._store.outbox.last_touch_of(letter.alert_id)
        return touched is not None and now - touched < _CHANGED_AT_MOST

    def _send(self, envelope: Envelope) -> None:
        note = ""
        if envelope.state == SENDING:
            standing = self._look_up(envelope)
            if standing is not None:
                self._mark_sent(envelope, standing, envelope.letter.method)
                return
            note = REPEAT
        with self._store.immediate():
            self._store.outbox.sending(envelope.row)
        standing, method = self._call(envelope.letter, note)
        self._mark_sent(envelope, standing, method)

    def _call(self, letter: Letter, note: str) -> tuple[Standing, Method]:
        """Post, reply or edit; without its parent a letter becomes a message of its own."""
        parent = self._store.outbox.parent_of(letter.alert_id)
        channel = self._channel
        if letter.method is Method.POST or parent is None or not _is_editable(channel):
            return Standing(*channel.post(letter.key, letter.message, note=note)), Method.POST
        if letter.method is Method.REPLY:
            answer = channel.post(letter.key, letter.message, thread=parent.ts, note=note)
            return Standing(*answer), Method.REPLY
        try:
            channel.edit(parent.channel, parent.ts, letter.key, letter.message)
        except DeliveryError as error:
            if error.code not in _GONE_PARENT:
                raise
            note = f"The earlier message of alert {letter.alert_id} is gone; this one replaces it."
            return Standing(*channel.post(letter.key, letter.message, note=note)), Method.POST
        return parent, Method.EDIT

    def _look_up(self, envelope: Envelope) -> Standing | None:
        """Whether a letter of unknown fate is there already; an edit may just be made again."""
        letter, channel = envelope.letter, self._channel
        if letter.method is Method.EDIT or not _is_editable(channel):
            return None
        parent = self._store.outbox.parent_of(letter.alert_id)
        thread = parent.ts if parent and letter.method is Method.REPLY else None
        try:
            ts = channel.find(letter.key, since=envelope.created_at, thread=thread)
        except DeliveryError as error:
            log.warning("slack_history_unreadable", error=str(error))
            return None
        return None if ts is None else Standing(parent.channel if parent else "", ts)

    def _mark_sent(self, envelope: Envelope, standing: Standing, method: Method) -> None:
        with self._store.immediate():
            self._store.outbox.sent(envelope.row, self._clock.now(), standing, method=method)
        log.info("slack_told", reason=envelope.letter.reason.code, alert=envelope.letter.alert_id)

    def _failed(self, envelope: Envelope, error: DeliveryError) -> None:
        self._error = str(error)
        self._held.add(envelope.letter.alert_id)
        with self._store.immediate():
            if error.is_permanent:
                self._store.outbox.dead(envelope.row, str(error))
            elif error.code != "unknown_outcome":
                wait = error.retry_after or _back_off(envelope.attempts)
                self._store.outbox.again(envelope.row, self._clock.now() + wait, str(error))
        log.error(
            "slack_refused", code=error.code, error=str(error), is_permanent=error.is_permanent
        )


def _is_editable(channel: EditableChannel | Channel) -> TypeGuard[EditableChannel]:
    return channel.can_edit


def _is_edit_only(letter: Letter) -> bool:
    """An edit that a webhook leaves out: it follows the figures, or a reply says the same."""
    return letter.method is Method.EDIT and letter.reason is not Reason.JOINED


def _back_off(attempts: int) -> timedelta:
    return min(timedelta(seconds=30 * 2 ** min(attempts, 10)), _LONGEST_BACK_OFF)
