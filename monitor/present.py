"""The moment that a database speaks of: its last cycle, or what somebody told it since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from monitor.adapters.store import Store
from monitor.core.evidence import Bound, Evidence

_LONGEST_CYCLE = timedelta(minutes=15)


def looked_at(store: Store, evidence: Iterable[Evidence], now: datetime) -> datetime:
    """When somebody last looked: the minutes since then make nobody forget what was seen.

    A cycle begins with Expensify; where that could not be read for longer, the later reading of
    NetSuite is the moment, and what Expensify showed before reaches it no more.
    """
    snapshot = store.snapshots.latest()
    if snapshot is None:
        return now
    expensify_at = store.sources.freshness("expensify").last_good_at or snapshot.taken_at
    is_one_cycle = snapshot.taken_at - expensify_at < _LONGEST_CYCLE
    cycle_at = expensify_at if is_one_cycle else snapshot.taken_at
    told = (row.observed_at for row in evidence if row.bound is not Bound.FAILED)
    return max([cycle_at, *(at for at in told if cycle_at < at <= now)])
