"""Alerts of the past as text: a table, one alert letter by letter, or what a shadow kept back."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import indent

from monitor.adapters.store.correspondence import WAITS, FiledLetter
from monitor.adapters.store.outbox import DEAD, DROPPED, SENT
from monitor.answers.history import PastAlert, Shadow, tally
from monitor.cli.output.tables import headed
from monitor.cli.output.told_words import Column, days, tally_lines
from monitor.cli.output.words import NOTHING, Paint, local, plain
from monitor.core.alerts import Method
from monitor.core.message.plain import as_text
from monitor.core.message.words import counted
from monitor.core.volume import Volume, volume_of

_HEAD = ("alert", "workspace", "opened", "closed", "risks", "reports", "told", "headline")
_LEFT_OUT = (
    "Each is counted as it was decided: quiet hours would have joined some of them. What [alerts] "
    "would have told, with its quiet hours and reminders: `monitor replay`."
)
_STATES = {SENT: "sent", DEAD: "refused", DROPPED: "left out"}


def alerts_text(
    alerts: Iterable[PastAlert], time_zone: str, paint: Paint, room: int | None = None
) -> str:
    """One line an alert; what is open is red."""
    rows = [_row(one, time_zone, paint) for one in alerts]
    return "\n".join(headed(_HEAD, rows, room=room)) if rows else ""


def alert_text(found: PastAlert, time_zone: str, paint: Paint) -> str:
    """One alert, and every letter of it in order, with what became of it."""
    alert = found.alert
    closed = "open" if alert.closed_at is None else f"closed {local(alert.closed_at, time_zone)}"
    head = (
        f"Alert {alert.alert_id} of {plain(found.workspace)}: "
        f"opened {local(alert.opened_at, time_zone)}, {closed}; {_said(found)}"
    )
    return "\n\n".join([head, *(_letter(one, time_zone, paint) for one in found.letters)])


def shadow_text(
    shadow: Shadow,
    time_zone: str,
    paint: Paint,
    *,
    has_texts: bool,
    room: int | None = None,
) -> str:
    """How much would have been told, and with `has_texts` every word of it."""
    begin, end = shadow.spans[0].begin, shadow.spans[-1].end
    head = (
        f"Shadow mode was on for {days(shadow.length)} between {local(begin, time_zone)} and "
        f"{local(end, time_zone)}. It would have told:"
    )
    told = tally_lines([Column("", tally(shadow.letters))], shadow.length, room)
    texts = [_letter(one, time_zone, paint) for one in shadow.letters] if has_texts else []
    return "\n\n".join([head, "\n".join(told), *texts, _LEFT_OUT])


def _row(one: PastAlert, time_zone: str, paint: Paint) -> tuple[str, ...]:
    closed = one.alert.closed_at
    return (
        str(one.alert.alert_id),
        plain(one.workspace),
        local(one.alert.opened_at, time_zone),
        paint("open", "red") if closed is None else local(closed, time_zone),
        str(one.risks),
        str(one.reports),
        _said(one),
        plain(one.headline) or NOTHING,
    )


def _said(one: PastAlert) -> str:
    """How many letters it has: 2 messages, 1 edit, 1 not sent."""
    sent = one.sent
    messages = sent.count(Volume.CHANNEL) + sent.count(Volume.THREAD)
    edits = sent.count(Volume.SILENT)
    unsent = sum(not letter.is_sent for letter in one.letters)
    said = (
        counted(messages, "message"),
        counted(edits, "edit") if edits else "",
        f"{unsent} not sent" if unsent else "",
    )
    return ", ".join(filter(None, said))


def _letter(one: FiledLetter, time_zone: str, paint: Paint) -> str:
    about = "" if one.alert_id is None else f"alert {one.alert_id} "
    head = (
        f"{local(one.promised_at, time_zone)}  {about}{one.reason.code} "
        f"({_how(one)}): {_became(one, time_zone, paint)}"
    )
    text = "\n".join(plain(line) for line in as_text(one.message).splitlines())
    return f"{head}\n{indent(text, '  ')}"


def _how(one: FiledLetter) -> str:
    volume = volume_of(one.method, is_broadcast=one.is_broadcast)
    if volume is Volume.SILENT:
        return "silent edit"
    if one.method is Method.POST:
        return "message"
    return "reply to the channel" if volume is Volume.CHANNEL else "reply"


def _became(one: FiledLetter, time_zone: str, paint: Paint) -> str:
    if one.why == WAITS:
        return WAITS
    word = _STATES.get(one.state, "waiting")
    if one.sent_at is not None:
        word = f"{word} {local(one.sent_at, time_zone)}"
    why = "" if one.state == SENT else plain(one.why)
    said = ", ".join(filter(None, (word, why)))
    return paint(said, "red") if one.state == DEAD else said
