"""`monitor status`: how fresh everything is, when Expensify synced, what is open, what is stuck."""

from __future__ import annotations

import click

from monitor.answers.known import known
from monitor.answers.standing import standing_of
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer, hand_over, paint_for, room_for
from monitor.clock import SystemClock


@click.command()
@click.option("--json", "is_json", is_flag=True, help="For programs.")
@click.pass_obj
def status(invocation: Invocation, *, is_json: bool) -> None:
    """How the monitor itself stands.

    Shows when each system was last read, which lists NetSuite shows, when each workspace last
    synced and how that is known, the open alerts, and whether messages reach Slack. What needs a
    person is red.

    \b
    Examples
      monitor status
      monitor status --json

    \b
    Ends with
      0    done, whatever it shows
      2    the database cannot be read
      3    nothing was read yet
      78   bad configuration, or a database from a newer version
    """
    with known(invocation.database(), time_zone=invocation.time_zone()) as database:
        standing = standing_of(database, now=SystemClock().now())
    if is_json:
        from monitor.cli.output.status_json import status_json

        return hand_over(status_json(standing))
    from monitor.cli.output.status_text import status_text

    return answer(status_text(standing, paint_for(invocation), room_for()))
