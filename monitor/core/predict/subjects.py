"""A situation -> what its rules are asked about: whatever is used, and what changed unseen."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.predict.exposure import Use
from monitor.core.predict.rules import Subject
from monitor.core.predict.situation import Situation
from monitor.core.records import Kind, Record, Ref
from monitor.core.reports import Workspace
from monitor.core.risks import WORKSPACE


def refs_of(workspace: Workspace, situation: Situation) -> list[Ref]:
    """Everything that the rules are to judge for the workspace, in order."""
    refs = {*situation.uses(workspace), *_watched(workspace, situation)}
    if workspace.policy_id in situation.failing:
        refs.add(Ref(WORKSPACE, workspace.policy_id))
    return sorted(refs)


def subject_of(ref: Ref, workspace: Workspace, situation: Situation) -> Subject:
    """What the rules may know of one thing."""
    use = situation.uses(workspace).get(ref) or Use()
    record = _record(ref, situation)
    return Subject(
        ref=ref,
        name=_name(ref, workspace, use, record),
        record=record,
        is_gone=ref in situation.book.gone,
        former=situation.book.former(ref),
        workspace=workspace,
        use=use,
        usage=situation.usage(workspace),
        situation=situation,
        drifted=situation.drifted(workspace, use.meant or ref),
        is_unsure_of_subsidiary=situation.is_unsure_of_subsidiary(workspace),
    )


def _watched(workspace: Workspace, situation: Situation) -> Iterator[Ref]:
    """What changed since the last sync, of the kinds that people can code, and of its people."""
    drift = situation.drift.get(workspace.policy_id)
    coded = {coding.kind for coding in workspace.coding if ":" in coding.place}
    for ref in drift.changes if drift else ():
        if ref.kind in situation.unreadable:
            continue
        if ref.kind == Kind.EMPLOYEE:
            employee = situation.employees.get(ref)
            is_ours = employee is not None and employee.subsidiary_id == workspace.subsidiary
            if is_ours:
                yield ref
        elif ref.kind in coded and situation.book.get(ref) is not None:
            yield ref


def _record(ref: Ref, situation: Situation) -> Record | None:
    if ref.kind == Kind.EMPLOYEE:
        return situation.employees.get(ref)
    return situation.book.get(ref)


def _name(ref: Ref, workspace: Workspace, use: Use, record: Record | None) -> str:
    """What people call it: the record's whole name, else the text, the address, the workspace."""
    if record is not None:
        return record.full_name
    return workspace.name if ref.kind == WORKSPACE else use.name
