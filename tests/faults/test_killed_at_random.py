"""Killed again and again at random moments: nothing is half, nothing is lost, all is said once."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from monitor.adapters.slack.blocks import text_of
from monitor.adapters.store.bodies import from_body
from monitor.adapters.store.existing import existing
from monitor.adapters.store.soundness import broken_in
from monitor.core.message import Message, Tone
from tests.faults.rounds import Lists, Rounds, lists_at, rounds
from tests.scenarios.anything import QUARTER, every_promise_is_in_the_channel, every_refusal_is_told

ROUNDS = 15
PRESENT = 6
"""In that round five weeks have passed."""
SEEDS = 16
"""Of so many lives the long form consists, each of that many rounds."""

PHASES = (
    "starting",
    "reading expensify",
    "reading netsuite",
    "in a transaction",
    "among its pages",
    "telling",
    "daemon",
    "backup",
    "prune",
)
"""Where the kills of the long form hit at the least."""


@pytest.mark.timeout(600)
def test_a_monitor_killed_at_random_moments_loses_nothing(tmp_path: Path) -> None:
    live(tmp_path, seed=0)


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_two_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    hit: Counter[str] = Counter()
    for seed in range(1, SEEDS + 1):
        hit += live(tmp_path / str(seed), seed)
    print("\n".join(f"{times:4} {where}" for where, times in sorted(hit.items())))
    alive = {where: times for where, times in hit.items() if "had ended" not in where}
    assert sum(alive.values()) >= 200
    assert {phase for phase in PHASES if not any(phase in where for where in alive)} == set()


def live(folder: Path, seed: int) -> Counter[str]:
    """One life of a monitor, with what must hold after every kill and after every calm hour."""
    with rounds(folder, seed) as life:
        calm = Calm(life)
        for number in range(ROUNDS):
            where = f"seed {seed}, round {number}, {life.database}"
            print(where)
            begin, known = len(life.states) - 1, newest_snapshot(life.database)
            if number == PRESENT:
                life.five_weeks_pass()
            life.passes()
            life.kill()
            nothing_is_broken(life.database, where)
            each_snapshot_is_whole(life, known, begin, where)
            if number % 3 == 2:
                calm.comes(where)
        each_backup_is_sound(life)
        return life.hit


def nothing_is_broken(database: Path, where: str) -> None:
    """The file is as SQLite wants it, and either nothing or a whole database of ours."""
    if not database.exists():
        return
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("pragma integrity_check").fetchall() == [("ok",)], where
        if not db.execute("select count(*) from sqlite_schema").fetchone()[0]:
            return
    with existing(database, read_only=True) as db:
        assert broken_in(db) == (), where


def newest_snapshot(database: Path) -> int:
    """0 before the first; killed in its first opening, the file has no tables yet."""
    if not database.exists():
        return 0
    with closing(sqlite3.connect(database)) as db:
        if not db.execute("select count(*) from sqlite_schema").fetchone()[0]:
            return 0
        (newest,) = db.execute("select coalesce(max(id), 0) from snapshot").fetchone()
    return int(newest)


def each_snapshot_is_whole(life: Rounds, known: int, begin: int, where: str) -> None:
    """Every list in every new snapshot is the one that NetSuite had at some moment meanwhile."""
    newest = newest_snapshot(life.database)
    assert newest > known or not life.has_ended_well, where
    if newest == known:
        return
    with life.store() as store:
        for snapshot in range(known + 1, newest + 1):
            for kind, found in lists_at(store, snapshot).items():
                had = [state[kind] for state in life.states[begin:]]
                assert found in had, f"{where}: {kind} in snapshot {snapshot}"
            told = {one.kind: one.rows for one in store.snapshots.list_readings(snapshot)}
            had_rows = {kind: len(found) for kind, found in lists_at(store, snapshot).items()}
            assert told == {kind: had_rows[kind] for kind in told}, where
            assert told.keys() == had_rows.keys(), where


class Calm:
    """A while in which nobody kills the monitor: then all must be known and said."""

    def __init__(self, life: Rounds) -> None:
        self._life = life
        self._last: tuple[int, Lists] | None = None

    def comes(self, where: str) -> None:
        """Two cycles to their end: an edit of a young message waits for the second."""
        life = self._life
        for _ in range(2):
            life.clock.sleep(QUARTER.total_seconds())
            life.is_left_alone()
        nothing_is_broken(life.database, where)
        self._all_is_remembered(where)
        every_promise_is_in_the_channel(life)
        every_refusal_is_told(life, has_seen_all=False)
        everything_is_said_once(life, where)
        each_alert_shows_what_the_store_says(life, where)

    def _all_is_remembered(self, where: str) -> None:
        """What NetSuite has now, and what became of it since the last calm: each transition."""
        life, now = self._life, self._life.states[-1]
        with life.store() as store:
            snapshot = newest_snapshot(life.database)
            assert lists_at(store, snapshot) == now, where
            if self._last is not None:
                before, then = self._last
                changes = store.changes.between(before, snapshot)
                told = {
                    (one.kind, one.id): (
                        one.before and not one.before.is_inactive,
                        one.after and not one.after.is_inactive,
                    )
                    for one in changes
                }
                for kind, records in now.items():
                    active = {record_id: is_active for record_id, is_active, _ in records}
                    was = {record_id: is_active for record_id, is_active, _ in then[kind]}
                    for record_id in active.keys() | was.keys():
                        step = (was.get(record_id), active.get(record_id))
                        if step[0] != step[1]:
                            assert told.get((kind, record_id)) == step, where
            self._last = snapshot, now


def everything_is_said_once(life: Rounds, where: str) -> None:
    """What the store calls sent stands in Slack, and nothing was posted twice."""
    posted = life.slack.posted()
    assert {key: texts for key, texts in posted.items() if len(texts) > 1} == {}, where
    with closing(sqlite3.connect(life.database)) as db:
        rows = db.execute(
            "select key from outbox where state = 'sent' and method in ('post', 'reply')"
        )
        assert {key for (key,) in rows} <= posted.keys(), where


def each_alert_shows_what_the_store_says(life: Rounds, where: str) -> None:
    """Open or over: its message has the words that were sent last, and who is over is green."""
    with closing(sqlite3.connect(life.database)) as db:
        rows = db.execute(
            "select alert, closed_at is not null, ts, body, max(outbox.id) from outbox "
            "join alert on alert.id = alert where state = 'sent' and method in ('post', 'edit') "
            "group by alert"
        ).fetchall()
    for alert, is_over, ts, body, _ in rows:
        standing = life.slack.find(ts)
        assert standing is not None, f"{where}: alert {alert}"
        text = standing["text"]
        assert text == text_of(from_body(Message, body)), f"{where}: alert {alert}"
        assert is_over == text.startswith(Tone.RESOLVED.value), f"{where}: alert {alert}"


def each_backup_is_sound(life: Rounds) -> None:
    """Those that were made while somebody wrote, too; of those that were killed nothing is left."""
    assert life.ready.run("backup", str(life.backups), "--keep", "3") == 0
    names = [path.name for path in life.backups.iterdir()]
    assert not [name for name in names if "partial" in name]
    for name in names:
        with existing(life.backups / name, read_only=True) as db:
            assert broken_in(db) == ()
