"""What testifies beside the lists: NetSuite's clock, its login audit and its system notes.

None of it decides whether something changed, so none of it voids a reading: what cannot be asked
now is asked by the next cycle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from monitor.adapters.store import Store
from monitor.adapters.store.witnesses import LOGIN_AUDIT, SYSTEM_NOTES
from monitor.core.logins import Logins, evidence_from_logins
from monitor.core.notes import NotesReading
from monitor.core.sync import SyncFailure, last_sync, sync_failure
from monitor.errors import SourceError

_LOOKS_BACK = timedelta(days=30)
"""How old logins and notes may be that are of use."""

_PROMPT = timedelta(seconds=10)
"""How long NetSuite may take to tell its time, further attempts included."""

Told = TypeVar("Told")


class Witnesses(Protocol):
    """What a cycle asks of NetSuite beside its lists."""

    def server_time(self) -> datetime | None: ...

    def logins(self, application: str, *, since: datetime) -> Logins: ...

    def notes(self, after: int | None, *, since: datetime) -> NotesReading: ...


@dataclass(frozen=True, slots=True)
class Testimony:
    """What the witnesses said; None of one that was not asked or could not answer."""

    skew: timedelta | None = None
    """How far NetSuite's clock is ahead of ours."""
    logins: Logins | None = None
    notes: NotesReading | None = None
    failures: tuple[str, ...] = ()


def hear(
    witnesses: Witnesses,
    clock: Callable[[], datetime],
    *,
    application: str,
    after_note: int | None,
) -> Testimony:
    """Ask them all, after the lists were read: what explains a change was written before it."""
    since = clock() - _LOOKS_BACK
    failures: list[str] = []

    def ask(question: Callable[[], Told]) -> Told | None:
        try:
            return question()
        except SourceError as error:
            failures.append(str(error))
            return None

    return Testimony(
        skew=ask(lambda: _skew(witnesses, clock)),
        logins=ask(lambda: witnesses.logins(application, since=since)),
        notes=ask(lambda: witnesses.notes(after_note, since=since)),
        failures=tuple(failures),
    )


def remember_testimony(
    store: Store, testimony: Testimony, policy_ids: Iterable[str], now: datetime
) -> None:
    """Keep what was said, and what it proves of the last sync as of `now`. In a transaction."""
    if testimony.skew is not None:
        store.witnesses.measure_clock(now, testimony.skew)
    if (logins := testimony.logins) is not None:
        skew = store.witnesses.skew()
        store.evidence.add(evidence_from_logins(logins, policy_ids, observed_at=now, skew=skew))
        store.witnesses.looked(LOGIN_AUDIT, now, is_off=logins.is_off, detail=_named(logins))
    if (notes := testimony.notes) is not None:
        store.notes.add(notes.notes)
        reached = None if notes.is_off else notes.reached
        store.witnesses.looked(SYSTEM_NOTES, now, is_off=notes.is_off, reached=reached)


def failing_syncs(
    store: Store, policy_ids: Iterable[str], *, now: datetime
) -> dict[str, SyncFailure]:
    """The workspaces whose syncs are failing, by policy id."""
    found = {}
    for policy_id in policy_ids:
        evidence = store.evidence.all(policy_id, as_of=now)
        known = last_sync(policy_id, evidence, as_of=now, skew=store.witnesses.skew())
        if failure := sync_failure(known, evidence):
            found[policy_id] = failure
    return found


def last_note(store: Store) -> int | None:
    """How far the notes were read; None before the first time."""
    known = store.witnesses.get(SYSTEM_NOTES)
    return known.reached if known else None


def _skew(witnesses: Witnesses, clock: Callable[[], datetime]) -> timedelta | None:
    """Nothing from an answer that came so late that nobody knows when it was given."""
    asked_at = clock()
    told = witnesses.server_time()
    took = clock() - asked_at
    return None if told is None or took > _PROMPT else told - (asked_at + took / 2)


def _named(logins: Logins) -> str:
    """Why it is off, or whose logins it shows."""
    return logins.detail or ", ".join(logins.applications)
