"""`monitor report`: everything on one page of HTML, to read, print and pass on."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.answers.compare import Question
from monitor.answers.known import known
from monitor.answers.review import review_of
from monitor.cli.completing import offered_workspaces
from monitor.cli.files import STANDARD, must_be_replaceable, write_private
from monitor.cli.invocation import Invocation
from monitor.cli.output.page import PAGE_BEGINS, page
from monitor.cli.output.sizes import bytes_words
from monitor.cli.output.streams import answer, warn
from monitor.cli.output.words import plain
from monitor.clock import SystemClock


@click.command()
@click.option(
    "-o",
    "--output",
    "file",
    metavar="FILE.html",
    required=True,
    type=click.Path(path_type=Path),
    help="Where to write it (-: to standard output).",
)
@click.option("--since", metavar="WHEN", default="30d", help="Default: 30d.")
@click.option(
    "--workspace",
    metavar="NAME",
    shell_complete=offered_workspaces,
    help="Only this workspace (name or policy id).",
)
@click.option("--mask-people", is_flag=True, help="Initials for names, ids for reports' titles.")
@click.pass_obj
def report(
    invocation: Invocation, file: Path, since: str, workspace: str | None, *, mask_people: bool
) -> None:
    """Write one page: how fresh everything is, the risks now, alerts and changes since WHEN.

    The page is one file without scripts that loads nothing; it can be printed. It says what the
    database knows now, also while the monitor runs, and warns where that is old or incomplete.
    It names people unless --mask-people is given or alerts.mask_people is set. WHEN is as for
    `monitor diff`. FILE.html is readable by its owner only, and there only when it is whole. It
    takes the place of an older page, never of another file.

    \b
    Examples
      monitor report -o report.html
      monitor report -o report.html --since 7d --workspace "Acme US" --mask-people
      monitor report -o - --since last-sync > report.html

    \b
    Ends with
      0    done, whatever it shows
      2    FILE.html cannot be written, there is no such workspace, or WHEN cannot
           be read
      3    nothing was read yet
      78   bad configuration, or a database from a newer version
    """
    now, path = SystemClock().now(), invocation.database()
    Question(since=since).check(now)
    if file != STANDARD:
        must_be_replaceable(file, begins=PAGE_BEGINS)
    is_masked = mask_people or invocation.masks_people()
    with known(path, time_zone=invocation.time_zone()) as database:
        review = review_of(database, since, workspace, now=now, is_masked=is_masked)
    warn(review.doubts)
    written = page(review).encode()
    if file == STANDARD:
        return click.echo(written, nl=False)
    write_private(file, written)
    return answer(f"Wrote {plain(str(file))} ({bytes_words(len(written))}).")
