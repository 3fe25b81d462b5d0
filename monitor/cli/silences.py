"""`monitor silences`: what people laid over alerts and risks."""

from __future__ import annotations

import click

from monitor.answers.known import known
from monitor.answers.laid_over import in_force
from monitor.cli.controlling import names_of
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer, hand_over, remark, room_for
from monitor.clock import SystemClock


@click.command()
@click.option("--json", "is_json", is_flag=True, help="For programs.")
@click.pass_obj
def silences(invocation: Invocation, *, is_json: bool) -> None:
    """List the acknowledgements, snoozes and silences in force.

    One line each: its number, what it is about, who said so, until when, how many risks it is about
    or hides now, and why. `monitor unsilence NUMBER` lifts any of them.

    \b
    Examples
      monitor silences
      monitor silences --json

    \b
    Ends with
      0    done, also when there are none
      2    the database cannot be read
      3    nothing was read yet
      78   bad configuration, or a database from a newer version
    """
    now = SystemClock().now()
    with known(invocation.database(), time_zone=invocation.time_zone()) as database:
        found = in_force(database.store, now)
        names, zone = names_of(database), database.settings.time_zone
    if is_json:
        from monitor.cli.output.overlays_json import overlays_json

        return hand_over(overlays_json(found, now))
    if not found:
        return remark("Nothing is acknowledged, snoozed or silenced.", invocation)
    from monitor.cli.output.overlays_text import overlays_text

    return answer(overlays_text(found, names, zone, room_for()))
