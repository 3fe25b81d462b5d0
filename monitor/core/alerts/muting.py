"""What people laid over one alert's risks: which of them are muted, acknowledged, or loud."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.alerts.overlays import Overlay, Sort
from monitor.core.alerts.values import TrackedRisk
from monitor.core.risks import Risk


def over_with(
    overlays: Iterable[Overlay], alerts: Iterable[int], standing: Iterable[Risk]
) -> tuple[int, ...]:
    """Acknowledgements and snoozes (their numbers) whose alert or risk stands no more: they end
    with it, so that what comes again is told.
    """
    open_ones, names = set(alerts), {risk.fingerprint for risk in standing}
    laid = [one for one in overlays if one.sort is not Sort.SILENCE]
    held = {one.overlay_id for one in laid if one.alert_id in open_ones or one.fingerprint in names}
    return tuple(one.overlay_id for one in laid if one.overlay_id not in held)


def is_silenced(risk: Risk, overlays: Iterable[Overlay]) -> bool:
    """Whether the risk opens no alert for now."""
    return any(one.sort is Sort.SILENCE and one.is_about(risk) for one in overlays)


@dataclass(frozen=True, slots=True)
class Laid:
    """The active overlays of one alert."""

    overlays: tuple[Overlay, ...] = ()

    @classmethod
    def over(cls, alive: Iterable[TrackedRisk], overlays: Iterable[Overlay]) -> Laid:
        """Those that are about the alert, or about any of its living risks."""
        risks = tuple(alive)
        about = (
            overlay
            for overlay in overlays
            if any(overlay.is_about(one.risk, one.alert_id) for one in risks)
        )
        return cls(tuple(sorted(about, key=lambda one: one.overlay_id)))

    def muted(self, alive: Iterable[TrackedRisk], *, is_for_good: bool = False) -> frozenset[str]:
        """Risks (fingerprints) of which nothing but the end is told; `is_for_good`: not even that
        they got worse.
        """
        return frozenset(
            one.risk.fingerprint
            for one in alive
            if any(not (is_for_good and _breaks(over)) for over in self._mutes(one))
        )

    def acknowledged(self, alive: Iterable[TrackedRisk]) -> frozenset[str]:
        """Risks (fingerprints) that somebody is at."""
        return frozenset(
            one.risk.fingerprint
            for one in alive
            if any(
                over.sort is Sort.ACK and over.is_about(one.risk, one.alert_id)
                for over in self.overlays
            )
        )

    def until(self, one: TrackedRisk) -> datetime | None:
        """Until when the risk is muted; None = it is not, or no clock ends it."""
        ends = [over.expires_at for over in self._mutes(one) if over.expires_at is not None]
        return max(ends, default=None)

    def broken(self, alive: Iterable[TrackedRisk], worse: Iterable[Risk]) -> tuple[Overlay, ...]:
        """The snoozes that held until it gets worse, now that these risks did."""
        fingerprints = {risk.fingerprint for risk in worse}
        hit = [one for one in alive if one.risk.fingerprint in fingerprints]
        over = dict.fromkeys(over for one in hit for over in self._mutes(one) if _breaks(over))
        return tuple(over)

    def without(self, gone: Iterable[Overlay]) -> Laid:
        left = set(gone)
        return replace(self, overlays=tuple(one for one in self.overlays if one not in left))

    def _mutes(self, one: TrackedRisk) -> list[Overlay]:
        return [
            over for over in self.overlays if over.is_mute and over.is_about(one.risk, one.alert_id)
        ]


def _breaks(overlay: Overlay) -> bool:
    return overlay.sort is Sort.SNOOZE and overlay.is_until_worse
