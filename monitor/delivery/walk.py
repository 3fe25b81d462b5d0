"""One walk through the outbox: what is due goes to Slack, in order, at Slack's pace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

import structlog

from monitor.adapters.slack.channel import Channel, EditableChannel, Place
from monitor.adapters.slack.refusals import NOT_NOW, RATE_LIMITED, UNKNOWN_OUTCOME
from monitor.adapters.slack.tell import Doubt, tell
from monitor.adapters.store import Store
from monitor.adapters.store.outbox import SENDING, Envelope, Standing
from monitor.clock import Clock
from monitor.core.alerts import AlertPolicy, Letter, Method, Reason
from monitor.delivery.catching_up import catch_up
from monitor.delivery.quiet import Quiet
from monitor.delivery.shown import is_list, parent_of, why_never
from monitor.errors import DeliveryError

log = structlog.get_logger("monitor")

_PAUSE_SECONDS = 1.0
"""Slack takes one message a second and channel."""
_CHANGED_AT_MOST = timedelta(minutes=1)
_WORTH_REPEATING = timedelta(hours=24)
"""What the channel refused within that time is told when it takes letters again."""
_LONGEST_WAIT = timedelta(minutes=30)
_PATIENCE = timedelta(seconds=10)
"""How long Slack may ask to wait before it is left to the next round."""
_OUTAGE = 3
"""So many letters in a row without an answer: Slack is away, not the letters bad."""


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What one delivery did; `error` is empty when Slack has taken all that was to be said."""

    sent: int = 0
    waiting: int = 0
    dead: int = 0
    error: str = ""


def deliver(
    store: Store, channel: EditableChannel | Channel, clock: Clock, policy: AlertPolicy
) -> DeliveryResult:
    """Send what is due, oldest first; one letter that fails never blocks those of other alerts.

    In quiet hours letters wait. What has waited through them, or for a day, is told as one.
    """
    quiet = Quiet(policy)
    with store.immediate():
        # Whether Slack takes again what it refused is seen by trying: one letter is enough.
        store.outbox.revive(clock.now() - _WORTH_REPEATING, at_most=1)
    catch_up(store, channel, quiet, clock.now())
    first = _Round(store, channel, clock, quiet).walked()
    if not first.has_revived:
        return first.result()
    # Slack takes again what it had refused: that is not left to the next cycle.
    second = _Round(store, channel, clock, quiet).walked()
    return second.result(beside=first)


class _Round:
    """One walk through the outbox."""

    def __init__(
        self, store: Store, channel: EditableChannel | Channel, clock: Clock, quiet: Quiet
    ) -> None:
        self.waiting = store.outbox.undelivered()
        self._quiet = quiet
        self._store = store
        self._channel = channel
        self._clock = clock
        self._sent = 0
        self._error = ""
        self._unanswered = 0
        self._is_over = False
        self.has_revived = False
        """Letters that were dead wait again, since Slack takes what is said."""
        self._held: set[int] = set()
        """Alerts whose next letters wait, so that their order in the channel stays."""

    def take(self, envelope: Envelope) -> None:
        letter, now = envelope.letter, self._clock.now()
        if self._is_over or letter.alert_id in self._held:
            return
        if self._quiet.holds(letter, self.waiting, now):
            return
        if why := self._why_not(envelope, now):
            with self._store.immediate():
                self._store.outbox.dropped(envelope.row, why, now)
            log.info("slack_left_out", reason=letter.reason.code, alert=letter.alert_id, why=why)
        elif _is_put_off(envelope, now):
            self._hold(letter, "Slack has not taken every message yet: it is asked again later")
        elif not self._is_too_soon(letter, now):
            self._try(envelope)

    def walked(self) -> Self:
        """The same, when everything that waits was taken."""
        for envelope in self.waiting:
            self.take(envelope)
        return self

    def result(self, *, beside: _Round | None = None) -> DeliveryResult:
        """What became of it, and of the round before it."""
        outbox = self._store.outbox
        sent, error = (beside._sent, beside._error) if beside else (0, "")
        delivery, error = outbox.delivery(), self._error or error or outbox.why_unheard()
        return DeliveryResult(sent + self._sent, delivery.waiting, delivery.dead, error)

    def _try(self, envelope: Envelope, *, is_patient: bool = True) -> None:
        try:
            self._send(envelope)
        except DeliveryError as error:
            self._put_back(envelope, error)
            if is_patient and error.retry_after and error.retry_after <= _PATIENCE:
                self._clock.sleep(error.retry_after.total_seconds())
                self._try(envelope, is_patient=False)
                return
            self._failed(envelope.letter, error)
        else:
            self._sent += 1
            self._unanswered = 0
        self._clock.sleep(_PAUSE_SECONDS)

    def _why_not(self, envelope: Envelope, now: datetime) -> str:
        """Why the letter is not sent at all; empty = it is."""
        letter, is_edit = envelope.letter, envelope.letter.method is Method.EDIT
        if why := why_never(letter, self._channel):
            return why
        if envelope.state == SENDING and not (is_edit and self._parent_of(letter)):
            return ""  # it may stand in the channel
        later = [
            other.letter
            for other in self._after(envelope)
            if not self._is_too_soon(other.letter, now)
        ]
        if letter.reason is Reason.DIGEST and any(one.reason is Reason.DIGEST for one in later):
            return "a newer digest says it"
        if is_list(letter) and any(map(is_list, later)):
            return "a newer list says it"
        # Where nothing can be edited, what was to be an edit is posted and shows all there is.
        is_whole = is_edit or (letter.method is Method.POST and not self._channel.can_edit)
        is_outdone = is_whole and any(other.method is Method.EDIT for other in later)
        return "a newer letter says it" if is_outdone else ""

    def _after(self, envelope: Envelope) -> list[Envelope]:
        """What waits to be said of the same alert after this."""
        return [
            other
            for other in self.waiting
            if other.row > envelope.row
            and other.letter.alert_id == envelope.letter.alert_id
            and not why_never(other.letter, self._channel)
        ]

    def _as_known_now(self, envelope: Envelope) -> Letter:
        """The letter itself; a post says at once what the edits that follow it will say."""
        letter = envelope.letter
        edits = [one for one in self._after(envelope) if one.letter.method is Method.EDIT]
        if letter.method is not Method.POST or not edits or not self._channel.can_edit:
            return letter
        return letter._replace(message=edits[-1].letter.message)

    def _is_too_soon(self, letter: Letter, now: datetime) -> bool:
        """Only edits that merely follow the figures wait, and nothing waits for them."""
        if letter.reason is not Reason.CHANGED:
            return False
        touched = self._store.outbox.last_touch_of(letter.alert_id)
        # On a clock that jumped back, the last touch lies ahead.
        return touched is not None and abs(now - touched) < _CHANGED_AT_MOST

    def _parent_of(self, letter: Letter) -> Place | None:
        return parent_of(self._store, self._channel, letter.alert_id)

    def _send(self, envelope: Envelope) -> None:
        if envelope.state != SENDING:
            with self._store.immediate():
                self._store.outbox.sending(envelope.row)
        letter, is_doubtful = self._as_known_now(envelope), envelope.state == SENDING
        doubt = Doubt(envelope.created_at, envelope.attempts) if is_doubtful else None
        place, method = tell(self._channel, letter, self._parent_of(letter), doubt)
        at, standing = self._clock.now(), Standing(*place)
        with self._store.immediate():
            self._store.outbox.sent(envelope.row, at, standing, method=method)
            self.has_revived |= self._store.outbox.revive(at - _WORTH_REPEATING)
        log.info("slack_told", reason=letter.reason.code, method=method, alert=letter.alert_id)

    def _put_back(self, envelope: Envelope, error: DeliveryError) -> None:
        """Dead, or due again later; what may have arrived stays `sending` until it is looked up."""
        outbox = self._store.outbox
        with self._store.immediate():
            if error.is_permanent:
                outbox.dead(envelope.row, str(error), error.code)
                return
            wait = min(error.retry_after or _back_off(envelope.attempts), _LONGEST_WAIT)
            outbox.again(envelope.row, self._clock.now() + wait, str(error))
            if envelope.state == SENDING or error.code == UNKNOWN_OUTCOME:
                outbox.sending(envelope.row)

    def _failed(self, letter: Letter, error: DeliveryError) -> None:
        self._error = str(error)
        log.error(
            "slack_refused",
            code=error.code,
            error=str(error),
            is_permanent=error.is_permanent,
            reason=letter.reason.code,
            alert=letter.alert_id,
        )
        if not error.is_permanent:
            self._hold(letter, str(error))
        self._unanswered = self._unanswered + 1 if error.code in NOT_NOW else 0
        self._is_over = error.code == RATE_LIMITED or self._unanswered >= _OUTAGE

    def _hold(self, letter: Letter, error: str) -> None:
        """Let what follows the letter wait for it, unless it is only figures."""
        self._error = self._error or error
        is_figures = letter.reason is Reason.CHANGED and self._parent_of(letter) is not None
        if letter.alert_id is not None and not is_figures:
            self._held.add(letter.alert_id)


def _is_put_off(envelope: Envelope, now: datetime) -> bool:
    # No wait is longer: what is due later than that was promised before the clock jumped back.
    return timedelta() < envelope.next_attempt_at - now <= _LONGEST_WAIT


def _back_off(attempts: int) -> timedelta:
    return timedelta(seconds=30 * 2 ** min(attempts, 10))
