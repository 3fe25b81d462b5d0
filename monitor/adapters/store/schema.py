"""The tables, migration by migration; a database from a newer version is refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.adapters.store.connection import told, transaction
from monitor.adapters.store.cycles import CYCLES_TABLE
from monitor.adapters.store.expensify_tables import EXPENSIFY, UNREAD_REPORT
from monitor.adapters.store.lists import ACCEPTED_LISTS
from monitor.adapters.store.places import PLACES_TABLES
from monitor.adapters.store.recording_tables import RECORDING_TABLES
from monitor.adapters.store.rows import COLUMN_TYPES
from monitor.core.records import CONTENT_FIELDS
from monitor.errors import NewerDatabase, StoreError

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

OPEN = 9223372036854775807
"""`vto` of a version that still holds."""

_SET = "sync-drift-monitor"
_STEPS_TAKEN = "_sqlite_migrations"

_ADDED_LATER = ("hired_on",)
"""Fields that the first migrations did not know: each has its own below."""
_CONTENT_COLUMNS = ",\n".join(
    f"{name} {COLUMN_TYPES.get(name, 'text')}"
    for name in CONTENT_FIELDS
    if name not in _ADDED_LATER
)

_NETSUITE = (
    "create table kind(number integer primary key, name text not null unique) strict",
    # taken_at: when the reading began, milliseconds since the epoch, UTC
    "create table snapshot(id integer primary key, taken_at integer not null) strict",
    "create index snapshot_at on snapshot(taken_at)",
    # One verdict of one list, from the snapshot that first said so to the first that did not.
    f"""create table list_reading(
        kind integer not null references kind(number),
        vfrom integer not null references snapshot(id), vto integer not null default {OPEN},
        state text not null, rows integer not null, columns text not null, detail text not null,
        primary key(kind, vfrom)) strict, without rowid""",
    # One content of one record, from the snapshot that first saw it to the first that did not.
    f"""create table version(
        kind integer not null references kind(number), id integer not null,
        vfrom integer not null references snapshot(id), vto integer not null default {OPEN},
        {_CONTENT_COLUMNS}, modified_at integer,
        primary key(kind, id, vfrom)) strict, without rowid""",
    "create index version_from on version(vfrom)",
    f"create index version_to on version(vto) where vto < {OPEN}",
    f"create unique index version_open on version(kind, id) where vto = {OPEN}",
    # A record that a snapshot missed first, how many looks count, and which ended its version.
    """create table absence(
        kind integer not null references kind(number), id integer not null,
        missed integer not null references snapshot(id), looks integer not null,
        closed integer references snapshot(id),
        primary key(kind, id, missed)) strict, without rowid""",
    """create table accepted_deletions(
        kind integer not null references kind(number), accepted_at integer not null,
        used_by integer references snapshot(id)) strict""",
)

_MONITOR = (
    """create table evidence(
        id integer primary key, policy_id text not null, bound text not null,
        moment integer not null,
        source text not null, observed_at integer not null, note text not null) strict""",
    "create index evidence_of on evidence(policy_id, moment)",
    """create table source(
        source text not null primary key, last_good_at integer, failing_since integer,
        error text not null, is_permanent integer not null) strict""",
    "create table settings(saved_at integer not null, body text not null) strict",
)

_ALERTS = (
    """create table alert(
        id integer primary key, policy_id text not null, opened_at integer not null,
        closed_at integer, shown text not null, blind_since integer) strict""",
    # One life of one risk; the same risk may come again.
    """create table risk(
        fingerprint text not null, opened_at integer not null, state text not null,
        alert integer references alert(id), resolved_at integer, ended text not null,
        body text not null, primary key(fingerprint, opened_at)) strict, without rowid""",
    "create index risk_alive on risk(state) where state <> 'resolved'",
    "create index risk_of_alert on risk(alert) where alert is not null",
    # One intended Slack call. ts: where it stands in the channel, once it was sent.
    """create table outbox(
        id integer primary key, key text not null unique, reason text not null,
        method text not null, alert integer references alert(id), body text not null,
        state text not null, attempts integer not null, created_at integer not null,
        next_attempt_at integer not null, sent_at integer, channel text, ts text,
        error text not null) strict""",
    "create index outbox_undelivered on outbox(id) where state in ('queued', 'sending')",
    "create index outbox_of_alert on outbox(alert, id)",
)

_WITNESSES = (
    # NetSuite's system notes, in the order in which they were read.
    """create table note(
        id integer primary key, kind text not null, record integer not null, at integer not null,
        author text not null, field text not null, old text not null, new text not null) strict""",
    "create index note_of on note(kind, record, at)",
    # What else testifies beside the lists: whether it may be read, and how far it was.
    """create table witness(
        name text primary key, is_off integer not null, detail text not null, reached integer,
        looked_at integer not null) strict, without rowid""",
    # A list of Expensify's that does not follow a sort of change: it is believed no more.
    """create table unreflected(
        policy_id text not null, kind text not null, change text not null, since integer not null,
        note text not null, primary key(policy_id, kind, change)) strict, without rowid""",
)

_OUTCOMES = (
    # What one risk said of one report, from the cycle that first said so to the first that did not.
    """create table prediction(
        report_id text not null, fingerprint text not null, since integer not null,
        until integer, policy_id text not null, kind text not null, record text not null,
        cause text not null, certainty text not null, code text,
        primary key(report_id, fingerprint, since)) strict, without rowid""",
    "create index prediction_open on prediction(report_id) where until is null",
    # What became of an export, and the prediction it was held against; about: its fingerprint.
    """create table outcome(
        report_id text not null, at integer not null, about text not null, source text not null,
        body text not null, primary key(report_id, at, about)) strict, without rowid""",
    "create index outcome_at on outcome(at)",
    # A clean export that speaks against one rule about one record.
    """create table refutation(
        cause text not null, kind text not null, record text not null, subsidiary text not null,
        route text not null, report_id text not null, exported_at integer not null,
        is_lesson integer not null,
        primary key(cause, kind, record, subsidiary, route, report_id, exported_at))
        strict, without rowid""",
    # A person says that a rule may speak again.
    """create table trust(
        cause text not null, at integer not null, author text not null, reason text not null)
        strict""",
)

_BLIND_ABOUT = (
    # What of all that cannot be seen the alert told, by its names, as a JSON list.
    "alter table alert add column blind_about text not null default '[]'",
)

_CONTROLS = (
    # What the alert told, to know what is worse than that.
    "alter table alert add column told text not null default '{}'",
    "alter table outbox add column is_broadcast integer not null default 0",
    "alter table outbox add column is_urgent integer not null default 0",
    "alter table outbox add column dropped_at integer",
    # Slack's own word for why it never takes it.
    "alter table outbox add column refusal text not null default ''",
    # What people laid over an alert, a risk, or all that matches; never a state of a risk.
    """create table overlay(
        id integer primary key, sort text not null, alert integer references alert(id),
        fingerprint text not null, kind text, pattern text, policy_id text,
        author text not null, reason text not null, created_at integer not null,
        expires_at integer, is_until_worse integer not null, lifted_at integer) strict""",
)

_LOST_LISTS = (
    # Expensify's lists that the alert tells of, as JSON.
    "alter table alert add column lost text not null default '{}'",
)

_STATEMENTS = {
    "m0001_netsuite": _NETSUITE,
    "m0002_expensify": EXPENSIFY,
    "m0003_monitor": _MONITOR,
    "m0004_alerts": _ALERTS,
    "m0005_witnesses": _WITNESSES,
    "m0006_outcomes": _OUTCOMES,
    "m0007_blind_about": _BLIND_ABOUT,
    "m0008_hired_on": ("alter table version add column hired_on text",),
    "m0009_places": (*PLACES_TABLES, *_LOST_LISTS),
    "m0010_unread_report": UNREAD_REPORT,
    "m0011_controls": _CONTROLS,
    "m0012_recording": RECORDING_TABLES,
    "m0013_accepted_lists": ACCEPTED_LISTS,
    "m0014_cycles": CYCLES_TABLE,
}
"""Every migration of this version, in order. Append; never edit one that was released."""


def migrate(db: sqlite3.Connection, path: Path) -> None:
    """Bring the database to this version in one transaction; raises NewerDatabase or StoreError."""
    if not _pending(db, path):
        return
    from sqlite_utils import Database

    with transaction(db, path):
        # Asked again under the lock: another process may have been faster, and may be newer.
        if _pending(db, path):
            migrations().apply(Database(db, execute_plugins=False))


def check_version(db: sqlite3.Connection, path: Path) -> None:
    """Refuse, as a reader, what this version cannot read; raises NewerDatabase or StoreError."""
    if pending := _pending(db, path):
        raise StoreError(
            f"{path} is older than this monitor ({pending[0]} is missing): "
            "run `monitor run --once` on it first"
        )


def migrations() -> Migrations:
    """The steps from an empty database to this version, for sqlite-utils to take."""
    from sqlite_utils import Migrations

    steps = Migrations(_SET)
    for name, statements in _STATEMENTS.items():
        _add(steps, name, statements)
    return steps


def _add(steps: Migrations, name: str, statements: tuple[str, ...]) -> None:
    @steps(name=name)
    def _apply(db: Database) -> None:
        for statement in statements:
            db.execute(statement)


def _pending(db: sqlite3.Connection, path: Path) -> list[str]:
    applied = _applied(db, path)
    unknown = sorted(applied - _STATEMENTS.keys())
    if unknown:
        raise NewerDatabase(
            f"{path} was written by a newer monitor ({unknown[0]}): upgrade this one, "
            "or name another database"
        )
    return [name for name in _STATEMENTS if name not in applied]


def _applied(db: sqlite3.Connection, path: Path) -> set[str]:
    with told(path):
        tables = {row[0] for row in db.execute("select name from sqlite_schema where type='table'")}
        applied: set[str] = set()
        if _STEPS_TAKEN in tables:
            rows = db.execute(f"select name from {_STEPS_TAKEN} where migration_set = ?", (_SET,))
            applied = {row[0] for row in rows}
    # Other programs use sqlite-utils, too: a table of steps alone does not make it ours.
    if tables - {_STEPS_TAKEN} and not applied:
        raise StoreError(
            f"{path} is not a database of the monitor: name another file, or move this one away"
        )
    return applied
