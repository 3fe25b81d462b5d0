"""Numbers, moments, people and places as an accountant writes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from urllib.parse import quote

from monitor.core.reports import ReportState
from monitor.core.risks import TEXT, CurrencyTotal, ExposedReport, totals

SOURCE_NAMES = {"netsuite": "NetSuite", "expensify": "Expensify"}

REPORT_PAGES = {
    "new": "https://new.expensify.com/r/{report_id}",
    "classic": "https://www.expensify.com/report?param={param}",
}
"""Where a report opens in Expensify, by the workspace's experience. Inferred from addresses that
people share: no page of Expensify's documents either.
"""


@dataclass(frozen=True, slots=True)
class Voice:
    """What the words depend on besides the facts."""

    zone: tzinfo = UTC
    """For moments that people read."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Workspaces' names by policy id."""
    mask_people: bool = False
    """Initials instead of names and e-mail addresses, and no titles of reports."""
    read_at: datetime | None = None
    """The oldest moment that the facts come from (UTC)."""
    experiences: Mapping[str, str] = field(default_factory=dict)
    """Which Expensify a workspace uses ("new", "classic"), by policy id; without it, no links."""

    def workspace(self, policy_id: str) -> str:
        return self.names.get(policy_id, policy_id)

    def moment(self, at: datetime) -> str:
        """Absolute, with zone: Nov 24, 2026 09:15 EST."""
        local = at.astimezone(self.zone)
        return f"{local:%b} {local.day}, {local:%Y %H:%M %Z}"

    def person(self, name: str) -> str:
        """A name or an e-mail address as people may see it: dana.lee@acme.example, or D.L."""
        if not self.mask_people:
            return name
        parts = name.partition("@")[0]
        for separator in "_- ":
            parts = parts.replace(separator, ".")
        return "".join(f"{part[0].upper()}." for part in parts.split(".") if part) or "?"

    def report(self, name: str, report_id: str) -> str:
        """What a report is called: where people are masked by its id, for titles name people."""
        return report_id if self.mask_people else name

    def report_url(self, policy_id: str, report_id: str) -> str:
        """Where the report opens in Expensify, "" when that is not known."""
        page = REPORT_PAGES.get(self.experiences.get(policy_id, ""), "")
        param = json.dumps({"pageReportID": report_id}, separators=(",", ":"))
        # half a character, which JSON may hold, is no reason to have no page at all
        named = quote(report_id, safe="", errors="replace")
        return page.format(report_id=named, param=quote(param, safe=""))


def money(amounts: Iterable[CurrencyTotal]) -> str:
    """Currency by currency, never added up: USD 2,112.50 + EUR 80.00."""
    return " + ".join(f"{total.currency} {total.amount:,.2f}" for total in amounts)


def counted(number: int, noun: str) -> str:
    """1 report, 2 reports, 1 person, 2 people."""
    plural = {"person": "people"}.get(noun, f"{noun}s")
    return f"{number} {noun if number == 1 else plural}"


def counted_reports(reports: Iterable[ExposedReport]) -> str:
    """How many, how much, of how many people: 2 reports (USD 2,112.50, 2 people)."""
    reports = tuple(reports)
    people = len({report.submitter.casefold() for report in reports})
    return (
        f"{counted(len(reports), 'report')} ({money(totals(reports))}, {counted(people, 'person')})"
    )


def length(span: timedelta) -> str:
    """A length of time in its two largest units: 2 days 3 h, 1 h 20 min, 5 min."""
    minutes = max(0, int(span.total_seconds()) // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return counted(days, "day") + (f" {hours} h" if hours else "")
    if hours:
        return f"{hours} h" + (f" {rest} min" if rest else "")
    return f"{rest} min" if rest else "less than a minute"


STATE_WORDS = {
    ReportState.OPEN: "draft",
    ReportState.SUBMITTED: "waiting for approval",
    ReportState.APPROVED: "approved",
    ReportState.REIMBURSED: "reimbursed",
    ReportState.ARCHIVED: "closed",
}


def standing_of(report: ExposedReport, now: datetime) -> str:
    """Where a report stands, and for how long: "approved, waiting for 2 days"."""
    word = "export failed, paused" if report.has_failed else STATE_WORDS[report.state]
    if report.waiting_since is None:
        return word
    age = length(now - report.waiting_since)
    if report.has_failed or report.state.is_approved:
        return f"{word}, waiting for {age}"
    return f"{word} for {age}"


def place_word(place: str, kind: str) -> str:
    """Where a text sits: "Class tag", "Report field Department"."""
    if place.startswith("report_field:"):
        return f"Report field {place.removeprefix('report_field:')}"
    word = kind_word(kind).capitalize()
    return "Tag" if kind == TEXT else f"{word} tag"


def kind_word(kind: str) -> str:
    """What people call such a record: class; a custom segment's value is no table to them."""
    return "segment value" if kind.startswith("segment:") else kind


def kind_plural(kind: str) -> str:
    """classes, departments, subsidiaries."""
    return {"class": "classes", "subsidiary": "subsidiaries"}.get(kind, f"{kind}s")


def counted_kind(number: int, kind: str) -> str:
    """1 class, 12 classes, 3 segment values."""
    return f"{number} {kind_word(kind) if number == 1 else kind_plural(kind_word(kind))}"


def sentence(words: str) -> str:
    """The words as a sentence: they begin with a capital and end with a full stop."""
    return f"{words[:1].upper()}{words[1:].rstrip('.')}." if words else ""


def listed(words: Iterable[str]) -> str:
    """a, b and c."""
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last
