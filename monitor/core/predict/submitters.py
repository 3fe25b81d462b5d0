"""Submitters of whom NetSuite does not say clearly which employee they are: what is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from monitor.core.employees import EmployeeFound
from monitor.core.places import SetUpQuestion
from monitor.core.predict.situation import Situation
from monitor.core.records import Record
from monitor.core.reports import Workspace

SUBMITTER = "submitter"
"""Stands where a question about a coding names its place."""
_MOST_NAMED = 5


def submitter_questions(workspace: Workspace, situation: Situation) -> Iterator[SetUpQuestion]:
    """Each submitter with several employees, or with one whose subsidiary nobody wrote down."""
    reports: defaultdict[EmployeeFound, list[str]] = defaultdict(list)
    for report_id, found in situation.usage(workspace).people.items():
        reports[found].append(report_id)
    for found, report_ids in reports.items():
        sentence = ""
        if found.is_several:
            sentence = _several(found, workspace, situation)
        elif found.record is not None and _lacks_subsidiary(found.record, workspace, situation):
            sentence = _without_subsidiary(found.record, workspace)
        if sentence:
            told = f"{sentence} ({_reports(sorted(report_ids))})"
            yield SetUpQuestion(workspace.policy_id, SUBMITTER, told)


def _reports(report_ids: Sequence[str]) -> str:
    """Which they are, and of many a few."""
    noun = "report" if len(report_ids) == 1 else "reports"
    more = f" and {len(report_ids) - _MOST_NAMED} more" if len(report_ids) > _MOST_NAMED else ""
    return f"{noun} {', '.join(report_ids[:_MOST_NAMED])}{more}"


def _several(found: EmployeeFound, workspace: Workspace, situation: Situation) -> str:
    usable = situation.employees.usable_with(workspace, found.address)
    names = ", ".join(f"{one.ref} {one.full_name}" for one in usable)
    return (
        f"{len(usable)} active employees have the e-mail {found.address} ({names}): nobody can "
        "tell which of them submits, so nothing is predicted from an employee record there; "
        "correct the e-mail of all but one in NetSuite"
    )


def _lacks_subsidiary(employee: Record, workspace: Workspace, situation: Situation) -> bool:
    """Where no employee has one, the account has none or the role sees none."""
    is_asked = workspace.subsidiary is not None and employee.subsidiary_id is None
    return is_asked and any(one.subsidiary_id for one in situation.employees.everybody)


def _without_subsidiary(employee: Record, workspace: Workspace) -> str:
    return (
        f"{employee.ref} {employee.full_name} has no subsidiary in NetSuite, and is taken for one "
        f"of subsidiary {workspace.subsidiary}: write it into the employee record"
    )
