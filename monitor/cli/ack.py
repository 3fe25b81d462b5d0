"""`monitor ack ID`: somebody is at it, so nobody is reminded."""

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
from monitor.controls import LASTS, acknowledge


@click.command()
@click.argument("target", metavar="ID", shell_complete=open_ids)
@lasting
@said_by
@click.pass_obj
def ack(
    invocation: Invocation,
    target: str,
    *,
    for_: str | None,
    until: str | None,
    by: str | None,
    reason: str,
    is_json: bool,
) -> None:
    """Say that somebody is at an alert or a risk: no reminders of it for a while.

    ID is the number of an open alert, or the id of a risk that it tells of, as `monitor risks` and
    `monitor status` print them. The message in Slack shows who and why. What gets worse, a real
    failure and the end are still told. A second one takes the place of the first, and it ends with
    the alert: what comes again is told.

    \b
    Examples
      monitor ack 5
      monitor ack 5 --reason "recoding them today" --for 2d
      monitor ack 4C6722D4BD2BD941/class:12 --by dana --until 2026-11-30

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
        laid = acknowledge(
            database.store,
            target,
            author=author(by),
            reason=reason,
            now=now,
            for_=length or LASTS,
        )
        tell_laid(database, laid, now, is_json=is_json)
