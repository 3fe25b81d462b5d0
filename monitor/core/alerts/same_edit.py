"""One edit in NetSuite may hit several workspaces: each has its alert, and they know each other."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor.core.alerts.values import TrackedRisk
from monitor.core.message.news import same_edit_words
from monitor.core.message.words import Voice
from monitor.core.records import Ref

Edit = tuple[Ref, datetime | None]


def also_hit(
    mine: Iterable[TrackedRisk], told: Iterable[TrackedRisk], voice: Voice
) -> tuple[str, ...]:
    """Which other workspaces have an alert for the same edit, in a sentence."""
    mine = tuple(mine)
    edits = _edits(mine)
    own = {one.risk.policy_id for one in mine}
    others = {
        voice.workspace(one.risk.policy_id)
        for one in told
        if one.risk.policy_id not in own and edits & _edits([one])
    }
    return (same_edit_words(sorted(others)),) if others else ()


def together(alerts: Iterable[int], told: Iterable[TrackedRisk]) -> list[int]:
    """The alerts in their order, but those of one edit next to each other."""
    of_alert: dict[int | None, list[TrackedRisk]] = {}
    for one in told:
        of_alert.setdefault(one.alert_id, []).append(one)
    left, ordered = list(alerts), list[int]()
    while left:
        first = left.pop(0)
        edits = _edits(of_alert.get(first, ()))
        beside = [one for one in left if edits & _edits(of_alert.get(one, ()))]
        ordered += [first, *beside]
        left = [one for one in left if one not in beside]
    return ordered


def _edits(risks: Iterable[TrackedRisk]) -> set[Edit]:
    return {(one.risk.ref, one.risk.since) for one in risks if one.risk.since is not None}
