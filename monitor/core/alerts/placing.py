"""Every risk finds its alert: the one that told of it lately, a young one, or a new one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.core.alerts.muting import is_silenced
from monitor.core.alerts.overlays import Overlay
from monitor.core.alerts.reopening import opened_again, past_lives
from monitor.core.alerts.same_edit import together
from monitor.core.alerts.track import TOLD
from monitor.core.alerts.values import Alert, AlertPolicy, Memory, RiskState, TrackedRisk


@dataclass(slots=True)
class Placed:
    """Every risk with its alert, and the alerts that are open now."""

    alerts: list[Alert]
    next_id: int
    tracked: tuple[TrackedRisk, ...] = ()
    new: set[int] = field(default_factory=set)
    joined: set[int] = field(default_factory=set)
    again: dict[int, dict[str, TrackedRisk]] = field(default_factory=dict)
    """Risks that came back to their alert, by fingerprint: the life that had ended."""
    unheard: frozenset[int] = frozenset()
    """Alerts to be told again from the start."""

    @property
    def told(self) -> tuple[TrackedRisk, ...]:
        """What stands and has an alert."""
        return tuple(one for one in self.tracked if one.state in TOLD and one.alert_id is not None)


def place(
    tracked: Iterable[TrackedRisk],
    memory: Memory,
    overlays: tuple[Overlay, ...],
    policy: AlertPolicy,
    now: datetime,
) -> Placed:
    """Give every open risk its alert. What is silenced and was not told opens none."""
    unshown = frozenset() if policy.is_shadow else memory.unshown
    open_ones = [
        replace(alert, shown="") if alert.alert_id in unshown else alert
        for alert in memory.alerts
        if alert.is_open and not alert.lost
    ]
    placed = Placed(open_ones, memory.next_alert_id)
    placed.unheard = frozenset() if policy.is_shadow else memory.unheard
    desk = _Desk(placed, memory, overlays, policy, now, past_lives(memory, now))
    placed.tracked = tuple(map(desk.placed_one, tracked))
    order = together((alert.alert_id for alert in placed.alerts), placed.told)
    placed.alerts.sort(key=lambda alert: order.index(alert.alert_id))
    return placed


@dataclass(frozen=True, slots=True)
class _Desk:
    placed: Placed
    memory: Memory
    overlays: tuple[Overlay, ...]
    policy: AlertPolicy
    now: datetime
    past: dict[str, TrackedRisk]

    def placed_one(self, one: TrackedRisk) -> TrackedRisk:
        is_told = one.alert_id is not None
        if one.state is not RiskState.OPEN or is_told or is_silenced(one.risk, self.overlays):
            return one
        alert = self._earlier(one) or self._young(one) or self._new(one)
        return replace(one, alert_id=alert.alert_id)

    def _earlier(self, one: TrackedRisk) -> Alert | None:
        """The alert that told of the risk before: it goes on, or opens again."""
        past = self.past.get(one.risk.fingerprint)
        if past is None or past.alert_id is None:
            return None
        alert = self._open(past.alert_id) or self._reopened(past.alert_id)
        if alert is not None:
            self.placed.again.setdefault(alert.alert_id, {})[one.risk.fingerprint] = past
        return alert

    def _open(self, alert_id: int) -> Alert | None:
        return next((one for one in self.placed.alerts if one.alert_id == alert_id), None)

    def _reopened(self, alert_id: int) -> Alert | None:
        for alert in self.memory.closed:
            if alert.alert_id == alert_id:
                self.placed.alerts.append(opened_again(alert, self.now))
                return self.placed.alerts[-1]
        return None

    def _young(self, one: TrackedRisk) -> Alert | None:
        for alert in self.placed.alerts:
            is_young = abs(self.now - alert.opened_at) < self.policy.join_window
            if alert.policy_id == one.risk.policy_id and is_young:
                self.placed.joined.add(alert.alert_id)
                return alert
        return None

    def _new(self, one: TrackedRisk) -> Alert:
        alert = Alert(self.placed.next_id, one.risk.policy_id, opened_at=self.now)
        self.placed.next_id += 1
        self.placed.alerts.append(alert)
        self.placed.new.add(alert.alert_id)
        return alert
