"""A workspace as the operator describes it: where it keeps each kind, and how it exports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Route(StrEnum):
    """As what an expense reaches NetSuite."""

    EXPENSE_REPORT = "expense_report"
    VENDOR_BILL = "vendor_bill"
    JOURNAL_ENTRY = "journal_entry"


EMPLOYEE_DEFAULT = "employee_default"
NOT_CODED = "none"


_TAG = "tag:"


def tag_level(place: str) -> int:
    """The level of a place "tag:2"; 0 = it is no tag."""
    return int(place.removeprefix(_TAG)) if place.startswith(_TAG) else 0


class Coding(NamedTuple):
    """Where a workspace keeps one kind: place is "tag:1", "report_field:NAME", "employee_default"
    or "none".
    """

    kind: str
    place: str


@dataclass(frozen=True, slots=True)
class Workspace:
    """An Expensify policy connected to NetSuite, as the operator describes it."""

    policy_id: str
    name: str
    subsidiary: str | None = None
    reimbursable_export: Route = Route.EXPENSE_REPORT
    company_card_export: Route = Route.EXPENSE_REPORT
    cross_subsidiary_customers: bool = False
    journal_cards: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    auto_create: bool = False
    aliases: tuple[tuple[str, str], ...] = ()
    experience: str = "new"
    coding: tuple[Coding, ...] = ()

    def place_of(self, kind: str) -> str:
        """Where this workspace keeps the kind; "none" when it does not."""
        return next((coding.place for coding in self.coding if coding.kind == kind), NOT_CODED)

    def kinds_at(self, place: str) -> tuple[str, ...]:
        """The kinds kept at the place; two kinds may share one."""
        return tuple(coding.kind for coding in self.coding if coding.place == place)
