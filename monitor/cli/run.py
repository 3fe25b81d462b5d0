"""`monitor run`: the daemon; `--once`: one cycle, then the end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import click

from monitor.cli.invocation import Invocation

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.config.settings import Settings


@click.command()
@click.option("--once", is_flag=True, help="Run one cycle, deliver its messages, and end.")
@click.pass_obj
def run(invocation: Invocation, once: bool) -> int:
    """Watch NetSuite and Expensify, and tell Slack what would fail.

    Without --once it runs until SIGTERM or Ctrl-C, one cycle every [schedule] every; SIGHUP makes
    it read its configuration again, and one that is wrong changes nothing. With --once it is safe
    to call as often as you like (cron, Airflow, Nomad): a second run says nothing twice.

    \b
    Examples
      monitor run
      monitor run --once
      monitor --config acme.toml run -v

    \b
    Ends with
      0    done, also when a list is blind or a shrink is held
      2    a reading failed (nothing of it is stored), or another monitor runs on
           this database
      4    done, but Slack did not take a message: the next run tries it again
      78   the configuration is wrong, or the database is from a newer version
    """
    from monitor.app import App
    from monitor.cli.output.streams import showing
    from monitor.logs import start_logs

    invocation.refuse_db("run")
    settings = invocation.settings()
    start_logs(verbosity=invocation.verbosity, color=invocation.color)
    _say_what_is_idle(settings)
    if once:
        with showing(invocation) as line:
            return App.from_settings(settings, line.meanwhile).run_once()
    return _daemon(invocation, settings)


def _daemon(invocation: Invocation, settings: Settings) -> int:
    from monitor.clock import SystemClock
    from monitor.service import Service

    def load() -> Settings:
        again = invocation.settings()
        _say_what_is_idle(again)
        return again

    return Service(settings, SystemClock(), load, _explaining).run()


def _say_what_is_idle(settings: Settings) -> None:
    import structlog

    if settings.slack.has_idle_app_token:
        structlog.get_logger("monitor").warning("setting_without_effect", key="slack.app_token")


def _explaining(settings: Settings) -> Callable[[str, datetime], str]:
    """What the Explain button tells of a risk, by its fingerprint."""
    from zoneinfo import ZoneInfo

    from monitor.answers.in_short import told_in_short
    from monitor.core.message.words import Voice

    zone = ZoneInfo(settings.schedule.time_zone)
    voice = Voice(zone=zone, mask_people=settings.alerts.mask_people)
    return partial(told_in_short, settings.database, voice)
