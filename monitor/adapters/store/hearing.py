"""What people can have heard of each alert, as the outbox shows it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from monitor.adapters.store.outbox import UNHEARD
from monitor.adapters.store.rows import moment_from, to_ms

_NOTICED = "outbox.alert = alert.id and outbox.method in ('post', 'reply')"
"""Letters that people notice: an edit notifies nobody."""
_LAST_NEWS = f"""select coalesce(max(outbox.id), 0) from outbox
    where {_NOTICED} and outbox.state = 'sent' and outbox.reason <> 'REMINDER'"""
# The newest letter says when, not the latest moment: on a clock that was set back, that lies ahead.
_TOLD = f"""select alert.id,
    iif(count(*) filter (where outbox.state <> 'sent'), :now, outbox.sent_at),
    count(*) filter (where outbox.state = 'sent' and outbox.reason = 'REMINDER'
        and outbox.id > ({_LAST_NEWS})), max(outbox.id)
    from alert join outbox on {_NOTICED} and outbox.state in ('queued', 'sending', 'sent')
    where alert.closed_at is null group by alert.id"""
_NEVER_STOOD = """select value from json_each(?) where not exists (
    select 1 from outbox where outbox.alert = value and state in ('sent', 'sending', 'queued'))"""
_UNSHOWN = """select id from alert where closed_at is null
    and exists (select 1 from outbox
        where alert = alert.id and method = 'post' and state = 'sent')
    and 'dead' = (select state from outbox where alert = alert.id and state <> 'dropped'
        and method in ('post', 'edit') order by outbox.id desc limit 1)"""


class Told(NamedTuple):
    """When something that people notice was last sent of each open alert, and how many reminders
    since its last other news.
    """

    last: Mapping[int, datetime]
    reminders: Mapping[int, int]


def told(db: sqlite3.Connection, now: datetime) -> Told:
    """What waits to be sent counts as told now: nobody is reminded of what is on its way."""
    rows = db.execute(_TOLD, {"now": to_ms(now)}).fetchall()
    return Told(
        {alert_id: moment_from(sent_at) for alert_id, sent_at, _, _ in rows},
        {alert_id: reminders for alert_id, _, reminders, _ in rows if reminders},
    )


def unheard(db: sqlite3.Connection, closed: Iterable[int]) -> frozenset[int]:
    """Open alerts whose parent neither stands in Slack nor waits for it, though it was promised;
    and of these closed ones those that never stood there.
    """
    never_stood = db.execute(_NEVER_STOOD, (json.dumps(sorted(closed)),))
    return frozenset(alert_id for (alert_id,) in (*db.execute(UNHEARD), *never_stood))


def unshown(db: sqlite3.Connection) -> frozenset[int]:
    """Open alerts whose parent stands, and does not show the last that it was to show."""
    return frozenset(alert_id for (alert_id,) in db.execute(_UNSHOWN))
