"""`monitor diff`: what changed in NetSuite between two moments, and what Expensify knows of it."""

from __future__ import annotations

import click

from monitor.answers.compare import Question, compare
from monitor.answers.difference import Difference
from monitor.answers.known import known
from monitor.cli.arguments import kinds_from, record_from
from monitor.cli.completing import offered_kinds, offered_workspaces
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer, hand_over, paint_for, remark, room_for, showing, warn
from monitor.clock import SystemClock
from monitor.errors import UsageError

_DIFFERENT = 1
_DOUBTFUL = 3


@click.command()
@click.option("--since", metavar="WHEN", default="last-sync", help="Default: last-sync.")
@click.option("--until", metavar="WHEN", help="Default: the newest snapshot.")
@click.option(
    "--kind",
    "kinds",
    metavar="KIND,…",
    multiple=True,
    shell_complete=offered_kinds,
    help="Only these lists.",
)
@click.option("--record", "records", metavar="KIND:ID", multiple=True, help="Only this record.")
@click.option(
    "--workspace",
    metavar="NAME",
    shell_complete=offered_workspaces,
    help="Only this workspace's sync (name or policy id).",
)
@click.option("--each", "is_each", is_flag=True, help="Every step in between, oldest first.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), help="How to say it.")
@click.option("--json", "is_json", is_flag=True, help="The same as --format json.")
@click.option("--stat", is_flag=True, help="Only how many changes there are, list by list.")
@click.option("--exit-code", is_flag=True, help="End 1 when something is different.")
@click.option("--refresh", is_flag=True, help="Read NetSuite and Expensify first, and store it.")
@click.pass_obj
def diff(
    invocation: Invocation,
    since: str,
    until: str | None,
    kinds: tuple[str, ...],
    records: tuple[str, ...],
    workspace: str | None,
    form: str | None,
    *,
    is_each: bool,
    is_json: bool,
    stat: bool,
    exit_code: bool,
    refresh: bool,
) -> int:
    """What changed in NetSuite, by default since Expensify last synced.

    Reads the database only, also while the monitor runs. WHEN is one of

    \b
      last-sync             when Expensify last synced (of several: the oldest)
      baseline              the first snapshot
      @42  @-1  @-2         a snapshot by its id; the newest; the one before it
      2026-11-20T09:30Z     a moment; without a zone it is in [schedule] time_zone
      2026-11-20            the beginning of that day
      today  yesterday      the same
      90m  6h  3d  2w  1y   so long ago (a year is 365 days)
      now

    \b
    Examples
      monitor diff
      monitor diff --since yesterday --kind class,department
      monitor diff --since baseline --record class:12 --each
      monitor diff --workspace "Acme US" --json --exit-code

    \b
    Ends with
      0    done
      1    something is different (only with --exit-code)
      2    the question cannot be understood, a record was never seen, or the
           database cannot be read
      3    nothing was read yet; with --exit-code also when the newest reading is
           old or incomplete, or --until lies before the first
      78   bad configuration, or a database from a newer version
    """
    form = _form(form, is_json=is_json, is_stat=stat)
    question = Question(
        since=since,
        until=until,
        kinds=kinds_from(kinds),
        records=tuple(record_from(record) for record in records),
        workspace=workspace,
        is_each=is_each,
    )
    now = SystemClock().now()
    question.check(now)
    if refresh:
        _read_both_systems(invocation)
        now = SystemClock().now()
    with known(invocation.database(), time_zone=invocation.time_zone()) as database:
        difference = compare(database, question, now=now)
    _tell(difference, form, invocation, is_stat=stat)
    return _code(difference) if exit_code else 0


def _read_both_systems(invocation: Invocation) -> None:
    from monitor.app import refresh
    from monitor.logs import start_logs

    invocation.refuse_db("--refresh")
    settings = invocation.settings()
    start_logs(verbosity=invocation.verbosity, color=invocation.color)
    with showing(invocation) as line:
        refresh(settings, line.meanwhile)


def _form(form: str | None, *, is_json: bool, is_stat: bool) -> str:
    if is_json and form not in (None, "json"):
        raise UsageError(f"--json and --format {form} contradict each other: leave one out")
    if is_stat and (is_json or form in ("json", "csv")):
        raise UsageError("--stat is text: leave it out (JSON has its numbers under `summary`)")
    return "json" if is_json else form or "text"


def _tell(difference: Difference, form: str, invocation: Invocation, *, is_stat: bool) -> None:
    """Print the answer; each form is imported only when it is wanted."""
    warn((*difference.remarks, *difference.doubts))
    if form == "json":
        from monitor.cli.output.diff_json import diff_json

        return hand_over(diff_json(difference))
    if form == "csv":
        from monitor.cli.output.diff_csv import diff_csv

        return hand_over(diff_csv(difference))
    from monitor.cli.output.diff_text import diff_text, span_sentence, stat_text

    remark(span_sentence(difference), invocation)
    if is_stat:
        return answer(stat_text(difference, room_for()))
    return answer(diff_text(difference, paint_for(invocation)))


def _code(difference: Difference) -> int:
    if difference.doubts:
        return _DOUBTFUL
    return _DIFFERENT if difference.changes else 0
