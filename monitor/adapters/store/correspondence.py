"""What was promised to Slack and what became of it, for who asks afterwards."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from monitor.adapters.store.bodies import from_body
from monitor.adapters.store.outbox import DROPPED, SENT
from monitor.adapters.store.rows import from_ms, moment_from, to_ms
from monitor.core.alerts import Method, Reason
from monitor.core.message import Message
from monitor.core.risks import Risk

SHADOW = "shadow mode"
"""How the reason begins why a letter was told to nobody on purpose."""
WAITS = "waits for the end of shadow mode"
"""Why a letter is not taken yet whose alert the channel knows, as long as shadow mode is on."""

_IS_SHADOW = """(select json_extract(body, '$.alerts.shadow') from settings
    order by saved_at desc, rowid desc limit 1)"""
_LETTER = f"""select alert, reason, method, is_broadcast, state,
    iif(state in ('queued', 'sending') and {_IS_SHADOW}, '{WAITS}', error),
    created_at, sent_at, body from outbox"""


class FiledLetter(NamedTuple):
    """One letter of the outbox. Moments UTC."""

    alert_id: int | None
    reason: Reason
    method: Method
    is_broadcast: bool
    state: str
    why: str
    """Why it was refused, left out, or is not taken yet; empty = nothing is wrong."""
    promised_at: datetime
    sent_at: datetime | None
    message: Message

    @property
    def is_noticed(self) -> bool:
        """It notifies people: an edit does not."""
        return self.method is not Method.EDIT

    @property
    def is_sent(self) -> bool:
        return self.state == SENT

    @property
    def is_shadow(self) -> bool:
        """Shadow mode kept it back, for ever or until it is over."""
        is_dropped = self.state == DROPPED and self.why.startswith(SHADOW)
        return is_dropped or self.why == WAITS


class FiledAlert(NamedTuple):
    """One alert of the past or present. Moments UTC."""

    alert_id: int
    policy_id: str
    """Empty for the monitor's own blindness."""
    opened_at: datetime
    closed_at: datetime | None


class Span(NamedTuple):
    """A length of time. Moments UTC."""

    begin: datetime
    end: datetime


class Correspondence:
    """Letters and alerts, read only."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def letters(self, since: datetime, until: datetime) -> tuple[FiledLetter, ...]:
        """All that were promised between the two moments (inclusive), in that order."""
        span = (to_ms(since), to_ms(until))
        rows = self._db.execute(f"{_LETTER} where created_at between ? and ? order by id", span)
        return tuple(map(_letter, rows))

    def of_alert(self, alert_id: int) -> tuple[FiledLetter, ...]:
        """All of one alert, in the order of their promise."""
        rows = self._db.execute(f"{_LETTER} where alert = ? order by id", (alert_id,))
        return tuple(map(_letter, rows))

    def alerts(self, since: datetime, until: datetime) -> tuple[FiledAlert, ...]:
        """Those that were open at some time between the two moments, oldest first."""
        rows = self._db.execute(
            "select id, policy_id, opened_at, closed_at from alert "
            "where opened_at <= ?2 and coalesce(closed_at, ?1) >= ?1 order by id",
            (to_ms(since), to_ms(until)),
        )
        return tuple(map(_alert, rows))

    def alert(self, alert_id: int) -> FiledAlert | None:
        """The alert with that number."""
        row = self._db.execute(
            "select id, policy_id, opened_at, closed_at from alert where id = ?", (alert_id,)
        ).fetchone()
        return None if row is None else _alert(row)

    def risks(self, alert_ids: Iterable[int]) -> dict[int, tuple[Risk, ...]]:
        """The risks of each alert as they were last told."""
        rows = self._db.execute(
            "select alert, body from risk where alert in (select value from json_each(?)) "
            "order by fingerprint, opened_at",
            (json.dumps(list(alert_ids)),),
        )
        risks: dict[int, list[Risk]] = defaultdict(list)
        for alert_id, body in rows:
            risks[alert_id].append(from_body(Risk, body))
        return {alert_id: tuple(mine) for alert_id, mine in risks.items()}

    def fingerprints(self) -> dict[int, frozenset[str]]:
        """Which risks every alert ever held."""
        held: dict[int, set[str]] = defaultdict(set)
        rows = self._db.execute("select alert, fingerprint from risk where alert is not null")
        for alert_id, fingerprint in rows:
            held[alert_id].add(fingerprint)
        return {alert_id: frozenset(mine) for alert_id, mine in held.items()}

    def shadows(self, until: datetime) -> tuple[Span, ...]:
        """When shadow mode was on, as the settings of the cycles say; the last may go on."""
        rows = self._db.execute(
            "select saved_at, coalesce(json_extract(body, '$.alerts.shadow'), 0) from settings "
            "where saved_at <= ? order by saved_at, rowid",
            (to_ms(until),),
        ).fetchall()
        ends = [*(saved_at for saved_at, _ in rows[1:]), to_ms(until)]
        return tuple(
            Span(moment_from(begin), moment_from(end))
            for (begin, is_shadow), end in zip(rows, ends, strict=False)
            if is_shadow
        )


def _letter(row: tuple[Any, ...]) -> FiledLetter:
    alert, reason, method, is_broadcast, state, error, created_at, sent_at, body = row
    return FiledLetter(
        alert,
        Reason[reason],
        Method(method),
        bool(is_broadcast),
        state,
        error,
        moment_from(created_at),
        from_ms(sent_at),
        from_body(Message, body),
    )


def _alert(row: tuple[int, str, int, int | None]) -> FiledAlert:
    alert_id, policy_id, opened_at, closed_at = row
    return FiledAlert(alert_id, policy_id, moment_from(opened_at), from_ms(closed_at))
