"""What was measured, as values: figures with their spread, bounds, and whether they are held."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import ge, le
from statistics import median
from typing import NamedTuple

from tests.benchmarks.runs import Run


class Bound(NamedTuple):
    """What a figure promises: at most, or at least."""

    word: str
    value: float

    def holds(self, figure: float) -> bool:
        compare: Callable[[float, float], bool] = {"<=": le, ">=": ge}[self.word]
        return compare(figure, self.value)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: a value a round; without values, `note` says why there are none."""

    name: str
    unit: str = ""
    values: tuple[float, ...] = ()
    bound: Bound | None = None
    note: str = ""

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def is_missed(self) -> bool:
        """A bound that was measured and does not hold; what could not be measured is not missed."""
        if self.bound is None or not self.values:
            return False
        return not self.bound.holds(self.median)


class Measured(NamedTuple):
    """One benchmark's answer."""

    title: str
    figures: tuple[Figure, ...]


def costs(name: str, runs: Sequence[Run]) -> tuple[Figure, ...]:
    """Wall, CPU and peak memory of one command."""
    return (
        Figure(name, "ms wall", tuple(run.wall * 1000 for run in runs)),
        Figure("", "ms CPU", tuple(run.cpu * 1000 for run in runs)),
        Figure("", "MB peak", tuple(run.peak_mb for run in runs)),
    )


def ratios(
    name: str, ours: Sequence[Run], theirs: Sequence[Run], bound: Bound | None = None
) -> tuple[Figure, ...]:
    """Ours over theirs, pair by pair: of wall and of CPU time, both bounded."""
    return (
        Figure(name, "x wall", _pairs([r.wall for r in ours], [r.wall for r in theirs]), bound),
        Figure("", "x CPU", _pairs([r.cpu for r in ours], [r.cpu for r in theirs]), bound),
    )


def absent(name: str) -> Figure:
    """A tool that this machine has not."""
    return Figure(name, note="not installed")


def _pairs(ours: list[float], theirs: list[float]) -> tuple[float, ...]:
    return tuple(one / other for one, other in zip(ours, theirs, strict=True))
