"""What was predicted of each report and when, and what became of its exports."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from monitor.adapters.store.bodies import from_body, to_body
from monitor.adapters.store.rows import from_ms, moment_from, to_ms
from monitor.core.attempts import Attempt, coding_of
from monitor.core.outcomes import Label, Outcome
from monitor.core.predictions import Prediction
from monitor.core.records import Ref
from monitor.core.reports import PendingReport
from monitor.core.risks import Cause, Certainty

_SAID = "policy_id, kind, record, cause, certainty, code"
_SETTLED = (Label.FAILED_AS_PREDICTED.name, Label.EXPORTED.name)

CYCLE, IMPORT = "cycle", "import"
"""Where an outcome was learned."""


class Outcomes:
    """Predictions as they stood, outcomes as they were seen; both are kept for ever."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def predict(self, predictions: Iterable[Prediction], now: datetime) -> None:
        """Remember what stands now; what stood before and is not among it ends. In a transaction.

        `since` of each is now. The same said with another certainty goes on, unless it became a
        prediction only by that.
        """
        now_at = to_ms(now)
        rows = self._db.execute(
            f"select report_id, fingerprint, since, {_SAID} from prediction where until is null"
        )
        standing = {(row[0], row[1]): (row[2], row[3:]) for row in rows}
        for one in predictions:
            key, said = (one.report_id, _fingerprint(one)), _said(one)
            since, before = standing.pop(key, (now_at, None))
            if before == said:
                continue
            if before is not None and not _is_same(before, said):
                self._end(key, since, now_at)
                since = now_at
            self._put(key, since, said)
        for key, (since, _) in standing.items():
            self._end(key, since, now_at)

    def predictions(self, report_ids: Collection[str]) -> dict[str, tuple[Prediction, ...]]:
        """All that was ever predicted of these reports, oldest first."""
        rows = self._db.execute(
            f"select p.report_id, {_SAID}, p.since, p.until, exists (select 1 from outcome o "
            "where o.report_id = p.report_id and o.about = p.fingerprint and o.at > p.since "
            "and json_extract(o.body, '$.label') in (?, ?)) from prediction p "
            "where p.report_id in (select value from json_each(?)) order by p.since, p.fingerprint",
            (*_SETTLED, json.dumps(sorted(report_ids))),
        )
        found: defaultdict[str, list[Prediction]] = defaultdict(list)
        for row in rows:
            found[row[0]].append(_prediction(row))
        return {report_id: tuple(several) for report_id, several in found.items()}

    def add(self, outcomes: Iterable[Outcome], source: str = CYCLE) -> int:
        """Remember these, and say how many are new. In a transaction.

        What is known stays, unless somebody else told it and nothing could be tested by it then.
        """
        return sum(
            self._db.execute(
                "insert into outcome values (?, ?, ?, ?, ?) on conflict do update "
                "set source = excluded.source, body = excluded.body where source = ? "
                "and json_extract(body, '$.label') = ? "
                "and json_extract(excluded.body, '$.label') <> json_extract(body, '$.label')",
                (
                    *(one.report_id, to_ms(one.at), _about(one), source, to_body(one)),
                    *(IMPORT, Label.NOT_TESTED.name),
                ),
            ).rowcount
            for one in outcomes
        )

    def since(self, moment: datetime) -> tuple[Outcome, ...]:
        """The outcomes from a moment on, oldest first."""
        rows = self._db.execute(
            "select body from outcome where at >= ? order by at, report_id, about",
            (to_ms(moment),),
        )
        return tuple(from_body(Outcome, body) for (body,) in rows)

    def attempts(self, reports: Mapping[str, PendingReport]) -> tuple[Attempt, ...]:
        """These reports as they are read now, next to what the last reading showed of them."""
        versions: defaultdict[str, list[tuple[int, PendingReport]]] = defaultdict(list)
        rows = self._db.execute(
            "select r.report_id, e.taken_at, r.body from report r "
            "join expensify_reading e on e.id = r.first "
            "where r.report_id in (select value from json_each(?)) and exists (select 1 "
            "from report h where h.report_id = r.report_id and h.last is null) "
            "order by r.report_id, r.first desc",
            (json.dumps(sorted(reports)),),
        )
        for report_id, taken_at, body in rows:
            versions[report_id].append((taken_at, from_body(PendingReport, body)))
        return tuple(
            _attempt(report, versions.get(report_id, []))
            for report_id, report in sorted(reports.items())
        )

    def policy_of(self, report_id: str) -> str | None:
        """The workspace of a report that some reading showed."""
        row = self._db.execute(
            "select policy_id from report where report_id = ? order by first desc limit 1",
            (report_id,),
        ).fetchone()
        return row[0] if row else None

    def baseline(self) -> datetime | None:
        """When Expensify was first read."""
        (first,) = self._db.execute("select min(taken_at) from expensify_reading").fetchone()
        return None if first is None else moment_from(first)

    def _put(self, key: tuple[str, str], since: int, said: tuple[Any, ...]) -> None:
        self._db.execute(
            f"insert or replace into prediction(report_id, fingerprint, since, {_SAID}) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*key, since, *said),
        )

    def _end(self, key: tuple[str, str], since: int, now: int) -> None:
        self._db.execute(
            "update prediction set until = ? where report_id = ? and fingerprint = ? and since = ?",
            (now, *key, since),
        )


def _said(one: Prediction) -> tuple[Any, ...]:
    return one.policy_id, *one.ref, one.cause.name, one.certainty.name, one.code


def _is_same(before: tuple[Any, ...], said: tuple[Any, ...]) -> bool:
    """Whether it goes on: the same cause, and counted as a prediction now as it was before."""
    was_said, is_said = (one[4] != Certainty.POSSIBLE.name for one in (before, said))
    return bool(before[3] == said[3]) and was_said == is_said


def _prediction(row: tuple[Any, ...]) -> Prediction:
    report_id, policy_id, kind, record, cause, certainty, code, since, until, is_settled = row
    return Prediction(
        report_id,
        policy_id,
        Ref(kind, record),
        Cause[cause],
        Certainty[certainty],
        code,
        moment_from(since),
        from_ms(until),
        bool(is_settled),
    )


def _attempt(report: PendingReport, versions: list[tuple[int, PendingReport]]) -> Attempt:
    """`versions`: newest first; the coding holds since the oldest of those that have it."""
    if not versions:
        return Attempt(None, report)
    before = versions[0][1]
    coded_since = versions[0][0]
    for taken_at, version in versions:
        if coding_of(version) != coding_of(before):
            break
        coded_since = taken_at
    is_first = coded_since == versions[-1][0]
    return Attempt(before, report, None if is_first else moment_from(coded_since))


def _fingerprint(one: Prediction) -> str:
    return f"{one.policy_id}/{one.ref}"


def _about(one: Outcome) -> str:
    return _fingerprint(one.prediction) if one.prediction else ""
