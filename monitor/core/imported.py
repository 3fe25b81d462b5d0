"""One change, what Expensify's lists show, what is known of its last sync -> was it imported?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from monitor.core.listed import ListHistory, ListShows, list_verdict
from monitor.core.records import Change
from monitor.core.reports import Workspace
from monitor.core.sync import MARGIN, Bound, Evidence, Imported, LastSync, Source


class ImportVerdict(NamedTuple):
    """Whether a change was imported, and how we know, in one sentence for people.

    `source` is None when nothing could tell. `is_proof` says that Expensify's own list was seen to
    hold the old and then the new state (or still the old one): it bounds the last sync, too.
    """

    imported: Imported
    sentence: str
    source: Source | None = None
    is_proof: bool = False


def was_imported(
    change: Change, workspace: Workspace, history: ListHistory, last: LastSync
) -> ImportVerdict:
    """Whether Expensify has taken over the change: its own lists first, else the last sync."""
    listed = _from_lists(change, workspace, history)
    if listed is not None and not _is_overruled(listed, change, last):
        return listed
    begin, end = moment_of(change)
    if last.not_after is not None and begin > last.not_after + MARGIN:
        return ImportVerdict(
            Imported.NO, "the last known sync was before it", _source_of(last, "not_after")
        )
    if last.not_before is not None and end + MARGIN < last.not_before:
        return ImportVerdict(
            Imported.YES, "Expensify has synced after it", _source_of(last, "not_before")
        )
    return ImportVerdict(
        Imported.UNKNOWN, "cannot tell whether Expensify has seen it; Sync to be sure"
    )


def evidence_from_lists(
    changes: Iterable[Change], workspace: Workspace, history: ListHistory
) -> tuple[Evidence, ...]:
    """What Expensify's lists prove of its last sync: a transition proves that one started after the
    change, a poll that still misses the change that none did.
    """
    if not history.polls:
        return ()
    found = {}
    for change in changes:
        verdict = _from_lists(change, workspace, history)
        if verdict is None or not verdict.is_proof:
            continue
        begin, end = moment_of(change)
        is_imported = verdict.imported is Imported.YES
        row = Evidence(
            workspace.policy_id,
            Bound.NOT_BEFORE if is_imported else Bound.NONE_SINCE,
            begin if is_imported else end,
            Source.POLICY_LIST,
            history.polls[-1],
            f"{change.ref} {change.change}",
        )
        if row.moment < row.observed_at:
            found[row.bound, row.moment] = row
    return tuple(found.values())


def moment_of(change: Change) -> tuple[datetime, datetime]:
    """When the change happened: NetSuite's own edit time, else between the two snapshots.

    An edit time before the last snapshot that still showed the old content belongs to another edit
    (a renamed parent does not touch its children's).
    """
    earliest, latest = change.seen_between
    edited = change.modified_at
    if edited is not None and edited >= earliest - MARGIN:
        return edited, edited
    return earliest, latest


def _from_lists(change: Change, workspace: Workspace, history: ListHistory) -> ImportVerdict | None:
    verdict = list_verdict(
        change, workspace.place_of(change.kind), history, since=moment_of(change)[0]
    )
    if verdict is None:
        return None
    imported = Imported.YES if verdict.shows is ListShows.NEW else Imported.NO
    return ImportVerdict(
        imported,
        f"Expensify's own list {_SHOWN[verdict.shows]}",
        Source.POLICY_LIST,
        is_proof=verdict.is_seen,
    )


_SHOWN = {
    ListShows.NEW: "shows what NetSuite has now",
    ListShows.OLD: "still shows what NetSuite had before",
}


def _is_overruled(listed: ImportVerdict, change: Change, last: LastSync) -> bool:
    """The list still shows the old state although a person read of a later sync: this workspace's
    import does not reflect that kind of change.
    """
    if listed.imported is not Imported.NO or last.not_before is None:
        return False
    is_later = last.not_before > moment_of(change)[1] + MARGIN
    return is_later and any(
        row.source is Source.OPERATOR and row.moment == last.not_before for row in last.evidence
    )


def _source_of(last: LastSync, bound: str) -> Source | None:
    moment = getattr(last, bound)
    return next((row.source for row in last.evidence if row.moment == moment), None)
