"""`monitor risks`: the pending reports that would fail now, why, and what fixes it."""

from __future__ import annotations

import click

from monitor.answers.exposure import Exposure, exposure_of
from monitor.answers.known import known
from monitor.cli.completing import offered_workspaces
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer, hand_over, paint_for, remark, room_for, warn
from monitor.clock import SystemClock

_AT_RISK = 1
_DOUBTFUL = 3


@click.command()
@click.option(
    "--workspace",
    metavar="NAME",
    shell_complete=offered_workspaces,
    help="Only this workspace (name or policy id).",
)
@click.option("--employees", is_flag=True, help="Also employees whose defaults would be refused.")
@click.option("--json", "is_json", is_flag=True, help="For programs.")
@click.option("--exit-code", is_flag=True, help="End 1 when there are risks.")
@click.pass_obj
def risks(
    invocation: Invocation,
    workspace: str | None,
    *,
    employees: bool,
    is_json: bool,
    exit_code: bool,
) -> int:
    """The pending reports that NetSuite would refuse now: why, how sure that is, what fixes it.

    Says what the last cycle found, and how old that is; looks at nothing anew. Drafts are listed
    too: a draft alone opens no alert; it is listed and counted in the message of one. With
    --employees it also names the employees whose default class, department or location NetSuite
    would refuse today, with or without a pending report.

    \b
    Examples
      monitor risks
      monitor risks --workspace "Acme US"
      monitor risks --employees
      monitor risks --json --exit-code

    \b
    Ends with
      0    done
      1    there are risks, or such employees (only with --exit-code)
      2    there is no such workspace, or the database cannot be read
      3    nothing was read yet; with --exit-code also when a source or list
           cannot be seen
      78   bad configuration, or a database from a newer version
    """
    with known(invocation.database(), time_zone=invocation.time_zone()) as database:
        exposure = exposure_of(
            database, workspace, now=SystemClock().now(), is_asking_for_employees=employees
        )
    _tell(exposure, invocation, is_json=is_json)
    return _code(exposure) if exit_code else 0


def _tell(exposure: Exposure, invocation: Invocation, *, is_json: bool) -> None:
    warn(exposure.doubts)
    if is_json:
        from monitor.cli.output.risks_json import risks_json

        return hand_over(risks_json(exposure))
    from monitor.cli.output.risks_text import age_sentence, risks_text

    if not exposure.risks:
        remark("No pending report would fail, as far as the monitor can see.", invocation)
    if exposure.employees == ():
        remark("No employee's default would be refused, as far as it can be seen.", invocation)
    answer(risks_text(exposure, paint_for(invocation), room_for()))
    for off in exposure.rules_off:
        if not off.is_blind:  # the others stand among the doubts already
            remark(off.sentence[0].upper() + off.sentence[1:], invocation)
    return remark(age_sentence(exposure.freshness), invocation)


def _code(exposure: Exposure) -> int:
    if exposure.doubts:
        return _DOUBTFUL
    return _AT_RISK if exposure.risks or exposure.employees else 0
