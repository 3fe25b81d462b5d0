"""Where what every decision was given is kept, as versions."""

from __future__ import annotations

STANDING = 9223372036854775807
"""`rto` of what still holds."""

RECORDING_TABLES = (
    # Cycles that were given the same, one after the other; only the first of them may have spoken.
    # read_before: how long before the cycle each source was read, by its place, milliseconds.
    """create table recorded_run(
        id integer primary key, first_at integer not null, last_at integer not null,
        cycles integer not null, read_before text not null) strict""",
    "create index recorded_run_at on recorded_run(last_at)",
    # One thing that was given, from the run that first had it to the first that had not.
    f"""create table recorded_fact(
        sort text not null, name text not null,
        rfrom integer not null references recorded_run(id), rto integer not null default {STANDING},
        body blob not null, primary key(sort, name, rfrom)) strict, without rowid""",
    f"create index recorded_fact_to on recorded_fact(rto) where rto < {STANDING}",
    f"create unique index recorded_fact_open on recorded_fact(sort, name) where rto = {STANDING}",
)
