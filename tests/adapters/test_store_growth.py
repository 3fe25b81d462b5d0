"""Storage grows with what changes: years of cycles stay small, and quiet ones cost next to none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

import pytest

from monitor.adapters.store import Store
from monitor.core.records import Record, Ref
from monitor.core.reports import OfferedValue, PendingReport, PolicyLists
from monitor.core.risks import Risk
from monitor.core.sync import Bound, Source
from tests.adapters.store_memory import EVERY, Account, contents, in_memory, moment, some_classes
from tests.adapters.test_store_recording import a_cycle
from tests.core.builders import US, a_line, a_report, a_risk, an_evidence, an_exposed_report

RECORDS = 2000
A_DAY = timedelta(days=1) // EVERY
CHANGED_A_DAY = RECORDS // 1000
PENDING = 40
NEW_REPORTS_A_DAY = 5
TWO_YEARS = 2 * 365
LIMIT = 50_000_000


class Life:
    """A store as the daemon's cycles write it, each moment given."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._account = Account(store, "class")
        self._records = some_classes(RECORDS)
        self._reports = [_report(number) for number in range(PENDING)]
        self._days = 0

    @property
    def bytes(self) -> int:
        """How big the file would be."""
        (size,) = self.store._db.execute(
            "select page_count * page_size from pragma_page_count, pragma_page_size"
        ).fetchone()
        return int(size)

    def day(self, *, is_quiet: bool = False) -> None:
        """A day of cycles; unless it is quiet, records are renamed and reports come and go."""
        for number in range(A_DAY):
            if number == A_DAY // 2 and not is_quiet:
                self._edit()
            self._cycle()
        self._days += 1

    def _edit(self) -> None:
        for step in range(CHANGED_A_DAY):
            place = (self._days * CHANGED_A_DAY + step) * 37 % RECORDS
            name = f"Class {place + 1}, renamed on day {self._days}"
            self._records[place] = self._records[place]._replace(name=name, full_name=name)
        first = PENDING + self._days * NEW_REPORTS_A_DAY
        new = [_report(first + number) for number in range(NEW_REPORTS_A_DAY)]
        self._reports = [*self._reports[NEW_REPORTS_A_DAY:], *new]

    def _cycle(self) -> None:
        snapshot = self._account.reads(*self._records)
        at, now = snapshot.taken_at, [report.report_id for report in self._reports]
        gone = {one: "was exported" for one in self.store.reports.pending_ids() if one not in now}
        given = a_cycle(at, *map(_risk, self._reports[:5]))
        listed = an_evidence(Bound.NONE_SINCE, moment(1), observed=at, source=Source.POLICY_LIST)
        with self.store.immediate():
            reading = self.store.reports.new_reading(at)
            self.store.reports.record(reading, self._reports, gone)
            self.store.lists.record(reading, _lists(self._records))
            self.store.evidence.add([listed])
            self.store.sources.good("netsuite", at)
            self.store.sources.good("expensify", at)
            self.store.recording.keep(given.given, at, has_spoken=False)


def _report(number: int) -> PendingReport:
    lines = [a_line("Sales : Marketing", line_id=f"{number}-{line}") for line in range(8)]
    return a_report(f"R{number}", *lines)


def _risk(report: PendingReport) -> Risk:
    return a_risk(an_exposed_report(report.report_id), ref=Ref("class", report.report_id[1:]))


def _lists(records: list[Record]) -> PolicyLists:
    values = (OfferedValue("tag:1", record.name, True) for record in islice(records, 200))
    return PolicyLists(US, "Acme US", tuple(values))


@pytest.fixture
def life() -> Iterator[Life]:
    with in_memory() as store:
        life = Life(store)
        life._cycle()
        yield life


@pytest.mark.parametrize(
    "days",
    [
        pytest.param(3, id="as the first days go"),
        pytest.param(
            60, id="as two months go", marks=[pytest.mark.slow, pytest.mark.timeout(1800)]
        ),
    ],
)
def test_two_years_of_cycles_stay_under_50_mb(life: Life, days: int) -> None:
    begun = life.bytes
    for _ in range(days):
        life.day()
    grown = life.bytes - begun
    assert 0 < begun + grown * TWO_YEARS / days < LIMIT


def test_a_quiet_day_adds_the_moments_of_its_readings_and_nothing_else(life: Life) -> None:
    life._cycle()
    before = _rows(life.store)
    life.day(is_quiet=True)
    added = {table: count - before[table] for table, count in _rows(life.store).items()}
    assert {table: count for table, count in added.items() if count} == {
        "snapshot": A_DAY,
        "expensify_reading": A_DAY,
    }


def _rows(store: Store) -> dict[str, int]:
    return {table: len(rows) for table, rows in contents(store._db).items()}
