"""One Expensify credential: its workspaces' lists, and the reports that wait for their export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import NamedTuple, Self

from monitor.adapters.expensify.jobs import ExpensifyCredentials, Jobs
from monitor.adapters.expensify.limiter import Limiter
from monitor.adapters.expensify.parse import parse_reports
from monitor.adapters.expensify.policies import PolicySummary, policy_lists, summaries
from monitor.adapters.expensify.template import template_for
from monitor.adapters.http import Http
from monitor.clock import Clock, Deadline
from monitor.core.reports import PendingReport, PolicyLists, UnreadReport, Workspace
from monitor.errors import SourceError

_UNAPPROVED = "OPEN,SUBMITTED"
_APPROVED = "APPROVED,REIMBURSED,ARCHIVED"
_LONGEST_SPAN = timedelta(days=364)
"""An export may span one year at most; a day is left for whatever zone Expensify counts in."""
_DAY = timedelta(days=1)
_FIRST_POLL_SECONDS, _LONGEST_POLL_SECONDS = 5.0, 15.0


class _Query(NamedTuple):
    """Which reports one export holds."""

    states: str
    filters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ExpensifyOptions:
    """Where Expensify answers, and how far back is looked."""

    base_url: str = "https://integrations.expensify.com"
    pending_since: timedelta = timedelta(days=60)
    """How far back approved reports that were never exported are looked for; a year at most."""
    export_deadline: timedelta = timedelta(minutes=8)
    request_deadline: timedelta = timedelta(seconds=120)


class Expensify:
    """Reads, and only reads. Use it as a context manager."""

    def __init__(
        self,
        options: ExpensifyOptions,
        credentials: ExpensifyCredentials,
        clock: Clock,
        limiter: Limiter,
        cycle: Deadline | None = None,
    ) -> None:
        self._options = options
        self._clock = clock
        self._cycle = cycle or Deadline(clock)
        self._http = Http("expensify", clock, deadline=options.request_deadline, cycle=cycle)
        self._jobs = Jobs(options.base_url, self._http, credentials, limiter)

    @property
    def clock_ahead(self) -> timedelta | None:
        """How far this machine's clock is ahead of Expensify's, None before Expensify told it."""
        return self._http.ahead

    def policies(self) -> tuple[PolicySummary, ...]:
        """The workspaces the credential sees; raises SourceError."""
        return summaries(self._jobs.get({"type": "policyList"}))

    def lists(self, policy_ids: Sequence[str]) -> tuple[PolicyLists, ...]:
        """What the workspaces offer in their pickers, in the order asked; raises SourceError."""
        answer = self._jobs.get(
            {
                "type": "policy",
                "fields": ["tags", "reportFields"],
                "policyIDList": list(policy_ids),
            }
        )
        return policy_lists(answer, policy_ids)

    def reports(
        self, workspaces: Sequence[Workspace], *, now: datetime
    ) -> tuple[PendingReport | UnreadReport, ...]:
        """Every report that may be pending, each once; raises SourceError.

        Three exports, all started before the first is fetched: drafts and submitted ones by date,
        approved ones by approval, and approved ones by date for those without an approval date.
        A report that moves on meanwhile is taken from the later one. One that cannot be read is
        set aside; where that is so of every one of several, the exporter speaks another language.
        """
        queries = _queries(now, self._options.pending_since, workspaces)
        found = self._export(workspaces, queries)
        unread = [report for report in found if isinstance(report, UnreadReport)]
        if len(unread) == len(found) > 1:
            raise SourceError(
                f"none of the {len(found)} reports that Expensify sent can be read "
                f"(report {unread[0].report_id}: {unread[0].why}): nothing of this reading is kept",
                source="expensify",
            )
        return found

    def reports_by_id(
        self, report_ids: Sequence[str], workspaces: Sequence[Workspace]
    ) -> tuple[PendingReport | UnreadReport, ...]:
        """These reports, wherever and however old they are; a deleted one is absent."""
        if not report_ids:
            return ()
        filters = {"reportIDList": ",".join(report_ids)}
        return self._export(workspaces, [_Query(f"{_UNAPPROVED},{_APPROVED}", filters)])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def _export(
        self, workspaces: Sequence[Workspace], queries: Iterable[_Query]
    ) -> tuple[PendingReport | UnreadReport, ...]:
        template = template_for(workspaces)
        by_id = {workspace.policy_id: workspace for workspace in workspaces}
        names = [self._start(query, template) for query in queries]
        ends_at = self._clock.monotonic() + self._options.export_deadline.total_seconds()
        found = {
            report.report_id: report
            for name in names
            for report in parse_reports(self._fetch(name, ends_at), by_id)
        }
        return tuple(found[report_id] for report_id in sorted(found))

    def _start(self, query: _Query, template: str) -> str:
        return self._jobs.start_export(
            {
                "type": "combinedReportData",
                "reportState": query.states,
                "filters": dict(query.filters),
            },
            {"fileExtension": "json", "fileBasename": "sync-drift-monitor"},
            template,
        )

    def _fetch(self, name: str, ends_at: float) -> bytes:
        """Wait until the file is rendered; until then Expensify answers with an empty body."""
        wait = _FIRST_POLL_SECONDS
        while not (content := self._jobs.download(name)):
            if self._clock.monotonic() + wait > ends_at:
                raise SourceError(
                    "Expensify did not finish an export in "
                    f"{self._options.export_deadline.total_seconds():.0f} seconds: "
                    "the next cycle asks again",
                    source="expensify",
                )
            self._cycle.sleep(wait, "Expensify", "an export is not ready yet", what="export")
            wait = min(wait * 1.5, _LONGEST_POLL_SECONDS)
        return content


def _queries(
    now: datetime, pending_since: timedelta, workspaces: Iterable[Workspace]
) -> tuple[_Query, ...]:
    """Every bound is a day earlier than it says: nobody knows the zone of Expensify's days.

    `startDate` holds its own day, `approvedAfter` begins with the next one.
    """
    everyone = {"policyIDList": ",".join(workspace.policy_id for workspace in workspaces)}
    since = min(pending_since, _LONGEST_SPAN)
    return (
        _Query(_UNAPPROVED, {"startDate": _day(now, _LONGEST_SPAN), **everyone}),
        _Query(_APPROVED, {"approvedAfter": _day(now, since + 2 * _DAY), **everyone}),
        _Query(_APPROVED, {"startDate": _day(now, since + _DAY), **everyone}),
    )


def _day(now: datetime, back: timedelta) -> str:
    return f"{now.astimezone(UTC) - min(back, _LONGEST_SPAN):%Y-%m-%d}"
