"""The past decided again: recorded cycles under a policy, told to a pretended channel."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo

from monitor.core.alerts import (
    Alert,
    AlertPolicy,
    Letter,
    Memory,
    Method,
    Outcome,
    Overlay,
    Reason,
    RiskState,
    Sight,
    TrackedRisk,
    decide,
)
from monitor.core.alerts.reopening import SOON
from monitor.core.digest import digest_day
from monitor.core.message import Message, Tone
from monitor.core.message.words import Voice
from monitor.core.pretended import PretendedChannel, Said
from monitor.core.recorded import RecordedCycle

_SUMMARY = Message(Tone.DIGEST, "The summary of the day")


@dataclass(frozen=True, slots=True)
class PastOverlays:
    """What people had laid over alerts and risks, and which risks those alerts held then."""

    overlays: tuple[Overlay, ...] = ()
    risks_of: Mapping[int, Collection[str]] = field(default_factory=dict)
    """Fingerprints by the number that the alert really had."""

    def at(self, now: datetime, memory: Memory, lifted: Collection[int]) -> tuple[Overlay, ...]:
        """Those of the moment, over the alerts as the replay numbers them."""
        return tuple(
            moved
            for one in self.overlays
            if one.created_at <= now and one.overlay_id not in lifted and _was_active(one, now)
            for moved in self._moved(replace(one, lifted_at=None), memory)
        )

    def _moved(self, overlay: Overlay, memory: Memory) -> Iterator[Overlay]:
        if overlay.alert_id is None:
            yield overlay
            return
        held = self.risks_of.get(overlay.alert_id, ())
        alerts = {one.alert_id for one in memory.tracked if one.risk.fingerprint in held}
        for alert_id in sorted(filter(None, alerts)):
            yield replace(overlay, alert_id=alert_id)


def replay(
    cycles: Iterable[RecordedCycle],
    past: PastOverlays,
    policy: AlertPolicy,
    *,
    voice: Callable[[Sight], Voice],
    zone: tzinfo,
) -> tuple[Said, ...]:
    """Decide every cycle again, oldest first, from an empty memory.

    Shadow mode is left out: the channel hears all that the policy would have told.
    """
    policy = replace(policy, is_shadow=False)
    channel = PretendedChannel(policy)
    memory = _Remembered(past)
    for number, cycle in enumerate(cycles):
        outcome = decide(
            cycle.given.risks,
            memory.at(cycle.at, channel),
            sight=cycle.given.sight,
            endings=cycle.given.endings,
            now=cycle.at,
            policy=policy,
            voice=voice(cycle.given.sight),
        )
        memory.take(outcome)
        letters = (*outcome.letters, *memory.digest(cycle.at, policy, zone))
        channel.take(letters, cycle.at, memory.living(), is_old=number == 0)
    return channel.all()


def _was_active(overlay: Overlay, now: datetime) -> bool:
    is_lifted = overlay.lifted_at is not None and overlay.lifted_at <= now
    return not is_lifted and replace(overlay, lifted_at=None).is_active(now)


@dataclass(slots=True)
class _Remembered:
    """What the database would hold, in memory."""

    past: PastOverlays
    risks: dict[tuple[str, datetime], TrackedRisk] = field(default_factory=dict)
    alerts: dict[int, Alert] = field(default_factory=dict)
    lifted: set[int] = field(default_factory=set)
    days: set[date] = field(default_factory=set)

    def at(self, now: datetime, channel: PretendedChannel) -> Memory:
        """What the decision of the moment is given."""
        self._forget(now)
        living = self.living()
        risks = [self.risks[key] for key in sorted(self.risks)]
        recent = tuple(one for one in risks if self._is_recent(one, now))
        told = {one.alert_id for one in recent}
        closed = [self.alerts[one] for one in sorted(self.alerts) if one in told]
        memory = Memory(
            tuple(one for one in risks if _is_alive(one) or one.alert_id in living),
            tuple(self.alerts[alert_id] for alert_id in sorted(living)),
            max(self.alerts, default=0) + 1,
            unheard=frozenset(
                one.alert_id
                for one in closed
                if one.alert_id not in channel.heard and not channel.waits(one.alert_id)
            ),
            recent=recent,
            closed=tuple(closed),
            last_told={one: at for one, at in channel.last_told(now).items() if one in living},
            reminders={one: count for one, count in channel.reminders.items() if one in living},
        )
        return replace(memory, overlays=self.past.at(now, memory, self.lifted))

    def take(self, outcome: Outcome) -> None:
        """Remember what a cycle decided."""
        self.alerts |= {alert.alert_id: alert for alert in outcome.alerts}
        self.risks |= {(one.risk.fingerprint, one.opened_at): one for one in outcome.tracked}
        self.lifted |= set(outcome.lifted)

    def living(self) -> set[int]:
        """The alerts that are open."""
        return {alert_id for alert_id, alert in self.alerts.items() if alert.is_open}

    def digest(self, now: datetime, policy: AlertPolicy, zone: tzinfo) -> Iterator[Letter]:
        """The summary of the day, if it is due."""
        day = None if policy.digest_at is None else digest_day(now, policy.digest_at, zone)
        if day is not None and day not in self.days:
            self.days.add(day)
            yield Letter(f"digest-{day}", Reason.DIGEST, Method.POST, None, _SUMMARY)

    def _forget(self, now: datetime) -> None:
        """Let go of what no decision can ask for any more."""
        living = self.living()
        self.risks = {
            key: one
            for key, one in self.risks.items()
            if _is_alive(one) or one.alert_id in living or self._is_recent(one, now)
        }

    def _is_recent(self, one: TrackedRisk, now: datetime) -> bool:
        alert = None if one.alert_id is None else self.alerts.get(one.alert_id)
        is_told = alert is not None and not alert.is_open
        return is_told and one.resolved_at is not None and one.resolved_at >= now - SOON


def _is_alive(one: TrackedRisk) -> bool:
    return one.state is not RiskState.RESOLVED
