"""How fresh a source is: when it was last read well, and since when it fails."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class SourceFreshness(NamedTuple):
    """How fresh one source is. Moments UTC. `failing_since` is None while the last try was good."""

    source: str
    last_good_at: datetime | None = None
    failing_since: datetime | None = None
    error: str = ""
    is_permanent: bool = False
