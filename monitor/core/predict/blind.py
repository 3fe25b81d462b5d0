"""Which risks cannot be judged now: not to see them any more is no sign that they ended."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.core.predict.predictor import is_hidden
from monitor.core.predict.rules import BY_SUBSIDIARY, Subject, judge
from monitor.core.predict.situation import Situation
from monitor.core.predict.subjects import subject_of
from monitor.core.records import Kind
from monitor.core.reports import Workspace
from monitor.core.risks import TEXT, Cause, Risk
from monitor.core.sync import Imported


def blind_risks(risks: Iterable[Risk], situation: Situation) -> frozenset[str]:
    """The fingerprints of the risks whose end the situation cannot see."""
    return frozenset(risk.fingerprint for risk in risks if is_blind_to(risk, situation))


def is_blind_to(risk: Risk, situation: Situation) -> bool:
    """Whether the situation cannot tell if the risk has ended: nothing may resolve it then.

    A failing sync hides what is not certain. A place whose texts are no longer what they were said
    to be tells nothing of the records that were coded there. That no pending report uses a record
    any more is seen without its subsidiaries.
    """
    workspace = situation.workspace(risk.policy_id)
    if workspace is None:
        return False
    if risk.ref.kind in situation.unreadable or is_hidden(risk, situation):
        return True
    if _is_at_a_blind_place(risk, workspace, situation) or _needs_people(
        risk, workspace, situation
    ):
        return True
    if risk.reports and risk.ref not in situation.uses(workspace):
        return False
    subject = subject_of(risk.ref, workspace, situation)
    return any(_is_blind_to_cause(cause, subject) for cause in (risk.cause, *risk.other_causes))


_BY_PEOPLE = (
    Cause.NOT_A_RESOURCE,
    Cause.EMPLOYEE_DEFAULT_BROKEN,
    Cause.EMPLOYEE_UNUSABLE,
    Cause.EMPLOYEE_DEFAULT_EMPTY,
    Cause.EMPLOYEE_EDITED_SINCE_SYNC,
)


def _needs_people(risk: Risk, workspace: Workspace, situation: Situation) -> bool:
    """It depends on who submits, and the employees are out of sight."""
    if situation.usage(workspace).is_seeing_people:
        return False
    return any(cause in _BY_PEOPLE for cause in (risk.cause, *risk.other_causes))


def _is_at_a_blind_place(risk: Risk, workspace: Workspace, situation: Situation) -> bool:
    places = {bad.coded.place for report in risk.reports for bad in report.bad_texts}
    doubted = situation.usage(workspace).meanings.doubted
    if places & doubted:
        return True
    kinds = (kind for place in places for kind in workspace.kinds_at(place))
    return risk.ref.kind == TEXT and any(kind in situation.unreadable for kind in kinds)


def _is_blind_to_cause(cause: Cause, subject: Subject) -> bool:
    if cause is Cause.EDITED_SINCE_SYNC:
        is_by_subsidiary = subject.ref.kind in (*BY_SUBSIDIARY, Kind.CUSTOMER, Kind.PROJECT)
        if not is_by_subsidiary or not subject.is_unsure_of_subsidiary:
            return False
        drifted = subject.drifted
        return drifted is None or drifted.verdict.imported is not Imported.YES
    return any(
        judged.off is not None and not judged.off.is_chosen
        for judged in judge(subject)
        if judged.rule.cause is cause
    )
