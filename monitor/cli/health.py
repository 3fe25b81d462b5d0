"""`monitor health`: one line and an exit code, for cron and the probes of Kubernetes."""

from __future__ import annotations

from datetime import timedelta

import click

from monitor.answers.health import health_of
from monitor.answers.known import known
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer, hand_over
from monitor.cli.output.words import plain
from monitor.clock import SystemClock
from monitor.config.duration import parse_duration
from monitor.errors import UsageError


@click.command()
@click.option("--max-age", metavar="DURATION", help="Instead of three times [schedule] every.")
@click.option("--json", "is_json", is_flag=True, help="For programs.")
@click.pass_obj
def health(invocation: Invocation, *, max_age: str | None, is_json: bool) -> int:
    """Whether the monitor's silence means that all is well.

    Healthy: the last cycle that read both systems is younger than three times [schedule] every,
    and Slack has refused nothing for good. Reads the database only.

    \b
    Examples
      monitor health
      monitor health --max-age 2h
      monitor --db /var/lib/sync-drift-monitor/monitor.db health

    \b
    Ends with
      0    healthy
      2    the database cannot be read
      3    the last good cycle is too old, or nothing was read yet
      4    Slack refused a message for good
      78   bad configuration, or a database from a newer version
    """
    longest = _length(max_age)
    with known(invocation.database()) as database:
        found = health_of(database, now=SystemClock().now(), max_age=longest)
    if is_json:
        from monitor.cli.output.health_json import health_json

        hand_over(health_json(found))
    else:
        answer(plain(found.sentence))
    return found.verdict.value


def _length(text: str | None) -> timedelta | None:
    if text is None:
        return None
    try:
        return parse_duration(text)
    except ValueError as error:
        raise UsageError(f"--max-age: {error}") from error
