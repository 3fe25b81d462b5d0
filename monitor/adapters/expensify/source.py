"""One Expensify credential: its workspaces' lists, and the reports that wait for their export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from monitor.adapters.expensify.jobs import ExpensifyCredentials, Jobs
from monitor.adapters.expensify.limiter import Limiter
from monitor.adapters.expensify.parse import parse_reports
from monitor.adapters.expensify.policies import PolicySummary, policy_lists, summaries
from monitor.adapters.expensify.template import template_for
from monitor.adapters.http import Http
from monitor.clock import Clock
from monitor.core.reports import PendingReport, PolicyLists, Workspace
from monitor.errors import SourceError

_UNAPPROVED = "OPEN,SUBMITTED"
_APPROVED = "APPROVED,REIMBURSED,ARCHIVED"
_LONGEST_SPAN = timedelta(days=364)
"""An export may span one year at most."""
_FIRST_POLL_SECONDS, _LONGEST_POLL_SECONDS = 5.0, 15.0


@dataclass(frozen=True, slots=True)
class ExpensifyOptions:
    """Where Expensify answers, and how far back is looked."""

    base_url: str = "https://integrations.expensify.com"
    pending_since: timedelta = timedelta(days=60)
    """How far back approved reports that were never exported are looked for."""
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
    ) -> None:
        self._options = options
        self._clock = clock
        self._http = Http("expensify", clock, deadline=options.request_deadline)
        self._jobs = Jobs(options.base_url, self._http, credentials, limiter)

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
    ) -> tuple[PendingReport, ...]:
        """Every report that may be pending, each once; raises SourceError.

        Three exports, all started before the first is fetched: drafts and submitted ones by date,
        approved ones by approval, and approved ones by date for those without an approval date.
        """
        year_ago = f"{now - _LONGEST_SPAN:%Y-%m-%d}"
        since = f"{now - min(self._options.pending_since, _LONGEST_SPAN):%Y-%m-%d}"
        return self._export(
            workspaces,
            {"reportState": _UNAPPROVED, "filters": {"startDate": year_ago}},
            {"reportState": _APPROVED, "filters": {"approvedAfter": since}},
            {"reportState": _APPROVED, "filters": {"startDate": since}},
        )

    def reports_by_id(
        self, report_ids: Sequence[str], workspaces: Sequence[Workspace]
    ) -> tuple[PendingReport, ...]:
        """These reports, wherever and however old they are; a deleted one is absent."""
        filters = {"reportIDList": ",".join(report_ids)}
        return self._export(
            workspaces,
            {"reportState": f"{_UNAPPROVED},{_APPROVED}", "filters": filters},
            any_workspace=True,
        )

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
        self,
        workspaces: Sequence[Workspace],
        *jobs: Mapping[str, object],
        any_workspace: bool = False,
    ) -> tuple[PendingReport, ...]:
        template = template_for(workspaces)
        by_id = {workspace.policy_id: workspace for workspace in workspaces}
        everyone = {} if any_workspace else {"policyIDList": ",".join(by_id)}
        names = [
            self._jobs.start_export(
                {
                    "type": "combinedReportData",
                    "reportState": job["reportState"],
                    "filters": {**_filters(job), **everyone},
                },
                {"fileExtension": "json", "fileBasename": "sync-drift-monitor"},
                template,
            )
            for job in jobs
        ]
        found = {
            report.report_id: report
            for name in names
            for report in parse_reports(self._fetch(name), by_id)
        }
        return tuple(found[report_id] for report_id in sorted(found))

    def _fetch(self, name: str) -> bytes:
        """Wait until the file is rendered; until then Expensify answers with an empty body."""
        ends_at = self._clock.monotonic() + self._options.export_deadline.total_seconds()
        wait = _FIRST_POLL_SECONDS
        while not (content := self._jobs.download(name)):
            if self._clock.monotonic() + wait > ends_at:
                minutes = self._options.export_deadline.total_seconds() / 60
                raise SourceError(
                    f"Expensify did not finish an export in {minutes:.0f} minutes: "
                    "the next cycle asks again",
                    source="expensify",
                )
            self._clock.sleep(wait)
            wait = min(wait * 1.5, _LONGEST_POLL_SECONDS)
        return content


def _filters(job: Mapping[str, object]) -> dict[str, object]:
    filters = job["filters"]
    assert isinstance(filters, dict)  # written a few lines above
    return filters
