"""Whether the database is sound: as SQLite sees it, and as we promise it to ourselves."""

from __future__ import annotations

import sqlite3

from monitor.adapters.store.recording_tables import STANDING
from monitor.adapters.store.schema import OPEN

_MOST = 20
"""How many findings of one sort are listed."""

_LAWS = (
    (
        "{} {}:{} has several versions that hold",
        f"select 'record', k.name, v.id from version v join kind k on k.number = v.kind "
        f"where v.vto = {OPEN} group by v.kind, v.id having count(*) > 1",
    ),
    (
        "{} {}:{} has a version that ends before it begins",
        "select 'record', k.name, v.id from version v join kind k on k.number = v.kind "
        "where v.vto <= v.vfrom",
    ),
    (
        "{} {}:{} has two versions at one time",
        "select 'record', k.name, v.id from (select kind, id, vto, "
        "lead(vfrom) over (partition by kind, id order by vfrom) as next from version) v "
        "join kind k on k.number = v.kind where v.vto > v.next",
    ),
    (
        "report {} is pending several times",
        "select report_id from report where last is null group by report_id having count(*) > 1",
    ),
    (
        "report {} ends before it begins",
        "select report_id from report where last < first",
    ),
    (
        "of report {} the same is predicted several times: {}",
        "select report_id, fingerprint from prediction where until is null "
        "group by report_id, fingerprint having count(*) > 1",
    ),
    (
        "the recording holds {} {!r} several times",
        f"select sort, name from recorded_fact where rto = {STANDING} "
        "group by sort, name having count(*) > 1",
    ),
    (
        "letter {} of the outbox is in no known state: {}",
        "select id, state from outbox "
        "where state not in ('queued', 'sending', 'sent', 'dead', 'dropped')",
    ),
)
"""What must never be found, in words for one row of the query."""


def broken_in(db: sqlite3.Connection) -> tuple[str, ...]:
    """Everything that is wrong, one sentence each; nothing where all is well."""
    if broken := integrity(db):
        return broken  # what cannot be read cannot be asked about its meaning
    strangers = db.execute("select * from pragma_foreign_key_check limit ?", (_MOST,))
    orphans = tuple(
        f"a row of {table} refers to a row of {parent} that is not there"
        for table, _, parent, _ in strangers
    )
    return (*orphans, *(found for law in _LAWS for found in _against(db, *law)))


def integrity(db: sqlite3.Connection) -> tuple[str, ...]:
    """What SQLite itself finds wrong with the file."""
    try:
        said = db.execute(f"pragma integrity_check({_MOST})").fetchall()
    except sqlite3.DatabaseError as error:
        return (str(error),)
    return tuple(sentence for (sentence,) in said if sentence != "ok")


def _against(db: sqlite3.Connection, words: str, query: str) -> list[str]:
    return [words.format(*row) for row in db.execute(f"{query} limit {_MOST}")]
