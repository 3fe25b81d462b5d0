"""Which reports an export holds, and how a template sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from monitor.simulator.expensify.office import STATES, Office

_WEBSITE_WORDS = dict(
    zip(STATES, ("Open", "Processing", "Approved", "Reimbursed", "Closed"), strict=True)
)
"""A job names states in capitals; a template gets the website's words."""
_FILTERS = ("reportIDList", "policyIDList", "startDate", "endDate", "approvedAfter")
_BEGINNINGS = ("reportIDList", "startDate", "approvedAfter")
_YEAR = timedelta(days=365)


class Refused(Exception):
    """The integration server does not take the job."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def exported(office: Office, settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The reports an export with these input settings holds, as a template sees them."""
    filters = settings.get("filters")
    if settings.get("type") != "combinedReportData" or not isinstance(filters, dict):
        raise Refused(410, "Required parameter 'filters' is missing")
    states = str(settings.get("reportState", "")).split(",")
    _check(states, filters, office.now().date())
    limit = settings.get("limit", "1000000")
    if not isinstance(limit, str) or not limit.isdecimal():
        raise Refused(410, "'limit' is malformed")
    chosen = (
        delivered(report)
        for report in office.reports.values()
        if report["status"] in states and _fits(report, filters)
    )
    return [report for _, report in zip(range(int(limit)), chosen, strict=False)]


def delivered(report: Mapping[str, Any]) -> dict[str, Any]:
    """The report as a template sees it."""
    lines = [{"tag": _joined(line), **line} for line in report["transactionList"]]
    status = _WEBSITE_WORDS[report["status"]]
    return {**report, "status": status, "transactionList": lines}


def _joined(line: Mapping[str, Any]) -> str:
    """All levels in one text; a colon that is part of a name is escaped."""
    levels = [str(text) for name, text in line.items() if name.startswith("ntag")]
    return ":".join(text.replace(":", "\\:") for text in levels).rstrip(":")


def _check(states: list[str], filters: Mapping[str, Any], today: date) -> None:
    for state in states:
        if state not in STATES:
            raise Refused(410, f"Status '{state}' is not supported")
    for name, text in filters.items():
        if name not in _FILTERS or not isinstance(text, str):
            raise Refused(410, f"'filters.{name}' is malformed")
    if not any(filters.get(name) for name in _BEGINNINGS):
        raise Refused(410, "One of 'reportIDList', 'startDate', 'approvedAfter' is required")
    _check_range(filters, today)


def _check_range(filters: Mapping[str, str], today: date) -> None:
    end = _day(filters["endDate"]) if "endDate" in filters else None
    for begin in _days(filters):
        if end is None and today - begin > _YEAR:
            raise Refused(410, "Required parameter 'endDate' is missing")
        if (end or today) - begin > _YEAR:
            raise Refused(410, "The range of dates is longer than one year")


def _days(filters: Mapping[str, str]) -> Iterator[date]:
    for name in ("startDate", "approvedAfter"):
        if name in filters:
            yield _day(filters[name])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(410, f"Malformed date '{text}'. Expected format is yyyy-MM-dd") from error


def _fits(report: Mapping[str, Any], filters: Mapping[str, str]) -> bool:
    ids, policies = filters.get("reportIDList", ""), filters.get("policyIDList", "")
    last_seen = max(report["submitted"], report["created"])[:10]
    return (
        (not ids or report["reportID"] in ids.split(","))
        and (not policies or report["policyID"] in policies.split(","))
        and filters.get("startDate", "") <= last_seen <= filters.get("endDate", "9999")
        # Not approved: not after any day.
        and ("approvedAfter" not in filters or report["approved"][:10] > filters["approvedAfter"])
    )
