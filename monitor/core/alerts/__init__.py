"""Risks, what was last told, now -> decisions: says only what is news."""

from monitor.core.alerts.decide import decide
from monitor.core.alerts.endings import Endings
from monitor.core.alerts.hours import QuietHours
from monitor.core.alerts.overlays import Matcher, Overlay, Sort
from monitor.core.alerts.told import Told
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
    TrackedRisk,
    UnsureView,
)
from monitor.core.freshness import SourceFreshness

__all__ = [
    "Alert",
    "AlertPolicy",
    "Endings",
    "Letter",
    "Matcher",
    "Memory",
    "Method",
    "Outcome",
    "Overlay",
    "QuietHours",
    "Reason",
    "RiskState",
    "Sight",
    "Sort",
    "SourceFreshness",
    "Told",
    "TrackedRisk",
    "UnsureView",
    "decide",
]
