"""One SQLite file: everything remembered, one small class a thing; the diff is SQL, here."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from monitor.adapters.store.changes import Changes
from monitor.adapters.store.connection import PATIENCE, connect, let_go, told, transaction
from monitor.adapters.store.cycles import Cycles
from monitor.adapters.store.evidence import EvidenceLog
from monitor.adapters.store.history import History
from monitor.adapters.store.kinds import Kinds
from monitor.adapters.store.lists import Lists
from monitor.adapters.store.notes import Notes
from monitor.adapters.store.places import Places
from monitor.adapters.store.records import Records
from monitor.adapters.store.schema import check_version, migrate
from monitor.adapters.store.settings import StoredSettings
from monitor.adapters.store.snapshots import Snapshots
from monitor.adapters.store.sources import Sources
from monitor.adapters.store.unread import UnreadReports
from monitor.adapters.store.unreflected import UnreflectedSorts
from monitor.adapters.store.witnesses import Witnesses

if TYPE_CHECKING:
    from monitor.adapters.store.alerts import Alerts
    from monitor.adapters.store.correspondence import Correspondence
    from monitor.adapters.store.digests import Digests
    from monitor.adapters.store.lives import Lives
    from monitor.adapters.store.outbox import Outbox
    from monitor.adapters.store.outcomes import Outcomes
    from monitor.adapters.store.overlays import Overlays
    from monitor.adapters.store.recording import Recording
    from monitor.adapters.store.refutations import Lessons
    from monitor.adapters.store.reports import Reports
    from monitor.adapters.store.staging import Staging
    from monitor.adapters.store.unseen_times import UnseenTimes


class Store:
    """An open database; use it as a context manager, in the thread that opened it.

    What SQLite says inside the `with` leaves it as a StoreError.
    """

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db = db
        self._path = path
        self._kinds = Kinds(db)
        self.snapshots = Snapshots(db, self._kinds)
        self._history = History(db, self._kinds, self.snapshots)
        self.changes = Changes(db, self._kinds)
        self.records = Records(db, self._kinds)
        self.lists = Lists(db)
        self.evidence = EvidenceLog(db)
        self.sources = Sources(db)
        self.cycles = Cycles(db)
        self.notes = Notes(db)
        self.places = Places(db)
        self.witnesses = Witnesses(db)
        self.unread = UnreadReports(db)
        self.unreflected = UnreflectedSorts(db)
        self.settings = StoredSettings(db)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, patience: timedelta = PATIENCE) -> Self:
        """Open the database; a writer makes and migrates it, a reader changes nothing.

        `patience`: how long to wait for another process's lock. Raises StoreError, and
        NewerDatabase for a file that a newer version wrote.
        """
        db = connect(path, read_only=read_only, patience=patience)
        try:
            (check_version if read_only else migrate)(db, path)
        except BaseException:
            db.close()
            raise
        return cls(db, path)

    # What only a cycle needs is imported when asked for: `monitor diff` starts without it.
    @cached_property
    def reports(self) -> Reports:
        from monitor.adapters.store.reports import Reports

        return Reports(self._db)

    @cached_property
    def alerts(self) -> Alerts:
        from monitor.adapters.store.alerts import Alerts

        return Alerts(self._db)

    @cached_property
    def lives(self) -> Lives:
        from monitor.adapters.store.lives import Lives

        return Lives(self._db)

    @cached_property
    def outbox(self) -> Outbox:
        from monitor.adapters.store.outbox import Outbox

        return Outbox(self._db)

    @cached_property
    def overlays(self) -> Overlays:
        from monitor.adapters.store.overlays import Overlays

        return Overlays(self._db)

    @cached_property
    def digests(self) -> Digests:
        from monitor.adapters.store.digests import Digests

        return Digests(self._db)

    @cached_property
    def outcomes(self) -> Outcomes:
        from monitor.adapters.store.outcomes import Outcomes

        return Outcomes(self._db)

    @cached_property
    def recording(self) -> Recording:
        from monitor.adapters.store.recording import Recording

        return Recording(self._db)

    @cached_property
    def correspondence(self) -> Correspondence:
        from monitor.adapters.store.correspondence import Correspondence

        return Correspondence(self._db)

    @cached_property
    def lessons(self) -> Lessons:
        from monitor.adapters.store.refutations import Lessons

        return Lessons(self._db)

    @cached_property
    def unseen_times(self) -> UnseenTimes:
        from monitor.adapters.store.unseen_times import UnseenTimes

        return UnseenTimes(self._db)

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """Everything read in it is of one moment; a writer waits so long: read, and end it."""
        with transaction(self._db, self._path, "begin"):
            yield

    @contextmanager
    def immediate(self) -> Iterator[None]:
        """One write transaction: everything in it becomes true together, or nothing does."""
        with transaction(self._db, self._path):
            yield

    def staging(self) -> Staging:
        """A fresh place for the pages of one reading."""
        from monitor.adapters.store.staging import Staging

        with told(self._path):
            return Staging(self._db, self._kinds, self._history, self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        let_go(error)
        self._db.close()
        if isinstance(error, sqlite3.Error):
            with told(self._path):
                raise error
