"""The score as text: a table cause by cause, then what was missed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from monitor.cli.output.tables import headed
from monitor.cli.output.words import NOTHING, Paint, local, plain
from monitor.core.message.words import counted
from monitor.core.outcomes import Label, Outcome
from monitor.core.predict.examination import NOT_MODELLED
from monitor.core.score import CauseScore, Score, Share

_HEAD = ("cause", "precision", "recall", "told before", "fixed first", "not tested")
_OTHER = (Label.FAILED_OTHERWISE, Label.CODE_UNKNOWN)


def score_text(
    score: Score, since: datetime, time_zone: str, paint: Paint, room: int | None = None
) -> str:
    """The whole answer; a share of few cases says so."""
    begin = local(since, time_zone)
    if not score.whole.counts:
        return f"No export since {begin} shows how good the predictions are."
    rows = [*map(_row, score.causes), _row(score.whole)]
    paragraphs = [
        f"Since {begin}",
        "\n".join(headed(_HEAD, rows, room=room)),
        "\n".join(_misses(score.misses, time_zone, paint)),
        "\n".join(_others(score.whole)),
        f"Not modelled: {'; '.join(NOT_MODELLED)}.",
    ]
    return "\n\n".join(filter(None, paragraphs))


def _row(one: CauseScore) -> tuple[str, ...]:
    return (
        one.cause.code if one.cause else "all",
        share_words(one.precision),
        share_words(one.recall),
        NOTHING if one.lead is None else lead_words(one.lead),
        str(one.counts[Label.FIXED_FIRST]),
        str(one.counts[Label.NOT_TESTED]),
    )


def share_words(share: Share) -> str:
    """A share as people read it; of few cases only how many of how many."""
    if share.value is None:
        return NOTHING
    if not share.is_enough:
        return f"{share.hits} of {share.of} (n={share.of}: too few to judge)"
    return f"{share.value:.0%} (n={share.of})"


def lead_words(lead: timedelta) -> str:
    """How long before: 40 min, 5 h, 3 d."""
    minutes = round(lead.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes / 60:.0f} h" if minutes < 48 * 60 else f"{minutes / 1440:.0f} d"


def _misses(misses: tuple[Outcome, ...], time_zone: str, paint: Paint) -> Iterator[str]:
    if misses:
        yield paint(f"Missed: {counted(len(misses), 'failure')}", "red")
    for one in misses:
        when = local(one.at, time_zone)
        yield f"  {plain(one.report_id)} failed with {plain(one.code)}, {when}: {one.lacking}"


def _others(whole: CauseScore) -> Iterator[str]:
    for label in _OTHER:
        if whole.counts[label]:
            yield f"{label.capitalize()}: {whole.counts[label]}"
