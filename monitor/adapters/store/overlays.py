"""What people laid over alerts and risks: kept for ever, heeded while it is active."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime
from typing import Any

from monitor.adapters.store.rows import from_ms, moment_from, ms_or_none, to_ms
from monitor.core.alerts.overlays import Matcher, Overlay, Sort

_OVERLAY = """select id, sort, alert, fingerprint, kind, pattern, policy_id, author, reason,
    created_at, expires_at, is_until_worse, lifted_at from overlay"""


class Overlays:
    """Acknowledgements, snoozes and silences. Every method is one statement."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def active(self, now: datetime) -> tuple[Overlay, ...]:
        """Those that hold at the moment, oldest first."""
        rows = self._db.execute(f"{_OVERLAY} where lifted_at is null order by id")
        return tuple(one for one in map(_overlay, rows) if one.is_active(now))

    def all(self) -> tuple[Overlay, ...]:
        """Every one there ever was, oldest first."""
        return tuple(map(_overlay, self._db.execute(f"{_OVERLAY} order by id")))

    def add(self, overlay: Overlay) -> Overlay:
        """Keep it; returns it with the id it was given, whatever it had."""
        matcher = overlay.matcher
        cursor = self._db.execute(
            "insert into overlay(sort, alert, fingerprint, kind, pattern, policy_id, author, "
            "reason, created_at, expires_at, is_until_worse, lifted_at) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                overlay.sort.value,
                overlay.alert_id,
                overlay.fingerprint,
                *((None, None, None) if matcher is None else matcher),
                overlay.author,
                overlay.reason,
                to_ms(overlay.created_at),
                ms_or_none(overlay.expires_at),
                overlay.is_until_worse,
                ms_or_none(overlay.lifted_at),
            ),
        )
        assert cursor.lastrowid is not None  # an insert has one
        return replace(overlay, overlay_id=cursor.lastrowid)

    def lift(self, overlay_id: int, now: datetime) -> bool:
        """End it before its time; False when there is none, or it is not active any more."""
        found = self._db.execute(
            "update overlay set lifted_at = ?2 where id = ?1 and lifted_at is null "
            "and (expires_at is null or expires_at > ?2)",
            (overlay_id, to_ms(now)),
        )
        return found.rowcount == 1


def _overlay(row: tuple[Any, ...]) -> Overlay:
    overlay_id, sort, alert, fingerprint, kind, pattern, policy_id, author, reason, *times = row
    created_at, expires_at, is_until_worse, lifted_at = times
    return Overlay(
        overlay_id,
        Sort(sort),
        author,
        reason,
        moment_from(created_at),
        from_ms(expires_at),
        alert,
        fingerprint,
        None if kind is None else Matcher(kind, pattern, policy_id),
        is_until_worse=bool(is_until_worse),
        lifted_at=from_ms(lifted_at),
    )
