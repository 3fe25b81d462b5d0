"""Numbers, moments, people and places as an accountant writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from monitor.core.reports import ReportState
from monitor.core.risks import CurrencyTotal, ExposedReport


@dataclass(frozen=True, slots=True)
class Voice:
    """What the words depend on besides the facts."""

    zone: tzinfo = UTC
    """For moments that people read."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Workspaces' names by policy id."""
    mask_people: bool = False
    """Initials instead of e-mail addresses."""
    read_at: datetime | None = None
    """The oldest moment that the facts come from (UTC)."""

    def workspace(self, policy_id: str) -> str:
        return self.names.get(policy_id, policy_id)

    def moment(self, at: datetime) -> str:
        """Absolute, with zone: Nov 24, 2026 09:15 EST."""
        local = at.astimezone(self.zone)
        return f"{local:%b} {local.day}, {local:%Y %H:%M %Z}"

    def person(self, address: str) -> str:
        if not self.mask_people:
            return address
        parts = address.partition("@")[0].replace("_", ".").replace("-", ".").split(".")
        return "".join(f"{part[0].upper()}." for part in parts if part) or "?"


def money(totals: Iterable[CurrencyTotal]) -> str:
    """Currency by currency, never added up: USD 2,112.50 + EUR 80.00."""
    return " + ".join(f"{total.currency} {total.amount:,.2f}" for total in totals)


def counted(number: int, noun: str) -> str:
    """1 report, 2 reports, 1 person, 2 people."""
    plural = {"person": "people"}.get(noun, f"{noun}s")
    return f"{number} {noun if number == 1 else plural}"


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


def place_word(place: str, kinds: Iterable[str] = ()) -> str:
    """Where a text sits: "Class tag", "report field Department"."""
    kind = " or ".join(kinds)
    if place.startswith("report_field:"):
        return f"report field {place.removeprefix('report_field:')}"
    return f"{kind.capitalize()} tag" if kind else place.replace(":", " ")


def people_of(reports: Iterable[ExposedReport]) -> int:
    """How many submitters."""
    return len({report.submitter.casefold() for report in reports})
