"""`monitor check`: tries everything the monitor needs, and says what to do about what is amiss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer, hand_over, paint_for, room_for, showing

if TYPE_CHECKING:
    from monitor.checking import Finding

_BAD = 2


@click.command()
@click.option("--offline", is_flag=True, help="Only the configuration and this machine.")
@click.option("--json", "is_json", is_flag=True, help="As JSON.")
@click.pass_obj
def check(invocation: Invocation, offline: bool, is_json: bool) -> int:
    """Try the configuration, the credentials, every list, and the Slack channel.

    Says also what is too much. It only reads, and Slack hears nothing (`monitor test-alert` sends a
    sample); its questions count among those that Expensify allows. With -q only what is not in
    order is listed.

    \b
    Examples
      monitor check
      monitor check --offline
      monitor check -q

    \b
    Ends with
      0    all that is needed works (also with remarks marked !)
      2    something marked ✗ does not work
      78   the configuration is wrong
    """
    from monitor.checking import State
    from monitor.cli.output.check_text import check_text

    findings = _found(invocation, is_offline=offline)
    if is_json:
        from monitor.cli.output.check_json import check_json

        hand_over(check_json(findings))
    else:
        is_quiet = invocation.verbosity < 0
        answer(check_text(findings, paint_for(invocation), room_for(), is_quiet=is_quiet))
    return _BAD if any(one.state is State.BAD for one in findings) else 0


def _found(invocation: Invocation, *, is_offline: bool) -> list[Finding]:
    from monitor.app import App
    from monitor.checking import everything
    from monitor.config.find import find_config

    settings = invocation.settings()
    with showing(invocation) as line:
        found = everything(
            App.from_settings(settings, line.meanwhile),
            find_config(invocation.config),
            is_offline=is_offline,
            begin=lambda service: line.says(f"asking {service}"),
        )
        return list(found)
