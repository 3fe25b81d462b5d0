"""Outcomes -> how good the predictions are: precision, recall and lead time, cause by cause."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

from monitor.core.outcomes import Label, Outcome
from monitor.core.risks import Cause

ENOUGH = 5
"""Of fewer cases a share says nothing."""


class Share(NamedTuple):
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None of nothing at all."""
        return self.hits / self.of if self.of else None

    @property
    def is_enough(self) -> bool:
        return self.of >= ENOUGH


@dataclass(frozen=True, slots=True)
class CauseScore:
    """How often one rule, or all of them together, was right."""

    cause: Cause | None
    """None: all of them, with the misses that no rule had even called possible."""
    counts: Counter[Label]
    leads: tuple[timedelta, ...] = ()
    """How long before each confirmed failure it was predicted."""

    @property
    def precision(self) -> Share:
        """Of what was predicted and tried, how much failed as predicted."""
        confirmed = self.counts[Label.FAILED_AS_PREDICTED]
        return Share(confirmed, confirmed + self.counts[Label.EXPORTED])

    @property
    def recall(self) -> Share:
        """Of the failures that some rule is about, how many were predicted."""
        confirmed = self.counts[Label.FAILED_AS_PREDICTED]
        return Share(confirmed, confirmed + self.counts[Label.MISSED])

    @property
    def lead(self) -> timedelta | None:
        """The median."""
        if not self.leads:
            return None
        return timedelta(seconds=median(lead.total_seconds() for lead in self.leads))


@dataclass(frozen=True, slots=True)
class Score:
    """Everything that exports have shown of the predictions."""

    whole: CauseScore
    causes: tuple[CauseScore, ...] = ()
    """The strongest cause first; only those that some outcome is about."""
    misses: tuple[Outcome, ...] = ()


def score(outcomes: Iterable[Outcome]) -> Score:
    """Count the labels; the order of the outcomes makes no difference."""
    told = sorted(outcomes, key=_in_time)
    by_cause: defaultdict[Cause, list[Outcome]] = defaultdict(list)
    for one in told:
        if one.prediction is not None:
            by_cause[one.prediction.cause].append(one)
    return Score(
        _counted(None, told),
        tuple(_counted(cause, by_cause[cause]) for cause in Cause if cause in by_cause),
        tuple(one for one in told if one.label is Label.MISSED),
    )


def _in_time(one: Outcome) -> tuple[datetime, str, Label, str]:
    return one.at, one.report_id, one.label, one.prediction.cause.code if one.prediction else ""


def _counted(cause: Cause | None, outcomes: list[Outcome]) -> CauseScore:
    leads = (one.lead_seconds for one in outcomes)
    return CauseScore(
        cause,
        Counter(one.label for one in outcomes),
        tuple(sorted(timedelta(seconds=seconds) for seconds in leads if seconds is not None)),
    )
