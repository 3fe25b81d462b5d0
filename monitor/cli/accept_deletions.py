"""`monitor accept-deletions KIND`: a person says that a mass disappearance was real."""

from __future__ import annotations

import click

from monitor.adapters.store import Store
from monitor.answers.known import Known, known, writable
from monitor.cli.arguments import kind_from
from monitor.cli.author import login_name
from monitor.cli.completing import offered_kind, offered_workspaces
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer
from monitor.clock import SystemClock
from monitor.core.message.lost import place_words
from monitor.core.message.words import listed
from monitor.core.records import ListState
from monitor.core.workspace import Workspace
from monitor.errors import UsageError
from monitor.offered import accept_losses


@click.command("accept-deletions")
@click.argument("kind", shell_complete=offered_kind)
@click.option(
    "--workspace",
    metavar="NAME",
    shell_complete=offered_workspaces,
    help="Of its lists in Expensify: a name or policy id.",
)
@click.option("--by", metavar="NAME", help="Who accepts it there; default: your login name.")
@click.pass_obj
def accept_deletions(
    invocation: Invocation, kind: str, workspace: str | None, by: str | None
) -> None:
    """Believe that the records of a held list are really gone.

    When many records of a list vanish at once, the monitor holds the list: it does not call them
    deleted until NetSuite confirms it or you say so. Look at NetSuite first. The next cycle then
    counts them as deleted; `monitor status` shows which lists are held.

    With --workspace it is about Expensify's own lists: the values of this kind that the workspace
    no longer offers, though NetSuite has the records, went on purpose. From the next cycle on the
    list counts as it is now, and its alert ends.

    \b
    Examples
      monitor accept-deletions class
      monitor accept-deletions class --workspace "Acme US"

    \b
    Ends with
      0    done
      2    there is no such list or workspace, or nothing of it is held or lost
      3    nothing was read yet
      78   bad configuration, or a database from a newer version
    """
    kind = kind_from(kind)
    path = invocation.database()
    with known(path) as database:
        database.must_have_read()
        settings = database.settings
        named = database.workspaces(workspace)[0] if workspace is not None else None
        if named is None:
            _must_be_held(database, kind)
    with writable(path, lambda: settings) as database, database.store.immediate():
        if named is not None:
            said = _accept_losses(database.store, named, kind, by or login_name())
        else:
            database.store.snapshots.accept_deletions(kind, SystemClock().now())
            said = f"The next cycle counts the vanished {kind} records as deleted."
    answer(said)


def _accept_losses(store: Store, workspace: Workspace, kind: str, author: str) -> str:
    lost = accept_losses(store, workspace, kind, author=author, at=SystemClock().now())
    if not lost:
        raise UsageError(
            f"{workspace.name} has lost no list of {kind} in Expensify, there is nothing to accept"
        )
    places = listed(place_words(one) for one in lost)
    return f"From the next cycle on {places} of {workspace.name} counts as it is now."


def _must_be_held(database: Known, kind: str) -> None:
    lists = database.freshness(SystemClock().now()).lists
    held = [reading.kind for reading in lists if reading.state is ListState.HELD]
    if kind not in held:
        others = f"held: {', '.join(held)}" if held else "no list is held"
        raise UsageError(f"the list {kind} is not held, there is nothing to accept ({others})")
