"""One row an intended Slack call: promised with what made it true, marked when it was made."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from monitor.adapters.store.bodies import from_body, to_body
from monitor.adapters.store.refused import CHANNEL_REFUSALS
from monitor.adapters.store.rows import from_ms, moment_from, to_ms
from monitor.core.alerts.values import Letter, Method, Reason
from monitor.core.message import Message

QUEUED, SENDING, SENT, DEAD, DROPPED = "queued", "sending", "sent", "dead", "dropped"
CAME_AND_WENT = "came_and_went"
"""Why the letters of an alert are dropped that was over before anybody heard of it."""

UNHEARD = """select id from alert where closed_at is null
    and exists (select 1 from outbox where outbox.alert = alert.id)
    and not exists (select 1 from outbox where outbox.alert = alert.id and (
        state = 'sent' and method = 'post'
        or state in ('queued', 'sending') and method in ('post', 'edit')))"""
"""Open alerts whose parent neither stands in Slack nor waits for it, though it was promised. An
edit that waits counts: without a parent it becomes one.
"""
_LAST_WORDS = f"select max(id) from outbox where alert in ({UNHEARD}) group by alert"
"""The newest letter of each open alert that nobody heard of."""
_REFUSED = f"""state = 'dead' and (
    id > (select coalesce(max(id), 0) from outbox where state = 'sent') or id in ({_LAST_WORDS}))"""

_OVER_UNHEARD = """select id from alert where closed_at is not null
    and exists (select 1 from outbox where alert = alert.id and state = 'queued')
    and not exists (select 1 from outbox where alert = alert.id and (
        state in ('sent', 'sending') or state = 'queued' and reason = 'UNCERTAIN'))"""
_KEPT_BACK = "shadow"
"""What stands in place of Slack's word: nobody asked Slack."""
_REVIVE = """update outbox set state = 'queued', attempts = 0 where id in (select id from outbox
    where state = 'dead' and created_at >= ?1 and refusal in (select value from json_each(?2))
    and not (reason in ('DIGEST', 'OPENED') and exists (select 1 from outbox as newer
        where newer.id > outbox.id and newer.reason = outbox.reason
        and newer.method = outbox.method and newer.alert is outbox.alert))
    and (reason = 'DIGEST' or exists (select 1 from outbox as parent
        where parent.alert = outbox.alert and parent.method = 'post' and parent.state = 'sent')
    and (method = 'reply' or method = 'edit'
        and exists (select 1 from alert where id = outbox.alert and closed_at is not null)
        and not exists (select 1 from outbox as later where later.alert = outbox.alert
            and later.id > outbox.id and later.method in ('post', 'edit')
            and later.state in ('queued', 'sending', 'sent'))))
    order by id limit ?3)"""


class Envelope(NamedTuple):
    """A letter on its way. Moments UTC."""

    row: int
    letter: Letter
    state: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    was_kept_back: bool = False
    """It was promised in shadow mode, for the time after it."""


class Standing(NamedTuple):
    """Where an alert's parent stands in Slack."""

    channel: str
    ts: str


class Delivery(NamedTuple):
    """How the outbox does: how many letters wait, and what Slack refused for good."""

    waiting: int
    dead: int
    """Refused since the last good one, or the last word of an alert that nobody heard of."""
    last_error: str
    last_sent_at: datetime | None


def promise(db: sqlite3.Connection, letters: Iterable[Letter], at: datetime) -> None:
    """Queue the letters; a key that is there already says the same thing and adds nothing."""
    db.executemany(
        "insert into outbox(key, reason, method, alert, body, is_broadcast, is_urgent, "
        "created_at, next_attempt_at, state, attempts, error) "
        "values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', 0, '') "
        "on conflict(key) do nothing",
        [
            (
                letter.key,
                letter.reason.name,
                letter.method.value,
                letter.alert_id,
                to_body(letter.message),
                letter.is_broadcast,
                letter.is_urgent,
                to_ms(at),
                to_ms(at),
            )
            for letter in letters
        ],
    )


class Outbox:
    """The letters in the order they were promised. Every method is one short transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def undelivered(self) -> tuple[Envelope, ...]:
        """What still waits, oldest first; `sending` = its fate is not known."""
        rows = self._db.execute(
            "select id, key, reason, method, alert, body, is_broadcast, is_urgent, "
            f"state, attempts, created_at, next_attempt_at, refusal = '{_KEPT_BACK}' "
            "from outbox where state in ('queued', 'sending') order by id"
        )
        return tuple(map(_envelope, rows))

    def parent_of(self, alert_id: int | None) -> Standing | None:
        """Where the alert's parent stands: the last post that was sent."""
        row = self._db.execute(
            "select channel, ts from outbox where alert = ? and method = 'post' "
            "and state = 'sent' order by id desc limit 1",
            (alert_id,),
        ).fetchone()
        return None if row is None else Standing(*row)

    def why_unheard(self) -> str:
        """Why an open alert stays untold: Slack refused its last letter for good; empty = none."""
        row = self._db.execute(
            f"select error from outbox where state = 'dead' and id in ({_LAST_WORDS}) "
            "order by id desc limit 1"
        ).fetchone()
        return "" if row is None else str(row[0])

    def may_stand(self, alert_id: int | None) -> bool:
        """Whether Slack shows something of the alert, or may: a letter's fate is not known."""
        found = self._db.execute(
            "select 1 from outbox where alert = ? and state in ('sent', 'sending')", (alert_id,)
        )
        return found.fetchone() is not None

    def last_touch_of(self, alert_id: int | None) -> datetime | None:
        """When the alert's parent was last posted or edited."""
        (sent_at,) = self._db.execute(
            "select max(sent_at) from outbox where alert = ? and method in ('post', 'edit') "
            "and state = 'sent'",
            (alert_id,),
        ).fetchone()
        return from_ms(sent_at)

    def sending(self, row: int) -> None:
        """It is about to be sent: from here on its fate is unknown until it is marked."""
        self._set(row, "state = 'sending', attempts = attempts + 1")

    def sent(self, row: int, at: datetime, standing: Standing, *, method: Method) -> None:
        """Slack took it; `method` is how it went in the end (an edit may have become a post)."""
        self._set(
            row,
            "state = 'sent', sent_at = ?, channel = ?, ts = ?, method = ?",
            to_ms(at),
            standing.channel,
            standing.ts,
            method.value,
        )

    def again(self, row: int, at: datetime, error: str) -> None:
        """Slack did not take it now: try again at the moment."""
        self._set(row, "state = 'queued', error = ?, next_attempt_at = ?", error, to_ms(at))

    def kept_back(self, row: int) -> None:
        """It waits for the end of shadow mode."""
        self._set(row, "refusal = ?", _KEPT_BACK)

    def dead(self, row: int, error: str, word: str = "") -> None:
        """Slack never will; the word is its own, where it gave one."""
        self._set(row, "state = 'dead', error = ?, refusal = ?", error, word)

    def revive(self, since: datetime, *, at_most: int = -1) -> bool:
        """Put back in the queue what the channel refused since then for its own sake, and nothing
        else will say; whether there was something. That are replies, of summaries and lists the
        newest, and how a closed alert ended. The oldest first; a negative number is no bound.
        """
        words = json.dumps(sorted(CHANNEL_REFUSALS))
        return self._db.execute(_REVIVE, (to_ms(since), words, at_most)).rowcount > 0

    def rewritten(self, row: int, letter: Letter) -> None:
        """Say this instead: what waited with it is in it."""
        self._set(
            row,
            "body = ?, is_broadcast = ?, is_urgent = ?",
            to_body(letter.message),
            letter.is_broadcast,
            letter.is_urgent,
        )

    def over_unheard(self) -> frozenset[int]:
        """Alerts with letters that wait, though they are over and nothing of them can have been
        heard. One that ended uncertainly is not over: that is told.
        """
        return frozenset(alert_id for (alert_id,) in self._db.execute(_OVER_UNHEARD))

    def dropped(self, row: int, why: str, at: datetime) -> None:
        """A newer letter says it better, or this channel has no such thing."""
        self._set(row, "state = 'dropped', error = ?, dropped_at = ?", why, to_ms(at))

    def delivery(self) -> Delivery:
        """How delivery does, for status and exit codes."""
        row = self._db.execute(
            "select count(*) filter (where state in ('queued', 'sending')), "
            f"count(*) filter (where {_REFUSED}), max(sent_at) from outbox"
        ).fetchone()
        error = self._db.execute(
            "select error from outbox where error <> '' "
            f"and (state in ('queued', 'sending') or {_REFUSED}) order by id desc limit 1"
        ).fetchone()
        return Delivery(row[0], row[1], error[0] if error else "", from_ms(row[2]))

    def _set(self, row: int, assignments: str, *values: object) -> None:
        self._db.execute(f"update outbox set {assignments} where id = ?", (*values, row))


def _envelope(row: tuple[Any, ...]) -> Envelope:
    row_id, key, reason, method, alert, body, is_broadcast, is_urgent, *fate = row
    state, attempts, created_at, next_attempt_at, was_kept_back = fate
    letter = Letter(
        key,
        Reason[reason],
        Method(method),
        alert,
        from_body(Message, body),
        is_broadcast=bool(is_broadcast),
        is_urgent=bool(is_urgent),
    )
    return Envelope(
        row_id,
        letter,
        state,
        attempts,
        moment_from(created_at),
        moment_from(next_attempt_at),
        bool(was_kept_back),
    )
