"""Changes, evidence, lists -> drift: what one workspace has not imported yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.core.imported import ImportVerdict, was_imported
from monitor.core.listed import ListHistory
from monitor.core.records import Change, Ref
from monitor.core.reports import Workspace
from monitor.core.sync import LastSync


class DriftedChange(NamedTuple):
    """A change since the last sync, net, and whether this workspace has imported it."""

    change: Change
    verdict: ImportVerdict


@dataclass(frozen=True, slots=True)
class Drift:
    """All that changed in NetSuite since a workspace's last sync, record by record."""

    policy_id: str
    last_sync: LastSync
    changes: Mapping[Ref, DriftedChange] = field(default_factory=dict)


def drift_of(
    workspace: Workspace, changes: Iterable[Change], history: ListHistory, last: LastSync
) -> Drift:
    """Judge each change since the workspace's last sync."""
    return Drift(
        workspace.policy_id,
        last,
        {
            change.ref: DriftedChange(change, was_imported(change, workspace, history, last))
            for change in changes
        },
    )
