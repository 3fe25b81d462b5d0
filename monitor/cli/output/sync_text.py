"""What is known of a workspace's last sync, in words, with its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from monitor.answers.imports import WorkspaceSync
from monitor.cli.output.words import local, plain
from monitor.core.estimate import Estimate
from monitor.core.message.words import length
from monitor.core.sync import Bound, Evidence, LastSync

_MINUTE = timedelta(minutes=1)


def sync_lines(known: WorkspaceSync, zone: str) -> Iterator[str]:
    """First what is known, then why, then what contradicts it."""
    yield f"{plain(known.workspace.name)}: {_interval(known.sync, zone)}"
    yield from (
        f"  {because(evidence, zone)}" for evidence in (*known.sync.evidence, *known.failed)
    )
    yield from (f"  contradiction: {plain(said)}" for said in known.sync.contradictions)
    yield from (f"  {plain(one.sentence)}" for one in known.doubted)
    if known.next_sync is not None:
        yield f"  {_estimated(known.next_sync, zone)}"


def _interval(sync: LastSync, zone: str) -> str:
    if sync.not_before is None and sync.not_after is None:
        return "nobody knows when Expensify last synced (tell it with `monitor synced`)"
    if sync.not_before is None or sync.not_after is None:
        return _half_known(sync, zone)
    if sync.not_before == sync.not_after:
        return f"last sync {local(sync.not_before, zone)}"
    return f"last sync between {local(sync.not_before, zone)} and {local(sync.not_after, zone)}"


def _half_known(sync: LastSync, zone: str) -> str:
    if sync.not_before is not None:
        return f"last sync {local(sync.not_before, zone)} or later"
    if sync.not_after is not None:
        return f"last sync {local(sync.not_after, zone)} or earlier"
    return ""


def _estimated(estimate: Estimate, zone: str) -> str:
    about = local(estimate.about, zone)
    spread = length(max(estimate.spread, _MINUTE))
    return (
        f"next auto-sync about {about}, give or take {spread} "
        f"(an estimate from {estimate.syncs} past syncs)"
    )


def because(evidence: Evidence, zone: str) -> str:
    """What the row says, and who says so."""
    moment, observed = local(evidence.moment, zone), local(evidence.observed_at, zone)
    sentence = {
        Bound.EXACT: f"at {observed} the last sync was that of {moment}",
        Bound.NOT_BEFORE: f"a sync started after {moment}",
        Bound.NONE_SINCE: f"no sync started between {moment} and {observed}",
        Bound.FAILED: f"a sync failed at {moment}",
    }[evidence.bound]
    note = f", {plain(evidence.note)}" if evidence.note else ""
    return f"{sentence} ({evidence.source.value}{note})"
