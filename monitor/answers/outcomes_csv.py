"""Outcomes from elsewhere: the rows of a CSV held against what the monitor had predicted."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from monitor.adapters.store.outcomes import IMPORT
from monitor.answers.known import Known
from monitor.core.outcomes import Outcome, judge_export, judge_failure
from monitor.core.reports import Failure
from monitor.core.uncounted import why_uncounted
from monitor.errors import UsageError
from monitor.when import read_moment

_NEEDED = ("report_id", "at", "outcome")
_FAILED, _EXPORTED = "failed", "exported"
_LACKING = "told by somebody else: the monitor did not see why"


class Taken(NamedTuple):
    """What became of the rows.

    `uncounted`: the reports that say neither good nor bad of a prediction, by the reason why not;
    `problems`: sentences about rows that cannot be used at all.
    """

    counted: int
    uncounted: Mapping[str, tuple[str, ...]]
    problems: tuple[str, ...]

    @property
    def rows(self) -> int:
        """All of them."""
        return self.counted + sum(map(len, self.uncounted.values())) + len(self.problems)


def take_outcomes(database: Known, lines: Iterable[str], now: datetime, *, name: str) -> Taken:
    """Keep the outcomes that the lines tell; a row that cannot be used is named, the rest is kept.

    Raises UsageError, which begins with the file's name, when the first line does not name the
    columns.
    """
    outcomes: list[Outcome] = []
    problems: list[str] = []
    reports: defaultdict[str, list[str]] = defaultdict(list)
    try:
        for number, row in _rows(csv.DictReader(lines), name):
            try:
                found, why_not = _outcomes(database, row, now)
                outcomes += found
                reports[why_not].append(row["report_id"])
            except (UsageError, ValueError) as error:
                problems.append(f"line {number}: {error}")
    except csv.Error as error:
        raise UsageError(f"{name} is no CSV: {error}; nothing of it was taken") from error
    with database.store.immediate():
        database.store.outcomes.add(outcomes, IMPORT)
    counted = len(reports.pop("", ()))
    return Taken(counted, {why: tuple(ids) for why, ids in reports.items()}, tuple(problems))


def _rows(rows: csv.DictReader[str], file: str) -> Iterator[tuple[int, dict[str, str]]]:
    columns = [str(name).strip().lower() for name in rows.fieldnames or ()]
    if missing := [name for name in _NEEDED if name not in columns]:
        if len(columns) == 1 and any(separator in columns[0] for separator in ";\t"):
            raise UsageError(f"{file}: columns are separated by commas: save it as CSV with commas")
        raise UsageError(
            f"{file}: the first line lacks {', '.join(missing)}: "
            "it names the columns report_id, at, outcome, and if known code and words"
        )
    rows.fieldnames = columns
    for row in rows:
        # A short row lacks columns, a long one has some without a name.
        yield rows.line_num, {name: (row[name] or "").strip() for name in columns}


def _outcomes(
    database: Known, told: dict[str, str], now: datetime
) -> tuple[tuple[Outcome, ...], str]:
    """The labels of one row, and why it does not count; the reason is empty when it does."""
    report_id, kept = told["report_id"], database.store.outcomes
    policy_id = kept.policy_of(report_id)
    if policy_id is None:
        raise ValueError(f"report {report_id or '(without id)'} was never read by the monitor")
    at = read_moment(told["at"], now=now, time_zone=database.settings.time_zone).moment
    known = kept.predictions([report_id]).get(report_id, ())
    if told["outcome"].lower() == _FAILED:
        failure = Failure(at, told.get("code", "").upper(), told.get("words", ""))
        found = tuple(judge_failure(report_id, policy_id, failure, known, _LACKING))
    elif told["outcome"].lower() == _EXPORTED:
        read_at = database.store.sources.freshness("expensify").last_good_at or at
        found = tuple(judge_export(report_id, policy_id, at, known, read_at=read_at))
    else:
        raise ValueError(f"outcome {told['outcome']!r} is neither failed nor exported")
    return found, why_uncounted(found, known)
