"""The answer of `monitor silences` as a value: what is laid over alerts and risks, and on whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from monitor.adapters.store import Store
from monitor.core.alerts import Overlay, RiskState, TrackedRisk


@dataclass(frozen=True, slots=True)
class InForce:
    """One overlay that holds, and the living risks that it is about."""

    overlay: Overlay
    risks: tuple[TrackedRisk, ...] = ()

    @property
    def hides(self) -> int:
        """How many risks it keeps people from being told of: none that is merely watched."""
        if not self.overlay.is_mute:
            return 0
        return sum(one.state is not RiskState.WATCH for one in self.risks)


def in_force(store: Store, now: datetime) -> tuple[InForce, ...]:
    """What people laid over alerts and risks, as far as it holds; oldest first."""
    return pairs(store.overlays.active(now), store.alerts.tracked())


def pairs(overlays: Iterable[Overlay], risks: Iterable[TrackedRisk]) -> tuple[InForce, ...]:
    """Each overlay with the risks that it is about."""
    alive = tuple(risks)
    return tuple(
        InForce(over, tuple(one for one in alive if over.is_about(one.risk, one.alert_id)))
        for over in overlays
    )
