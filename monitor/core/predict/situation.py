"""All that a prediction looks at, as one value; what reports use is looked up once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from monitor.core.drift import Drift, DriftedChange
from monitor.core.employees import EmployeeBook
from monitor.core.listed import ListHistory
from monitor.core.match import RecordBook
from monitor.core.places import HealthBefore
from monitor.core.predict.exposure import Use
from monitor.core.predict.usage import Usage
from monitor.core.records import Kind, Ref
from monitor.core.reports import PendingReport, Route, Workspace
from monitor.core.risks import Cause
from monitor.core.subsidiaries import SubsidiaryTree
from monitor.core.sync import Imported, SyncFailure


class Refuted(Protocol):
    """Counter-evidence: what a rule refuses was exported all the same."""

    @property
    def is_capped(self) -> bool:
        """The rule was refuted too often in this account: it says no more than possible."""

    @property
    def sentence(self) -> str:
        """Which reports show it."""


class Refutations(Protocol):
    """What exports have taught about the rules."""

    def verdict(
        self, cause: Cause, ref: Ref, policy_id: str, route: Route, changed_at: datetime | None
    ) -> Refuted | None:
        """What speaks against the rule here; None when nothing does."""


class _NoRefutations:
    def verdict(
        self, cause: Cause, ref: Ref, policy_id: str, route: Route, changed_at: datetime | None
    ) -> Refuted | None:
        return None


NO_REFUTATIONS: Refutations = _NoRefutations()


@dataclass(frozen=True, slots=True)
class Situation:
    """The present state of both sides, and the drift between them."""

    now: datetime
    book: RecordBook
    workspaces: tuple[Workspace, ...]
    reports: tuple[PendingReport, ...] = ()
    drift: Mapping[str, Drift] = field(default_factory=dict)
    """By policy id."""
    tree: SubsidiaryTree = field(default_factory=SubsidiaryTree)
    unreadable: Collection[str] = ()
    """Kinds whose list is off, blind or held back: their rules are off."""
    unsure_subsidiaries: Collection[str] = ()
    """Subsidiaries that the newest snapshot missed, or that are gone: with them the role may have
    lost sight of what belongs to them, so nothing is said of who may use a record there.
    """
    first_read: Mapping[str, datetime] = field(default_factory=dict)
    """When each list was first read, by kind: a role may come to see one only later."""
    netsuite_url: str = ""
    """Where people open NetSuite."""
    employees: EmployeeBook = field(default_factory=EmployeeBook)
    show_projects_only: str = "unknown"
    """NetSuite's preference, as the operator says it: yes, no or unknown."""
    failing: Mapping[str, SyncFailure] = field(default_factory=dict)
    """Workspaces that cannot sync, by policy id."""
    refutations: Refutations = NO_REFUTATIONS
    lists: Mapping[str, ListHistory] = field(default_factory=dict)
    """What Expensify's pickers offer, by policy id."""
    health_before: Mapping[tuple[str, str], HealthBefore] = field(default_factory=dict)
    """How well the texts matched at the last cycle, by policy id and place."""
    _usage: dict[str, Usage] = field(default_factory=dict, init=False, repr=False, compare=False)
    _by_id: dict[str, PendingReport] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def workspace(self, policy_id: str) -> Workspace | None:
        """The workspace as it is configured now, None when it is no longer."""
        return next((one for one in self.workspaces if one.policy_id == policy_id), None)

    def reports_of(self, workspace: Workspace) -> dict[str, PendingReport]:
        """The workspace's pending reports, by id."""
        return {r.report_id: r for r in self.reports if r.policy_id == workspace.policy_id}

    def usage(self, workspace: Workspace) -> Usage:
        """What the pending reports of the workspace depend on; looked up once."""
        if workspace.policy_id not in self._usage:
            reports = self.reports_of(workspace).values()
            self._usage[workspace.policy_id] = Usage(
                workspace,
                reports,
                self.book,
                self.unreadable,
                self.employees,
                frozenset(self._new(workspace)),
                self._before(workspace),
            )
        return self._usage[workspace.policy_id]

    @property
    def reports_by_id(self) -> Mapping[str, PendingReport]:
        """All pending reports."""
        if not self._by_id:
            self._by_id.update((report.report_id, report) for report in self.reports)
        return self._by_id

    def _before(self, workspace: Workspace) -> dict[str, HealthBefore]:
        own = workspace.policy_id
        return {
            place: before
            for (policy_id, place), before in self.health_before.items()
            if policy_id == own
        }

    def _new(self, workspace: Workspace) -> Iterator[Ref]:
        """Records that are new since the last sync, unless Expensify has imported them."""
        drift = self.drift.get(workspace.policy_id)
        for ref, drifted in drift.changes.items() if drift else ():
            is_imported = drifted.verdict.imported is Imported.YES
            if drifted.change.before is None and not is_imported:
                yield ref

    def uses(self, workspace: Workspace) -> Mapping[Ref, Use]:
        """Everything that pending reports of the workspace depend on."""
        return self.usage(workspace).uses

    def drifted(self, workspace: Workspace, ref: Ref) -> DriftedChange | None:
        """The record's change since the workspace's last sync, if there was one."""
        drift = self.drift.get(workspace.policy_id)
        return drift.changes.get(ref) if drift else None

    def is_unsure_of_subsidiary(self, workspace: Workspace) -> bool:
        """Whether the role's view of the workspace's subsidiary, or of one above it, may have
        shrunk.
        """
        if workspace.subsidiary is None:
            return False
        lineage = self.tree.lineage(workspace.subsidiary)
        return Kind.SUBSIDIARY in self.unreadable or any(
            subsidiary in self.unsure_subsidiaries for subsidiary in lineage
        )
