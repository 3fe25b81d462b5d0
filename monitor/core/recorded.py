"""What a decision was given, kept so that it can be taken again under another policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from monitor.core.alerts import Endings, Sight
from monitor.core.risks import Risk


@dataclass(frozen=True, slots=True)
class Given:
    """All that `decide` looks at besides what it remembers, the moment and the policy."""

    risks: tuple[Risk, ...] | None
    """Ordered by fingerprint; None = nothing was predicted anew."""
    sight: Sight = field(default_factory=Sight)
    endings: Endings = field(default_factory=lambda: Endings({}))


@dataclass(frozen=True, slots=True)
class RecordedCycle:
    """One cycle of the past (UTC), and what its decision was given."""

    at: datetime
    given: Given
