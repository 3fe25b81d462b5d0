"""[[workspace]]: an Expensify workspace as its operator describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from monitor.config.fields import CodedKind, Flag, Place, Section, Text
from monitor.config.stored import workspace_from
from monitor.core.reports import Workspace

RouteName = Literal["expense_report", "vendor_bill", "journal_entry"]


def _person(address: str) -> str:
    if "@" not in address:
        raise ValueError('write e-mail addresses: "old@acme.example" = "new@acme.example"')
    return address


Person = Annotated[Text, AfterValidator(_person)]


class WorkspaceSettings(Section):
    """[[workspace]], once for every Expensify workspace connected to this NetSuite account"""

    policy_id: Text
    """The workspace's id: in the address of its settings page."""
    name: str = ""
    """What messages call it; empty = its policy id."""
    subsidiary: Text | None = None
    """The internal id of its NetSuite subsidiary; leave out without OneWorld."""
    reimbursable_export: RouteName = "expense_report"
    """What reimbursable expenses become: "expense_report", "vendor_bill" or "journal_entry"."""
    company_card_export: RouteName = "expense_report"
    """What company card expenses become: the same three."""
    cross_subsidiary_customers: Flag = False
    """Expensify's switch under Accounting > Advanced."""
    journal_cards: tuple[Text, ...] = ()
    """Cards or banks that always export as journal entries: ["Expensify Card"]."""
    required: tuple[CodedKind, ...] = ()
    """Kinds that are mandatory on the NetSuite form: ["department"]."""
    auto_create: Flag = False
    """Expensify's switch Advanced > Auto Create Employees/Vendors."""
    aliases: Mapping[Person, Person] = {}
    """Submitters whose NetSuite address differs: {"dana@old.example" = "dana.lee@acme.example"}."""
    experience: Literal["new", "classic"] = "new"
    """Which Expensify the click paths are for: "new" or "classic"."""
    coding: Annotated[
        Mapping[CodedKind, Place], Field(json_schema_extra={"additionalProperties": False})
    ] = {}
    """Where Expensify keeps each kind."""

    def workspace(self) -> Workspace:
        """The same as the core's value; without a name it is called by its id."""
        return workspace_from(self.model_dump(mode="json"))
