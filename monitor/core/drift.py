"""Changes, evidence, lists -> drift: what one workspace has not imported yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.core.imported import ImportVerdict, was_imported
from monitor.core.listed import ListHistory
from monitor.core.records import Change, Ref
from monitor.core.reports import Workspace
from monitor.core.sync import Imported, LastSync


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
    workspace: Workspace,
    net: Iterable[Change],
    steps: Iterable[Change],
    history: ListHistory,
    last: LastSync,
) -> Drift:
    """Judge each net change since the workspace's last sync, given every step of it, oldest first.

    A record that changed and changed back is no net change; but a sync in between has imported the
    state in the middle. Then its last step counts, when Expensify's own list shows it missing.
    """
    judged = {
        change.ref: DriftedChange(change, was_imported(change, workspace, history, last))
        for change in net
    }
    for step in {step.ref: step for step in steps}.values():
        verdict = was_imported(step, workspace, history, last)
        is_listed_otherwise = verdict.imported is Imported.NO and verdict.is_proof
        if step.ref not in judged and is_listed_otherwise:
            judged[step.ref] = DriftedChange(step, verdict)
    return Drift(workspace.policy_id, last, judged)
