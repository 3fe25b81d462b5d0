"""What became of the rows of a file of outcomes, as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.answers.outcomes_csv import Taken
from monitor.core.message.words import counted, listed

_MOST_NAMED = 5
"""Reports that are named one by one for a reason."""


def taken_lines(taken: Taken) -> Iterator[str]:
    """What cannot be used, how many rows count, why others do not, and what to do."""
    yield from taken.problems
    if not taken.rows:
        yield "the file has no rows below its first line"
        return
    without = sum(map(len, taken.uncounted.values()))
    yield f"{counted(taken.rows, 'row')} read: " + ", ".join(_sums(taken, without))
    for reason, report_ids in taken.uncounted.items():
        yield f"{_named(tuple(dict.fromkeys(report_ids)))}: {reason}"
    if taken.problems:
        them = "it" if len(taken.problems) == 1 else "them"
        yield (
            f"correct or remove {them} and import the file once more "
            "(what is known already counts once)"
        )


def _sums(taken: Taken, without: int) -> Iterator[str]:
    yield f"{taken.counted} {'counts' if taken.counted == 1 else 'count'}"
    if without:
        yield f"{without} {'does' if without == 1 else 'do'} not"
    if refused := len(taken.problems):
        yield f"{counted(refused, 'row')} {'was' if refused == 1 else 'were'} not used"


def _named(report_ids: Sequence[str]) -> str:
    more = len(report_ids) - _MOST_NAMED
    return listed([*report_ids[:_MOST_NAMED], *([f"{more} more"] if more > 0 else [])])
