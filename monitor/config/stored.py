"""The settings that are no secret, as the database keeps them: read without checking machinery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from monitor.config.duration import parse_duration
from monitor.core.alerts.hours import QuietHours
from monitor.core.workspace import Coding, Route, Workspace


@dataclass(frozen=True, slots=True)
class StoredSettings:
    """What commands that only read a database need to know of the configuration."""

    account: str
    every: timedelta
    time_zone: str
    workspaces: tuple[Workspace, ...]
    kinds: tuple[str, ...] = ()
    """The lists that are read, with those of custom segments."""
    preferences: Mapping[str, Any] = field(default_factory=dict)
    """NetSuite's preferences, as the operator says them."""
    is_shadow: bool = False
    """Letters are told to nobody."""
    quiet: str = ""
    """The quiet hours, as the operator says them."""
    quiet_hours_allow_certain: bool = False
    """Urgent letters go in quiet hours, too."""
    mask_people: bool = False
    """Initials instead of names."""

    @property
    def netsuite_url(self) -> str:
        """Where people open NetSuite."""
        return f"https://{self.account.lower().replace('_', '-')}.app.netsuite.com"

    @property
    def quiet_hours(self) -> QuietHours | None:
        """When letters wait; their times of day are those of the zone."""
        return QuietHours.read(self.quiet, ZoneInfo(self.time_zone))

    @classmethod
    def read(cls, public: Mapping[str, Any]) -> StoredSettings:
        """Take back what `Settings.public` gave to the database."""
        netsuite = public["netsuite"]
        # Databases from before there was anything to say of it hold no such section.
        alerts = public.get("alerts", {})
        segments = (f"segment:{table}" for table in netsuite.get("custom_segments", ()))
        return cls(
            account=netsuite["account"],
            every=parse_duration(public["schedule"]["every"]),
            time_zone=public["schedule"]["time_zone"],
            workspaces=tuple(workspace_from(entry) for entry in public["workspace"]),
            kinds=(*netsuite.get("lists", ()), *segments),
            preferences=netsuite.get("preferences", {}),
            is_shadow=alerts.get("shadow", False),
            quiet=alerts.get("quiet_hours", ""),
            quiet_hours_allow_certain=alerts.get("quiet_hours_allow_certain", False),
            mask_people=alerts.get("mask_people", False),
        )


def workspace_from(entry: Mapping[str, Any]) -> Workspace:
    """One checked [[workspace]] as the core's value; without a name it is called by its id."""
    return Workspace(
        policy_id=entry["policy_id"],
        name=entry["name"] or entry["policy_id"],
        subsidiary=entry["subsidiary"],
        reimbursable_export=Route(entry["reimbursable_export"]),
        company_card_export=Route(entry["company_card_export"]),
        cross_subsidiary_customers=entry["cross_subsidiary_customers"],
        journal_cards=tuple(entry["journal_cards"]),
        required=tuple(entry["required"]),
        auto_create=entry["auto_create"],
        aliases=tuple(entry["aliases"].items()),
        experience=entry["experience"],
        coding=tuple(Coding(kind, place) for kind, place in entry["coding"].items()),
    )
