"""All that is stored and all that Slack shows, in a form in which only what matters differs.

A cycle that failed is made up for by a later one. So whatever the two can have written is written
"now": their moments, and the numbers of their readings. What was there before stays exact.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from monitor.adapters.slack.tell import REPEAT
from monitor.adapters.store.given import unpacked
from monitor.adapters.store.recording_tables import STANDING
from tests.faults.day import NotingSlack

State = dict[str, list[str]]

_READINGS = {
    "snapshot": "snapshot.id list_reading.vfrom list_reading.vto version.vfrom version.vto "
    "absence.missed absence.closed accepted_deletions.used_by",
    "expensify_reading": "expensify_reading.id report.first report.last offered_value.first "
    "offered_value.last list_poll.first list_poll.last",
    "recorded_run": "recorded_run.id recorded_fact.rfrom recorded_fact.rto",
}
"""The tables that number the readings, and the columns that name one of them."""
MAY_DIFFER = {
    "cycle": "how many cycles ended how: the one that failed is counted",
    "_sqlite_migrations": "the day on which the tests run",
    "recorded_run": "which cycles decided, and how old was what they looked at",
    "outbox": "every attempt at telling is noted there; what it told is compared in the channel",
    "evidence.id": "the order in which it was found",
    "note.id": "the order in which they were read",
    "witness.reached": "how far NetSuite's clock is ahead, by answers that tell whole seconds",
    "absence.looks": "how many looks it took until a record counted as deleted",
    "alert.told": "how often it spoke, also that it was blind",
}
"""Tables and columns that are left out, each with what differs in them."""


class Marks(NamedTuple):
    """Where the cycle begins that is to fail."""

    at: datetime
    readings: dict[str, int]
    """The last number of each sort of reading before it."""


def marks(database: Path, at: datetime) -> Marks:
    """As the database is now."""
    with closing(sqlite3.connect(database)) as db:
        last = {
            table: db.execute(f"select coalesce(max(id), 0) from {table}").fetchone()[0]
            for table in _READINGS
        }
    return Marks(at, last)


def unsound(database: Path) -> list[str]:
    """What SQLite finds wrong with the file; nothing when it is whole."""
    with closing(sqlite3.connect(database)) as db:
        found = [row[0] for row in db.execute("pragma integrity_check")]
        broken = db.execute("pragma foreign_key_check").fetchall()
    return [*(words for words in found if words != "ok"), *map(str, broken)]


def state(database: Path, since: Marks) -> State:
    """Every row of every table, as far as it must not differ."""
    with closing(sqlite3.connect(database)) as db:
        db.row_factory = sqlite3.Row
        named = "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'"
        tables = [row["name"] for row in db.execute(named)]
        return {
            table: _rows(table, db.execute(f"select * from {table}"), since)
            for table in tables
            if table not in MAY_DIFFER
        }


def waiting(database: Path) -> list[str]:
    """Why each letter was written that is still to be told."""
    with closing(sqlite3.connect(database)) as db:
        rows = db.execute("select reason from outbox where state in ('queued', 'sending')")
        return [reason for (reason,) in rows]


def posted(slack: NotingSlack) -> list[str]:
    """What Slack took under each key, as often as it took it."""
    return sorted(
        _named(key) for key, texts in slack.posted().items() for _ in texts if not _is_of_sight(key)
    )


def standing(slack: NotingSlack) -> list[str]:
    """What the channel and its threads show: where, whose it is, and its words."""
    shown = (one for one in slack.standing() if not _is_of_sight(one.key))
    return sorted(
        f"{one.method} of {_whose(one.key)} in {_whose(one.thread)}: {_words(one.key, one.text)}"
        for one in shown
    )


def _is_of_sight(key: str) -> bool:
    """Whether it tells that a source could not be read, or can be read again: that was so."""
    return bool(re.search("-(blind|sighted)-", key))


def _named(key: str) -> str:
    """Without how many there were before, or of when a list is; which may come without a file."""
    return re.sub(r"-reports-\w+\.csv$|-opened-reply-\d+$", "-list", re.sub(r"-\d$", "", key))


def _whose(key: str) -> str:
    return "-".join(key.split("-")[:2])


def _words(key: str, text: str) -> str:
    """Without times, and of a summary nothing: it tells what was known when it was written. Where
    the history refused to be looked up, a message says that it may be a repeat; it is none.
    """
    if key.startswith("digest-"):
        return "the summary"
    if _named(key).endswith("-list"):
        text = text.partition("\n")[0]
    text = re.sub(r"\b\d\d:\d\d\b", "hh:mm", text.removeprefix(REPEAT).lstrip())
    return re.sub(r"\b(\d+ d )?(\d+ h )?\d+ (min|h|d)\b", "a while", text)


def _rows(table: str, rows: Iterable[sqlite3.Row], since: Marks) -> list[str]:
    told = set()
    for row in map(dict, rows):
        # What else decisions were given is history: of one that failed there is none.
        if table == "recorded_fact" and (row["sort"] != "risk" or row["rto"] < STANDING):
            continue
        values = {
            column: _value(f"{table}.{column}", value, since)
            for column, value in row.items()
            if f"{table}.{column}" not in MAY_DIFFER
        }
        told.add(" | ".join(f"{column}={value}" for column, value in values.items()))
    return sorted(told)


def _value(column: str, value: Any, since: Marks) -> str:
    for sort, columns in _READINGS.items():
        if column in columns.split() and isinstance(value, int):
            return "now" if since.readings[sort] < value < STANDING else str(value)
    if column == "evidence.moment":
        value = round(value / 60_000) * 60_000  # blurred by steps of how far the clocks are apart
    if isinstance(value, bytes):
        value = json.dumps(unpacked(value), ensure_ascii=False)
    return _timeless(str(value), since)


def _timeless(text: str, since: Marks) -> str:
    """With "now" for every moment from the marks on, and without the ports of this machine."""

    def told(seconds: float, moment: str) -> str:
        return "now" if datetime.fromtimestamp(seconds, UTC) >= since.at else moment

    text = re.sub(r"127\.0\.0\.1:\d+", "here", text)
    text = re.sub(r"\b1[78]\d{11}\b", lambda ms: told(int(ms[0]) / 1000, ms[0]), text)
    return re.sub(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)",
        lambda iso: told(datetime.fromisoformat(iso[0]).timestamp(), iso[0]),
        text,
    )
