"""The whole configuration as one frozen value; `config/monitor.example.toml` shows every key."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, ValidationInfo, field_validator

from monitor.config.fields import Duration, Section, Text, ZoneName, at_least_one
from monitor.config.find import default_store_path
from monitor.config.sources import ExpensifySettings, NetSuiteSettings
from monitor.config.telling import AlertSettings, HealthSettings, SlackSettings
from monitor.config.workspace import WorkspaceSettings
from monitor.core.alerts import AlertPolicy
from monitor.core.reports import Workspace

_NOT_FOR_THE_DATABASE: dict[str, bool | set[str]] = {
    "store": True,
    "netsuite": {"auth"},
    "expensify": {"partner_user_id", "partner_user_secret"},
    "slack": {"token", "webhook_url", "app_token"},
    "alerts": {"mentions"},
    "health": {"ping_url"},
}


class StoreSettings(Section):
    """[store]"""

    path: Text | None = None
    """The database file; left out: $STATE_DIRECTORY/monitor.db, else ./monitor.db."""


class ScheduleSettings(Section):
    """[schedule]"""

    every: Duration = timedelta(minutes=15)
    """One cycle reads both systems this often."""
    time_zone: ZoneName = "America/New_York"
    """For people only; everything is kept in UTC."""
    cycle_deadline: Duration = timedelta(minutes=12)
    """A cycle that takes longer is given up; never longer than every."""

    @field_validator("cycle_deadline", mode="after")
    @classmethod
    def _at_most_every(cls, deadline: timedelta, validation: ValidationInfo) -> timedelta:
        every: timedelta = validation.data.get("every", deadline)
        return min(deadline, every)


class Settings(Section):
    """The configuration, checked whole; its secrets are resolved."""

    store: StoreSettings = StoreSettings()
    """Where the database is."""
    schedule: ScheduleSettings = ScheduleSettings()
    """When to look."""
    netsuite: NetSuiteSettings
    """The NetSuite account."""
    expensify: ExpensifySettings
    """The Expensify credentials."""
    workspace: Annotated[tuple[WorkspaceSettings, ...], AfterValidator(at_least_one)]
    """The Expensify workspaces connected to the NetSuite account."""
    slack: SlackSettings
    """Whom to tell."""
    alerts: AlertSettings = AlertSettings()
    """When to speak."""
    health: HealthSettings = HealthSettings()
    """Who watches the watcher."""

    @property
    def database(self) -> Path:
        """The database file."""
        return Path(self.store.path) if self.store.path else default_store_path()

    @property
    def workspaces(self) -> tuple[Workspace, ...]:
        """The workspaces as the core knows them."""
        return tuple(entry.workspace() for entry in self.workspace)

    def policy(self) -> AlertPolicy:
        """When to speak, as the core knows it."""
        return self.alerts.policy(ZoneInfo(self.schedule.time_zone))

    def public(self) -> dict[str, Any]:
        """What the database may keep, as JSON values: no secret and no reference to one."""
        return self.model_dump(mode="json", exclude=_NOT_FOR_THE_DATABASE)
