"""What the monitor cannot see, told as an alert of its own while nothing else is open."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.alerts.blindness import Blindness, Doubt
from monitor.core.alerts.letters import Telling, Writer
from monitor.core.alerts.values import Alert, Letter, Method, Reason


def new_own(alert_id: int, doubts: tuple[Doubt, ...], writer: Writer) -> Telling:
    """The alert that begins now."""
    begun = Alert(alert_id, "", opened_at=writer.now)
    alert = Blindness(begun, doubts).taken_in(writer.now)
    return Telling(alert, [_letter(alert, Reason.BLIND, Method.POST, doubts, writer)])


def tell_own(
    alert: Alert, doubts: tuple[Doubt, ...], writer: Writer, *, is_unheard: bool
) -> Telling:
    """One message, until the monitor sees everything again."""
    blindness = Blindness(alert, doubts)
    if not doubts:
        over = replace(blindness.let_go(), closed_at=writer.now)
        return Telling(over, _over(alert, writer))
    if is_unheard or blindness.is_news:
        methods = (Method.POST,) if is_unheard else (Method.EDIT, Method.REPLY)
        alert = replace(blindness.taken_in(writer.now), shown="")
        return Telling(
            alert, [_letter(alert, Reason.BLIND, one, doubts, writer) for one in methods]
        )
    left = blindness.told or doubts
    shown = ", ".join(one.subject for one in left)
    if blindness.is_less or (alert.shown and alert.shown != shown):
        less = replace(blindness.let_go(), shown=shown)
        return Telling(less, [_letter(less, Reason.SIGHTED, Method.EDIT, left, writer)])
    return Telling(alert, [])


def _letter(
    alert: Alert, reason: Reason, method: Method, doubts: tuple[Doubt, ...], writer: Writer
) -> Letter:
    return writer.letter(alert, reason, method, writer.blind(alert, doubts))


def _over(alert: Alert, writer: Writer) -> list[Letter]:
    message = writer.sighted(alert)
    return [
        writer.letter(alert, Reason.SIGHTED, method, message)
        for method in (Method.EDIT, Method.REPLY)
    ]
