"""What Prometheus is told, as one value: no names of people, records or reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Numbers:
    """How everything stood after a cycle; moments in seconds since the epoch, None = never."""

    last_good_read: Mapping[str, float] = field(default_factory=dict)
    """By source."""
    is_failing: Mapping[str, bool] = field(default_factory=dict)
    """By source."""
    cycles: Mapping[str, int] = field(default_factory=dict)
    """By outcome."""
    last_cycle_at: float | None = None
    last_cycle_seconds: float | None = None
    open_risks: Mapping[str, int] = field(default_factory=dict)
    """By certainty."""
    pending_reports: int = 0
    open_alerts: int = 0
    waiting_messages: int = 0
    refused_messages: int = 0
    snapshot_id: int | None = None
    is_ping_failing: bool | None = None
    """None = nobody is pinged, or not yet."""
