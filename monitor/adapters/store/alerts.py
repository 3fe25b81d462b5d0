"""Risks with their fate, and the alerts that told of them."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import NamedTuple

from monitor.adapters.store.bodies import from_body, to_body
from monitor.adapters.store.hearing import told, unheard, unshown
from monitor.adapters.store.outbox import promise
from monitor.adapters.store.overlays import Overlays
from monitor.adapters.store.rows import from_ms, moment_from, ms_or_none, to_ms
from monitor.core.alerts import Alert, Memory, Outcome, RiskState, TrackedRisk
from monitor.core.alerts.reopening import SOON
from monitor.core.alerts.values import Told
from monitor.core.lost import LostList
from monitor.core.risks import Risk

_RISK = "select body, state, opened_at, alert, resolved_at, ended from risk"
_ALERT = (
    "select id, policy_id, opened_at, closed_at, shown, blind_since, blind_about, lost, told "
    "from alert"
)


class Alerts:
    """What stands, and what was told of it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def memory(self, now: datetime) -> Memory:
        """What the decision of that moment needs to know of the ones before."""
        risks = self._db.execute(
            f"{_RISK} where state <> 'resolved' "
            "or alert in (select id from alert where closed_at is null) "
            "order by fingerprint, opened_at"
        )
        (newest,) = self._db.execute("select coalesce(max(id), 0) from alert").fetchone()
        recent = self._recent(now - SOON)
        closed = self._closed({one.alert_id for one in recent})
        heard = told(self._db, now)
        return Memory(
            tuple(map(_tracked, risks)),
            self.open(),
            newest + 1,
            unheard(self._db, (alert.alert_id for alert in closed)),
            unshown(self._db),
            recent=recent,
            closed=closed,
            last_told=heard.last,
            reminders=heard.reminders,
            overlays=Overlays(self._db).active(now),
        )

    def tracked(self) -> tuple[TrackedRisk, ...]:
        """Every risk that lives, ordered by fingerprint."""
        risks = self._db.execute(f"{_RISK} where state <> 'resolved' order by fingerprint")
        return tuple(map(_tracked, risks))

    def open(self) -> tuple[Alert, ...]:
        """The open alerts, oldest first."""
        rows = self._db.execute(f"{_ALERT} where closed_at is null order by id")
        return tuple(map(_alert, rows))

    def _recent(self, since: datetime) -> tuple[TrackedRisk, ...]:
        """Risks of closed alerts that ended since then."""
        risks = self._db.execute(
            f"{_RISK} where state = 'resolved' and resolved_at >= ? "
            "and alert in (select id from alert where closed_at is not null) "
            "order by fingerprint, opened_at",
            (to_ms(since),),
        )
        return tuple(map(_tracked, risks))

    def _closed(self, alert_ids: set[int | None]) -> tuple[Alert, ...]:
        rows = self._db.execute(
            f"{_ALERT} where id in (select value from json_each(?)) order by id",
            (json.dumps(sorted(filter(None, alert_ids))),),
        )
        return tuple(map(_alert, rows))

    def apply(self, outcome: Outcome, at: datetime) -> None:
        """Write what a cycle decided: alerts, risks, and the promise of every letter. In the
        transaction that recorded what made it true.
        """
        for alert in outcome.alerts:
            self._db.execute(
                "insert into alert values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
                "on conflict do update set closed_at = ?4, shown = ?5, blind_since = ?6, "
                "blind_about = ?7, lost = ?8, told = ?9",
                (
                    alert.alert_id,
                    alert.policy_id,
                    to_ms(alert.opened_at),
                    ms_or_none(alert.closed_at),
                    alert.shown,
                    ms_or_none(alert.blind_since),
                    json.dumps(alert.blind_about, ensure_ascii=False),
                    to_body(_Lost(alert.lost)),
                    to_body(alert.told),
                ),
            )
        for one in outcome.tracked:
            self._db.execute(
                "insert or replace into risk values (?, ?, ?, ?, ?, ?, ?)",
                (
                    one.risk.fingerprint,
                    to_ms(one.opened_at),
                    one.state.value,
                    one.alert_id,
                    ms_or_none(one.resolved_at),
                    one.ended,
                    to_body(one.risk),
                ),
            )
        overlays = Overlays(self._db)
        for overlay_id in outcome.lifted:
            overlays.lift(overlay_id, at)
        promise(self._db, outcome.letters, at)


def _tracked(row: tuple[str, str, int, int | None, int | None, str]) -> TrackedRisk:
    body, state, opened_at, alert, resolved_at, ended = row
    return TrackedRisk(
        from_body(Risk, body),
        RiskState(state),
        moment_from(opened_at),
        alert,
        from_ms(resolved_at),
        ended,
    )


class _Lost(NamedTuple):
    lists: tuple[LostList, ...] = ()


def _alert(row: tuple[int, str, int, int | None, str, int | None, str, str, str]) -> Alert:
    alert_id, policy_id, opened_at, closed_at, shown, blind_since, blind_about, lost, told = row
    return Alert(
        alert_id,
        policy_id,
        moment_from(opened_at),
        from_ms(closed_at),
        shown,
        from_ms(blind_since),
        tuple(json.loads(blind_about)),
        from_body(_Lost, lost).lists,
        from_body(Told, told),
    )
