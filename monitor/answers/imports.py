"""Has a workspace imported a change? What the database knows of its last sync and its lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from monitor.adapters.store import Store
from monitor.core.drift import drift_of
from monitor.core.estimate import Estimate, next_sync_estimate
from monitor.core.imported import was_imported
from monitor.core.listed import ListHistory
from monitor.core.records import Change, Ref
from monitor.core.sync import Evidence, Imported, LastSync, failures_since, last_sync
from monitor.core.unreflected import Sort, Unreflected
from monitor.core.workspace import Workspace
from monitor.offered import history_of
from monitor.present import looked_at


@dataclass(frozen=True, slots=True)
class WorkspaceSync:
    """What is known of one workspace's last sync. `failed` are the failures since then, `next_sync`
    is a guess.
    """

    workspace: Workspace
    sync: LastSync
    failed: tuple[Evidence, ...] = ()
    next_sync: Estimate | None = None
    doubted: tuple[Unreflected, ...] = ()
    """Lists of Expensify's that are not believed about some sort of change."""

    @classmethod
    def of(cls, store: Store, workspace: Workspace, *, now: datetime) -> WorkspaceSync:
        """Gather the evidence about the workspace, as of `now`."""
        evidence = store.evidence.all(workspace.policy_id, as_of=now)
        skew = store.witnesses.skew()
        as_of = looked_at(store, evidence, now)
        sync = last_sync(workspace.policy_id, evidence, as_of=as_of, skew=skew)
        failed = failures_since(sync, evidence)
        doubted = store.unreflected.of(workspace.policy_id)
        estimate = next_sync_estimate(evidence, now=now)
        return cls(workspace, sync, failed, estimate, doubted)


@dataclass(frozen=True, slots=True)
class ImportJudge:
    """Says of one workspace which changes it has taken over."""

    workspace: Workspace
    sync: LastSync
    lists: ListHistory
    unreflected: frozenset[Sort] = frozenset()
    """Sorts of change that the workspace's lists do not follow."""

    @classmethod
    def of(cls, store: Store, workspace: Workspace, *, now: datetime) -> ImportJudge:
        """Gather everything known about the workspace, as of `now`."""
        known = WorkspaceSync.of(store, workspace, now=now)
        lists = history_of(store, workspace)
        return cls(workspace, known.sync, lists, frozenset(one.sort for one in known.doubted))

    @property
    def policy_id(self) -> str:
        """The workspace's id in Expensify."""
        return self.workspace.policy_id

    def net(self, changes: Iterable[Change], steps: Iterable[Change]) -> dict[Ref, Imported]:
        """Whether the workspace has taken over each net change, given every step of it: a sync may
        have come between two of them.
        """
        drift = drift_of(
            self.workspace, changes, steps, self.lists, self.sync, unreflected=self.unreflected
        )
        return {ref: drifted.verdict.imported for ref, drifted in drift.changes.items()}

    def step(self, change: Change) -> Imported:
        """Whether the workspace has taken over a single step."""
        return was_imported(
            change, self.workspace, self.lists, self.sync, unreflected=self.unreflected
        ).imported
