"""Reads one side whole, or not at all: what a cycle learned from Expensify, what from NetSuite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from monitor.core.records import Kind, ListReading, ListSink, ListState
from monitor.core.reports import (
    PendingReport,
    PolicyLists,
    UnreadReport,
    Workspace,
    current_exports,
    is_pending,
)
from monitor.errors import SourceError

ALWAYS_READ = (Kind.SUBSIDIARY,)
"""Read whatever [netsuite] lists says: the subsidiary rules need the tree."""
MASS_SHARE = 0.1
MASS_COUNT = 5
"""So many reports that cannot be read, and more than this share of all, are no odd ones any more:
the answer is in another language, and to go on would be blindness that nobody is told of.
"""


class NetSuiteSource(Protocol):
    """What a cycle asks of NetSuite."""

    def read_all(self, into: Mapping[str, ListSink]) -> tuple[ListReading, ...]: ...

    def confirm_deleted(self, kind: str, ids: Sequence[str]) -> frozenset[str]: ...


class ExpensifySource(Protocol):
    """What a cycle asks of Expensify."""

    def reports(
        self, workspaces: Sequence[Workspace], *, now: datetime
    ) -> tuple[PendingReport | UnreadReport, ...]: ...

    def reports_by_id(
        self, report_ids: Sequence[str], workspaces: Sequence[Workspace]
    ) -> tuple[PendingReport | UnreadReport, ...]: ...

    def lists(self, policy_ids: Sequence[str]) -> tuple[PolicyLists, ...]: ...


class Staging(Protocol):
    """Where the pages of a NetSuite reading wait until the cycle commits them."""

    def sink(self, kind: str) -> ListSink: ...

    def absent(self, kind: str) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class ExpensifyReading:
    """Everything one look at Expensify showed. `departed` says of each report that is pending no
    more how it ended, in words that follow "it ...".
    """

    taken_at: datetime
    reports: tuple[PendingReport, ...]
    lists: tuple[PolicyLists, ...]
    departed: Mapping[str, str] = field(default_factory=dict)
    left: tuple[PendingReport, ...] = ()
    """Those that departed, as they were read last; not those that are gone."""
    unread: tuple[UnreadReport, ...] = ()
    """Those that are there and could not be read: they neither changed nor departed."""


@dataclass(frozen=True, slots=True)
class NetSuiteReading:
    """The verdicts of one look at NetSuite; its rows wait in the staging area."""

    taken_at: datetime
    lists: tuple[ListReading, ...]
    confirmed_deleted: Mapping[str, frozenset[str]]


def read_expensify(
    expensify: ExpensifySource,
    workspaces: Sequence[Workspace],
    *,
    pending_before: Iterable[str],
    taken_at: datetime,
) -> ExpensifyReading:
    """Read the pending reports and the lists of all workspaces; raises SourceError.

    A report that was pending and is in no answer is asked for by its id: leaving a window of dates
    is never an outcome. Absent from that answer too, it was deleted. A few that cannot be read are
    set aside; a mass of them voids the reading.
    """
    before = set(pending_before)
    found = _found(expensify, workspaces, before, taken_at)
    # Asked last: a workspace that is out of sight by now hides its reports, and voids the reading.
    lists = expensify.lists([workspace.policy_id for workspace in workspaces])
    reports = {r.report_id: r for r in found.values() if isinstance(r, PendingReport)}
    unread = {r.report_id: r for r in found.values() if isinstance(r, UnreadReport)}
    _must_be_few(tuple(unread.values()), len(found))
    by_policy = {workspace.policy_id: workspace for workspace in workspaces}
    pending = {
        report_id: report
        for report_id, report in reports.items()
        if report.policy_id in by_policy and is_pending(report)
    }
    departed = {
        report_id: _how_it_left(reports.get(report_id), by_policy)
        for report_id in sorted(before - pending.keys() - unread.keys())
    }
    left = tuple(
        reports[report_id]
        for report_id in departed
        if report_id in reports and reports[report_id].policy_id in by_policy
    )
    return ExpensifyReading(
        taken_at, tuple(pending.values()), lists, departed, left, tuple(unread.values())
    )


def _found(
    expensify: ExpensifySource, workspaces: Sequence[Workspace], before: set[str], now: datetime
) -> dict[str, PendingReport | UnreadReport]:
    found = {report.report_id: report for report in expensify.reports(workspaces, now=now)}
    if asked_again := sorted(before - found.keys()):
        answer = expensify.reports_by_id(asked_again, workspaces)
        found |= {report.report_id: report for report in answer}
    return found


def read_netsuite(
    netsuite: NetSuiteSource, staging: Staging, kinds: Sequence[str], *, taken_at: datetime
) -> NetSuiteReading:
    """Read every list into the staging area; raises SourceError when one of them failed.

    Ids that vanished are looked up among NetSuite's deleted records: those it names are gone for
    certain, the others wait for a second complete look.
    """
    lists = netsuite.read_all({kind: staging.sink(kind) for kind in _with_always_read(kinds)})
    absent = {
        reading.kind: staging.absent(reading.kind)
        for reading in lists
        if reading.state is ListState.READ
    }
    confirmed = {kind: netsuite.confirm_deleted(kind, ids) for kind, ids in absent.items() if ids}
    return NetSuiteReading(taken_at, lists, confirmed)


def _must_be_few(unread: Sequence[UnreadReport], total: int) -> None:
    if len(unread) < MASS_COUNT or len(unread) <= MASS_SHARE * total:
        return
    first = min(unread)
    raise SourceError(
        f"{len(unread)} of the {total} reports that Expensify sent cannot be read (the first is "
        f"report {first.report_id}: {first.why}): nothing of this reading is kept",
        source="expensify",
    )


def _how_it_left(report: PendingReport | None, workspaces: Mapping[str, Workspace]) -> str:
    if report is None:
        return "was deleted in Expensify"
    if report.policy_id not in workspaces:
        return "was moved to another workspace"
    exports = current_exports(report)
    if not exports:
        return "has no expenses any more"
    if all(export.is_manual for export in exports):
        return "was marked as exported by hand"
    return "was exported to NetSuite"


def _with_always_read(kinds: Sequence[str]) -> tuple[str, ...]:
    return (*ALWAYS_READ, *(kind for kind in kinds if kind not in ALWAYS_READ))
