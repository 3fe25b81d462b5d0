"""One NetSuite account: its lists read whole or not at all, and its deleted records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import NamedTuple, Self

from monitor.adapters.http import Http
from monitor.adapters.netsuite.attached import AttachedReader
from monitor.adapters.netsuite.auth import Bearer, Credentials, OAuth2, SignedRequest
from monitor.adapters.netsuite.besides import Sight
from monitor.adapters.netsuite.capability import (
    Capabilities,
    Capability,
    cure,
    selected,
    what_is_missing,
)
from monitor.adapters.netsuite.deleted import named_as_deleted
from monitor.adapters.netsuite.lanes import Lanes
from monitor.adapters.netsuite.lists import parser
from monitor.adapters.netsuite.login_audit import read_logins
from monitor.adapters.netsuite.numbers import moment
from monitor.adapters.netsuite.options import NetSuiteOptions
from monitor.adapters.netsuite.segments import spec_of
from monitor.adapters.netsuite.specs import RECORD_TYPES, ListSpec
from monitor.adapters.netsuite.suiteql import BELOW_ALL_IDS, MissingTable, Refused, Row, SuiteQL
from monitor.adapters.netsuite.system_notes import SystemNotes
from monitor.adapters.netsuite.together import read_together
from monitor.clock import Clock, Deadline
from monitor.core.logins import Logins
from monitor.core.notes import NotesReading
from monitor.core.records import ListReading, ListSink, ListState
from monitor.errors import SourceError


class Examined(NamedTuple):
    """What `monitor check` learns of one list. `rows` is None when it cannot be read."""

    kind: str
    rows: int | None
    missing_columns: tuple[str, ...] = ()
    detail: str = ""


class _Size(NamedTuple):
    """How much of a list there is: its rows, and those attached to them."""

    rows: int
    attached: int = 0

    def __str__(self) -> str:
        return f"{self.rows} rows and {self.attached} attached to them"


class NetSuite:
    """One account. Keeps its token and what it found out about columns; use it as a context."""

    def __init__(
        self,
        options: NetSuiteOptions,
        credentials: Credentials,
        clock: Clock,
        *,
        remember_secret: Callable[[str], None] = lambda _secret: None,
        cycle: Deadline | None = None,
    ) -> None:
        self._http = Http(
            "netsuite",
            clock,
            deadline=options.request_deadline,
            cycle=cycle,
            connections=options.concurrency,
        )
        self._lanes = Lanes(options.concurrency, clock, cycle)
        signer = (
            Bearer(credentials, options.url, self._http, clock, remember_secret)
            if isinstance(credentials, OAuth2)
            else SignedRequest(credentials, options.realm, clock)
        )
        self._suiteql = SuiteQL(
            options.url,
            self._http,
            signer,
            page_size=options.page_size,
            lanes=self._lanes,
        )
        self._capabilities = Capabilities(self._suiteql)
        self._notes = SystemNotes(self._suiteql, RECORD_TYPES)

    def read_all(self, into: Mapping[str, ListSink]) -> tuple[ListReading, ...]:
        """Read every list whole, in the order asked or side by side; what they bring is taken by
        the calling thread, and none outlives the call. Raises SourceError when one of them failed.
        """
        with self._lanes.opened():
            if self._lanes.most == 1:
                return tuple(self.read(kind, sink) for kind, sink in into.items())
            (kind, sink), *others = into.items()
            # One alone: it signs in, and a NetSuite that refuses everybody is asked once.
            first = self.read(kind, sink)
            return (first, *read_together(self.read, dict(others), self._lanes))

    def read(self, kind: str, into: ListSink) -> ListReading:
        """Read one list whole. OFF when the account or the role has no such list; when it is read
        and lacks columns, the detail says what to do should they have been there before.

        Raises SourceError when the list could not be read, or not completely.
        """
        spec = spec_of(kind)
        try:
            return self._read_as_known(spec, into)
        except Refused:
            # What was there is gone: find out anew what there is, and read once more.
            self._capabilities.forget(kind)
            return self._read_as_known(spec, into)

    def confirm_deleted(self, kind: str, ids: Sequence[str]) -> frozenset[str]:
        """Which of these ids NetSuite's DeletedRecord names; none when it cannot be read."""
        return named_as_deleted(self._suiteql, kind, ids)

    def logins(self, application: str, *, since: datetime) -> Logins:
        """What the login audit shows of the integrations of that name; off where it cannot be
        read. Raises SourceError when NetSuite could not be asked.
        """
        return read_logins(self._suiteql, application, since=since)

    def notes(self, after: int | None, *, since: datetime, most_pages: int = 20) -> NotesReading:
        """The system notes after that id, the first time those since then; off where they cannot be
        read. Raises SourceError when NetSuite could not be asked.
        """
        return self._notes.read(after, since=since, most_pages=most_pages)

    def server_time(self) -> datetime | None:
        """NetSuite's own idea of now (UTC), None when it does not tell; raises SourceError when it
        cannot be asked.
        """
        try:
            rows = self._suiteql.rows(
                "SELECT TO_CHAR(SYS_EXTRACT_UTC(CURRENT_TIMESTAMP),"
                '\'YYYY-MM-DD"T"HH24:MI:SS"Z"\') AS utcnow FROM DUAL'
            )
            return moment(rows[0].get("utcnow")) if rows else None
        except (Refused, ValueError):
            return None

    @property
    def clock_ahead(self) -> timedelta | None:
        """How far this machine's clock is ahead of NetSuite's, None before NetSuite told it."""
        return self._http.ahead

    @property
    def sight(self) -> Sight:
        """What the role is shown beside its lists."""
        return Sight(self._suiteql)

    def examine(self, kinds: Sequence[str]) -> Iterator[Examined]:
        """What the role sees of each list, for `monitor check`; raises SourceError for the rest."""
        for kind in kinds:
            yield self._examined(spec_of(kind))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def _examined(self, spec: ListSpec) -> Examined:
        try:
            capability = self._capabilities.of(spec)
            rows = self._suiteql.count(spec.table)
        except MissingTable:
            return Examined(spec.kind, None, detail=what_is_missing(spec))
        if column := spec.lacking(capability.columns):
            return Examined(spec.kind, None, detail=what_is_missing(spec, column))
        return Examined(spec.kind, rows, capability.lacks(spec))

    def _read_as_known(self, spec: ListSpec, into: ListSink) -> ListReading:
        try:
            capability = self._capabilities.of(spec)
        except MissingTable:
            return ListReading(spec.kind, ListState.OFF, detail=what_is_missing(spec))
        if column := spec.lacking(capability.columns):
            return ListReading(spec.kind, ListState.OFF, detail=what_is_missing(spec, column))
        return self._read_whole(spec, capability, into)

    def _read_whole(self, spec: ListSpec, capability: Capability, into: ListSink) -> ListReading:
        for _attempt in ("first", "once more"):
            into.restart()
            read, counted = self._read_once(spec, capability, into)
            if read == counted:
                detail = cure(spec) if capability.lacks(spec) else ""
                columns = capability.shown(spec)
                return ListReading(spec.kind, ListState.READ, read.rows, columns, detail)
        raise SourceError(
            f"NetSuite counts {counted} of {spec.kind} but showed {read}, twice: the list is not "
            "complete, so nothing of this reading is kept",
            source="netsuite",
        )

    def _read_once(
        self, spec: ListSpec, capability: Capability, into: ListSink
    ) -> tuple[_Size, _Size]:
        """What was read and what NetSuite counts, of the list and of what is attached to it."""
        parse = parser(spec, capability.columns, has_attached=capability.has_attached)
        attached_table = spec.attached if capability.has_attached else None
        reader = AttachedReader(self._suiteql, attached_table) if attached_table else None
        rows = 0
        columns = selected(spec, capability.columns)
        query = f"SELECT {columns} FROM {spec.table} t WHERE t.id > ? ORDER BY t.id"
        for page in self._suiteql.pages(query, [BELOW_ALL_IDS], lambda row: str(row["id"])):
            rows += len(page)
            attached = self._attached_to(page, reader) if reader else {}
            into.add([parse(row, attached) for row in page])
        counted = self._suiteql.count(spec.table)
        if reader is None:
            return _Size(rows), _Size(counted)
        reader.rest()  # of an empty list, or one whose last page was full
        return _Size(rows, reader.rows), _Size(counted, reader.count())

    def _attached_to(self, page: list[Row], reader: AttachedReader) -> dict[str, tuple[str, ...]]:
        is_last = len(page) < self._suiteql.page_size
        return reader.rest() if is_last else reader.up_to(int(page[-1]["id"]))
