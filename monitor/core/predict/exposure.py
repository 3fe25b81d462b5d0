"""Which reports use which records: every coded text matched once, every line counted once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from monitor.core.match import Match, RecordBook
from monitor.core.records import Kind, Ref
from monitor.core.reports import (
    CodedText,
    PendingReport,
    ReportLine,
    Route,
    Workspace,
    pending_lines,
    route_of,
)
from monitor.core.risks import BadText, ExposedReport

_NOT_ON_JOURNALS = (Kind.CUSTOMER, Kind.PROJECT)
"""Journal entries carry neither (Expensify's help: Configure NetSuite)."""


@dataclass(slots=True)
class Use:
    """How the pending reports of one workspace use one record."""

    is_ambiguous: bool = False
    lines: Counter[str] = field(default_factory=Counter)
    """Lines that use it, by report id."""
    texts: defaultdict[str, Counter[tuple[CodedText, str]]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    """By report id: the text and how it was recognised, and on how many lines."""


def uses_of(
    workspace: Workspace,
    reports: Iterable[PendingReport],
    book: RecordBook,
    unreadable: Collection[str],
) -> dict[Ref, Use]:
    """Every record that some pending line of the workspace is coded to.

    A text that fits several records is a guess. Where other texts mean the record and no other,
    the guesses are left out: nothing certain is said of them, and they make nothing less certain.
    """
    matcher = _Matcher(workspace, book, unreadable)
    sure: dict[Ref, Use] = defaultdict(Use)
    guessed: dict[Ref, Use] = defaultdict(lambda: Use(is_ambiguous=True))
    for report in reports:
        for line in pending_lines(report):
            matches = matcher.matches(line, report)
            _count(sure, report, [one for one in matches if not one[1].is_ambiguous])
            _count(guessed, report, [one for one in matches if one[1].is_ambiguous])
    return {**guessed, **sure}


def exposed(report: PendingReport, use: Use) -> ExposedReport:
    """The report as it stands behind the risk of the record so used."""
    return ExposedReport(
        report_id=report.report_id,
        name=report.name,
        submitter=report.submitter,
        state=report.state,
        amount=report.total,
        currency=report.currency,
        lines=use.lines[report.report_id],
        total_lines=len(report.lines),
        bad_texts=tuple(
            BadText(coded, lines, basis)
            for (coded, basis), lines in sorted(use.texts[report.report_id].items())
        ),
        has_failed=report.has_failed,
        waiting_since=report.approved_at or report.submitted_at or report.created_at,
    )


class _Matcher:
    """Matches each distinct text of a place once, however many lines carry it."""

    def __init__(self, workspace: Workspace, book: RecordBook, unreadable: Collection[str]) -> None:
        self.workspace = workspace
        self._book = book
        self._unreadable = unreadable
        self._found: dict[tuple[CodedText, bool], Match | None] = {}

    def matches(self, line: ReportLine, report: PendingReport) -> list[tuple[CodedText, Match]]:
        """What the line is coded to; report fields hold for every line."""
        route = route_of(line, self.workspace)
        return [
            (coded, match)
            for coded in (*line.texts, *report.fields)
            if (match := self._find(coded, route)) is not None
        ]

    def _find(self, coded: CodedText, route: Route) -> Match | None:
        is_journal = route is Route.JOURNAL_ENTRY
        key = (coded, is_journal)
        if key not in self._found:
            self._found[key] = self._book.find(coded.text, self._kinds(coded.place, is_journal))
        return self._found[key]

    def _kinds(self, place: str, is_journal: bool) -> tuple[str, ...]:
        return tuple(
            kind
            for kind in self.workspace.kinds_at(place)
            if kind not in self._unreadable and not (is_journal and kind in _NOT_ON_JOURNALS)
        )


def _count(
    uses: dict[Ref, Use], report: PendingReport, matches: Iterable[tuple[CodedText, Match]]
) -> None:
    counted: set[Ref] = set()
    for coded, match in matches:
        use = uses[match.ref]
        use.texts[report.report_id][coded, match.basis.value] += 1
        if match.ref not in counted:
            counted.add(match.ref)
            use.lines[report.report_id] += 1
