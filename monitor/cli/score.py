"""`monitor score`: how good the predictions were, measured at real exports."""

from __future__ import annotations

import io
import sys
from datetime import datetime
from pathlib import Path

import click

from monitor.answers.known import known, writable
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer, paint_for, warn
from monitor.cli.output.words import Paint
from monitor.clock import SystemClock
from monitor.core.score import Score
from monitor.core.score import score as score_of
from monitor.errors import UsageError
from monitor.when import read_moment

_STDIN = Path("-")
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
    [schedule] time_zone.

    \b
    Examples
      monitor score
      monitor score --since 2w --json
      monitor score --import exports.csv

    \b
    Ends with
      0    done
      2    a row of FILE.csv could not be used (all others were), FILE.csv or WHEN cannot be read
      3    nothing was read yet
      78   bad configuration, or a database from a newer version
    """
    now = SystemClock().now()
    problems = _take(invocation, file, now) if file is not None else ()
    with known(invocation.database(), time_zone=invocation.time_zone()) as database:
        database.must_have_read()
        zone = database.settings.time_zone
        begin = read_moment(since, now=now, time_zone=zone).moment
        found = score_of(database.store.outcomes.since(begin))
    warn(problems)
    if problems:
        warn([_what_to_do(len(problems))])
    if is_json:
        answer(_as_json(found, begin, now))
    else:
        answer(_as_text(found, begin, zone, paint_for(invocation)))
    return _REFUSED_ROWS if problems else 0


def _as_json(found: Score, begin: datetime, now: datetime) -> str:
    from monitor.cli.output.score_json import score_json

    return score_json(found, since=begin, now=now)


def _as_text(found: Score, begin: datetime, zone: str, paint: Paint) -> str:
    from monitor.cli.output.score_text import score_text

    return score_text(found, begin, zone, paint)


def _what_to_do(refused: int) -> str:
    rows, them = ("1 row was", "it") if refused == 1 else (f"{refused} rows were", "them")
    return (
        f"{rows} not used, all others were: correct or remove {them} and import the file once more "
        "(what is known already counts once)"
    )


def _take(invocation: Invocation, file: Path, now: datetime) -> tuple[str, ...]:
    from monitor.answers.outcomes_csv import take_outcomes

    lines = _lines(file)
    path = invocation.database()
    with known(path) as database:
        database.must_have_read()
        settings = database.settings
    with writable(path, lambda: settings) as database:
        return take_outcomes(database, lines, now).problems


def _lines(file: Path) -> io.StringIO:
    try:
        text = sys.stdin.read() if file == _STDIN else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}") from error
    return io.StringIO(text, newline="")
