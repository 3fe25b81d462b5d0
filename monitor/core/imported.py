"""One change, what Expensify's lists show, what is known of its last sync -> was it imported?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from monitor.core.listed import ListHistory, ListShows, ListVerdict, dropped_between, list_verdict
from monitor.core.records import Change
from monitor.core.sync import MARGIN, Bound, Evidence, Imported, LastSync, Source
from monitor.core.workspace import Workspace

Sorts = Collection[tuple[str, str]]
"""Sorts of change: a kind and the word for what happened."""


class ImportVerdict(NamedTuple):
    """Whether a change was imported, and how we know, in one sentence for people.

    `source` is None when nothing could tell. `is_proof` says that Expensify's own list was seen to
    hold the old and then the new state (or still holds the old one): it bounds the last sync, too.
    """

    imported: Imported
    sentence: str
    source: Source | None = None
    is_proof: bool = False


def was_imported(
    change: Change,
    workspace: Workspace,
    history: ListHistory,
    last: LastSync,
    *,
    unreflected: Sorts = (),
) -> ImportVerdict:
    """Whether Expensify has taken over the change: its own lists first, else the last sync.

    `unreflected`: sorts of change that the workspace's lists are known not to follow.
    """
    is_followed = (change.kind, change.change) not in unreflected
    listed = _from_lists(change, workspace, history) if is_followed else None
    if listed is not None and not _is_overruled(listed, change, last):
        return listed
    begin, end = moment_of(change)
    if last.not_after is not None and begin > last.not_after + last.margin:
        source = _source_of(last, last.not_after)
        return ImportVerdict(Imported.NO, "the last known sync was before it", source)
    if last.not_before is not None and end + last.margin < last.not_before:
        source = _source_of(last, last.not_before)
        return ImportVerdict(Imported.YES, "Expensify has synced after it", source)
    return ImportVerdict(
        Imported.UNKNOWN, "cannot tell whether Expensify has seen it; Sync to be sure"
    )


def dropped_on(
    way: Sequence[Change],
    workspace: Workspace,
    history: ListHistory,
    last: LastSync,
    *,
    unreflected: Sorts = (),
) -> tuple[Change, ...]:
    """The steps out of states that an import may have dropped the record from the list for, though
    no list shows them: a subsidiary taken away and given back. Nothing where it is offered, or went
    missing before or after every such state: then somebody's hand took it away.

    `way`: its steps since the last sync, oldest first.
    """
    step = way[-1]
    place, begin = workspace.place_of(step.kind), moment_of(way[0])[0]
    polls = history.polls_at(place)
    is_polled = bool(polls) and polls[-1] >= step.seen_between[0]
    is_followed = (step.kind, step.change) not in unreflected
    read_at = last.read_at_least
    is_synced = read_at is not None and read_at > moment_of(step)[1] + last.margin
    if step.after is None or is_synced or not (is_polled and is_followed):
        return ()
    dropped = dropped_between(step.after, place, history, since=begin)
    if dropped is None:
        return ()
    began = [begin, *(moment_of(one)[0] for one in way)]
    return tuple(
        one
        for one, since in zip(way, began, strict=False)
        if one.before is not None and since <= dropped[1] and moment_of(one)[1] >= dropped[0]
    )


def evidence_from_lists(
    changes: Iterable[Change],
    workspace: Workspace,
    history: ListHistory,
    *,
    unreflected: Sorts = (),
) -> tuple[Evidence, ...]:
    """What Expensify's lists prove of its last sync: a transition proves that one started after the
    change, a poll that still misses the change that none did.

    At most one row of each sort, the strongest: all others would move no bound of the interval.
    """
    followed = [one for one in changes if (one.kind, one.change) not in unreflected]
    rows = list(_proven(followed, workspace, history))
    started = [row for row in rows if row.bound is Bound.NOT_BEFORE]
    missed = [row for row in rows if row.bound is Bound.NONE_SINCE]
    latest = max(started, key=lambda row: (row.moment, row.note), default=None)
    # Where an import does not reflect a sort of change, its old state says nothing of the sync.
    standing = [row for row in missed if latest is None or row.moment + MARGIN >= latest.moment]
    earliest = min(standing or missed, key=lambda row: (row.moment, row.note), default=None)
    return tuple(row for row in (latest, earliest) if row is not None)


def _proven(
    changes: Iterable[Change], workspace: Workspace, history: ListHistory
) -> Iterator[Evidence]:
    for change in changes:
        verdict = list_shows(change, workspace, history)
        if verdict is None or not verdict.is_proof:
            continue
        begin, end = moment_of(change)
        polls = history.polls_at(workspace.place_of(change.kind))
        is_imported = verdict.shows is ListShows.NEW
        row = Evidence(
            workspace.policy_id,
            Bound.NOT_BEFORE if is_imported else Bound.NONE_SINCE,
            begin if is_imported else end,
            Source.POLICY_LIST,
            verdict.seen_at if is_imported else polls[-1],
            f"{change.ref} {change.change}",
        )
        if row.moment < row.observed_at:
            yield row


def moment_of(change: Change) -> tuple[datetime, datetime]:
    """When the change happened: NetSuite's own edit time, else between the two snapshots.

    An edit time from before the last snapshot that still showed the old content, or from after the
    first that did not, belongs to another edit (a renamed parent does not touch its children's).
    """
    earliest, latest = change.seen_between
    edited = change.modified_at
    if edited is not None and earliest - MARGIN <= edited <= latest + MARGIN:
        return edited, edited
    return earliest, latest


def list_shows(change: Change, workspace: Workspace, history: ListHistory) -> ListVerdict | None:
    """What the list where the workspace keeps the record's kind shows of the change."""
    place = workspace.place_of(change.kind)
    return list_verdict(change, place, history, happened=moment_of(change))


def _from_lists(change: Change, workspace: Workspace, history: ListHistory) -> ImportVerdict | None:
    verdict = list_shows(change, workspace, history)
    if verdict is None:
        return None
    imported, sentence = _SAID[verdict.shows]
    return ImportVerdict(imported, sentence, Source.POLICY_LIST, is_proof=verdict.is_proof)


DROPPED = ImportVerdict(
    Imported.NO,
    "Expensify's own list does not offer it any more, and did before",
    Source.POLICY_LIST,
)
"""No proof of any sync: it may have been dropped by a hand."""
_SAID = {
    ListShows.NEW: (Imported.YES, "Expensify's own list shows what NetSuite has now"),
    ListShows.OLD: (Imported.NO, "Expensify's own list still shows what NetSuite had before"),
}


def _is_overruled(listed: ImportVerdict, change: Change, last: LastSync) -> bool:
    """The list still shows the old state although a person read of a later sync: this workspace's
    import does not reflect that kind of change.
    """
    if listed.imported is not Imported.NO or last.read_at_least is None:
        return False
    return last.read_at_least > moment_of(change)[1] + last.margin


def _source_of(last: LastSync, moment: datetime) -> Source | None:
    return next((row.source for row in last.evidence if row.moment == moment), None)
