"""Which lines of which reports use a record, and how they stand behind a risk."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.core.records import Ref
from monitor.core.reports import CodedText, PendingReport, Route
from monitor.core.risks import BadText, Cause, Certainty, ExposedReport


class Cell(NamedTuple):
    """Lines of one report that no rule can tell apart."""

    report_id: str
    route: Route
    is_billable: bool = False
    is_default: bool = False
    """They use the record through the submitter's employee, not by a text of theirs."""


WATCHED = Cell("", Route.EXPENSE_REPORT)
"""Stands for a line that somebody may code tomorrow to a record that no report uses."""


@dataclass(slots=True)
class Use:
    """How the pending reports of one workspace use one record."""

    is_ambiguous: bool = False
    name: str = ""
    """What it is called where it is no record: a text, an address, a workspace."""
    place: str = ""
    """Where a text without a record sits."""
    meant: Ref | None = None
    """The record that has the text for its name only since the last sync."""
    successor: Ref | None = None
    """The new record that has the name of this deleted one, and that Expensify may not know yet."""
    succeeded: set[Cell] = field(default_factory=set)
    """The lines that name the successor, by the name that both had."""
    lines: Counter[Cell] = field(default_factory=Counter)
    """Lines that use it."""
    texts: defaultdict[Cell, Counter[tuple[CodedText, str]]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    """The text and how it was recognised, and on how many lines."""

    @property
    def coded(self) -> frozenset[Cell]:
        """The lines that name it; where there are none at all, those of tomorrow."""
        if not self.lines:
            return frozenset({WATCHED})
        return frozenset(cell for cell in self.lines if not cell.is_default)

    @property
    def defaults(self) -> frozenset[Cell]:
        """The lines that take it from the submitter's employee."""
        return frozenset(cell for cell in self.lines if cell.is_default)


def exposed(
    report: PendingReport,
    use: Use,
    cells: Collection[Cell],
    weaker: tuple[Cause, Certainty] | None = None,
) -> ExposedReport:
    """The report as it stands behind the risk of the record so used.

    `weaker`: why it would fail, and how surely, where that is not what the risk says.
    """
    texts: Counter[tuple[CodedText, str]] = Counter()
    for cell in cells:
        texts.update(use.texts.get(cell, ()))
    lines = sum(use.lines[cell] for cell in cells)
    cause, certainty = weaker or (None, None)
    if report.is_export_unclear:
        certainty = Certainty.POSSIBLE
    return ExposedReport(
        report_id=report.report_id,
        name=report.name,
        submitter=report.submitter,
        state=report.state,
        amount=report.total,
        currency=report.currency,
        lines=min(lines, len(report.lines)),
        total_lines=len(report.lines),
        bad_texts=tuple(
            BadText(coded, lines, basis) for (coded, basis), lines in sorted(texts.items())
        ),
        has_failed=report.has_failed,
        waiting_since=report.approved_at or report.submitted_at or report.created_at,
        cause=cause,
        certainty=certainty,
        is_export_unclear=report.is_export_unclear,
    )
