"""The question of `monitor diff`, answered from the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.adapters.store.notes import Notes
from monitor.answers.difference import Difference, DriftedChange, Range
from monitor.answers.imports import ImportJudge
from monitor.answers.known import Known
from monitor.answers.span import NEWEST, Named, SpanFinder
from monitor.core.records import Change, Ref
from monitor.errors import UsageError
from monitor.when import When, read_when

_ANY_ZONE = timedelta(hours=26)
"""No time zone is further ahead of another."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to compare. `since` and `until` are WHEN texts; no kinds, no records: all of them."""

    since: str = "last-sync"
    until: str | None = None
    kinds: tuple[str, ...] = ()
    records: tuple[Ref, ...] = ()
    workspace: str | None = None
    is_each: bool = False

    def check(self, now: datetime) -> None:
        """Refuse, by UsageError, WHEN texts that are wrong in every time zone."""
        for text in (self.since, self.until):
            if text is not None:
                read_when(text, now=now + _ANY_ZONE, time_zone="UTC")

    @property
    def all_kinds(self) -> frozenset[str]:
        """The kinds asked about, by list or by record; none = all."""
        return frozenset((*self.kinds, *(record.kind for record in self.records)))


def compare(known: Known, question: Question, *, now: datetime) -> Difference:
    """What is different between the two moments of the question.

    Raises CannotAnswer when nothing was read yet, UsageError when the question names a moment,
    snapshot, workspace or record that does not exist.
    """
    zone = known.settings.time_zone
    since = read_when(question.since, now=now, time_zone=zone)
    until: When = NEWEST
    if question.until is not None:
        until = read_when(question.until, now=now, time_zone=zone)
    workspaces = known.workspaces(question.workspace)
    known.must_have_read()
    freshness, kinds = known.freshness(now), question.all_kinds
    off = freshness.off_remarks(kinds)
    if unseen := tuple(_unseen(known, question)):
        raise UsageError("\n".join((*off, *unseen)))
    judges = [ImportJudge.of(known.store, workspace, now=now) for workspace in workspaces]
    syncs = [Named(judge.workspace.name, judge.sync) for judge in judges]
    finder = SpanFinder(known.store.snapshots, syncs, now=now, time_zone=zone)
    span = finder.find(since, until)
    return Difference(
        generated_at=now,
        range=span.range,
        changes=_judged(known, question, span.range, judges),
        workspaces=workspaces,
        time_zone=zone,
        remarks=(*span.remarks, *off),
        doubts=(*span.doubts, *freshness.age_doubts(), *freshness.list_doubts(kinds)),
    )


def _judged(
    known: Known, question: Question, span: Range, judges: Sequence[ImportJudge]
) -> tuple[DriftedChange, ...]:
    store, wanted = known.store.changes, _Wanted(question, span, known.store.notes)
    if question.is_each:
        return tuple(
            DriftedChange(step, {judge.policy_id: judge.step(step) for judge in judges})
            for step in wanted.of(store.each)
        )
    net = tuple(wanted.of(store.between))
    # Only Expensify's lists can tell the steps of one change apart.
    steps = tuple(wanted.of(store.each)) if any(judge.lists.polls for judge in judges) else ()
    imported = {judge.policy_id: judge.net(net, steps) for judge in judges}
    return tuple(
        DriftedChange(change, {policy: known[change.ref] for policy, known in imported.items()})
        for change in net
    )


class _Wanted(NamedTuple):
    """Which changes are asked for, and who made them."""

    question: Question
    span: Range
    notes: Notes

    def of(self, compared: Callable[..., Iterator[Change]]) -> Iterator[Change]:
        changes = compared(
            self.span.older.id,
            self.span.newer.id,
            kinds=self.question.kinds or None,
            refs=self.question.records or None,
        )
        return self.notes.explain(changes)


def _unseen(known: Known, question: Question) -> Iterator[str]:
    for record in question.records:
        if not known.store.records.was_ever_seen(record):
            yield f"the monitor has never seen {record} in NetSuite: check its kind and id"
