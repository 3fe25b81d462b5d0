"""The answer of `monitor status` as a value: how the monitor itself stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.answers.freshness import Freshness
from monitor.answers.imports import WorkspaceSync
from monitor.core.alerts import RiskState, TrackedRisk
from monitor.core.risks import CurrencyTotal, totals


class Delivery(NamedTuple):
    """How many messages wait for Slack, and how many Slack has refused for good."""

    queued: int = 0
    dead: int = 0
    last_error: str = ""


NOTHING_WAITS = Delivery()


class OpenAlert(NamedTuple):
    """An alert that was told and not resolved, with its living risks."""

    id: int
    risks: tuple[TrackedRisk, ...]

    @property
    def totals(self) -> tuple[CurrencyTotal, ...]:
        """What is at stake; each report counts once."""
        return totals(tuple(report for one in self.risks for report in one.risk.reports))


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything about the monitor itself at one moment."""

    freshness: Freshness
    syncs: tuple[WorkspaceSync, ...] = ()
    risks: tuple[TrackedRisk, ...] = ()
    """All that live, whether people were told or not."""
    delivery: Delivery = NOTHING_WAITS
    records: Mapping[str, int] = field(default_factory=dict)
    """How many records there are of each kind."""
    pending_reports: int = 0
    time_zone: str = "UTC"

    @property
    def alerts(self) -> tuple[OpenAlert, ...]:
        """The alerts that still have living risks, oldest first."""
        ids = sorted({one.alert_id for one in self.risks if one.alert_id is not None})
        return tuple(
            OpenAlert(alert_id, tuple(one for one in self.risks if one.alert_id == alert_id))
            for alert_id in ids
        )

    @property
    def risk_counts(self) -> dict[str, int]:
        """How many risks stand how."""
        states = (RiskState.OPEN, RiskState.WATCH, RiskState.BLIND)
        return {state.value: sum(one.state is state for one in self.risks) for state in states}
