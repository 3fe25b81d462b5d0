"""What an alert's message shows, and whose reports its list shows: to know when they changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from monitor.core.alerts.overlays import Overlay
from monitor.core.alerts.values import TrackedRisk


def parent_digest(alive: Iterable[TrackedRisk], overlays: tuple[Overlay, ...]) -> str:
    """What the parent shows, without what only time changes."""
    shown: list[object] = [
        (
            one.risk.fingerprint,
            one.risk.full_name,
            one.risk.cause.code,
            one.risk.certainty.code,
            one.risk.imported.value,
            one.risk.remedy,
            one.risk.changed_by,
            one.risk.reports,
        )
        for one in sorted(alive, key=lambda one: one.risk.fingerprint)
    ]
    return hashlib.sha256(repr([*shown, *overlays]).encode()).hexdigest()


def list_digest(alive: Iterable[TrackedRisk]) -> str:
    """Which reports a list of them names."""
    named = {report.report_id for one in alive for report in one.risk.reports}
    return hashlib.sha256(repr(sorted(named)).encode()).hexdigest()
