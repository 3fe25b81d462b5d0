"""The answer of `monitor what-if` as a value: what would break, and what would be cured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from monitor.answers.fates import Fate, fates_of
from monitor.answers.freshness import Freshness
from monitor.answers.known import Known
from monitor.answers.present import Present, present_of
from monitor.core.idle import idle_in
from monitor.core.predict import Situation, predict
from monitor.core.records import Kind
from monitor.core.risks import Cause, Certainty, CurrencyTotal, Risk, totals
from monitor.core.supposed import Changed, changed_by, supposed_drift
from monitor.core.whatif import Supposition, mistakes_in, suppose
from monitor.core.workspace import NOT_CODED, Workspace
from monitor.errors import UsageError
from monitor.situation import Content, books_of


class Told(NamedTuple):
    """One thing to suppose, and where it was written ("--inactivate class:12", "x.csv, line 3");
    `mistake`: the sentence that says why it cannot be understood, instead of a supposition.
    """

    supposition: Supposition | None
    where: str
    mistake: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would be otherwise. `changed` are the records, `broken` the reports that are expected to
    fail then and are not now, `doubtful` those that may, `cured` those that would not any more (as
    they stand now), `cured_by_sync` those that would not after a sync.
    """

    freshness: Freshness
    changed: tuple[Changed, ...]
    broken: tuple[Fate, ...]
    doubtful: tuple[Fate, ...]
    cured: tuple[Fate, ...]
    cured_by_sync: tuple[Fate, ...] = ()
    workspaces: tuple[Workspace, ...] = ()
    remarks: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def totals(self) -> tuple[CurrencyTotal, ...]:
        """What would be at stake that is not now, currency by currency."""
        return totals(tuple(fate.report for fate in self.broken))

    @property
    def doubtful_totals(self) -> tuple[CurrencyTotal, ...]:
        """What may be at stake that is not now, currency by currency."""
        return totals(tuple(fate.report for fate in self.doubtful))


def rehearse(
    known: Known, told: tuple[Told, ...], workspace: str | None, *, now: datetime
) -> Rehearsal:
    """What would follow if all of it were done in NetSuite now, and nothing synced.

    Raises CannotAnswer when nothing was read yet, UsageError naming everything that cannot be done.
    """
    known.must_have_read()
    workspaces = known.workspaces(workspace)
    suppositions = tuple(one.supposition for one in told if one.supposition is not None)
    kinds = dict.fromkeys(one.ref.kind for one in suppositions)
    present = present_of(known, now=now, also=kinds)
    _refuse(told, present)
    after = suppose(present.content.present, suppositions)
    changed = changed_by(present.content.present, after)
    asked = {one.policy_id for one in workspaces}
    # A copy: what a prediction looks up is as large as the account, and is needed only once.
    before = _fates(predict(replace(present.situation)), asked)
    then = _fates(predict(_supposed(present, changed)), asked)
    freshness = known.freshness(now)
    return Rehearsal(
        freshness,
        changed,
        broken=_newly(then, before, Certainty.LIKELY),
        doubtful=_newly(then, before, Certainty.POSSIBLE),
        cured=_newly(before, then, Certainty.LIKELY),
        cured_by_sync=tuple(_waiting(before, then)),
        workspaces=workspaces,
        remarks=(
            *idle_in(present.content.present, suppositions),
            *_remarks(kinds, present, workspaces),
        ),
        doubts=(*freshness.source_doubts(), *freshness.list_doubts()),
    )


def _refuse(told: tuple[Told, ...], present: Present) -> None:
    """Raise UsageError with everything that cannot be understood or done, one sentence a line, in
    the order in which it was told.
    """
    everything = (*present.content.present, *present.content.subsidiaries)
    given = [one.supposition for one in told if one.supposition is not None]
    reasons: defaultdict[Supposition, dict[str, None]] = defaultdict(dict)
    for supposition, why in mistakes_in(everything, given):
        reasons[supposition][why] = None
    mistakes = [sentence for one in told for sentence in _mistakes(one, reasons)]
    if mistakes:
        raise UsageError("\n".join(dict.fromkeys(mistakes)))


def _mistakes(told: Told, reasons: Mapping[Supposition, Iterable[str]]) -> Iterator[str]:
    if told.supposition is None:
        yield told.mistake
        return
    yield from (f"{told.where}: {why}" for why in reasons.get(told.supposition, ()))


def _supposed(present: Present, changed: tuple[Changed, ...]) -> Situation:
    situation, content = present.situation, present.content
    later = {one.before.ref: one.after for one in changed}
    stays = [later.get(record.ref, record) for record in content.present]
    supposed = Content(
        present=tuple(record for record in stays if record is not None),
        # What it is called now is a former name then, the newest of all.
        former=(*(one.before for one in changed), *content.former),
        gone=(*content.gone, *(one.before for one in changed if one.after is None)),
    )
    book, employees = books_of(supposed, situation.now)
    return replace(
        situation,
        book=book,
        employees=employees,
        drift={
            policy_id: supposed_drift(drift, _of(changed, policy_id, situation), situation.now)
            for policy_id, drift in situation.drift.items()
        },
    )


def _of(changed: Iterable[Changed], policy_id: str, situation: Situation) -> Iterator[Changed]:
    """The changes of the kinds that the workspace keeps, and of people."""
    workspace = situation.workspace(policy_id)
    for one in changed:
        kind = one.before.kind
        if kind == Kind.EMPLOYEE or (workspace and workspace.place_of(kind) != NOT_CODED):
            yield one


def _fates(risks: Iterable[Risk], asked: Collection[str]) -> dict[str, Fate]:
    return fates_of(risk for risk in risks if risk.policy_id in asked)


def _newly(
    fates: Mapping[str, Fate], others: Mapping[str, Fate], certainty: Certainty
) -> tuple[Fate, ...]:
    """Those as sure as that (or surer, for what is expected) of which the others are less sure."""
    return tuple(
        fate
        for report_id, fate in sorted(fates.items())
        if _level(fate) is certainty and _level(others.get(report_id)) < certainty
    )


_UNTIL_A_SYNC = (Cause.EDITED_SINCE_SYNC, Cause.EMPLOYEE_EDITED_SINCE_SYNC)


def _waiting(before: Mapping[str, Fate], then: Mapping[str, Fate]) -> Iterator[Fate]:
    """Those that fail now by what no sync cures, and would then fail until the next sync only."""
    for report_id, fate in sorted(before.items()):
        later = then.get(report_id)
        is_cured = later is not None and later.cause in _UNTIL_A_SYNC
        if is_cured and fate.cause not in _UNTIL_A_SYNC and _level(fate) == _level(later):
            yield fate


def _level(fate: Fate | None) -> int:
    """Expected to fail (likely or certain), possible, or nothing at all."""
    return min(fate.certainty, Certainty.LIKELY) if fate is not None else 0


def _remarks(
    kinds: Iterable[str], present: Present, workspaces: tuple[Workspace, ...]
) -> Iterator[str]:
    """Why a change may seem to do nothing."""
    for kind in kinds:
        if kind in present.situation.unreadable:
            yield f"the list {kind} cannot be read now: nothing is predicted about it"
        elif kind != Kind.EMPLOYEE and not any(
            workspace.place_of(kind) != NOT_CODED for workspace in workspaces
        ):
            yield f"no workspace asked about keeps a {kind}: nothing follows from changing it"
