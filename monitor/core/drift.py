"""Changes, evidence, lists -> drift: what one workspace has not imported yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from monitor.core.imported import DROPPED, ImportVerdict, Sorts, dropped_on, was_imported
from monitor.core.listed import ListHistory, is_shown
from monitor.core.records import Change, Kind, Record, Ref
from monitor.core.sync import Imported, LastSync
from monitor.core.workspace import Workspace


class DriftedChange(NamedTuple):
    """A change since the last sync, net, and whether this workspace has imported it.

    `passed`: what the record was on its way, and of which Expensify's list shows that this
    workspace has not imported the end. `is_back`: an employee is again what it was at the last
    known sync, and one that nobody knows of may have imported what it was meanwhile.
    """

    change: Change
    verdict: ImportVerdict
    passed: tuple[Record, ...] = ()
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class Drift:
    """All that changed in NetSuite since a workspace's last sync, record by record.

    `since` is the snapshot that it was counted from, as a moment; None when nobody said. It is
    later than the last sync where the monitor began only after that.
    """

    policy_id: str
    last_sync: LastSync
    changes: Mapping[Ref, DriftedChange] = field(default_factory=dict)
    since: datetime | None = None


def drift_of(
    workspace: Workspace,
    net: Iterable[Change],
    steps: Iterable[Change],
    history: ListHistory,
    last: LastSync,
    *,
    since: datetime | None = None,
    unreflected: Sorts = (),
) -> Drift:
    """Judge each net change since the workspace's last sync, given every step of it, oldest first.

    What Expensify's own list proves of a record's last steps, it proves of the whole change: the
    first half of a change may have been imported without the second. A record that changed and
    changed back is no net change; but a sync in between has imported the state in the middle, and
    then the list tells whether the way back was imported too: it still misses the record. Of
    employees Expensify shows no list, so that there it stays a doubt.
    """
    judged = {
        change.ref: DriftedChange(
            change, was_imported(change, workspace, history, last, unreflected=unreflected)
        )
        for change in net
    }
    for way in _ways(steps):
        told = _proven(
            way, lambda step: was_imported(step, workspace, history, last, unreflected=unreflected)
        )
        if told is None:
            dropped = dropped_on(way, workspace, history, last, unreflected=unreflected)
            told = _dropped(dropped, way[-1].after) if dropped else None
        if told is not None:
            known = judged.get(told.change.ref)
            judged[told.change.ref] = told._replace(change=known.change) if known else told
        elif way[-1].ref not in judged and (back := _back(way, workspace, history, last)):
            judged[back.change.ref] = back
    return Drift(workspace.policy_id, last, judged, since)


def _back(
    way: list[Change], workspace: Workspace, history: ListHistory, last: LastSync
) -> DriftedChange | None:
    """An employee's way there and back, when a sync may have come between and none after it."""
    if way[-1].ref.kind != Kind.EMPLOYEE or len(way) < 2:
        return None
    went = was_imported(way[0], workspace, history, last)
    came = was_imported(way[-1], workspace, history, last)
    if went.imported is Imported.NO or came.imported is Imported.YES:
        return None
    passed = tuple(step.after for step in way[:-1] if step.after is not None)
    return DriftedChange(way[-1], came, passed, is_back=True)


def _ways(steps: Iterable[Change]) -> Iterable[list[Change]]:
    """The steps of each record, oldest first."""
    ways: dict[Ref, list[Change]] = {}
    for step in steps:
        ways.setdefault(step.ref, []).append(step)
    return ways.values()


def _proven(way: list[Change], judge: Callable[[Change], ImportVerdict]) -> DriftedChange | None:
    """What the list proves of a record's way: of its last step, or that it still misses the last
    one which a list can show. Whatever came after that was not imported either.
    """
    shown = next((step for step in reversed(way) if is_shown(step)), way[-1])
    verdict = judge(shown)
    is_missing = verdict.imported is Imported.NO
    if not verdict.is_proof or not (is_missing or shown is way[-1]):
        return None
    passed = (shown.before,) if is_missing and shown.before is not None else ()
    return DriftedChange(shown, verdict, passed)


def _dropped(steps: tuple[Change, ...], after: Record | None) -> DriftedChange:
    """From each state that an import may have left the record out for to what it is now."""
    passed = tuple(step.before for step in steps if step.before is not None)
    return DriftedChange(steps[-1]._replace(after=after), DROPPED, passed)
