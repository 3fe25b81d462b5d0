"""The answer of `monitor explain` as a value: the chain of evidence behind a risk or record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.adapters.store.lives import PastAlert
from monitor.answers.fates import Fate, fates_of
from monitor.answers.freshness import Freshness
from monitor.answers.imports import WorkspaceSync
from monitor.answers.known import Known
from monitor.answers.present import Present, present_of
from monitor.answers.targets import Target, kinds_asked, targets_of
from monitor.core.alerts import RiskState, TrackedRisk
from monitor.core.predict import Examination, RuleState, RuleVerdict, examine, predict
from monitor.core.predict.rules import rules_for
from monitor.core.records import Snapshot
from monitor.core.reports import PendingReport
from monitor.core.risks import Risk
from monitor.core.workspace import Workspace

NO_USE = "no pending report uses it any more: recoded, exported or deleted"


@dataclass(frozen=True, slots=True)
class Case:
    """One record of one workspace: what is known of it, and what follows."""

    workspace: Workspace
    examination: Examination
    risk: Risk | None
    """As it would be predicted now; None = nothing would fail by it."""
    tracked: TrackedRisk | None
    """As the last cycle recorded it."""
    sync: WorkspaceSync
    begin: Snapshot | None
    """The snapshot that the changes are counted from."""
    is_sync_failing: bool = False
    """The workspace cannot sync: only what is certain is told beside that."""
    told_before: PastAlert | None = None
    """The last alert that told of it and saw it end."""

    @property
    def fired(self) -> tuple[RuleVerdict, ...]:
        """The rules by which it would fail."""
        return tuple(one for one in self.examination.verdicts if one.state is RuleState.FIRED)

    @property
    def resolves_when(self) -> tuple[str, ...]:
        """What would end it: each rule that fired must be so, or nothing may use the record."""
        fired = {one.cause for one in self.fired}
        rules = rules_for(self.examination.ref.kind)
        ends = tuple(rule.otherwise for rule in rules if rule.cause in fired)
        return (*ends, NO_USE) if ends and self.is_used else ends

    @property
    def is_used(self) -> bool:
        """Whether some pending report uses the record."""
        return bool(self.risk.reports if self.risk else self.examination.matched)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything asked about, record by record. `doubts`: why it may be out of date; `report`: the
    report asked about, `fate` why it would fail (None = it would not).
    """

    asked: str
    freshness: Freshness
    cases: tuple[Case, ...]
    time_zone: str = "UTC"
    doubts: tuple[str, ...] = ()
    report: PendingReport | None = None
    fate: Fate | None = None


def explain(known: Known, asked: str, workspace: str | None, *, now: datetime) -> Explanation:
    """The evidence about a risk, a pending report or a record, in one or all workspaces.

    Raises CannotAnswer when nothing was read yet, UsageError when nothing is called that.
    """
    known.must_have_read()
    workspaces = known.workspaces(workspace)
    present = present_of(known, now=now, also=kinds_asked(asked))
    tracked = {one.risk.fingerprint: one for one in known.store.alerts.tracked()}
    targets = targets_of(asked, workspaces, present, known)
    freshness = known.freshness(now)
    risks = tuple(predict(present.situation))
    return Explanation(
        asked,
        freshness,
        _cases(targets, present, risks, tracked, known),
        known.settings.time_zone,
        (*freshness.source_doubts(), *freshness.list_doubts()),
        present.situation.reports_by_id.get(asked),
        fates_of(risks).get(asked),
    )


def _cases(
    targets: Iterable[Target],
    present: Present,
    predicted: Iterable[Risk],
    tracked: Mapping[str, TrackedRisk],
    known: Known,
) -> tuple[Case, ...]:
    """The surest first; what is harmless last."""
    risks = {risk.fingerprint: risk for risk in predicted}
    cases = []
    for workspace, ref in targets:
        name = f"{workspace.policy_id}/{ref}"
        known_risk = tracked.get(name)
        is_over = known_risk is not None and known_risk.state is RiskState.RESOLVED
        cases.append(
            Case(
                workspace,
                examine(present.situation, ref, workspace),
                risks.get(name),
                None if is_over else known_risk,
                WorkspaceSync.of(known.store, workspace, now=present.situation.now),
                present.begins.get(workspace.policy_id),
                workspace.policy_id in present.situation.failing,
                known.store.lives.last_told(name),
            )
        )
    return tuple(sorted(cases, key=lambda one: -one.risk.certainty if one.risk else 0))
