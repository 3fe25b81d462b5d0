"""The table of rules: which cause, judged by whom, of what, and what it needs to see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import NamedTuple

from monitor.core.imported import moment_of
from monitor.core.predict.rules.employee_rules import (
    employee_default_empty,
    employee_edited_since_sync,
    employee_rule_stale,
    employee_unusable,
)
from monitor.core.predict.rules.project_rules import (
    customer_outside_subsidiary,
    not_a_resource,
    project_closed_to_expenses,
    projects_only,
)
from monitor.core.predict.rules.record_rules import (
    BY_SUBSIDIARY,
    deleted,
    edited_since_sync,
    employee_default_broken,
    inactive,
    outside_subsidiary,
    parent_inactive,
    segment_value_deleted,
    segment_value_inactive,
)
from monitor.core.predict.rules.subject import Answer, Finding, Off, Subject
from monitor.core.predict.rules.text_rules import new_not_imported, unknown_text
from monitor.core.predict.rules.workspace_rules import billable_without_customer, sync_failing
from monitor.core.predict.situation import NO_REFUTATIONS, Refuted
from monitor.core.records import Kind
from monitor.core.reports import Route
from monitor.core.risks import TEXT, WORKSPACE, Cause, Certainty

SEGMENT = "segment"
"""Stands in the table for the values of every custom segment."""
_CLASSES, _CUSTOMERS = BY_SUBSIDIARY, (Kind.CUSTOMER, Kind.PROJECT)
_CODED = (*_CLASSES, *_CUSTOMERS)


class Rule(NamedTuple):
    """One row: the cause, the function that judges it, and the kinds it is about."""

    cause: Cause
    judge: Callable[[Subject], Answer]
    kinds: tuple[str, ...]
    otherwise: str
    """What is so where it does not fire."""


RULES: tuple[Rule, ...] = (
    Rule(Cause.DELETED, deleted, _CODED, "it exists in NetSuite"),
    Rule(Cause.INACTIVE, inactive, _CODED, "it is active in NetSuite"),
    Rule(
        Cause.OUTSIDE_SUBSIDIARY,
        outside_subsidiary,
        _CLASSES,
        "the workspace's subsidiary may use it",
    ),
    Rule(
        Cause.CUSTOMER_OUTSIDE_SUBSIDIARY,
        customer_outside_subsidiary,
        _CUSTOMERS,
        "the workspace's expenses may name it",
    ),
    Rule(
        Cause.PROJECT_CLOSED_TO_EXPENSES,
        project_closed_to_expenses,
        (Kind.PROJECT,),
        "it allows expenses",
    ),
    Rule(
        Cause.NOT_A_RESOURCE,
        not_a_resource,
        (Kind.PROJECT,),
        "everybody who submits it may use it, as far as they are known",
    ),
    Rule(
        Cause.BILLABLE_WITHOUT_CUSTOMER,
        billable_without_customer,
        (WORKSPACE,),
        "every billable expense names a customer or project",
    ),
    Rule(
        Cause.EMPLOYEE_DEFAULT_BROKEN,
        employee_default_broken,
        _CLASSES,
        "it is no submitter's default, or NetSuite takes it as one",
    ),
    Rule(
        Cause.EMPLOYEE_UNUSABLE,
        employee_unusable,
        (Kind.EMPLOYEE,),
        "an active employee of the workspace's subsidiary has the e-mail",
    ),
    Rule(Cause.SEGMENT_VALUE_DELETED, segment_value_deleted, (SEGMENT,), "it exists in NetSuite"),
    Rule(
        Cause.SEGMENT_VALUE_INACTIVE, segment_value_inactive, (SEGMENT,), "it is active in NetSuite"
    ),
    Rule(
        Cause.PROJECTS_ONLY, projects_only, (Kind.CUSTOMER,), "NetSuite takes customers on expenses"
    ),
    Rule(
        Cause.EMPLOYEE_DEFAULT_EMPTY,
        employee_default_empty,
        (Kind.EMPLOYEE,),
        "no required default is missing that its expenses would take",
    ),
    Rule(
        Cause.EDITED_SINCE_SYNC,
        edited_since_sync,
        (*_CODED, SEGMENT),
        "no edit that matters waits to be imported",
    ),
    Rule(
        Cause.EMPLOYEE_EDITED_SINCE_SYNC,
        employee_edited_since_sync,
        (Kind.EMPLOYEE,),
        "no edit that its expenses would take waits to be imported",
    ),
    Rule(Cause.SYNC_FAILING, sync_failing, (WORKSPACE,), "nothing shows that its sync fails"),
    Rule(Cause.UNKNOWN_TEXT, unknown_text, (TEXT,), "a record has or had that name"),
    Rule(
        Cause.NEW_NOT_IMPORTED,
        new_not_imported,
        (TEXT,),
        "no record that is new since the last sync has that name",
    ),
    Rule(
        Cause.PARENT_INACTIVE, parent_inactive, (*_CODED, SEGMENT), "nothing above it is inactive"
    ),
    Rule(
        Cause.EMPLOYEE_RULE_STALE,
        employee_rule_stale,
        (Kind.EMPLOYEE,),
        "no edit waits that rules for new expenses would take",
    ),
)
"""In the order of strength; a further cause is one more function and one more row."""

_STRENGTH = {cause: strength for strength, cause in enumerate(Cause)}


class Judged(NamedTuple):
    """What one rule says of the subject, and what exports have said against it."""

    rule: Rule
    findings: tuple[Finding, ...]
    off: Off | None = None
    refuted: tuple[Refuted, ...] = ()


def findings(subject: Subject) -> list[Finding]:
    """Every finding that stands, the surest first, then the strongest."""
    found = [finding for judged in judge(subject) for finding in judged.findings]
    return sorted(found, key=lambda finding: (-finding.certainty, _STRENGTH[finding.cause]))


def judge(subject: Subject) -> Iterator[Judged]:
    """What every rule about such a subject says."""
    for rule in rules_for(subject.ref.kind):
        answer = rule.judge(subject)
        if isinstance(answer, Off):
            yield Judged(rule, (), answer)
        elif answer:
            yield _after_evidence(rule, answer, subject)
        else:
            yield Judged(rule, ())


@cache
def rules_for(kind: str) -> tuple[Rule, ...]:
    """The rules about things of the kind, the strongest cause first."""
    sort = SEGMENT if kind.startswith(f"{SEGMENT}:") else kind
    return tuple(rule for rule in RULES if sort in rule.kinds)


def _after_evidence(rule: Rule, answer: Iterable[Finding], subject: Subject) -> Judged:
    """An export that went well takes the rule back for its route; two make it a mere guess."""
    found = tuple(answer)
    if subject.situation.refutations is NO_REFUTATIONS:
        return Judged(rule, found)
    standing: list[Finding] = []
    refuted: list[Refuted] = []
    for finding in found:
        if finding.certainty is Certainty.POSSIBLE:
            standing.append(finding)
            continue
        for route, part in _by_route(finding):
            counter = _counter_evidence(finding, route, subject)
            if counter is None:
                standing.append(part)
                continue
            refuted.append(counter)
            if counter.is_capped:
                standing.append(part._replace(certainty=Certainty.POSSIBLE))
    return Judged(rule, tuple(standing), refuted=tuple(refuted))


def _by_route(finding: Finding) -> Iterator[tuple[Route, Finding]]:
    for route in sorted({cell.route for cell in finding.cells}):
        cells = frozenset(cell for cell in finding.cells if cell.route is route)
        yield route, finding._replace(cells=cells)


def _counter_evidence(finding: Finding, route: Route, subject: Subject) -> Refuted | None:
    return subject.situation.refutations.verdict(
        finding.cause, subject.ref, subject.workspace.policy_id, route, changed_at(subject)
    )


def changed_at(subject: Subject) -> datetime | None:
    """The record's last relevant change: an export before it says nothing of the rule."""
    if subject.drifted is not None:
        return moment_of(subject.drifted.change)[1]
    return subject.record.modified_at if subject.record is not None else None
