"""`monitor synced WORKSPACE`: records what a person read in Expensify, or exported from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import click

from monitor.adapters.store import Store
from monitor.answers.imports import WorkspaceSync
from monitor.answers.known import Known, writable
from monitor.cli.author import login_name
from monitor.cli.completing import offered_workspaces
from monitor.cli.files import STANDARD, text_of, unreadable
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer
from monitor.cli.output.sync_text import because, sync_lines
from monitor.clock import SystemClock
from monitor.config.stored import StoredSettings
from monitor.core.evidence import is_retracted, newest_statement, retraction
from monitor.core.sync import Bound, Evidence, Source
from monitor.core.workspace import Workspace
from monitor.errors import UsageError
from monitor.when import read_moment


@click.command()
@click.argument("workspace", shell_complete=offered_workspaces)
@click.option("--at", "said_at", metavar="TIME", help="When it was; default: now.")
@click.option("--failed", is_flag=True, help="That sync failed; the one before it still counts.")
@click.option(
    "--from-json",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="The policy as Expensify exports it (- = standard input).",
)
@click.option(
    "--exported", metavar="TIME", help="When FILE was exported; default: when it was written."
)
@click.option("--undo", is_flag=True, help="Take back what was said last.")
@click.option("--by", metavar="NAME", help="Who read it; default: your login name.")
@click.option("--note", metavar="TEXT", help="Anything worth remembering.")
@click.pass_obj
def synced(
    invocation: Invocation,
    workspace: str,
    said_at: str | None,
    file: Path | None,
    exported: str | None,
    *,
    failed: bool,
    undo: bool,
    by: str | None,
    note: str | None,
) -> None:
    """Tell the monitor when Expensify last synced with NetSuite.

    Read it in Expensify under Workspaces > (the workspace) > Accounting, and say it here. WORKSPACE
    is its name or its policy id. TIME is 2026-11-20T09:30 (in [schedule] time_zone),
    2026-11-20T14:30Z, or so long ago: 90m, 6h. Nothing is sent to Expensify.

    With --from-json the moments stand in FILE: the policy, its connections, or its NetSuite
    connection alone. Only the dates and the error of the last sync are read, no token.

    With --undo the newest statement about the workspace is taken back, by whomever; the next one
    takes back the one before it. It stays in the database, as mistaken.

    \b
    Examples
      monitor synced "Acme US"
      monitor synced "Acme US" --at 2h
      monitor synced "Acme US" --at 2026-11-20T09:30 --failed --note "refused"
      monitor synced "Acme US" --from-json policy.json
      monitor synced "Acme US" --undo

    \b
    Ends with
      0    done; prints what is now known
      2    there is no such workspace, TIME is unclear or in the future, FILE is
           of another one, or there is nothing to take back
      3    there is no database yet: a first cycle makes it
      78   bad configuration, or a database from a newer version
    """
    source = _Told(said_at, file, exported, ", ".join(filter(None, (by or login_name(), note))))
    source.check(is_failed=failed, is_undone=undo)
    now = SystemClock().now()
    with _writable(invocation) as database:
        (named,) = database.workspaces(workspace)
        zone = database.settings.time_zone
        if undo:
            mistaken = _taken_back(database.store, named, now, source.note)
        else:
            mistaken = ()
            rows = source.evidence(named, now, zone, is_failed=failed)
            _remember(database.store, rows)
        told = WorkspaceSync.of(database.store, named, now=now)
    undone = (f"Taken back: {because(row, zone)}." for row in mistaken)
    answer("\n".join((*undone, *sync_lines(told, zone))))


def _remember(store: Store, rows: tuple[Evidence, ...]) -> None:
    """Remember what is said; raises UsageError where a file says again what was taken back."""
    with store.immediate():
        known = store.evidence.all(rows[0].policy_id)
        if is_retracted(rows[0], known):
            raise UsageError("what this file says was taken back: export the policy once more")
        store.evidence.add(rows)


def _taken_back(
    store: Store, workspace: Workspace, now: datetime, note: str
) -> tuple[Evidence, ...]:
    """Take back what was said last of the workspace; raises UsageError where nothing was."""
    with store.immediate():
        said = newest_statement(store.evidence.all(workspace.policy_id))
        if not said:
            raise UsageError(f"nobody said anything of {workspace.name} that could be taken back")
        store.evidence.add([retraction(said[0], now=now, note=note)])
    return said


class _Told(NamedTuple):
    """What the options say of the sync, and who says it."""

    said_at: str | None
    file: Path | None
    exported: str | None
    note: str

    def check(self, *, is_failed: bool, is_undone: bool) -> None:
        """Refuse options that contradict each other."""
        if is_undone and (is_failed or any((self.said_at, self.file, self.exported))):
            raise UsageError("--undo takes back what was said last: say nothing else with it")
        if self.file is not None and (self.said_at is not None or is_failed):
            raise UsageError("--from-json says itself when it was: leave --at and --failed out")
        if self.file is None and self.exported is not None:
            raise UsageError("--exported is about the FILE of --from-json: name it, too")

    def evidence(
        self, workspace: Workspace, now: datetime, zone: str, *, is_failed: bool
    ) -> tuple[Evidence, ...]:
        """The rows that remember it."""
        if self.file is not None:
            from monitor.adapters.expensify.policy_json import evidence_from_policy

            exported_at = _written_at(self.file, now)
            if self.exported is not None:
                exported_at = read_moment(self.exported, now=now, time_zone=zone).moment
            text = text_of(self.file, _no_text)
            return evidence_from_policy(text, workspace, exported_at=exported_at, note=self.note)
        at = read_moment(self.said_at or "now", now=now, time_zone=zone).moment
        bound = Bound.FAILED if is_failed else Bound.EXACT
        return (Evidence(workspace.policy_id, bound, at, Source.OPERATOR, now, self.note),)


def _no_text(name: str) -> UsageError:
    return UsageError(f"{name} is no text: export the policy once more")


def _written_at(file: Path, now: datetime) -> datetime:
    """When the file was last written: what it says of the last sync is true as of then."""
    if file == STANDARD:
        return now
    try:
        return min(now, datetime.fromtimestamp(file.stat().st_mtime, UTC))
    except OSError as error:
        raise unreadable(str(file), error) from error


@contextmanager
def _writable(invocation: Invocation) -> Iterator[Known]:
    path, zone = invocation.database(), invocation.time_zone()
    with writable(path, lambda: _configured(invocation), time_zone=zone) as database:
        yield database


def _configured(invocation: Invocation) -> StoredSettings:
    """Until a cycle came so far, only the configuration knows the workspaces."""
    return StoredSettings.read(invocation.settings_without_secrets().public())
