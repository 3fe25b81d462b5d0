"""How good the predictions were in the range, in short."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.answers.review import Review
from monitor.cli.output.page.pieces import Column, Part, command, paragraph, part, table
from monitor.cli.output.page.tree import Node, element
from monitor.cli.output.score_text import lead_words, share_words
from monitor.cli.output.words import NOTHING, iso
from monitor.core.message.words import counted
from monitor.core.outcomes import Label
from monitor.core.score import CauseScore

_COLUMNS = (
    Column("Cause"),
    Column("Precision"),
    Column("Recall"),
    Column("Told before"),
    Column("Fixed first", is_number=True),
)


def score(review: Review) -> Iterator[Part]:
    """Nothing before an export showed how good they are."""
    found = review.score
    if not found.whole.counts:
        return
    missed = counted(len(found.misses), "failure")
    since = f"monitor score --since {iso(review.since)}"
    yield part(
        "score",
        "How good the predictions were",
        table("Predictions", _COLUMNS, map(_row, (*found.causes, found.whole))),
        paragraph(f"Missed: {missed}." if found.misses else "No failure was missed."),
        element("p", "Each of them: ", command(since), class_="faint"),
    )


def _row(one: CauseScore) -> tuple[Node, ...]:
    return (
        one.cause.code if one.cause else "all",
        share_words(one.precision),
        share_words(one.recall),
        NOTHING if one.lead is None else lead_words(one.lead),
        str(one.counts[Label.FIXED_FIRST]),
    )
