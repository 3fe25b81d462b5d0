"""`monitor snooze ID`: not now; nothing but its end is told for a while."""

from __future__ import annotations

import click

from monitor.cli.completing import open_ids
from monitor.cli.controlling import (
    author,
    controlled,
    lasting,
    length_of,
    said_by,
    tell_laid,
)
from monitor.cli.invocation import Invocation
from monitor.clock import SystemClock
from monitor.controls import LASTS
from monitor.controls import snooze as lay_snooze


@click.command()
@click.argument("target", metavar="ID", shell_complete=open_ids)
@lasting
@click.option("--until-worse", is_flag=True, help="Until it gets worse, or a report really fails.")
@said_by
@click.pass_obj
def snooze(
    invocation: Invocation,
    target: str,
    *,
    for_: str | None,
    until: str | None,
    until_worse: bool,
    by: str | None,
    reason: str,
    is_json: bool,
) -> None:
    """Hear nothing of an alert or a risk for a while, but its end.

    ID is the number of an open alert, or the id of a risk that it tells of, as `monitor risks` and
    `monitor status` print them. Its message in Slack is still kept up to date, which notifies
    nobody. If it stands when the time is over, that is told once. With --until-worse it holds
    without an end (or with --for and --until: at most so long) until it gets worse or one of its
    reports really fails. It ends with the alert: what comes again is told.

    \b
    Examples
      monitor snooze 5
      monitor snooze 5 --for 2d --reason "month end first"
      monitor snooze 5 --until 2026-11-30T09:00
      monitor snooze 5 --until-worse

    \b
    Ends with
      0    done
      2    no such alert is open, nobody was told of the risk, or the time cannot
           be read or is over
      3    nothing was read yet
      78   bad configuration, or a database from a newer version
    """
    now = SystemClock().now()
    with controlled(invocation) as database:
        length = length_of(for_, until, now=now, time_zone=database.settings.time_zone)
        laid = lay_snooze(
            database.store,
            target,
            author=author(by),
            reason=reason,
            now=now,
            for_=length if length or until_worse else LASTS,
            until_worse=until_worse,
        )
        tell_laid(database, laid, now, is_json=is_json)
