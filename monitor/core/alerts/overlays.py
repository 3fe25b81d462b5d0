"""What people laid over alerts and risks: who, why and until when; never a state of a risk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import NamedTuple

from monitor.core.risks import Risk


class Sort(StrEnum):
    """What the overlay asks for."""

    ACK = "ack"
    """Somebody is at it: no reminders."""
    SNOOZE = "snooze"
    """Nothing but its end is told, until a time or until it gets worse."""
    SILENCE = "silence"
    """What matches is not told, and opens no alert."""

    @property
    def done(self) -> str:
        """What it makes of an alert or a risk: acknowledged, snoozed, silenced."""
        return {"ack": "acknowledged", "snooze": "snoozed", "silence": "silenced"}[self]


class Matcher(NamedTuple):
    """Which risks a silence is about; empty = any."""

    kind: str = ""
    pattern: str = ""
    """A glob over the full name or the last part of it, without regard to case."""
    policy_id: str = ""

    def fits(self, risk: Risk) -> bool:
        """Whether the silence is about the risk."""
        name, pattern = risk.full_name.casefold(), self.pattern.casefold() or "*"
        return (
            self.kind in ("", risk.ref.kind)
            and self.policy_id in ("", risk.policy_id)
            and any(fnmatchcase(one, pattern) for one in (name, name.rpartition(" : ")[2]))
        )


@dataclass(frozen=True, slots=True)
class Overlay:
    """One of them. Moments UTC."""

    overlay_id: int
    sort: Sort
    author: str
    reason: str
    created_at: datetime
    expires_at: datetime | None = None
    """None = until it gets worse, or is lifted."""
    alert_id: int | None = None
    fingerprint: str = ""
    """The one risk it is about; empty with an alert or a matcher."""
    matcher: Matcher | None = None
    is_until_worse: bool = False
    lifted_at: datetime | None = None

    def is_active(self, now: datetime) -> bool:
        """It was neither lifted nor has it run out."""
        has_run_out = self.expires_at is not None and now >= self.expires_at
        return self.lifted_at is None and not has_run_out

    @property
    def is_mute(self) -> bool:
        """While it holds, nothing but the end of a risk is told."""
        return self.sort is not Sort.ACK

    def is_about(self, risk: Risk, alert_id: int | None = None) -> bool:
        """Whether it is laid over the risk, or over the alert that holds the risk."""
        if self.matcher is not None:
            return self.matcher.fits(risk)
        if self.fingerprint:
            return self.fingerprint == risk.fingerprint
        return self.alert_id is not None and self.alert_id == alert_id
