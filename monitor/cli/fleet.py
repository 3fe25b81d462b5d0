"""`monitor fleet DB…`: one view over the databases of many instances, read only."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.answers.fleet import fleet_of
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer, hand_over, paint_for, room_for
from monitor.clock import SystemClock
from monitor.errors import UsageError


@click.command()
@click.argument("paths", metavar="DB...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "is_json", is_flag=True, help="For programs.")
@click.option("--exit-code", is_flag=True, help="End 1, 3 or 4 by the worst of them.")
@click.pass_obj
def fleet(
    invocation: Invocation, paths: tuple[Path, ...], *, is_json: bool, exit_code: bool
) -> int:
    """How many instances stand, one row for each database, the worst first.

    DB is a database, or a folder with a monitor.db. Shows what `monitor health` says of it, how
    long ago each system was read, the last sync of the workspace that synced longest ago ("≤": no
    longer ago than that, "≥": no later than that), open alerts, what waits for Slack, and the
    reports at risk, each currency by itself; -v adds every workspace's last sync and how it is
    known. Needs no configuration and changes nothing. A database that cannot be read is a row with
    the reason, and the others are shown all the same.

    \b
    Examples
      monitor fleet /var/lib/sync-drift-monitor-*/monitor.db
      monitor fleet -v acme/ globex/
      monitor fleet --json --exit-code /var/lib/sync-drift-monitor-*

    \b
    Ends with the first of these that applies to any database
      2    it cannot be read
      78   a newer version wrote it
      3    it is not there; with --exit-code also when it is not healthy, or a
           part of it cannot be seen
      4    Slack refused a message for good (only with --exit-code)
      1    there are risks (only with --exit-code)
      0    done
    """
    if invocation.db is not None:
        raise UsageError("name every database behind `monitor fleet`, and leave --db out")
    found = fleet_of(paths, now=SystemClock().now())
    if is_json:
        from monitor.cli.output.fleet_json import fleet_json

        hand_over(fleet_json(found))
    else:
        from monitor.cli.output.fleet_text import fleet_text

        is_loud = invocation.verbosity > 0
        answer(fleet_text(found, paint_for(invocation), room=room_for(), has_syncs=is_loud))
    return found.exit_code(is_asked=exit_code)
