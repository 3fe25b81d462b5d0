"""`monitor accept-deletions KIND`: a person says that a mass disappearance was real."""

from __future__ import annotations

import click

from monitor.answers.known import Known, known, writable
from monitor.cli.arguments import kind_from
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer
from monitor.clock import SystemClock
from monitor.core.records import ListState
from monitor.errors import UsageError


@click.command("accept-deletions")
@click.argument("kind")
@click.pass_obj
def accept_deletions(invocation: Invocation, kind: str) -> None:
    """Believe that the records of a held list are really gone.

    When many records of a list vanish at once, the monitor holds the list: it does not call them
    deleted until NetSuite confirms it or you say so. Look at NetSuite first. The next cycle then
    counts them as deleted; `monitor status` shows which lists are held.

    \b
    Examples
      monitor accept-deletions class

    \b
    Ends with
      0    done
      2    there is no such list, or it is not held
      3    nothing was read yet
      78   bad configuration, or a database from a newer version
    """
    kind = kind_from(kind)
    path = invocation.database()
    with known(path) as database:
        database.must_have_read()
        _must_be_held(database, kind)
        settings = database.settings
    with writable(path, lambda: settings) as database, database.store.immediate():
        database.store.snapshots.accept_deletions(kind, SystemClock().now())
    answer(f"The next cycle counts the vanished {kind} records as deleted.")


def _must_be_held(database: Known, kind: str) -> None:
    lists = database.freshness(SystemClock().now()).lists
    held = [reading.kind for reading in lists if reading.state is ListState.HELD]
    if kind not in held:
        others = f"held: {', '.join(held)}" if held else "no list is held"
        raise UsageError(f"the list {kind} is not held, there is nothing to accept ({others})")
