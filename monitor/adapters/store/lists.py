"""What Expensify's pickers offered, poll by poll, as versions of single values."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from monitor.adapters.store.rows import moment_from, to_ms
from monitor.core.listed import ListedValue, ListHistory
from monitor.core.lost import AcceptedList

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.core.reports import PolicyLists

ACCEPTED_LISTS = (
    # A person says that what one list lost up to that poll went on purpose; the newest word counts.
    """create table accepted_list(
        policy_id text not null, place text not null, upto integer not null,
        author text not null, accepted_at integer not null,
        primary key(policy_id, place)) strict, without rowid""",
)
"""What a migration adds for them."""

_Key = tuple[str, str, bool]


_TELLING_POLLS = """with news(id) as (
    select first from list_poll where policy_id = :policy
    union select last + 1 from list_poll where policy_id = :policy
    union select first from offered_value where policy_id = :policy
    union select last from offered_value where policy_id = :policy and last is not null
    union select r.id from accepted_list a join expensify_reading r on r.taken_at = a.upto
        where a.policy_id = :policy)
select taken_at from expensify_reading
where id in (select id from news union select id - 1 from news)
    and exists (select 1 from list_poll where policy_id = :policy
        and expensify_reading.id between first and last)
order by id"""


class Lists:
    """The values of every workspace's tag levels and report fields."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def record(self, reading_id: int, lists: PolicyLists) -> None:
        """Remember what one workspace offers now. In a transaction.

        An answer that is silent about places where values stood is no poll: that they are gone
        would be read as a sync.
        """
        before = self._offered(lists.policy_id)
        if any(place.startswith(lists.absent) for place, _, _ in before):
            return
        self._polled(reading_id, lists.policy_id)
        now: set[_Key] = {(value.place, value.text, value.is_enabled) for value in lists.values}
        for key in before - now:
            self._db.execute(
                "update offered_value set last = ? where policy_id = ? and place = ? and text = ? "
                "and is_enabled = ? and last is null",
                (reading_id, lists.policy_id, *key),
            )
        self._db.executemany(
            "insert into offered_value(policy_id, place, text, is_enabled, first) "
            "values (?, ?, ?, ?, ?)",
            [(lists.policy_id, *key, reading_id) for key in sorted(now - before)],
        )

    def accept(self, accepted: AcceptedList, at: datetime) -> None:
        """Remember that a loss was on purpose. In a transaction."""
        self._db.execute(
            "insert or replace into accepted_list values (?, ?, ?, ?, ?)",
            (*accepted[:2], to_ms(accepted.upto), accepted.author, to_ms(at)),
        )

    def accepted(self, policy_id: str) -> tuple[AcceptedList, ...]:
        """The newest word about each of the workspace's lists, ordered by place."""
        rows = self._db.execute(
            "select place, upto, author from accepted_list where policy_id = ? order by place",
            (policy_id,),
        )
        return tuple(
            AcceptedList(policy_id, place, moment_from(upto), author)
            for place, upto, author in rows
        )

    def history(self, policy_id: str) -> ListHistory:
        """Everything the workspace's pickers ever offered, and from when on it is believed.

        Of the polls those that say something: the first and the last of each row of them, each that
        saw something come or go, or was accepted, and the one before it. All others only repeat,
        and years of them would be read in every cycle.
        """
        polls = self._db.execute(_TELLING_POLLS, {"policy": policy_id})
        values = self._db.execute(
            "select v.place, v.text, v.is_enabled, f.taken_at, l.taken_at from offered_value v "
            "join expensify_reading f on f.id = v.first "
            "left join expensify_reading l on l.id = v.last "
            "where v.policy_id = ? order by v.place, v.text, v.first",
            (policy_id,),
        )
        return ListHistory(
            policy_id,
            tuple(moment_from(taken_at) for (taken_at,) in polls),
            tuple(
                ListedValue(
                    place,
                    text,
                    bool(is_enabled),
                    moment_from(first),
                    None if last is None else moment_from(last),
                )
                for place, text, is_enabled, first, last in values
            ),
            begins={one.place: one.upto for one in self.accepted(policy_id)},
        )

    def _polled(self, reading_id: int, policy_id: str) -> None:
        """One row as long as every reading reads the lists; a new one after a gap."""
        extended = self._db.execute(
            "update list_poll set last = ?1 where policy_id = ?2 "
            "and last = (select max(id) from expensify_reading where id < ?1)",
            (reading_id, policy_id),
        )
        if not extended.rowcount:
            self._db.execute("insert into list_poll values (?1, ?2, ?2)", (policy_id, reading_id))

    def _offered(self, policy_id: str) -> set[_Key]:
        rows = self._db.execute(
            "select place, text, is_enabled from offered_value "
            "where policy_id = ? and last is null",
            (policy_id,),
        )
        return {(place, text, bool(is_enabled)) for place, text, is_enabled in rows}
