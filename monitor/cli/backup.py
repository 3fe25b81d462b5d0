"""`monitor backup DIR`: a checked copy of the database, also while the daemon writes."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.adapters.store.backup import back_up
from monitor.cli.invocation import Invocation
from monitor.cli.output.sizes import bytes_words
from monitor.cli.output.streams import answer
from monitor.cli.output.words import plain
from monitor.clock import SystemClock


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    default=14,
    show_default=True,
    metavar="N",
    help="How many backups of this database stay in DIR.",
)
@click.pass_obj
def backup(invocation: Invocation, folder: Path, keep: int) -> None:
    """Copy the database into the folder DIR, also while the daemon writes to it.

    The copy is consistent, checked, readable by its owner only, and appears in DIR only when it is
    whole. It is named by the moment (UTC) and the account; the oldest of this database's backups
    beyond N are removed then, and no other file is touched. To restore one: stop the monitor,
    remove the -journal beside the database, and copy it over the database.

    \b
    Examples
      monitor backup /var/backups/monitor
      monitor backup /var/backups/monitor --keep 30

    \b
    Ends with
      0    done; prints what it wrote
      2    no backup was made: says why, and what is there still stands
      78   bad configuration, or a database from a newer version
    """
    made = back_up(invocation.database(), folder, at=SystemClock().now(), keep=keep)
    answer(f"Wrote {plain(str(made.path))} ({bytes_words(made.size)}, checked).")
    for old in made.removed:
        answer(f"Removed {plain(old.name)}.")
    answer(f"{plain(str(folder))} holds {made.kept} of at most {keep}.")
