"""`monitor trust RULE`: a person says that a rule may speak again."""

from __future__ import annotations

import click

from monitor.answers.known import known, writable
from monitor.cli.author import login_name
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer
from monitor.clock import SystemClock
from monitor.core.refutations import Cap, Refutations, Trust
from monitor.core.risks import Cause
from monitor.errors import UsageError


@click.command()
@click.argument("rule")
@click.option("--reason", default="", help="Why, for whoever asks later.")
@click.option("--by", help="Who says so. Default: the name you are logged in with.")
@click.pass_obj
def trust(invocation: Invocation, rule: str, reason: str, by: str | None) -> None:
    """Let a rule speak again that clean exports had spoken against.

    When two reports are exported although a rule said that NetSuite would refuse them, the rule
    says no more than "possible" in this account, and nobody is alerted by it alone. Look at those
    reports first: `monitor check` names them. Two more clean exports cap the rule again; what an
    export showed of its own record stands.

    \b
    Examples
      monitor trust inactive --reason "the class was opened for an hour"

    \b
    Ends with
      0    done
      2    there is no such rule, or it is not capped
      3    nothing was read yet
      78   bad configuration, or a database from a newer version
    """
    cause = _cause(rule)
    path = invocation.database()
    with known(path) as database:
        database.must_have_read()
        settings = database.settings
        _must_be_capped(cause, (database.store.lessons.known() or Refutations()).caps())
    with writable(path, lambda: settings) as database, database.store.immediate():
        lifted = Trust(cause, SystemClock().now(), by or login_name(), reason)
        database.store.lessons.trust(lifted)
    answer(f"From the next cycle on the rule {cause.code} speaks again.")


def _cause(rule: str) -> Cause:
    said = rule.strip().lower().replace("-", "_")
    found = next((cause for cause in Cause if cause.code == said), None)
    if found is not None:
        return found
    from difflib import get_close_matches

    codes = [cause.code for cause in Cause]
    near = get_close_matches(said, codes, n=1)
    hint = f"did you mean {near[0]}?" if near else f"write one of {', '.join(codes)}"
    raise UsageError(f"there is no rule {rule.strip()!r}: {hint}")


def _must_be_capped(cause: Cause, caps: tuple[Cap, ...]) -> None:
    capped = [cap.cause.code for cap in caps]
    if cause.code not in capped:
        others = f"capped: {', '.join(capped)}" if capped else "no rule is capped"
        raise UsageError(
            f"the rule {cause.code} is not capped, there is nothing to lift ({others})"
        )
