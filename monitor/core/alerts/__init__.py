"""Risks, what was last told, now -> decisions: says only what is news."""

from monitor.core.alerts.decide import decide
from monitor.core.alerts.values import (
    Alert,
    AlertPolicy,
    Letter,
    Memory,
    Method,
    Outcome,
    Reason,
    RiskState,
    Sight,
    SourceFreshness,
    TrackedRisk,
)

__all__ = [
    "Alert",
    "AlertPolicy",
    "Letter",
    "Memory",
    "Method",
    "Outcome",
    "Reason",
    "RiskState",
    "Sight",
    "SourceFreshness",
    "TrackedRisk",
    "decide",
]
