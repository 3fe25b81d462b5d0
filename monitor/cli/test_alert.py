"""`monitor test-alert`: one clearly marked sample through the real channel."""

from __future__ import annotations

import click

from monitor.cli.invocation import Invocation


@click.command("test-alert")
@click.pass_obj
def test_alert(invocation: Invocation) -> None:
    """Send one clearly marked sample message to the configured Slack channel.

    Nothing is stored, and neither NetSuite nor Expensify is asked.

    \b
    Example
      monitor test-alert

    \b
    Ends with
      0    Slack took it
      4    Slack did not take it
      78   the configuration is wrong
    """
    from monitor.app import App

    app = App.from_settings(invocation.settings())
    where = app.send_sample()
    click.echo(f"Sent one sample message to {where}.")
