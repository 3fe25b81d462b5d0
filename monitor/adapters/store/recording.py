"""What every decision was given, as versions: a row only where something is not as before."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from monitor.adapters.store.given import Facts, facts_of, given_from, packed, unpacked
from monitor.adapters.store.recording_tables import STANDING
from monitor.adapters.store.rows import from_ms, moment_from, to_ms
from monitor.core.recorded import Given, RecordedCycle

_RUN = "select id, first_at, last_at, cycles, read_before from recorded_run"


class _Run(NamedTuple):
    """Cycles that were given the same. Moments in milliseconds."""

    id: int
    first_at: int
    last_at: int
    cycles: int
    read_before: str

    @property
    def spacing(self) -> float:
        return (self.last_at - self.first_at) / (self.cycles - 1) if self.cycles > 1 else 0.0

    def goes_on(self, at: int) -> bool:
        """Whether a cycle then keeps the run's pace, so that its moment need not be kept."""
        gap = at - self.last_at
        is_first_gap = self.cycles == 1
        return gap > 0 and (is_first_gap or abs(gap - self.spacing) <= self.spacing / 4)

    def moments(self) -> Iterator[datetime]:
        """The first and the last as they were, the others evenly between them."""
        for number in range(self.cycles):
            yield moment_from(self.first_at + round(number * self.spacing))


class Recording:
    """The past as the decisions saw it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def keep(self, given: Given, at: datetime, *, has_spoken: bool) -> None:
        """Remember what this cycle's decision was given; in the cycle's transaction."""
        known, last, moment = self._facts_of_now(), self._last(), to_ms(at)
        facts, read_before = facts_of(given, at, known)
        is_news = has_spoken or facts != known
        if not is_news and last is not None and last.goes_on(moment):
            self._db.execute(
                "update recorded_run set last_at = ?, cycles = cycles + 1 where id = ?",
                (moment, last.id),
            )
            return
        run = self._begin(moment, json.dumps(read_before, separators=(",", ":")))
        self._replace(known, facts, run)

    def first_at(self) -> datetime | None:
        """When the recording begins; None = nothing was recorded yet."""
        (first_at,) = self._db.execute("select min(first_at) from recorded_run").fetchone()
        return from_ms(first_at)

    def cycles(self, since: datetime, until: datetime) -> Iterator[RecordedCycle]:
        """What the decisions between the two moments (inclusive) were given, oldest first."""
        for run, facts in self._with_facts(self._runs(since, until)):
            read_before = json.loads(run.read_before)
            for at in run.moments():
                if since <= at <= until:
                    yield RecordedCycle(at, given_from(facts, read_before, at))

    def _runs(self, since: datetime, until: datetime) -> list[_Run]:
        """All from the first to the last that have a part in it, also those of a clock that was
        wrong meanwhile.
        """
        within = "select {}(id) from recorded_run where last_at >= ?1 and first_at <= ?2"
        rows = self._db.execute(
            f"{_RUN} where id between ({within.format('min')}) and ({within.format('max')}) "
            "order by id",
            (to_ms(since), to_ms(until)),
        )
        return [_Run(*row) for row in rows]

    def _with_facts(self, runs: list[_Run]) -> Iterator[tuple[_Run, Facts]]:
        """Every run with what held in it."""
        if not runs:
            return
        first, last = runs[0].id, runs[-1].id
        held = self._db.execute(
            "select sort, name, body from recorded_fact where rfrom <= ?1 and rto > ?1", (first,)
        )
        facts: Facts = {(sort, name): unpacked(body) for sort, name, body in held}
        ended: dict[int, Facts] = defaultdict(dict)
        begun: dict[int, Facts] = defaultdict(dict)
        for rfrom, rto, sort, name, body in self._db.execute(
            "select rfrom, rto, sort, name, body from recorded_fact where rto > ? and rfrom <= ?",
            (first, last),
        ):
            ended[rto][sort, name] = begun[rfrom][sort, name] = unpacked(body)
        for run in runs:
            if run.id != first:
                facts = {key: body for key, body in facts.items() if key not in ended[run.id]}
                facts |= begun[run.id]
            yield run, facts

    def _begin(self, moment: int, read_before: str) -> int:
        cursor = self._db.execute(
            "insert into recorded_run(first_at, last_at, cycles, read_before) "
            "values (?1, ?1, 1, ?2)",
            (moment, read_before),
        )
        assert cursor.lastrowid is not None  # an insert has one
        return cursor.lastrowid

    def _replace(self, known: Facts, facts: Facts, run: int) -> None:
        ended = [key for key, body in known.items() if facts.get(key) != body]
        begun = [(*key, run, packed(body)) for key, body in facts.items() if known.get(key) != body]
        self._db.executemany(
            f"update recorded_fact set rto = ? where sort = ? and name = ? and rto = {STANDING}",
            [(run, *key) for key in ended],
        )
        self._db.executemany(
            "insert into recorded_fact(sort, name, rfrom, body) values (?, ?, ?, ?)", begun
        )

    def _facts_of_now(self) -> Facts:
        rows = self._db.execute(
            f"select sort, name, body from recorded_fact where rto = {STANDING}"
        )
        return {(sort, name): unpacked(body) for sort, name, body in rows}

    def _last(self) -> _Run | None:
        row = self._db.execute(f"{_RUN} order by id desc limit 1").fetchone()
        return None if row is None else _Run(*row)
