"""The command: where it plays, and what it prints at its end."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("monitor-demo"))
@click.option("--serve", is_flag=True, help="Keep the simulated services up until Ctrl-C.")
def demo(folder: Path, serve: bool) -> None:
    """Play the whole story against simulated services: no account, no configuration.

    A class is inactivated in NetSuite, an alert appears in Slack, Expensify syncs, the reports are
    recoded, the alert resolves. FOLDER (default: monitor-demo) keeps the configuration and the
    database, so that other commands can be tried; run, check and test-alert need the simulated
    services, which --serve keeps up.

    \b
    Examples
      monitor demo
      monitor demo /tmp/story --serve

    \b
    Ends with
      0    the story was told
      2    FOLDER cannot be used
    """
    from monitor.cli.demo.story import play

    play(folder, now=datetime.now(UTC), keeps_serving=serve)
