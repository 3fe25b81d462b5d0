"""What a rule is asked about, and what it may answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.core.drift import DriftedChange
from monitor.core.employees import EmployeeFound
from monitor.core.imported import moment_of
from monitor.core.predict.exposure import Cell, Use
from monitor.core.predict.situation import Situation
from monitor.core.predict.usage import Usage
from monitor.core.records import Record, Ref
from monitor.core.reports import Workspace
from monitor.core.risks import Cause, Certainty
from monitor.core.sync import Imported

SURE_UNTIL = timedelta(hours=26)
"""A daily sync is due by then: after it, an unknown import is no longer likely to be missing."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One record (or text, employee, workspace) as one workspace uses it, and all that the rules
    may look at.
    """

    ref: Ref
    name: str
    record: Record | None
    """As it is, or as it last was; None where there is no record."""
    is_gone: bool
    former: tuple[Record, ...]
    workspace: Workspace
    use: Use
    usage: Usage
    situation: Situation
    drifted: DriftedChange | None
    is_unsure_of_subsidiary: bool = False
    """The role may see less of the workspace's subsidiary than there is."""

    @property
    def present(self) -> Record | None:
        """The record, unless it is gone."""
        return None if self.is_gone else self.record

    @property
    def waits_for_import(self) -> DriftedChange | None:
        """The change of a record that is there, unless Expensify has imported it."""
        drifted = self.drifted
        if self.is_gone or drifted is None or drifted.verdict.imported is Imported.YES:
            return None
        return drifted

    @property
    def succession(self) -> DriftedChange | None:
        """How the deleted record's name came to a new one that Expensify may not know yet."""
        if self.use.successor is None:
            return None
        return self.situation.drifted(self.workspace, self.use.successor)

    def employee_of(self, cell: Cell) -> EmployeeFound | None:
        """Who submits the lines, None while nobody can tell."""
        return self.usage.people.get(cell.report_id)


class Finding(NamedTuple):
    """A rule that fired, and for which of the lines that use the record."""

    cause: Cause
    certainty: Certainty
    likely_code: str | None
    cells: frozenset[Cell]

    @property
    def report_ids(self) -> frozenset[str]:
        return frozenset(cell.report_id for cell in self.cells if cell.report_id)


class Off(NamedTuple):
    """A rule that cannot say anything here, and why."""

    why: str
    is_chosen: bool = False
    """By the configuration: nothing is hidden that one could see."""


Answer = Iterable[Finding] | Off
"""What a rule says: where it fires, perhaps nowhere; or that it cannot tell."""


def fires(
    cause: Cause, certainty: Certainty, code: str | None, cells: Iterable[Cell]
) -> tuple[Finding, ...]:
    """The finding for these lines; none where there are none."""
    found = frozenset(cells)
    return (Finding(cause, certainty, code, found),) if found else ()


def certainty_of_edit(drifted: DriftedChange, now: datetime) -> Certainty:
    """An edit that nobody saw imported is likely to be missing until a daily sync is due."""
    is_unknown = drifted.verdict.imported is Imported.UNKNOWN
    if is_unknown and now > moment_of(drifted.change)[1] + SURE_UNTIL:
        return Certainty.POSSIBLE
    return Certainty.LIKELY


def certainty_of_succession(drifted: DriftedChange, now: datetime) -> Certainty:
    """A deleted record is still sent as long as nobody has imported the one of the same name."""
    if drifted.verdict.imported is Imported.NO:
        return Certainty.CERTAIN
    return certainty_of_edit(drifted, now)
