"""Records that NetSuite edited before the monitor began, nobody knows how: listed, and no risk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from monitor.answers.known import Known
from monitor.beginning import unseen_edits
from monitor.core.message.words import counted
from monitor.core.records import Record
from monitor.core.workspace import Workspace
from monitor.situation import known_sync

_NAMED = 5


class Untold(NamedTuple):
    """What was edited between a workspace's last sync and the first look, in unknown fields."""

    workspace: Workspace
    total: int
    first: tuple[Record, ...]
    """A few of them."""

    @property
    def sentence(self) -> str:
        """How many they are, which, and what is not known of them."""
        named = [f"{one.ref} {one.full_name}" for one in self.first]
        more = [f"{self.total - len(named)} more"] if self.total > len(named) else []
        return (
            f"{counted(self.total, 'record')} edited after the last sync, before the monitor's "
            f"first look; NetSuite does not say which fields: {', '.join([*named, *more])}"
        )


def untold_of(known: Known, *, now: datetime) -> Iterator[Untold]:
    """The same of every workspace that has any."""
    for workspace in known.settings.workspaces:
        last = known_sync(known.store, workspace, now)
        untold = unseen_edits(known.store, workspace, last).untold
        if untold:
            yield Untold(workspace, len(untold), untold[:_NAMED])
