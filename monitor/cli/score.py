"""`monitor score`: how good the predictions were, measured at real exports."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.answers.known import known, writable
from monitor.cli.files import name_of, no_utf8_csv, text_of
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer, hand_over, paint_for, room_for, warn
from monitor.cli.output.words import Paint
from monitor.clock import SystemClock
from monitor.core.score import Score
from monitor.core.score import score as score_of
from monitor.when import read_moment

if TYPE_CHECKING:
    from monitor.answers.outcomes_csv import Taken

_REFUSED_ROWS = 2


@click.command()
@click.option("--since", metavar="WHEN", default="90d", help="Default: 90d.")
@click.option(
    "--import",
    "file",
    metavar="FILE.csv",
    type=click.Path(dir_okay=False, path_type=Path),
    help="First take outcomes from elsewhere (-: from standard input).",
)
@click.option("--json", "is_json", is_flag=True, help="For programs.")
@click.pass_obj
def score(invocation: Invocation, since: str, file: Path | None, *, is_json: bool) -> int:
    """Hold what was predicted against the exports that were tried.

    Precision: of what was predicted and tried, how much failed as predicted. Recall: of the
    failures that some rule is about, how many were predicted. Only what was called certain or
    likely counts. Every cycle reads the outcomes from the reports' histories.

    FILE.csv tells outcomes from elsewhere. Its first line names the columns: report_id, at,
    outcome (failed or exported), and if known code and words. A time without a zone is in
    [schedule] time_zone. An export counts as a false alarm only when Expensify was read again after
    it and the prediction still stood; otherwise it is said which reports do not count, and why.

    \b
    The columns
      told before   how long before the failure it was predicted (the median)
      fixed first   predicted, but mended before the export: neither right nor
                    wrong
      not tested    the export showed nothing of it: another risk failed the
                    report first, or nobody knows whether something had been fixed

    \b
    Examples
      monitor score
      monitor score --since 2w --json
      monitor score --import exports.csv

    \b
    Ends with
      0    done
      2    a row of FILE.csv could not be used (the others were), FILE.csv or WHEN
           cannot be read
      3    nothing was read yet
      78   bad configuration, or a database from a newer version
    """
    now = SystemClock().now()
    taken = _take(invocation, file, now) if file is not None else None
    with known(invocation.database(), time_zone=invocation.time_zone()) as database:
        database.must_have_read()
        zone = database.settings.time_zone
        begin = read_moment(since, now=now, time_zone=zone).moment
        found = score_of(database.store.outcomes.since(begin))
    if taken is not None:
        from monitor.cli.output.taken_text import taken_lines

        warn(taken_lines(taken))
    if is_json:
        hand_over(_as_json(found, begin, now))
    else:
        answer(_as_text(found, begin, zone, paint_for(invocation)))
    return _REFUSED_ROWS if taken is not None and taken.problems else 0


def _as_json(found: Score, begin: datetime, now: datetime) -> str:
    from monitor.cli.output.score_json import score_json

    return score_json(found, since=begin, now=now)


def _as_text(found: Score, begin: datetime, zone: str, paint: Paint) -> str:
    from monitor.cli.output.score_text import score_text

    return score_text(found, begin, zone, paint, room_for())


def _take(invocation: Invocation, file: Path, now: datetime) -> Taken:
    from monitor.answers.outcomes_csv import take_outcomes

    text = text_of(file, no_utf8_csv)
    path = invocation.database()
    with known(path) as database:
        database.must_have_read()
        settings = database.settings
    with writable(path, lambda: settings) as database:
        return take_outcomes(database, io.StringIO(text, newline=""), now, name=name_of(file))
