"""The tables of what Expensify showed; steps of `schema.py`, never edited once released."""

from __future__ import annotations

EXPENSIFY = (
    "create table expensify_reading(id integer primary key, taken_at integer not null) strict",
    """create table report(
        report_id text not null, first integer not null references expensify_reading(id),
        last integer references expensify_reading(id), policy_id text not null,
        body text not null, departed text, primary key(report_id, first)) strict, without rowid""",
    "create unique index report_open on report(report_id) where last is null",
    """create table offered_value(
        policy_id text not null, place text not null, text text not null,
        is_enabled integer not null, first integer not null references expensify_reading(id),
        last integer references expensify_reading(id),
        primary key(policy_id, place, text, is_enabled, first)) strict, without rowid""",
    "create index offered_now on offered_value(policy_id) where last is null",
    # The workspace's lists were read by every reading from first to last.
    """create table list_poll(
        policy_id text not null, first integer not null references expensify_reading(id),
        last integer not null references expensify_reading(id),
        primary key(policy_id, first)) strict, without rowid""",
)

UNREAD_REPORT = (
    # Reports that the newest reading of Expensify holds, and that could not be read.
    """create table unread_report(
        report_id text primary key, policy_id text not null, why text not null,
        since integer not null) strict, without rowid""",
)
