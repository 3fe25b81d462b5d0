"""`monitor what-if`: which reports would fail if something were done in NetSuite now."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.answers.known import known
from monitor.answers.rehearsal import Rehearsal, rehearse
from monitor.cli.completing import offered_workspaces
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer, hand_over, paint_for, remark, room_for, warn
from monitor.cli.suppositions import suppositions_from
from monitor.clock import SystemClock

_BREAKS = 1
_DOUBTFUL = 3


@click.command(name="what-if")
@click.option("--inactivate", metavar="KIND:ID", multiple=True, help="Make the record inactive.")
@click.option("--reactivate", metavar="KIND:ID", multiple=True, help="Make it active again.")
@click.option("--rename", metavar="KIND:ID=NAME", multiple=True, help="Give it another name.")
@click.option(
    "--move", metavar="KIND:ID=PARENT", multiple=True, help="Put it below another (none: the top)."
)
@click.option(
    "--remove-subsidiary", metavar="KIND:ID=ID", multiple=True, help="Take a subsidiary from it."
)
@click.option(
    "--add-subsidiary", metavar="KIND:ID=ID", multiple=True, help="Open it to a subsidiary."
)
@click.option("--delete", metavar="KIND:ID", multiple=True, help="Delete the record.")
@click.option(
    "--from-csv",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Many changes: kind,id,change,value.",
)
@click.option(
    "--workspace",
    metavar="NAME",
    shell_complete=offered_workspaces,
    help="Only this workspace (name or policy id).",
)
@click.option("--json", "is_json", is_flag=True, help="For programs.")
@click.option("--exit-code", is_flag=True, help="End 1 when a report would break.")
@click.pass_obj
def what_if(
    invocation: Invocation,
    /,
    file: Path | None,
    workspace: str | None,
    *,
    is_json: bool,
    exit_code: bool,
    **changes: tuple[str, ...],
) -> int:
    """Which pending reports would fail if this were done in NetSuite now, and which would be cured.

    All changes together, by the rules that watch the present. Nothing is written anywhere: not to
    NetSuite, not to Expensify, not to the database. The paths of what lies below a renamed or moved
    record follow it.

    \b
    Examples
      monitor what-if --inactivate class:12
      monitor what-if --rename "class:12=Brand" --move class:14=10
      monitor what-if --remove-subsidiary class:12=3 --exit-code
      monitor what-if --from-csv cleanup.csv --json

    \b
    A line of the file, below the header kind,id,change,value
      class,12,remove-subsidiary,3

    \b
    Ends with
      0    done; also when reports may break and none is expected to
      1    a report would break (only with --exit-code)
      2    something cannot be done or understood (all of it is said at once)
      3    nothing was read yet; with --exit-code also when a source or list
           cannot be seen
      78   bad configuration, or a database from a newer version
    """
    options = {name.replace("_", "-"): texts for name, texts in changes.items()}
    told = suppositions_from(options, file)
    with known(invocation.database(), time_zone=invocation.time_zone()) as database:
        rehearsal = rehearse(database, told, workspace, now=SystemClock().now())
    _tell(rehearsal, invocation, is_json=is_json)
    return _code(rehearsal) if exit_code else 0


def _tell(rehearsal: Rehearsal, invocation: Invocation, *, is_json: bool) -> None:
    warn((*rehearsal.remarks, *rehearsal.doubts))
    if is_json:
        from monitor.cli.output.what_if_json import what_if_json

        return hand_over(what_if_json(rehearsal))
    from monitor.cli.output.what_if_text import what_if_text

    if not rehearsal.broken:
        remark(_unbroken(len(rehearsal.doubtful)), invocation)
    return answer(what_if_text(rehearsal, paint_for(invocation), room_for()))


def _unbroken(doubtful: int) -> str:
    if doubtful:
        return f"No pending report would break for certain; {doubtful} may."
    return "No pending report would break, as far as the monitor can see."


def _code(rehearsal: Rehearsal) -> int:
    if rehearsal.doubts:
        return _DOUBTFUL
    return _BREAKS if rehearsal.broken else 0
