"""Two texts about when -> the two snapshots that answer for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol, assert_never

from monitor.answers.difference import Basis, Range
from monitor.core.records import Snapshot
from monitor.core.sync import LastSync
from monitor.errors import CannotAnswer, UsageError
from monitor.when import AtBaseline, AtLastSync, AtMoment, AtNewest, AtSnapshot, When, local

WHEN_NOBODY_KNOWS = timedelta(hours=24)
"""How far back is looked where the last sync is unknown: Expensify syncs by itself once a day."""
NEWEST = AtNewest(1)


class Snapshots(Protocol):
    """What is asked of the store."""

    def latest(self) -> Snapshot | None: ...

    def baseline(self) -> Snapshot | None: ...

    def at(self, moment: datetime) -> Snapshot | None: ...

    def by_id(self, snapshot_id: int) -> Snapshot | None: ...

    def back(self, n: int) -> Snapshot | None: ...


class Named(NamedTuple):
    """A last sync, and what people call its workspace."""

    workspace: str
    sync: LastSync


class Span(NamedTuple):
    """A range, and sentences about how the question was understood.

    `doubts`: why nothing is known of the range at all.
    """

    range: Range
    remarks: tuple[str, ...]
    doubts: tuple[str, ...] = ()


class _End(NamedTuple):
    moment: datetime
    snapshot: Snapshot
    basis: Basis
    remarks: tuple[str, ...] = ()
    before_first: str = ""
    """A sentence when it is earlier than the first snapshot, which answers for it."""


class SpanFinder:
    """Finds the snapshots for WHEN texts. `syncs` are those of the workspaces asked about; its
    sentences name moments in the time zone.
    """

    def __init__(
        self, snapshots: Snapshots, syncs: Sequence[Named], *, now: datetime, time_zone: str
    ) -> None:
        self._snapshots = snapshots
        self._syncs = syncs
        self._now = now
        self._zone = time_zone

    def find(self, since: When, until: When = NEWEST) -> Span:
        """The range from `since` to `until`.

        Raises CannotAnswer when there is no snapshot at all, UsageError when a snapshot is asked
        for that does not exist or the two ends are the wrong way round.
        """
        start, end = self._end(since), self._end(until)
        # Both ends before the first snapshot: it says nothing of what happened between them.
        doubts = (end.before_first,) if end.before_first else ()
        said = (*start.remarks, start.before_first, *end.remarks)
        remarks = tuple(one for one in dict.fromkeys(said) if one and one not in doubts)
        if start.snapshot.id > end.snapshot.id or (
            start.moment > end.moment and isinstance(until, AtMoment)
        ):
            raise UsageError(
                f"--since ({self._said(start.moment)}) is later than --until "
                f"({self._said(end.moment)}): "
                "exchange the two, or name an earlier --since"
            )
        if start.snapshot == end.snapshot and start.moment != end.moment:
            remarks += (self._nothing_between(start, end),)
        return Span(
            Range(
                since=min(start.moment, end.moment),
                until=end.moment,
                basis=start.basis,
                older=start.snapshot,
                newer=end.snapshot,
            ),
            remarks,
            doubts,
        )

    def _end(self, when: When) -> _End:
        match when:
            case AtBaseline():
                first = self._baseline()
                return _End(first.taken_at, first, Basis.BASELINE)
            case AtSnapshot(id=snapshot_id):
                return self._exactly(self._snapshots.by_id(snapshot_id), f"@{snapshot_id}")
            case AtNewest(back=back):
                return self._exactly(self._snapshots.back(back), f"@-{back}")
            case AtMoment(moment=moment, through=through):
                return self._at(moment, through, Basis.MOMENT)
            case AtLastSync():
                return self._last_sync()
            case _:
                assert_never(when)

    def _exactly(self, snapshot: Snapshot | None, said: str) -> _End:
        if snapshot is None:
            first, newest = self._baseline(), self._snapshots.latest() or self._baseline()
            raise UsageError(
                f"there is no snapshot {said}: the first is @{first.id}, the newest is "
                f"@{newest.id} (or @-1)"
            )
        return _End(snapshot.taken_at, snapshot, Basis.SNAPSHOT)

    def _at(self, moment: datetime, through: datetime, basis: Basis) -> _End:
        snapshot = self._snapshots.at(through)
        if snapshot is not None:
            return _End(moment, snapshot, basis)
        first = self._baseline()
        remark = (
            f"the first snapshot is of {self._said(first.taken_at)}, "
            f"later than {self._said(moment)}: answered from the first"
        )
        return _End(first.taken_at, first, Basis.BASELINE, before_first=remark)

    def _last_sync(self) -> _End:
        a_day_ago = self._now - WHEN_NOBODY_KNOWS
        starts = [(named.sync.not_before or a_day_ago) for named in self._syncs]
        moment = min(starts, default=a_day_ago)
        known = {named.sync.not_before for named in self._syncs}
        basis = Basis.LAST_SYNC if moment in known else Basis.LAST_DAY
        end = self._at(moment, moment, basis)
        return end._replace(remarks=self._unknown_syncs(basis))

    def _unknown_syncs(self, basis: Basis) -> tuple[str, ...]:
        unknown = [named.workspace for named in self._syncs if named.sync.not_before is None]
        if self._syncs and not unknown:
            return ()
        whose = ", ".join(unknown)
        of_whom = f" of {whose}" if whose else ""
        first = unknown[0] if unknown else "WORKSPACE"
        where = ", looking at the last 24 hours" if basis is Basis.LAST_DAY else ""
        return (
            f"the last sync{of_whom} is not known{where}: tell it with "
            f"`monitor synced {_quoted(first)} --at TIME`",
        )

    def _baseline(self) -> Snapshot:
        first = self._snapshots.baseline()
        if first is None:
            raise no_snapshot()
        return first

    def _nothing_between(self, start: _End, end: _End) -> str:
        said = f"{self._said(start.moment)} and {self._said(end.moment)}"
        of = f"@{end.snapshot.id} of {self._said(end.snapshot.taken_at)}"
        return f"nothing was read between {said}: both are answered by the snapshot {of}"

    def _said(self, moment: datetime) -> str:
        return local(moment, self._zone, has_seconds=True)


def no_snapshot() -> CannotAnswer:
    """There is nothing to compare with yet."""
    return CannotAnswer("nothing was read from NetSuite yet: run `monitor run --once` first")


def _quoted(name: str) -> str:
    return name if name.isalnum() else f'"{name}"'
