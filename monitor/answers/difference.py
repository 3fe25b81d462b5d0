"""The answer of `monitor diff` as a value: what changed, and what of it Expensify imported."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from monitor.core.records import Change, ChangeWord, Snapshot
from monitor.core.sync import Imported
from monitor.core.workspace import Workspace


class Basis(StrEnum):
    """What the earlier moment of a comparison is."""

    LAST_SYNC = "last-sync"
    LAST_DAY = "last-24h"
    """Nobody knows when Expensify last synced."""
    BASELINE = "baseline"
    """The first snapshot: asked for, or nothing is older."""
    SNAPSHOT = "snapshot"
    MOMENT = "moment"


class Range(NamedTuple):
    """The two moments compared (UTC), and the snapshots that answer for them."""

    since: datetime
    until: datetime
    basis: Basis
    older: Snapshot
    newer: Snapshot


class DriftedChange(NamedTuple):
    """A change, and whether each workspace (by policy id) has imported it."""

    change: Change
    imported: dict[str, Imported]


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different between the two moments of the range. `doubts` are sentences about why the
    answer may be incomplete or stale; without any it is the whole truth.
    """

    generated_at: datetime
    range: Range
    changes: tuple[DriftedChange, ...]
    workspaces: tuple[Workspace, ...] = ()
    time_zone: str = "UTC"
    remarks: tuple[str, ...] = ()
    """Sentences about how the question was understood."""
    doubts: tuple[str, ...] = ()

    @property
    def summary(self) -> dict[str, int]:
        """How many changes of each word; all words, in the order people count."""
        counts = Counter(row.change.change for row in self.changes)
        return {word.value: counts[word] for word in SUMMARY_ORDER}


SUMMARY_ORDER = (
    ChangeWord.ADDED,
    ChangeWord.DELETED,
    ChangeWord.RESTORED,
    ChangeWord.INACTIVATED,
    ChangeWord.REACTIVATED,
    ChangeWord.RENAMED,
    ChangeWord.MOVED,
    ChangeWord.EDITED,
)
