"""`monitor db`: how big the database is, whether it is sound, and what it may give up."""

from __future__ import annotations

import re
from datetime import timedelta

import click

from monitor.adapters.store.connection import transaction
from monitor.adapters.store.existing import existing
from monitor.cli.group import WholeGroup
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer, hand_over, warn
from monitor.clock import SystemClock
from monitor.errors import UsageError

_SHORTEST = timedelta(days=30)
_YEAR = timedelta(days=365)
_BROKEN = 2


@click.group(cls=WholeGroup)
def db() -> None:
    """How big the database is, whether it is sound, and what it may give up.

    \b
    Examples
      monitor db stats
      monitor db check
      monitor db prune --dry-run
    """


@db.command()
@click.option("--json", "is_json", is_flag=True, help="For programs.")
@click.pass_obj
def stats(invocation: Invocation, *, is_json: bool) -> None:
    """Show size, rows and bytes of each table, the oldest that is kept, and what is free.

    \b
    Examples
      monitor db stats
      monitor db stats --json

    \b
    Ends with
      0    done
      2    the database cannot be read
      78   bad configuration, or a database from a newer version
    """
    from monitor.adapters.store.sizes import size_of
    from monitor.cli.output import sizes

    with existing(invocation.database(), read_only=True) as database:
        size = size_of(database)
    if is_json:
        return hand_over(sizes.size_json(size))
    return answer(sizes.size_text(size))


@db.command()
@click.pass_obj
def check(invocation: Invocation) -> None:
    """Look whether the database is sound: its pages, its references, and what we promise of it.

    \b
    Examples
      monitor db check
      monitor --db backups/monitor-20261120.db db check

    \b
    Ends with
      0    it is
      2    it is not, or cannot be read: says what, and what to do
      78   bad configuration, or a database from a newer version
    """
    from monitor.adapters.store.soundness import broken_in

    path = invocation.database()
    with existing(path, read_only=True) as database:
        broken = broken_in(database)
    if not broken:
        return answer(f"{path} is sound.")
    warn(f"{path}: {sentence}" for sentence in broken)
    warn(["stop the monitor, keep this file aside, and restore the newest backup in its place"])
    raise click.exceptions.Exit(_BROKEN)


@db.command()
@click.option(
    "--keep",
    "said",
    default="2y",
    show_default=True,
    metavar="TIME",
    help="How long: 90d, 2y; at least 30d.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@click.option("--compact", is_flag=True, help="Give the free space back to the disk.")
@click.pass_obj
def prune(invocation: Invocation, said: str, *, dry_run: bool, compact: bool) -> None:
    """Remove what is older than TIME and needed by nothing, and what only repeats.

    That are reports that left, letters of alerts that are over, recordings for `monitor replay`,
    and predictions that ended. Kept are all versions and changes of NetSuite's records, everything
    open, alerts, risks, outcomes of exports, and what people said. Safe beside a running monitor.

    \b
    Examples
      monitor db prune --dry-run
      monitor db prune --keep 1y --compact

    \b
    Ends with
      0    done; says what was removed
      2    TIME cannot be read, or the database cannot be written: nothing was
           removed
      78   bad configuration, or a database from a newer version
    """
    from monitor.adapters.store import pruning
    from monitor.cli.output.sizes import given_up_text

    path, before = invocation.database(), SystemClock().now() - _length(said)
    with existing(path, read_only=dry_run) as database:
        if dry_run:
            given_up = pruning.prunable(database, before)
        else:
            with transaction(database, path):
                given_up = pruning.prune(database, before)
            if compact:
                pruning.compact(database)
    answer(given_up_text(given_up, is_only_said=dry_run))


def _length(said: str) -> timedelta:
    from monitor.config.duration import parse_duration

    years = re.fullmatch(r"([1-9][0-9]?)y", said.strip())
    try:
        length = int(years[1]) * _YEAR if years else parse_duration(said.strip())
    except ValueError as error:
        raise UsageError(f"--keep {said!r}: write a length of time like 90d or 2y") from error
    if length < _SHORTEST:
        raise UsageError(f"--keep {said!r}: at least 30d, as younger things may be needed yet")
    return length
