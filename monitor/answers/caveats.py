"""What is not predicted, and why: rules that are off or capped, and what the operator is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from monitor.answers.known import Known
from monitor.core.records import Kind, ListReading, ListState
from monitor.core.refutations import Cap
from monitor.core.risks import Cause
from monitor.core.workspace import Workspace

_OF_SUBSIDIARIES = (Cause.OUTSIDE_SUBSIDIARY, Cause.CUSTOMER_OUTSIDE_SUBSIDIARY)
_OF_RESOURCES = (Cause.NOT_A_RESOURCE,)
_OF_PARENTS = {"parent": Cause.PARENT_INACTIVE}
_OF_COLUMNS: Mapping[str, Mapping[str, Cause]] = {
    Kind.CLASS: _OF_PARENTS,
    Kind.DEPARTMENT: _OF_PARENTS,
    Kind.LOCATION: _OF_PARENTS,
    Kind.PROJECT: {
        "allowexpenses": Cause.PROJECT_CLOSED_TO_EXPENSES,
        "limittimetoassignees": Cause.NOT_A_RESOURCE,
        "jobresources": Cause.NOT_A_RESOURCE,
    },
}
"""The rule that rests on one column, or attached table, of its record's own list, by kind."""


class RulesOff(NamedTuple):
    """Rules that say nothing, for want of one list or of a part of it."""

    kind: str
    causes: tuple[Cause, ...]
    because: str
    is_blind: bool
    """The list could be read before: that alone is told as well."""

    @property
    def sentence(self) -> str:
        """What is off, and why."""
        codes = ", ".join(cause.code for cause in self.causes)
        return f"rules that are off ({codes}): {self.because}"


def rules_off(known: Known) -> tuple[RulesOff, ...]:
    """The rules that cannot look at a list they need, list by list; none before the first look."""
    newest = known.store.snapshots.latest()
    if newest is None:
        return ()
    readings = {one.kind: one for one in known.store.snapshots.list_readings(newest.id)}
    return tuple(_rules_off(known, readings))


def caps_of(known: Known) -> tuple[Cap, ...]:
    """The rules that exports have spoken against so often that they only say "possible"."""
    lessons = known.store.lessons.known()
    return lessons.caps() if lessons else ()


def _rules_off(known: Known, readings: dict[str, ListReading]) -> Iterator[RulesOff]:
    watched = known.settings.kinds
    for kind, causes in rules_by_list(known.settings.workspaces).items():
        reading = readings.get(kind)
        if watched and kind not in (*watched, Kind.SUBSIDIARY):
            because = f"the list {kind} is not among netsuite.lists"
            yield RulesOff(kind, causes, because, is_blind=False)
        elif reading is not None and reading.state is not ListState.READ:
            is_blind = reading.state is not ListState.OFF
            yield RulesOff(kind, causes, _because(reading), is_blind)
        elif reading is not None:
            yield from _without_columns(reading, causes)


def _without_columns(reading: ListReading, causes: Collection[Cause]) -> Iterator[RulesOff]:
    """A list is read as far as the role is shown it; that is no failure of the list."""
    rules = _OF_COLUMNS.get(reading.kind, {}) if reading.columns else {}
    missing = [one for one in rules if one not in reading.columns]
    for cause in rules_resting_on(reading.kind, missing):
        lacking = [one for one in missing if rules[one] is cause]
        if cause in causes:
            shown = " and no ".join(lacking)
            because = f"NetSuite shows the role no {shown} of {reading.kind} records"
            yield RulesOff(reading.kind, (cause,), because, is_blind=False)


def rules_resting_on(kind: str, columns: Collection[str]) -> tuple[Cause, ...]:
    """The rules that say nothing without one of these columns, or attached tables, of the list."""
    rules = _OF_COLUMNS.get(kind, {})
    return tuple(dict.fromkeys(rules[one] for one in rules if one in columns))


def _because(reading: ListReading) -> str:
    if reading.state is ListState.HELD:
        return f"so many {reading.kind} records vanished at once that it is not believed yet"
    why = f": {reading.detail}" if reading.detail else ""
    return f"the list {reading.kind} cannot be read{why}"


def rules_by_list(workspaces: tuple[Workspace, ...]) -> dict[str, tuple[Cause, ...]]:
    """Which rules need which list, by the workspaces' own coding."""
    from monitor.core.predict.rules import rules_for

    coded = dict.fromkeys(coding.kind for one in workspaces for coding in one.coding)
    needed = {kind: tuple(rule.cause for rule in rules_for(kind)) for kind in coded}
    resources = _OF_RESOURCES if Kind.PROJECT in coded else ()
    people = tuple(rule.cause for rule in rules_for(Kind.EMPLOYEE))
    needed[Kind.EMPLOYEE] = (*resources, Cause.EMPLOYEE_DEFAULT_BROKEN, *people)
    if any(one.subsidiary is not None for one in workspaces):
        judged = {cause for causes in needed.values() for cause in causes}
        needed[Kind.SUBSIDIARY] = tuple(one for one in _OF_SUBSIDIARIES if one in judged)
    return {kind: causes for kind, causes in needed.items() if causes}
