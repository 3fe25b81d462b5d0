"""How far an answer can be believed: how old it is, and which lists could not be seen."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.freshness import SourceFreshness
from monitor.core.records import ListReading, ListState, Snapshot

STALE_AFTER_CYCLES = 3
"""A reading older than this many cycles is no picture of the present."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """What was last read, as of `now` (UTC). `newest` and `lists` are the newest snapshot and its
    verdicts, `sources` what became of the last tries.
    """

    now: datetime
    every: timedelta
    newest: Snapshot | None
    lists: tuple[ListReading, ...] = ()
    sources: tuple[SourceFreshness, ...] = ()

    def is_stale(self, read_at: datetime | None) -> bool:
        """Whether what was read then is too old to speak of the present; never read is stale."""
        return read_at is None or self.now - read_at > STALE_AFTER_CYCLES * self.every

    def age_doubts(self) -> tuple[str, ...]:
        """A sentence when the newest snapshot is stale."""
        if self.newest is None or not self.is_stale(self.newest.taken_at):
            return ()
        return (
            f"NetSuite was last read {ago(self.now - self.newest.taken_at)}: "
            "is `monitor run` running? (`monitor status` shows why)",
        )

    def list_doubts(self, kinds: Collection[str] = ()) -> tuple[str, ...]:
        """A sentence for each of the kinds (none given: all) whose list is blind or held."""
        return tuple(
            _list_doubt(reading)
            for reading in self.lists
            if reading.state in (ListState.BLIND, ListState.HELD)
            and (not kinds or reading.kind in kinds)
        )

    def source_doubts(self) -> tuple[str, ...]:
        """A sentence for each source that could not be read, or was not for too long."""
        return tuple(self._source_doubts())

    def off_remarks(self, kinds: Collection[str]) -> tuple[str, ...]:
        """A sentence for each of the kinds asked for that never could be seen."""
        return tuple(
            f"nothing is known of the list {reading.kind}: {reading.detail or 'it cannot be read'}"
            for reading in self.lists
            if reading.state is ListState.OFF and reading.kind in kinds
        )

    def _source_doubts(self) -> Iterator[str]:
        for source in self.sources:
            name = source_name(source.source)
            if source.failing_since is not None:
                span = ago(self.now - source.failing_since)
                yield f"{name} cannot be read, first noticed {span}: {source.error or 'unknown'}"
            elif self.is_stale(source.last_good_at):
                yield f"{name} was last read {_ago_or_never(source.last_good_at, self.now)}"


def source_name(source: str) -> str:
    """What people call the source."""
    return {"netsuite": "NetSuite", "expensify": "Expensify"}.get(source, source)


def ago(span: timedelta) -> str:
    """How long ago: 3 days 4 h ago, 1 h 20 min ago, 5 min ago."""
    from monitor.core.message.words import length

    return f"{length(span)} ago"


def _ago_or_never(moment: datetime | None, now: datetime) -> str:
    return "never" if moment is None else ago(now - moment)


def _list_doubt(reading: ListReading) -> str:
    if reading.state is ListState.HELD:
        return (
            f"so many {reading.kind} records vanished at once that their absence is not believed "
            f"yet: if it is real, run `monitor accept-deletions {reading.kind}`"
        )
    why = reading.detail or "NetSuite does not show it any more"
    return f"the list {reading.kind} is blind, its records are as last seen: {why}"
