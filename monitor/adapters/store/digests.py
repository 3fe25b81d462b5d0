"""What a summary asks of the outbox and the readings: the last one, and what has been since."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import NamedTuple

from monitor.adapters.store.bodies import from_body
from monitor.adapters.store.correspondence import SHADOW
from monitor.adapters.store.outbox import CAME_AND_WENT, DROPPED
from monitor.adapters.store.rows import from_ms, moment_from, to_ms
from monitor.core.message import Message

CHANNEL = "channel"
"""Under which name `sources` keeps how the channel's test of itself went."""


class SentDigest(NamedTuple):
    """The newest summary that Slack took: where it stands, and what it says. Moments UTC."""

    key: str
    channel: str
    ts: str
    message: Message
    made_at: datetime
    sent_at: datetime


class Digests:
    """Summaries are letters like all others; these are the questions that only they ask."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def last_made_at(self, *, before: str) -> datetime | None:
        """When the newest summary was promised that is not of the day `before`."""
        (made_at,) = self._db.execute(
            "select max(created_at) from outbox "
            "where reason = 'DIGEST' and substr(key, 1, length(?1)) <> ?1",
            (before,),
        ).fetchone()
        return from_ms(made_at)

    def free_key(self, day: str, *, is_shadow: bool) -> str | None:
        """Under which key to promise the summary of the day; None = it was promised already. One
        that shadow mode kept back was told to nobody, so it is due again once that is over.
        """
        rows = self._db.execute(
            "select state = ?2 and substr(error, 1, length(?3)) = ?3 from outbox "
            "where reason = 'DIGEST' and substr(key, 1, length(?1)) = ?1",
            (day, DROPPED, SHADOW),
        ).fetchall()
        if not rows:
            return day
        is_untold = all(is_kept_back for (is_kept_back,) in rows)
        return f"{day}-{len(rows) + 1}" if is_untold and not is_shadow else None

    def exports_known_until(self, moment: datetime) -> datetime | None:
        """Up to when the outcomes of exports were known at the moment."""
        (taken_at,) = self._db.execute(
            "select max(taken_at) from expensify_reading where taken_at <= ?", (to_ms(moment),)
        ).fetchone()
        return from_ms(taken_at)

    def sent_since(self, moment: datetime) -> int:
        """How many letters Slack took since then."""
        (sent,) = self._db.execute(
            "select count(*) from outbox where state = 'sent' and sent_at >= ?", (to_ms(moment),)
        ).fetchone()
        return int(sent)

    def came_and_went_since(self, moment: datetime) -> int:
        """How many alerts were over before anybody heard of them."""
        (alerts,) = self._db.execute(
            "select count(distinct alert) from outbox where error = ? and dropped_at >= ?",
            (CAME_AND_WENT, to_ms(moment)),
        ).fetchone()
        return int(alerts)

    def newest_sent(self) -> SentDigest | None:
        """The newest summary that stands in Slack."""
        row = self._db.execute(
            "select key, channel, ts, body, created_at, sent_at from outbox "
            "where reason = 'DIGEST' and state = 'sent' order by id desc limit 1"
        ).fetchone()
        if row is None:
            return None
        key, channel, ts, body, made_at, sent_at = row
        message = from_body(Message, body)
        return SentDigest(key, channel, ts, message, moment_from(made_at), moment_from(sent_at))
