"""`monitor alerts`: what was told, or would have been in shadow mode."""

from __future__ import annotations

from datetime import datetime

import click

from monitor.answers.known import Known, known
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import answer, hand_over, paint_for, remark, room_for
from monitor.clock import SystemClock
from monitor.errors import UsageError
from monitor.when import read_moment


@click.command()
@click.argument("alert", required=False)
@click.option("--since", metavar="WHEN", default="7d", help="Default: 7d.")
@click.option("--shadow", "is_shadow", is_flag=True, help="What shadow mode kept back.")
@click.option("--json", "is_json", is_flag=True, help="For programs.")
@click.pass_obj
def alerts(
    invocation: Invocation, alert: str | None, since: str, *, is_shadow: bool, is_json: bool
) -> int:
    """List the alerts that were open since then: what they held, and how much was said.

    With ALERT (its number) every message of that one, in order: when, why, what became of it, and
    its words. --shadow shows how many messages a day would have been told while shadow = true stood
    in [alerts]; with -v also each of them.

    \b
    Examples
      monitor alerts
      monitor alerts 12
      monitor alerts --shadow --since 30d -v

    \b
    Ends with
      0    done
      2    no such alert, WHEN cannot be read
      3    nothing was read yet; with --shadow: it was not on in that time
      78   bad configuration, or a database from a newer version
    """
    if alert is not None and is_shadow:
        raise UsageError("name an alert or --shadow, not both")
    now = SystemClock().now()
    with known(invocation.database(), time_zone=invocation.time_zone()) as database:
        zone = database.settings.time_zone
        begin = read_moment(since, now=now, time_zone=zone).moment
        if is_shadow:
            said = _shadow(database, invocation, begin, now, is_json=is_json)
        elif alert is not None:
            said = _one(database, invocation, _number(alert), now, is_json=is_json)
        else:
            said = _all(database, invocation, begin, now, is_json=is_json)
    say = hand_over if is_json else answer
    say(said)
    if not said:
        remark(f"No alert was open since {since}.", invocation)
    return 0


def _number(alert: str) -> int:
    text = alert.removeprefix("#")
    if text.isdecimal() and len(text) <= 15:
        return int(text)
    raise UsageError(f"{alert!r} is no alert: write its number, as `monitor alerts` lists it")


def _all(
    database: Known, invocation: Invocation, since: datetime, now: datetime, *, is_json: bool
) -> str:
    from monitor.answers.history import past_alerts

    found = past_alerts(database, since, now)
    if is_json:
        from monitor.cli.output.alerts_json import alerts_json

        return alerts_json(found, since=since, now=now)
    from monitor.cli.output.alerts_text import alerts_text

    return alerts_text(found, database.settings.time_zone, paint_for(invocation), room_for())


def _one(
    database: Known, invocation: Invocation, alert_id: int, now: datetime, *, is_json: bool
) -> str:
    from monitor.answers.history import past_alert

    found = past_alert(database, alert_id, now=now)
    if is_json:
        from monitor.cli.output.alerts_json import alert_json

        return alert_json(found, now=now)
    from monitor.cli.output.alerts_text import alert_text

    return alert_text(found, database.settings.time_zone, paint_for(invocation))


def _shadow(
    database: Known, invocation: Invocation, since: datetime, now: datetime, *, is_json: bool
) -> str:
    from monitor.answers.history import shadow

    found = shadow(database, since, now)
    if is_json:
        from monitor.cli.output.alerts_json import shadow_json

        return shadow_json(found, now=now)
    from monitor.cli.output.alerts_text import shadow_text

    has_texts = invocation.verbosity > 0
    zone = database.settings.time_zone
    paint, room = paint_for(invocation), room_for()
    return shadow_text(found, zone, paint, has_texts=has_texts, room=room)
