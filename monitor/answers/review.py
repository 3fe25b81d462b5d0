"""The answer of `monitor report` as a value: what stands, and what happened in a range of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.adapters.store.unseen_times import UnreadList, UnreadSpell
from monitor.answers.compare import Question, compare
from monitor.answers.difference import Difference
from monitor.answers.exposure import Exposure, exposure_of
from monitor.answers.freshness import STALE_AFTER_CYCLES
from monitor.answers.history import PastAlert, past_alerts
from monitor.answers.known import Known
from monitor.answers.standing import Standing, standing_of
from monitor.core.records import Kind, Record
from monitor.core.score import Score
from monitor.core.score import score as score_of
from monitor.core.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Review:
    """Everything one page tells, all of one moment. `difference` has every step of the range."""

    account: str
    netsuite_url: str
    """Where people open NetSuite."""
    difference: Difference
    exposure: Exposure
    standing: Standing
    score: Score
    alerts: tuple[PastAlert, ...] = ()
    """Those that were open at some time of the range, oldest first."""
    unread: tuple[UnreadSpell, ...] = ()
    """Times without a complete reading, longer than a few cycles."""
    unread_lists: tuple[UnreadList, ...] = ()
    people: frozenset[str] | None = None
    """The names of persons that may stand anywhere in it, not to be read; None = nobody is masked.
    """

    @property
    def generated_at(self) -> datetime:
        return self.difference.generated_at

    @property
    def since(self) -> datetime:
        return self.difference.range.since

    @property
    def time_zone(self) -> str:
        return self.difference.time_zone

    @property
    def workspaces(self) -> tuple[Workspace, ...]:
        """Those asked about."""
        return self.difference.workspaces

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why it may be no picture of the present; what the difference doubts is among it."""
        return self.exposure.doubts


def review_of(
    known: Known, since: str, workspace: str | None, *, now: datetime, is_masked: bool = False
) -> Review:
    """What stands now, and what happened since then, in all workspaces or the named one; masked
    also where the last cycle masked people.

    Raises CannotAnswer when nothing was read yet, UsageError when there is no such workspace or
    moment.
    """
    question = Question(since=since, workspace=workspace, is_each=True)
    difference = compare(known, question, now=now)
    wanted = frozenset(one.policy_id for one in difference.workspaces)
    begin, store = difference.range.since, known.store
    found = Review(
        account=known.settings.account,
        netsuite_url=known.settings.netsuite_url,
        difference=difference,
        exposure=exposure_of(known, workspace, now=now),
        standing=_of_workspaces(standing_of(known, now=now), wanted),
        score=score_of(one for one in store.outcomes.since(begin) if one.policy_id in wanted),
        alerts=tuple(
            one
            for one in past_alerts(known, begin, now)
            if not one.alert.policy_id or one.alert.policy_id in wanted
        ),
        unread=store.unseen_times.spells(
            begin, now, longer_than=STALE_AFTER_CYCLES * known.settings.every
        ),
        unread_lists=store.unseen_times.lists(begin, now),
    )
    if not (is_masked or known.settings.mask_people):
        return found
    return replace(found, people=frozenset(_people(known, found)))


def _of_workspaces(standing: Standing, wanted: frozenset[str]) -> Standing:
    """Without what is about other workspaces."""
    return replace(
        standing,
        syncs=tuple(one for one in standing.syncs if one.workspace.policy_id in wanted),
        untold=tuple(one for one in standing.untold if one.workspace.policy_id in wanted),
        questions=tuple(one for one in standing.questions if one.policy_id in wanted),
        unread=tuple(one for one in standing.unread if one[0].policy_id in (*wanted, "")),
    )


def _people(known: Known, found: Review) -> Iterator[str]:
    """Everybody whom NetSuite, Expensify or who typed a command ever named to the monitor."""
    records, employees = known.store.records, (Kind.EMPLOYEE,)
    for select in (records.current, records.former):
        for employee in select(employees):
            yield from _names(employee)
    for tracked in found.exposure.risks:
        yield tracked.risk.changed_by or ""
        yield from (report.submitter for report in tracked.risk.reports)
        if tracked.risk.ref.kind == Kind.EMPLOYEE:
            yield tracked.risk.full_name
    yield from (row.change.modified_by or "" for row in found.difference.changes)
    yield from (one.author for one in found.exposure.overlays)
    for sync in found.standing.syncs:
        told = (one for one in (*sync.sync.evidence, *sync.failed) if one.source.is_direct)
        yield from (one.note.partition(", ")[0] for one in told)  # `monitor synced --by`


def _names(employee: Record) -> Iterator[str]:
    yield from (employee.name, employee.full_name, employee.email or "")
    yield from employee.other_names
    yield employee.external_id or ""
