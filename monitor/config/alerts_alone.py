"""[alerts] and the zone for people, read alone: no secret is resolved, nothing else is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, ValidationError

from monitor.config.fields import Section
from monitor.config.find import read_toml
from monitor.config.problems import problems_of
from monitor.config.settings import ScheduleSettings, Settings
from monitor.config.telling import AlertSettings
from monitor.core.alerts import AlertPolicy
from monitor.errors import ConfigError

_SAYS_ENOUGH = {"alerts", "schedule", "store", "netsuite"}
"""One of these makes it a file for this: the last stands in every whole configuration."""


class AlertsAlone(Section):
    """The two sections; whatever else the file says is of no matter here."""

    model_config = ConfigDict(extra="ignore")

    schedule: ScheduleSettings = ScheduleSettings()
    """When to look."""
    alerts: AlertSettings = AlertSettings()
    """When to speak."""

    @classmethod
    def read(cls, path: Path) -> AlertsAlone:
        """What a file says. Raises ConfigError with every problem of the two sections, and when it
        says nothing of them: a slip of the pen must not read as the default policy.
        """
        document = read_toml(path)
        if slips := tuple(_slips(document)):
            raise ConfigError(*(f"{path}: {slip}" for slip in slips))
        return cls.take(document, str(path))

    @classmethod
    def take(cls, document: Mapping[str, Any], source: str) -> AlertsAlone:
        """The same of a document, which comes from the `source`."""
        try:
            return cls.model_validate(document)
        except ValidationError as error:
            problems = dict.fromkeys(problems_of(error))
            raise ConfigError(
                *(f"{source}: {': '.join(filter(None, problem))}" for problem in problems)
            ) from error

    def in_zone(self, name: str) -> AlertsAlone:
        """The same with this zone for people, unless the file names one itself."""
        if "time_zone" in self.schedule.model_fields_set:
            return self
        schedule = self.schedule.model_copy(update={"time_zone": name})
        return self.model_copy(update={"schedule": schedule})

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.schedule.time_zone)

    def policy(self) -> AlertPolicy:
        """When the core would speak."""
        return self.alerts.policy(self.zone)

    def said(self) -> dict[str, Any]:
        """The keys of [alerts] that are not as they are by default, as a file says them."""
        spoken = self.alerts.model_dump(mode="json", exclude={"mentions", "shadow"})
        usual = AlertSettings().model_dump(mode="json")
        return {key: value for key, value in spoken.items() if value != usual[key]}


def _slips(document: Mapping[str, Any]) -> Iterator[str]:
    """What was meant to be [alerts], or that nothing was."""
    keys = AlertSettings.model_fields
    misplaced = [key for key in document if key in keys]
    misspelt = [
        key
        for key in document
        if key not in Settings.model_fields and get_close_matches(key.casefold(), ["alerts"])
    ]
    for key in misspelt:
        yield f"unknown section [{key}]: did you mean [alerts]?"
    for key in misplaced:
        yield f"{key} belongs to [alerts]: write that line above it"
    if not misspelt and not misplaced and not _SAYS_ENOUGH & document.keys():
        yield "has no [alerts]: write that section with the keys to try"
