"""`monitor replay`: the past decided again under today's policy, or another."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.answers.known import Known, known_at_length
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer, hand_over, room_for, warn
from monitor.clock import SystemClock
from monitor.errors import ConfigError, UsageError
from monitor.when import read_moment

if TYPE_CHECKING:
    from monitor.config.alerts_alone import AlertsAlone


@click.command()
@click.option("--since", metavar="WHEN", default="30d", help="Default: 30d.")
@click.option("--until", metavar="WHEN", default="now", help="Default: now.")
@click.option("--each", "is_each", is_flag=True, help="Every message with its moment (also -v).")
@click.option("--json", "is_json", is_flag=True, help="For programs.")
@click.pass_obj
def replay(invocation: Invocation, since: str, until: str, *, is_each: bool, is_json: bool) -> int:
    """Decide again what cycles recorded, and count what would have been told.

    The policy is the [alerts] of the configuration; --config OTHER.toml tries another one, of which
    only [alerts] and [schedule] are read (no secret is needed; without a time_zone of its own it is
    the last cycle's). Its database is the one that --db or OTHER.toml names, else the one of the
    usual configuration. Nothing is sent, nothing written.

    A replay begins knowing nothing: what stood already opens anew in its first cycle, and is
    counted apart. What people acknowledged, snoozed and silenced then applies.

    \b
    Examples
      monitor replay
      monitor replay --since 2w --config quieter.toml
      monitor replay --since 2026-11-01 --until 2026-11-08 --each

    \b
    Ends with
      0    done
      2    WHEN cannot be read
      3    nothing was recorded yet in that time
      78   bad configuration, or a database from a newer version
    """
    from monitor.answers.replayed import replayed

    now = SystemClock().now()
    with known_at_length(_database(invocation)) as database:
        plan = _plan(invocation, database)
        zone = plan.schedule.time_zone
        begin, end = _span(since, until, now=now, time_zone=zone)
        found = replayed(database, plan, begin, min(end, now))
    warn(found.remarks)
    if is_json:
        from monitor.cli.output.replay_json import replay_json

        hand_over(replay_json(found, plan.said(), zone, now=now))
    else:
        from monitor.cli.output.replay_text import replay_text

        is_spoken = is_each or invocation.verbosity > 0
        is_other = invocation.config is not None
        room = room_for()
        answer(
            replay_text(found, plan.said(), zone, is_each=is_spoken, is_other=is_other, room=room)
        )
    return 0


def _span(since: str, until: str, *, now: datetime, time_zone: str) -> tuple[datetime, datetime]:
    """Both moments; raises UsageError with both where the second is the earlier one."""
    begin = read_moment(since, now=now, time_zone=time_zone).moment
    end = read_moment(until, now=now, time_zone=time_zone).through
    if end < begin:
        from monitor.cli.output.words import local

        raise UsageError(
            f"--until {until} ({local(end, time_zone)}) lies before --since {since} "
            f"({local(begin, time_zone)}): name an earlier --since or a later --until"
        )
    return begin, end


def _database(invocation: Invocation) -> Path:
    """--db, the one that --config names, else the one of the usual configuration."""
    from monitor.config.find import default_store_path, find_config, read_toml
    from monitor.config.load import database_of

    if invocation.db is not None or invocation.config is None:
        return invocation.database()
    store = read_toml(find_config(invocation.config)).get("store")
    path = store.get("path") if isinstance(store, dict) else None
    if isinstance(path, str) and path:
        return Path(path)
    try:
        usual = find_config()
    except ConfigError:
        return default_store_path()
    return database_of(usual)


def _plan(invocation: Invocation, database: Known) -> AlertsAlone:
    """The policy of the configuration; with --db alone the one that the last cycle ran with."""
    from monitor.config.alerts_alone import AlertsAlone
    from monitor.config.find import find_config

    if invocation.config is None and invocation.db is not None:
        stored = database.store.settings.load() or {}
        return AlertsAlone.take(stored, "the settings of the last cycle")
    plan = AlertsAlone.read(find_config(invocation.config))
    # A file of [alerts] alone is tried on the same people, whose evening is where it was.
    return plan if invocation.config is None else plan.in_zone(database.settings.time_zone)
