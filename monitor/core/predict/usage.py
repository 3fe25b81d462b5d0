"""What the pending reports of one workspace use: records, unknown texts, employees, itself."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from monitor.core.employees import DEFAULTS, EmployeeBook, EmployeeFound, default_of
from monitor.core.match import Basis, RecordBook, readable
from monitor.core.places import HealthBefore
from monitor.core.predict.exposure import Cell, Use
from monitor.core.predict.meaning import CUSTOMERS, Meaning, Meanings, text_ref
from monitor.core.records import Kind, Ref
from monitor.core.reports import (
    EMPLOYEE_DEFAULT,
    NOT_CODED,
    CodedText,
    PendingReport,
    ReportLine,
    Route,
    Workspace,
    pending_lines,
    route_of,
)
from monitor.core.risks import NOBODY, WORKSPACE

_Coded = list[tuple[CodedText, Meaning]]


class Usage:
    """Built once a cycle; `uses` holds everything that some pending line depends on.

    A text that fits several records is a guess. Where the record is also used without a doubt, the
    guesses are left out: nothing certain is said of them, and they make nothing less certain.
    """

    def __init__(
        self,
        workspace: Workspace,
        reports: Iterable[PendingReport],
        book: RecordBook,
        unreadable: Collection[str],
        employees: EmployeeBook,
        new: Collection[Ref] = (),
        before: Mapping[str, HealthBefore] | None = None,
    ) -> None:
        """`new`: records that Expensify may not know yet. `before`: how each place stood at the
        last look.
        """
        self._new = new
        reports = tuple(reports)
        self.workspace, self._book, self._unreadable = workspace, book, unreadable
        self.meanings = Meanings(workspace, reports, book, unreadable, before)
        self.is_seeing_people = Kind.EMPLOYEE not in unreadable and employees.is_readable
        self.is_trusting_people = self.is_seeing_people and employees.is_trustworthy(
            workspace, {report.submitter for report in reports}
        )
        self.people: dict[str, EmployeeFound] = {}
        """Who submits, by report id; nobody while the employees cannot be read."""
        self._found: dict[str, EmployeeFound] = {}
        self._sure: dict[Ref, Use] = defaultdict(Use)
        self._guessed: dict[Ref, Use] = defaultdict(lambda: Use(is_ambiguous=True))
        customers = [place for kind in CUSTOMERS if _is_place(place := workspace.place_of(kind))]
        self._customer_places = frozenset(customers)
        for report in reports:
            cells = self._read(report)
            if self.is_seeing_people:
                self._enter_employee(report, cells, employees)
        self.uses: dict[Ref, Use] = {**self._guessed, **self._sure}

    @property
    def is_seeing_customers(self) -> bool:
        """Whether it can be told of a line that it has neither customer nor project."""
        places = self._customer_places
        kinds = [kind for kind in CUSTOMERS if self.workspace.place_of(kind) in places]
        is_readable = all(k in self._book.kinds and k not in self._unreadable for k in kinds)
        return bool(places) and is_readable and not places & self.meanings.doubted

    def _read(self, report: PendingReport) -> Counter[Cell]:
        """Enter what every line is coded to; report fields hold for every line."""
        cells: Counter[Cell] = Counter()
        for line in pending_lines(report):
            route = route_of(line, self.workspace)
            cell = Cell(report.report_id, route, line.is_billable)
            cells[cell] += 1
            is_journal = route is Route.JOURNAL_ENTRY
            coded = [
                (text, meaning)
                for text in (*line.texts, *report.fields)
                if (meaning := self.meanings.of(text, is_journal=is_journal)) is not None
            ]
            self._count(cell, coded)
            if line.is_billable and not is_journal and not self._has_customer(line, report, coded):
                self._enter(Ref(WORKSPACE, report.policy_id), [(cell, 1)])
        return cells

    def _count(self, cell: Cell, coded: _Coded) -> None:
        counted: set[Ref] = set()
        for text, (ref, match) in coded:
            former = self._book.predecessor(text.text, ref) if ref in self._new else None
            is_guess = match is not None and (match.is_ambiguous or former is not None)
            use = self._guessed[ref] if is_guess else self._sure[ref]
            use.texts[cell][text, match.basis.value if match else "none"] += 1
            if match is None:
                use.name, use.place = use.name or readable(text.text), text.place
            elif former is not None:
                self._count_succeeded(cell, text, former, ref)
            elif ref in self._new:
                self._count_new(cell, text, ref)
            if ref not in counted:
                counted.add(ref)
                use.lines[cell] += 1

    def _count_succeeded(self, cell: Cell, coded: CodedText, former: Ref, meant: Ref) -> None:
        """Expensify holds names and sends ids: until it imports the new record it sends the one
        that had the name before, and is deleted.
        """
        use = self._sure[former]
        use.successor = meant
        use.texts[cell][coded, Basis.FORMER_NAME.value] += 1
        if cell not in use.succeeded:
            use.succeeded.add(cell)
            use.lines[cell] += 1

    def _count_new(self, cell: Cell, coded: CodedText, meant: Ref) -> None:
        """The text apart from its record: Expensify may not know what it means."""
        use = self._sure[text_ref(coded)]
        use.name, use.place, use.meant = use.name or readable(coded.text), coded.place, meant
        use.texts[cell][coded, Basis.FULL_PATH.value] += 1
        use.lines[cell] += 1

    def _has_customer(self, line: ReportLine, report: PendingReport, coded: _Coded) -> bool:
        """A text that matches nothing may mean a customer: that is another rule's."""
        if any(ref.kind in CUSTOMERS for _, (ref, _) in coded):
            return True
        known = {text for text, (_, match) in coded if match is not None}
        return any(
            text.place in self._customer_places and text.text.strip() and text not in known
            for text in (*line.texts, *report.fields)
        )

    def _enter(self, ref: Ref, cells: Iterable[tuple[Cell, int]], name: str = "") -> None:
        """`name`: what it is called where it may be no record."""
        use = self._sure[ref]
        use.name = name
        for cell, lines in cells:
            use.lines[cell] += lines

    def _enter_employee(
        self, report: PendingReport, cells: Counter[Cell], employees: EmployeeBook
    ) -> None:
        """Who submits, and the defaults that the lines take from them; bills take none."""
        if report.submitter not in self._found:
            self._found[report.submitter] = employees.find(self.workspace, report.submitter)
        found = self.people[report.report_id] = self._found[report.submitter]
        own = [
            (cell._replace(is_default=True), lines)
            for cell, lines in cells.items()
            if cell.route is not Route.VENDOR_BILL
        ]
        if found.is_several or not own:
            return
        self._enter(employee_ref(found), own, report.submitter)
        if found.record is not None and found.is_usable:
            for kind in DEFAULTS:
                ref = Ref(kind, default_of(found.record, kind) or "")
                if kind not in self._unreadable and self._book.get(ref) is not None:
                    reading = [one for one in own if reads_default(self.workspace, kind, one[0])]
                    if reading:
                        self._enter(ref, reading)


def employee_ref(found: EmployeeFound) -> Ref:
    """What names a submitter: the employee, or a hash of the address that no employee has."""
    if found.record is not None:
        return found.record.ref
    digest = hashlib.sha256(found.address.encode()).hexdigest()[:12]
    return Ref(Kind.EMPLOYEE, f"{NOBODY}{digest}")


def reads_default(workspace: Workspace, kind: str, cell: Cell) -> bool:
    """Whether such lines take the kind from the employee: journals do for their header."""
    place = workspace.place_of(kind)
    if cell.route is Route.JOURNAL_ENTRY:
        return place != NOT_CODED
    return cell.route is Route.EXPENSE_REPORT and place == EMPLOYEE_DEFAULT


def _is_place(place: str) -> bool:
    return ":" in place
