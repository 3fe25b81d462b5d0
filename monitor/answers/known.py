"""What a database knows of itself: the settings of the last cycle, and when Expensify synced."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from monitor.adapters.store import Store
from monitor.adapters.store.connection import NAMED_BY, PATIENCE, told
from monitor.answers.freshness import Freshness
from monitor.answers.span import no_snapshot
from monitor.config.stored import StoredSettings
from monitor.core.workspace import Workspace
from monitor.errors import CannotAnswer, UsageError

SOURCES = ("netsuite", "expensify")
_UNKNOWN = StoredSettings(account="", every=timedelta(minutes=15), time_zone="UTC", workspaces=())
"""Before the first cycle nothing is known; nothing is answered either."""


@dataclass(frozen=True, slots=True)
class Known:
    """An open database and the settings its last cycle ran with."""

    store: Store
    settings: StoredSettings

    def workspaces(self, asked: str | None) -> tuple[Workspace, ...]:
        """All workspaces, or the one with this name or policy id; raises UsageError naming them."""
        everyone = self.settings.workspaces
        if asked is None:
            return everyone
        if not everyone:
            raise no_snapshot()
        found = tuple(w for w in everyone if asked == w.policy_id) or tuple(
            w for w in everyone if asked.strip().casefold() == w.name.casefold()
        )
        if len(found) == 1:
            return found
        raise UsageError(_not_one(asked, found, everyone))

    def must_have_read(self) -> None:
        """Raise CannotAnswer when there is no snapshot yet."""
        if self.store.snapshots.latest() is None:
            raise no_snapshot()

    def freshness(self, now: datetime) -> Freshness:
        """How fresh everything is at the moment `now`."""
        newest = self.store.snapshots.latest()
        return Freshness(
            now=now,
            every=self.settings.every,
            newest=newest,
            lists=self.store.snapshots.list_readings(newest.id) if newest else (),
            sources=tuple(self.store.sources.freshness(source) for source in SOURCES),
        )


@contextmanager
def known(
    path: Path, *, time_zone: str | None = None, patience: timedelta = PATIENCE
) -> Iterator[Known]:
    """Open the database for one question, then close it: what is printed is printed afterwards.
    All of the answer is of one moment, before or after a cycle's commit, which waits meanwhile.

    `time_zone` None = the one of the last cycle. `patience`: how long to wait for another process's
    lock. Raises CannotAnswer when there is no database yet,
    StoreError when it cannot be read.
    """
    with told(path), _opened(path, patience) as store, store.one_moment():
        yield _knowing(store, time_zone, otherwise=lambda: _UNKNOWN)


@contextmanager
def known_at_length(
    path: Path, *, time_zone: str | None = None, patience: timedelta = PATIENCE
) -> Iterator[Known]:
    """As `known`, for a question that takes so long that no cycle should wait for it: what one
    commits meanwhile may show in a part of the answer.
    """
    with told(path), _opened(path, patience) as store:
        yield _knowing(store, time_zone, otherwise=lambda: _UNKNOWN)


@contextmanager
def writable(
    path: Path, otherwise: Callable[[], StoredSettings], *, time_zone: str | None = None
) -> Iterator[Known]:
    """Open the database for one small write beside a running monitor; only a cycle makes one.

    `otherwise` gives the settings when no cycle has stored any. Raises CannotAnswer when there is
    no database yet, StoreError when it cannot be written.
    """
    _must_be_written(path)
    with told(path), Store.open(path) as store:
        yield _knowing(store, time_zone, otherwise)


def _opened(path: Path, patience: timedelta) -> Store:
    _must_be_written(path)
    return Store.open(path, read_only=True, patience=patience)


def _must_be_written(path: Path) -> None:
    if not _is_written(path):
        raise CannotAnswer(
            f"{path.absolute()} is not there: nothing was read from NetSuite yet (run "
            f"`monitor run --once`), or the database is another file: {NAMED_BY}"
        )


def _knowing(store: Store, time_zone: str | None, otherwise: Callable[[], StoredSettings]) -> Known:
    public = store.settings.load()
    settings = StoredSettings.read(public) if public else otherwise()
    return Known(store, replace(settings, time_zone=time_zone or settings.time_zone))


def _is_written(path: Path) -> bool:
    try:
        return path.stat().st_size > 0 or not path.is_file()
    except FileNotFoundError:
        return False
    except OSError:
        return True  # opening it says why


def _not_one(asked: str, found: Sequence[Workspace], everyone: Sequence[Workspace]) -> str:
    choices = ", ".join(f"{w.name} ({w.policy_id})" for w in found or everyone)
    if found:
        return f"several workspaces are called {asked!r}: say the id of one: {choices}"
    return f"there is no workspace {asked!r}: the monitor knows {choices}"
