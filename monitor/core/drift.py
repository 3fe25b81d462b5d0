"""Changes, evidence, lists -> drift: what one workspace has not imported yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from monitor.core.imported import ImportVerdict, Sorts, was_imported
from monitor.core.listed import ListHistory
from monitor.core.records import Change, Ref
from monitor.core.sync import LastSync
from monitor.core.workspace import Workspace


class DriftedChange(NamedTuple):
    """A change since the last sync, net, and whether this workspace has imported it."""

    change: Change
    verdict: ImportVerdict


@dataclass(frozen=True, slots=True)
class Drift:
    """All that changed in NetSuite since a workspace's last sync, record by record.

    `since` is the snapshot that it was counted from, as a moment; None when nobody said. It is
    later than the last sync where the monitor began only after that.
    """

    policy_id: str
    last_sync: LastSync
    changes: Mapping[Ref, DriftedChange] = field(default_factory=dict)
    since: datetime | None = None


def drift_of(
    workspace: Workspace,
    net: Iterable[Change],
    steps: Iterable[Change],
    history: ListHistory,
    last: LastSync,
    *,
    since: datetime | None = None,
    unreflected: Sorts = (),
) -> Drift:
    """Judge each net change since the workspace's last sync, given every step of it, oldest first.

    What Expensify's own list proves of a record's last step, it proves of the whole change: the
    first half of a change may have been imported without the second. A record that changed and
    changed back is no net change; but a sync in between has imported the state in the middle, and
    then the list tells whether the way back was imported too.
    """
    judged = {
        change.ref: DriftedChange(
            change, was_imported(change, workspace, history, last, unreflected=unreflected)
        )
        for change in net
    }
    for step in {step.ref: step for step in steps}.values():
        verdict = was_imported(step, workspace, history, last, unreflected=unreflected)
        if verdict.is_proof:
            change = judged[step.ref].change if step.ref in judged else step
            judged[step.ref] = DriftedChange(change, verdict)
    return Drift(workspace.policy_id, last, judged, since)
