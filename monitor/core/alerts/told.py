"""What was last promised to be said of an alert: what is worse, or new, is held against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.core.risks import Certainty, RemedyCode


@dataclass(frozen=True, slots=True)
class Told:
    """What was last promised to be said of an alert, to know what is worse than that."""

    certainty: Mapping[str, Certainty] = field(default_factory=dict)
    """How sure each risk was, by fingerprint."""
    remedies: Mapping[str, RemedyCode] = field(default_factory=dict)
    is_approved: bool = False
    """A report that waits for its export only was among them."""
    failed: frozenset[str] = frozenset()
    """Reports that were told as failed."""
    approved: int = 0
    """How many approved reports there were when that number was last news."""
    doubled_at: datetime | None = None
    """When it last was (UTC)."""
    muted: Mapping[str, datetime] = field(default_factory=dict)
    """Until when a risk is snoozed or silenced, by fingerprint: its end is told once."""
    silenced: frozenset[str] = frozenset()
    """Which of them a silence muted, and no snooze."""
    woken: datetime | None = None
    """The latest such end that was told."""
    said: int = 0
    """How often the alert had letters: a key that no clock can make twice."""
    spoke_at: datetime | None = None
    """When something that people notice was last promised (UTC)."""
    reopened_at: datetime | None = None
    """When the alert last opened again (UTC); None = it never did."""
    listed: str = ""
    """Which reports the last list in its thread named, as a digest; empty = there was none."""

    def counted(self, now: datetime, *, is_noticed: bool) -> Told:
        """Once there were letters; `is_noticed`: not only edits."""
        spoke_at = now if is_noticed else self.spoke_at
        return replace(self, said=self.said + 1, spoke_at=spoke_at)

    def forgotten(self) -> Told:
        """Nothing of it counts as told any more, but for how often and when it was."""
        return Told(
            muted=self.muted,
            silenced=self.silenced,
            woken=self.woken,
            said=self.said,
            spoke_at=self.spoke_at,
            reopened_at=self.reopened_at,
        )
