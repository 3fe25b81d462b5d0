"""The answer of `monitor status` as a value: how the monitor itself stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from monitor.answers.freshness import Freshness
from monitor.answers.imports import WorkspaceSync
from monitor.core.alerts import Alert, RiskState, TrackedRisk
from monitor.core.risks import CurrencyTotal, totals


class Delivery(NamedTuple):
    """How many messages wait for Slack, and how many Slack has refused for good."""

    queued: int = 0
    dead: int = 0
    last_error: str = ""


NOTHING_WAITS = Delivery()


class OpenAlert(NamedTuple):
    """An alert that was told and is not resolved, with its living risks; one about the monitor's
    own blindness has none.
    """

    alert: Alert
    risks: tuple[TrackedRisk, ...] = ()

    @property
    def totals(self) -> tuple[CurrencyTotal, ...]:
        """What is at stake; each report counts once."""
        return totals(tuple(report for one in self.risks for report in one.risk.reports))


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything about the monitor itself at one moment."""

    freshness: Freshness
    syncs: tuple[WorkspaceSync, ...] = ()
    alerts: tuple[OpenAlert, ...] = ()
    risks: tuple[TrackedRisk, ...] = ()
    """All that live, whether people were told or not."""
    delivery: Delivery = NOTHING_WAITS
    pending_reports: int = 0
    time_zone: str = "UTC"

    @property
    def risk_counts(self) -> dict[str, int]:
        """How many risks stand how."""
        states = (RiskState.OPEN, RiskState.WATCH, RiskState.BLIND)
        return {state.value: sum(one.state is state for one in self.risks) for state in states}
