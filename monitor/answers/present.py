"""What the rules look at, built from the database alone: the present, as last read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.answers.known import Known
from monitor.answers.span import no_snapshot
from monitor.core.predict import Situation
from monitor.core.records import Snapshot
from monitor.situation import (
    Content,
    Surroundings,
    content_of,
    drift_since,
    since_sync,
    situation_of,
    with_what_was_told,
)


@dataclass(frozen=True, slots=True)
class Present:
    """The newest snapshot as a situation, and what it was made from."""

    snapshot: Snapshot
    situation: Situation
    content: Content
    begins: Mapping[str, Snapshot]
    """The snapshot that each workspace's drift is counted from, by policy id."""


def present_of(known: Known, *, now: datetime, also: Iterable[str] = ()) -> Present:
    """The situation as of `now`; `also`: further kinds of records to look at.

    Raises CannotAnswer when nothing was read yet.
    """
    store, settings = known.store, known.settings
    snapshot = store.snapshots.latest()
    if snapshot is None:
        raise no_snapshot()
    surroundings = Surroundings(
        settings.workspaces, settings.kinds, settings.netsuite_url, settings.preferences
    )
    since = [since_sync(store, one, snapshot, now) for one in settings.workspaces]
    drift = {one.workspace.policy_id: drift_since(store, one) for one in since}
    content = with_what_was_told(content_of(store, settings.workspaces, also), drift)
    return Present(
        snapshot,
        situation_of(store, snapshot, now, surroundings, drift, content),
        content,
        {one.workspace.policy_id: one.begin for one in since},
    )
