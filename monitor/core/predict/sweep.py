"""Employees whose defaults NetSuite would refuse today, with or without a pending report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from monitor.core.employees import DEFAULTS, default_of
from monitor.core.predict.exposure import Cell
from monitor.core.predict.rules import broken_as_default
from monitor.core.predict.situation import Situation
from monitor.core.predict.subjects import subject_of
from monitor.core.predict.usage import reads_default
from monitor.core.records import Kind, Record, Ref
from monitor.core.reports import Route, Workspace
from monitor.core.risks import Cause, Certainty


class BrokenDefault(NamedTuple):
    """An employee whose next report would fail by a default that stands in NetSuite."""

    policy_id: str
    employee: Ref
    employee_name: str
    default: Ref
    default_name: str
    cause: Cause
    """What is wrong with the default."""
    certainty: Certainty
    has_pending_report: bool


def sweep_employees(situation: Situation) -> tuple[BrokenDefault, ...]:
    """Every usable employee of a workspace's subsidiary with such a default, in order."""
    found = [one for workspace in situation.workspaces for one in _sweep(workspace, situation)]
    return tuple(sorted(found))


def _sweep(workspace: Workspace, situation: Situation) -> Iterator[BrokenDefault]:
    judge = _Judge(workspace, situation)
    people = situation.usage(workspace).people.values()
    submitting = {found.record.ref for found in people if found.record is not None}
    for employee in judge.employees():
        for kind in judge.kinds:
            ref = Ref(kind, default_of(employee, kind) or "")
            verdict = judge.verdict(ref)
            if verdict is not None:
                yield BrokenDefault(
                    workspace.policy_id,
                    employee.ref,
                    employee.full_name,
                    ref,
                    verdict.name,
                    verdict.cause,
                    verdict.certainty,
                    employee.ref in submitting,
                )


class _Verdict(NamedTuple):
    name: str
    cause: Cause
    certainty: Certainty


class _Judge:
    """Judges every default once, however many employees have it."""

    def __init__(self, workspace: Workspace, situation: Situation) -> None:
        self._workspace, self._situation = workspace, situation
        self._known: dict[Ref, _Verdict | None] = {}
        cells = [Cell("", route) for route in routes_of(workspace)]
        self.kinds = tuple(
            kind
            for kind in DEFAULTS
            if kind not in situation.unreadable
            and any(reads_default(workspace, kind, cell) for cell in cells)
        )

    def employees(self) -> Iterator[Record]:
        """Those who may submit in the workspace; nobody while they cannot be read."""
        if not self.kinds or Kind.EMPLOYEE in self._situation.unreadable:
            return
        subsidiary = self._workspace.subsidiary
        for employee in self._situation.employees.everybody:
            is_ours = subsidiary is None or employee.subsidiary_id == subsidiary
            if is_ours and self._situation.employees.is_usable(employee):
                yield employee

    def verdict(self, ref: Ref) -> _Verdict | None:
        """Why NetSuite would refuse the default; None when it would not, or nobody knows it."""
        if ref not in self._known:
            self._known[ref] = self._judged(ref)
        return self._known[ref]

    def _judged(self, ref: Ref) -> _Verdict | None:
        subject = subject_of(ref, self._workspace, self._situation)
        broken = broken_as_default(subject) if subject.record is not None else None
        return _Verdict(subject.name, *broken) if broken else None


def routes_of(workspace: Workspace) -> frozenset[Route]:
    """As what expenses of the workspace may reach NetSuite."""
    by_card = {Route.JOURNAL_ENTRY} if workspace.journal_cards else set()
    return frozenset({workspace.reimbursable_export, workspace.company_card_export} | by_card)
