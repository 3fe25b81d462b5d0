"""One world lived hour by hour: things happen, the monitor looks, its word is put to the test."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from monitor.adapters.store import Store
from monitor.adapters.store.schema import migrate
from monitor.cli.demo.clock import StoryClock
from monitor.core.alerts import RiskState
from monitor.core.risks import Cause, Certainty, Risk
from monitor.core.sync import Bound, Evidence, Source
from monitor.cycle import CycleResult, run_cycle
from monitor.judging import Parts
from monitor.simulator.expensify.office import Policy
from monitor.simulator.refusals import Refusal, refusals
from tests.backtest.account import TREES
from tests.backtest.events import Events, pending
from tests.backtest.laws import Foretold, Look, Tally, foretold_by
from tests.backtest.sources import KINDS, DirectExpensify, DirectNetSuite, workspace_of
from tests.backtest.worlds import Company

BEGIN = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
HOURS = 12
ENOUGH = 2
"""So many clean exports, and a rule says no more than possible in this account."""
_APART = timedelta(minutes=4)
"""Between two events: the order of a change and a sync is known from two minutes on."""


class _WentWell(NamedTuple):
    """A clean export of what the monitor said would fail, and the record as it was then."""

    report_id: str
    cause: Cause
    ref: tuple[str, str]
    row: dict[str, Any]


Cycle = Callable[[], CycleResult]


def live(seed: int, *, is_lenient: bool = False) -> Tally:
    """Twelve hours of the world of this seed, with cycles that skip only the network."""
    clock = StoryClock(BEGIN)
    company = Company(seed, clock.now, is_lenient=is_lenient)
    with in_memory() as store:
        parts = Parts(
            netsuite=DirectNetSuite(company.tables),
            expensify=DirectExpensify(company.world),
            clock=clock,
            workspaces=tuple(map(workspace_of, company.policies())),
            lists=KINDS,
            settings={"netsuite": {"preferences": {"show_projects_only": said_of(company)}}},
        )
        return History(company, clock, lambda: run_cycle(parts, store), lambda: store).live()


def said_of(company: Company) -> str:
    """What the operator says of the preference Show Projects Only."""
    return "yes" if company.world.habits.only_projects else "no"


class History:
    """A company's hours; `cycle` is one look of the monitor, whichever way it looks."""

    def __init__(
        self,
        company: Company,
        clock: StoryClock,
        cycle: Cycle,
        store: Callable[[], Store],
    ) -> None:
        self.company = company
        self.clock = clock
        self.cycle = cycle
        self.store = store
        self.events = Events(company)
        self.happened: list[str] = []
        self.tally = Tally()
        self._went_well: list[_WentWell] = []
        self._lessons: defaultdict[Cause, set[str]] = defaultdict(set)
        """Reports that were exported although it was said of them that they would fail."""
        self._read: set[str] = set()
        """Workspaces of whose last sync the monitor was told."""
        self._is_read_by_people = company.dice.random() < 0.5

    def live(self) -> Tally:
        for policy in self.company.policies():
            self.happened.append(str(workspace_of(policy)))
        self._look(0)
        for hour in range(1, HOURS + 1):
            self.events.begin_hour()
            for _ in range(self.company.dice.randint(1, 5)):
                self._let_something_happen(hour)
            if self.events.is_silent_deletion:
                self.cycle()
                self._pass(_APART)
            self._look(hour)
        self.tally.story = self.happened
        return self.tally

    def _let_something_happen(self, hour: int) -> None:
        self._pass(_APART)
        happened = self.events.one()
        self.happened.append(f"{hour}: {happened}")
        name, _, policy_id = happened.partition(" ")
        if name == "sync" and self._is_read_by_people:
            self._read_of(policy_id)

    def _read_of(self, policy_id: str) -> None:
        """A person sees the time of the sync in Expensify and tells the monitor."""
        self._read.add(policy_id)
        now = self.clock.now()
        row = Evidence(policy_id, Bound.EXACT, now, Source.OPERATOR, now, "read in Expensify")
        store = self.store()
        with store.immediate():
            store.evidence.add([row])

    def _look(self, hour: int) -> None:
        self._pass(_APART)
        result = self.cycle()
        self._learn()
        told = foretold_by(_standing(result))
        waiting = pending(self.company)
        for report_id in waiting:
            report = self.company.office.reports[report_id]
            policy = self.company.office.policies[report["policyID"]]
            refused = refusals(self.company.tables, policy, report, self.company.world.habits)
            spared = tuple(self._spared(policy, report, refused))
            self.tally.spared.update(one.why for one in spared)
            look = Look(
                self.company.seed,
                hour,
                report_id,
                refused,
                tuple(told.get(report_id, ())),
                forgiven=self._not_yet_learnt(),
                renamed=self.company.renamed(policy),
                spared=spared,
                imported=self._known_as_imported(policy),
            )
            look.weigh(self.tally)
        self._export(waiting, told)

    def _known_as_imported(self, policy: Policy) -> frozenset[tuple[str, str]]:
        if policy.policy_id not in self._read:
            return frozenset()
        imported = {kind: policy.imported.get(kind, {}).values() for kind in TREES}
        return frozenset(
            (kind, str(row["id"]))
            for kind, rows in [*imported.items(), ("employee", policy.people.values())]
            for row in rows
            if self.company.tables.get(kind, row["id"]) == row
        )

    def _not_yet_learnt(self) -> frozenset[Cause]:
        """In a lenient account: the causes that fewer than two clean exports speak against."""
        is_lenient = self.company.is_lenient
        return frozenset(one for one in Cause if is_lenient and len(self._lessons[one]) < ENOUGH)

    def _learn(self) -> None:
        """What went well, and is now as it was then, the monitor has seen by now."""
        for one in self._went_well:
            if self.company.tables.get(*one.ref) == one.row:
                self._lessons[one.cause].add(one.report_id)
        self._went_well.clear()
        self.tally.taken_back = Counter(
            {cause: 1 for cause, ids in self._lessons.items() if len(ids) >= ENOUGH}
        )

    def _spared(
        self, policy: Policy, report: dict[str, Any], refused: tuple[Refusal, ...]
    ) -> Iterator[Refusal]:
        """For what a stricter account would refuse the report besides."""
        habits = replace(
            self.company.world.habits,
            accepts_inactive=frozenset(),
            accepts_inactive_parent=False,
            accepts_empty_list=False,
        )
        for refusal in refusals(self.company.tables, policy, report, habits):
            if refusal not in refused:
                yield refusal

    def _export(self, waiting: list[str], told: dict[str, list[Foretold]]) -> None:
        """Some of the approved reports are tried in earnest."""
        self._pass(_APART)
        for report_id in waiting:
            is_approved = self.company.office.reports[report_id]["status"] == "APPROVED"
            share = 0.8 if self.company.is_lenient else 0.1
            is_tried = is_approved and self.company.dice.random() < share
            if is_tried and not self.company.world.export(report_id):
                self._went_well += self._against(told.get(report_id, ()))

    def _against(self, foretold: Iterable[Foretold]) -> Iterator[_WentWell]:
        """What was said of the report, surer than possible, though it went well."""
        for one in foretold:
            row = self.company.tables.get(*one.ref) if one.ref[0] in KINDS else None
            if one.is_main and row is not None and one.certainty > Certainty.POSSIBLE:
                yield _WentWell(one.report_id, one.cause, one.ref, row)

    def _pass(self, time: timedelta) -> None:
        self.clock.move_to(self.clock.now() + time)


def _standing(result: CycleResult) -> Iterator[Risk]:
    """The risks of this look; of a frozen one the monitor knows no more than that it was there."""
    assert not result.failures
    for one in result.outcome.tracked:
        if one.state is RiskState.BLIND:
            unsure = Certainty.POSSIBLE
            reports = tuple(replace(report, certainty=unsure) for report in one.risk.reports)
            yield replace(one.risk, certainty=unsure, reports=reports)
        elif one.state is not RiskState.RESOLVED:
            yield one.risk


@contextmanager
def in_memory() -> Iterator[Store]:
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("pragma foreign_keys = on")
    migrate(db, Path("memory"))
    try:
        yield Store(db, Path("memory"))
    finally:
        db.close()
