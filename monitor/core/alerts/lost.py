"""Expensify lost its own lists: one alert a workspace, until they are back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from monitor.core.alerts.letters import Writer
from monitor.core.alerts.values import Alert, Letter, Method, Reason, Sight
from monitor.core.lost import LostList
from monitor.core.message.lost import (
    accepted_message,
    dropped_message,
    found_message,
    lost_message,
)

Told = tuple[Alert, list[Letter]]


def tell_lost(
    alerts: Iterable[Alert],
    sight: Sight,
    writer: Writer,
    *,
    next_id: int,
    unheard: Collection[int],
) -> list[Told]:
    """The alerts about lost lists as they are now, each with its letters.

    `alerts`: those that are open. Nothing is told or ended unless both sources were read, nor ended
    while NetSuite does not show the records.
    """
    told = {alert.policy_id: alert for alert in alerts if alert.lost}
    lost: dict[str, list[LostList]] = {policy_id: [] for policy_id in told}
    for one in sight.lost_lists if sight.is_whole else ():
        lost.setdefault(one.policy_id, []).append(one)
    answer: list[Told] = []
    for policy_id in sorted(lost):
        alert = told.get(policy_id)
        if alert is None:
            alert = Alert(next_id, policy_id, opened_at=writer.now)
            next_id += 1
        standing = _standing(alert, lost[policy_id], sight)
        if standing:
            told_now = _tell(alert, standing, writer, is_unheard=alert.alert_id in unheard)
        else:
            told_now = _over(alert, writer, sight)
        answer.append(told_now)
    return answer


def _standing(alert: Alert, lost: Iterable[LostList], sight: Sight) -> tuple[LostList, ...]:
    """What is lost now, and what was told of and cannot be looked at."""
    seen = {one.place: one for one in lost}
    blind = {kind for kind, _ in sight.blind_kinds}
    for one in alert.lost:
        if not sight.is_whole or blind & set(one.kinds):
            seen.setdefault(one.place, one)
    return tuple(seen[place] for place in sorted(seen))


def _tell(
    alert: Alert, standing: tuple[LostList, ...], writer: Writer, *, is_unheard: bool
) -> Told:
    known = {one.place for one in alert.lost}
    now = replace(alert, lost=standing)
    message = lost_message(standing, alert.alert_id, writer.voice)
    if not known or is_unheard:
        return now, [writer.letter(now, Reason.LIST_LOST, Method.POST, message)]
    if not known.issuperset(one.place for one in standing):
        methods = (Method.EDIT, Method.REPLY)
        return now, [writer.letter(now, Reason.LIST_LOST, method, message) for method in methods]
    if len(standing) < len(known):
        return now, [writer.letter(now, Reason.CHANGED, Method.EDIT, message)]
    return alert, []


def _over(alert: Alert, writer: Writer, sight: Sight) -> Told:
    """Somebody accepted it, the values are back, or nobody looks at the lists any more: each is
    another end.
    """
    lived = writer.now - alert.opened_at
    accepted = {one: word for one in alert.lost if (word := sight.accepted(one))}
    back = tuple(filter(sight.is_looked_at, alert.lost))
    if accepted:
        message = accepted_message(accepted, alert.alert_id, writer.voice, lived=lived)
    else:
        words = found_message if back else dropped_message
        message = words(back or alert.lost, alert.alert_id, writer.voice, lived=lived)
    return replace(alert, closed_at=writer.now), [
        writer.letter(alert, Reason.RESOLVED, method, message)
        for method in (Method.EDIT, Method.REPLY)
    ]
