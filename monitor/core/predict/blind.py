"""Which risks cannot be judged now: not to see them any more is no sign that they ended."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.core.predict.rules import BY_SUBSIDIARY
from monitor.core.predict.situation import Situation
from monitor.core.reports import Workspace
from monitor.core.risks import Cause, Risk
from monitor.core.subsidiaries import Access
from monitor.core.sync import Imported


def blind_risks(risks: Iterable[Risk], situation: Situation) -> frozenset[str]:
    """The fingerprints of the risks whose end the situation cannot see."""
    return frozenset(risk.fingerprint for risk in risks if is_blind_to(risk, situation))


def is_blind_to(risk: Risk, situation: Situation) -> bool:
    """Whether the situation cannot tell if the risk has ended: nothing may resolve it then.

    That no pending report uses the record any more is seen without its subsidiaries.
    """
    workspace = situation.workspace(risk.policy_id)
    if workspace is None:
        return False
    if risk.ref.kind in situation.unreadable:
        return True
    if risk.reports and risk.ref not in situation.uses(workspace):
        return False
    return any(
        _is_blind_to_cause(cause, risk, workspace, situation)
        for cause in (risk.cause, *risk.other_causes)
    )


def _is_blind_to_cause(
    cause: Cause, risk: Risk, workspace: Workspace, situation: Situation
) -> bool:
    if risk.ref.kind not in BY_SUBSIDIARY or workspace.subsidiary is None:
        return False
    is_unsure = situation.is_unsure_of_subsidiary(workspace)
    if cause is Cause.OUTSIDE_SUBSIDIARY:
        record = situation.book.present.get(risk.ref)
        return record is not None and (
            is_unsure or situation.tree.access(record, workspace.subsidiary) is Access.UNKNOWN
        )
    if cause is Cause.EDITED_SINCE_SYNC and is_unsure:
        drifted = situation.drifted(workspace, risk.ref)
        return drifted is None or drifted.verdict.imported is not Imported.YES
    return False
