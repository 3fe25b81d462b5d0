"""What somebody names (a risk, a pending report, a record) -> which records of which workspaces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from monitor.answers.known import Known
from monitor.answers.present import Present
from monitor.core.predict.rules import rules_for
from monitor.core.records import Kind, Ref
from monitor.core.risks import TEXT, WORKSPACE
from monitor.core.workspace import NOT_CODED, Workspace
from monitor.errors import UsageError

Target = tuple[Workspace, Ref]


def kinds_asked(asked: str) -> tuple[str, ...]:
    """The kind of record that the text names, if it names one."""
    ref = _ref_of(asked.rpartition("/")[2])
    return (ref.kind,) if ref is not None else ()


def targets_of(
    asked: str, workspaces: tuple[Workspace, ...], present: Present, known: Known
) -> tuple[Target, ...]:
    """What the text names; raises UsageError that says what would be understood."""
    report = present.situation.reports_by_id.get(asked)
    if report is not None:
        return tuple(_used_by(report.report_id, report.policy_id, workspaces, present))
    where, _, name = asked.rpartition("/")
    ref = _ref_of(name)
    if ref is None:
        raise _unknown(asked, present, known)
    meant = [one for one in workspaces if not where or _is_called(one, where)]
    if not meant:
        known.workspaces(where)  # raises when it is none at all
    found = tuple((one, ref) for one in meant if _is_known(ref, one, present))
    if not found and meant and ref.kind not in (TEXT, WORKSPACE):
        raise UsageError(f"there is no {ref} in NetSuite as far as it was read")
    if not found:
        raise _unknown(asked, present, known)
    keeping = tuple(one for one in found if _keeps(ref, one[0], present))
    return keeping or found


def _is_called(workspace: Workspace, text: str) -> bool:
    """Whether the text is the workspace's policy id or its name."""
    said = text.strip()
    return said == workspace.policy_id or said.casefold() == workspace.name.casefold()


def _used_by(
    report_id: str, policy_id: str, workspaces: Iterable[Workspace], present: Present
) -> Iterator[Target]:
    """Everything that the report depends on."""
    for workspace in workspaces:
        if workspace.policy_id == policy_id:
            for ref, use in sorted(present.situation.uses(workspace).items()):
                if any(cell.report_id == report_id for cell in use.lines):
                    yield workspace, ref


def _ref_of(text: str) -> Ref | None:
    try:
        ref = Ref.parse(text)
    except ValueError:
        return None
    return ref if rules_for(ref.kind) else None


def _is_known(ref: Ref, workspace: Workspace, present: Present) -> bool:
    situation = present.situation
    if ref.kind == WORKSPACE:
        return ref.id == workspace.policy_id
    is_record = situation.book.get(ref) or situation.employees.get(ref)
    return bool(is_record) or ref in situation.uses(workspace)


def _keeps(ref: Ref, workspace: Workspace, present: Present) -> bool:
    """Whether the record can matter to the workspace."""
    situation = present.situation
    if ref in situation.uses(workspace) or ref.kind == WORKSPACE:
        return True
    if ref.kind != Kind.EMPLOYEE:
        return workspace.place_of(ref.kind) != NOT_CODED
    employee = situation.employees.get(ref)
    return employee is not None and employee.subsidiary_id in (None, workspace.subsidiary)


def _unknown(asked: str, present: Present, known: Known) -> UsageError:
    left = known.store.reports.departures([asked]).get(asked)
    if left is not None:
        return UsageError(f"report {asked} is not pending: it {left}")
    return UsageError(
        f"nothing is called {asked!r}: {_hint(asked, present, known)}write the id of a risk (as "
        "`monitor risks` shows it), the id of a pending report, or KIND:ID like class:12"
    )


def _hint(asked: str, present: Present, known: Known) -> str:
    situation = present.situation
    match = situation.book.find(asked, situation.book.kinds)
    if match is not None:
        return f"did you mean {match.ref}? If not, "
    risks = (one.risk.fingerprint for one in known.store.alerts.tracked())
    if kind := _kind_like(asked):
        return f"did you mean {kind}:{asked.rpartition(':')[2]}? If not, "
    near = get_close_matches(asked, [*situation.reports_by_id, *risks], n=1)
    return f"did you mean {near[0]}? If not, " if near else ""


def _kind_like(asked: str) -> str:
    """The kind that somebody meant who wrote "clas:12", "" without one."""
    kind, _, record_id = asked.rpartition("/")[2].rpartition(":")
    if not record_id.isdecimal():
        return ""
    kinds = [one for one in Kind if rules_for(one)]
    return next(iter(get_close_matches(kind.strip().lower(), kinds, n=1)), "")
