"""`monitor explain`: the chain of evidence behind a risk, a report or a record."""

from __future__ import annotations

import click

from monitor.answers.explained import Explanation
from monitor.answers.explained import explain as explanation_of
from monitor.answers.known import known
from monitor.cli.completing import offered_workspaces
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer, hand_over, paint_for, remark, room_for, warn
from monitor.clock import SystemClock


@click.command()
@click.argument("asked", metavar="RISK|REPORT|KIND:ID")
@click.option(
    "--workspace",
    metavar="NAME",
    shell_complete=offered_workspaces,
    help="Only this workspace (name or policy id).",
)
@click.option("--json", "is_json", is_flag=True, help="For programs.")
@click.pass_obj
def explain(invocation: Invocation, asked: str, workspace: str | None, *, is_json: bool) -> None:
    """Why a report would fail or not: all that the monitor knows, from what it saw to what helps.

    Shows the snapshots it rests on, which texts mean the record and how they were recognised, every
    rule (fired, not fired, off, refuted) and why, what is known of the import, the remedy, what
    would resolve it, and what no rule knows. Reads the database only.

    \b
    Examples
      monitor explain class:12
      monitor explain 4C6722D4BD2BD941/class:12
      monitor explain R-1041 --json

    \b
    Ends with
      0    done
      2    nothing is called that, or the database cannot be read
      3    nothing was read yet
      78   bad configuration, or a database from a newer version
    """
    with known(invocation.database(), time_zone=invocation.time_zone()) as database:
        explanation = explanation_of(database, asked.strip(), workspace, now=SystemClock().now())
    _tell(explanation, invocation, is_json=is_json)


def _tell(explanation: Explanation, invocation: Invocation, *, is_json: bool) -> None:
    warn(explanation.doubts)
    if is_json:
        from monitor.cli.output.explain_json import explain_json

        return hand_over(explain_json(explanation))
    from monitor.cli.output.explain_text import explain_text

    if not explanation.cases:
        remark("The report uses nothing that the monitor watches.", invocation)
    return answer(explain_text(explanation, paint_for(invocation), room_for()))
