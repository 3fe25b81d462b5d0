"""Gives up what is old and needed by nothing; what NetSuite's records were is kept for ever."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import NamedTuple

from monitor.adapters.store.recording_tables import STANDING
from monitor.adapters.store.rows import to_ms

_STALE_REPORT = """from report where last is not null
    and (select taken_at from expensify_reading e where e.id = report.last) < ?1
    and not exists (select 1 from report h where h.report_id = report.report_id
        and h.last is null)"""
_STALE_LETTER = """from outbox where created_at < ?1 and state in ('sent', 'dead', 'dropped')
    and id <> (select coalesce(max(id), 0) from outbox where state = 'sent')
    and (alert is null or exists (select 1 from alert
        where alert.id = outbox.alert and closed_at < ?1))
    and id not in (select max(id) from outbox where alert is null group by reason, state)"""
_STALE_PREDICTION = """from prediction where until < ?1 and not exists (select 1 from report
    where report.report_id = prediction.report_id and last is null)"""
_FIRST_RUN = """(select coalesce(
    (select min(id) from recorded_run where last_at >= ?1), (select max(id) from recorded_run)))"""
_STALE_FACT = f"from recorded_fact where rto <= {_FIRST_RUN}"
_STALE_RUN = f"from recorded_run where id < {_FIRST_RUN}"
_SAME_SETTINGS = """from settings where rowid in (select rowid from (select rowid, body,
    lag(body) over (order by rowid) as before from settings) where body = before)"""
_SAME_EVIDENCE = """from evidence where id in (select id from (select id, observed_at,
    min(observed_at) over same as first, max(observed_at) over same as newest from evidence
    window same as (partition by policy_id, bound, moment, source, note))
    where observed_at > first and observed_at < newest)"""

_GIVEN_UP = (
    ("versions of reports that left", _STALE_REPORT),
    ("letters of alerts that are over", _STALE_LETTER),
    ("predictions that ended", _STALE_PREDICTION),
    ("recorded facts", _STALE_FACT),
    ("recorded runs", _STALE_RUN),
    ("repeated settings", _SAME_SETTINGS),
    ("repeated evidence", _SAME_EVIDENCE),
)
"""What goes, in the order in which it may go."""


class GivenUp(NamedTuple):
    """One sort of rows that went, and how many."""

    what: str
    rows: int


def prune(db: sqlite3.Connection, before: datetime) -> tuple[GivenUp, ...]:
    """Delete what ended before the moment and nothing needs, and what only repeats; says how much.
    In a transaction.

    Kept are the versions and changes of NetSuite's records, what is open, what became of exports,
    alerts and risks, and what people said.
    """
    moment = to_ms(before)
    return tuple(GivenUp(what, _delete(db, rows, moment)) for what, rows in _GIVEN_UP)


def prunable(db: sqlite3.Connection, before: datetime) -> tuple[GivenUp, ...]:
    """What `prune` would delete now."""
    moment = to_ms(before)
    return tuple(GivenUp(what, _count(db, rows, moment)) for what, rows in _GIVEN_UP)


def compact(db: sqlite3.Connection) -> None:
    """Give free pages back to the disk. Outside of a transaction; a writer waits meanwhile."""
    db.execute("vacuum")


def _delete(db: sqlite3.Connection, rows: str, moment: int) -> int:
    if rows == _STALE_RUN:
        # What holds since a run that goes holds since the first that stays.
        db.execute(
            f"update recorded_fact set rfrom = {_FIRST_RUN} where rfrom < {_FIRST_RUN} "
            f"and rto > {_FIRST_RUN} and rto <= {STANDING}",
            (moment,),
        )
    return db.execute(f"delete {rows}", _values(rows, moment)).rowcount


def _count(db: sqlite3.Connection, rows: str, moment: int) -> int:
    (count,) = db.execute(f"select count(*) {rows}", _values(rows, moment)).fetchone()
    return int(count)


def _values(rows: str, moment: int) -> tuple[int, ...]:
    return (moment,) if "?1" in rows else ()
