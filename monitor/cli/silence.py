"""`monitor silence`: never mind what matches, for a while."""

from __future__ import annotations

import click

from monitor.cli.arguments import risk_kind_from
from monitor.cli.completing import offered_risk_kind, offered_workspaces
from monitor.cli.controlling import author, controlled, lasting, length_of, said_by, tell_laid
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import remark
from monitor.clock import SystemClock
from monitor.controls import LASTS
from monitor.controls import silence as lay_silence
from monitor.core.alerts import Matcher
from monitor.errors import UsageError


@click.command()
@click.option(
    "--kind",
    multiple=True,
    metavar="KIND",
    shell_complete=offered_risk_kind,
    help="Only this list: class, customer, …",
)
@click.option("--match", "pattern", multiple=True, metavar="NAMES", help="Only such names: 'zz-*'.")
@click.option(
    "--workspace",
    multiple=True,
    metavar="NAME",
    shell_complete=offered_workspaces,
    help="Only this workspace (name or policy id).",
)
@lasting
@said_by
@click.pass_obj
def silence(
    invocation: Invocation,
    kind: tuple[str, ...],
    pattern: tuple[str, ...],
    workspace: tuple[str, ...],
    *,
    for_: str | None,
    until: str | None,
    by: str | None,
    reason: str,
    is_json: bool,
) -> None:
    """Tell nobody of the risks that match, for a while.

    NAMES is compared with the full name and with its last part: * stands for any text, ? for one
    character, and capitals do not matter. What was told already is only snoozed: its end is told.
    `monitor risks` lists silenced risks all the same, and the daily summary counts them. What still
    stands when the silence is over is told then.

    \b
    Examples
      monitor silence --kind class --match 'zz-*' --for 7d --reason "retired soon"
      monitor silence --match 'Sales : Marketing' --until 2026-11-30
      monitor silence --workspace "Acme UK" --kind project

    \b
    Ends with
      0    done, also when nothing matches today (stderr says so)
      2    everything would match, no such list or workspace, or the time cannot
           be read or is over
      3    nothing was read yet
      78   bad configuration, or a database from a newer version
    """
    now = SystemClock().now()
    kind_said, names = _once("--kind", kind), _once("--match", pattern)
    named = risk_kind_from(kind_said) if kind_said else ""
    where = _once("--workspace", workspace)
    with controlled(invocation) as database:
        length = length_of(for_, until, now=now, time_zone=database.settings.time_zone)
        policy_id = database.workspaces(where)[0].policy_id if workspace else ""
        laid = lay_silence(
            database.store,
            Matcher(named, names, policy_id),
            author=author(by),
            reason=reason,
            now=now,
            for_=length or LASTS,
        )
        is_needed = tell_laid(database, laid, now, is_json=is_json)
    if not is_needed:
        remark("No risk matches it today.", invocation)


def _once(option: str, said: tuple[str, ...]) -> str:
    """The one value of the option; raises UsageError for several: none is dropped silently."""
    if len(said) > 1:
        raise UsageError(f"write {option} once: each silence is about one (lay one after another)")
    return said[0].strip() if said else ""
