"""`monitor synced WORKSPACE`: records what a person read on Expensify's accounting page."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

import click

from monitor.answers.imports import WorkspaceSync
from monitor.answers.known import Known, writable
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer
from monitor.cli.output.sync_text import sync_lines
from monitor.clock import SystemClock
from monitor.config.stored import StoredSettings
from monitor.core.sync import Bound, Evidence, Source
from monitor.errors import UsageError
from monitor.when import read_moment


@click.command()
@click.argument("workspace")
@click.option("--at", "said_at", metavar="TIME", default="now", help="When it was; default: now.")
@click.option("--failed", is_flag=True, help="That sync failed; the one before it still counts.")
@click.option("--by", metavar="NAME", help="Who read it; default: your login name.")
@click.option("--note", metavar="TEXT", help="Anything worth remembering.")
@click.pass_obj
def synced(
    invocation: Invocation,
    workspace: str,
    said_at: str,
    *,
    failed: bool,
    by: str | None,
    note: str | None,
) -> None:
    """Tell the monitor when Expensify last synced with NetSuite.

    Read it in Expensify under Workspaces > (the workspace) > Accounting, and say it here. WORKSPACE
    is its name or its policy id. TIME is 2026-11-20T09:30 (in [schedule] time_zone),
    2026-11-20T14:30Z, or so long ago: 90m, 6h. Nothing is sent to Expensify.

    \b
    Examples
      monitor synced "Acme US"
      monitor synced "Acme US" --at 2h
      monitor synced "Acme US" --at 2026-11-20T09:30 --failed --note "login refused"

    \b
    Ends with
      0    done; prints what is now known
      2    there is no such workspace, or TIME is unclear or in the future
      78   bad configuration, or a database from a newer version
    """
    now = SystemClock().now()
    with _writable(invocation) as database:
        (named,) = database.workspaces(workspace)
        at = read_moment(said_at, now=now, time_zone=database.settings.time_zone)
        row = Evidence(
            policy_id=named.policy_id,
            bound=Bound.FAILED if failed else Bound.EXACT,
            moment=at.moment,
            source=Source.OPERATOR,
            observed_at=now,
            note=", ".join(part for part in (by or _login_name(), note) if part),
        )
        with database.store.immediate():
            database.store.evidence.add([row])
        told = WorkspaceSync.of(database.store, named, now=now)
    answer("\n".join(sync_lines(told, database.settings.time_zone)))


@contextmanager
def _writable(invocation: Invocation) -> Iterator[Known]:
    if invocation.db is not None and not invocation.db.exists():
        raise UsageError(f"{invocation.db} is not there: name the database of a monitor")
    with writable(invocation.database(), lambda: _configured(invocation)) as database:
        yield database


def _configured(invocation: Invocation) -> StoredSettings:
    """Before the first cycle only the configuration knows the workspaces."""
    return StoredSettings.read(invocation.settings().public())


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container without an entry for its user
        return ""
