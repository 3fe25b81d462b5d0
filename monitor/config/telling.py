"""[slack], [alerts] and [health]: whom to tell, when, and who watches the watcher."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta, tzinfo
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, PlainSerializer

from monitor.config.fields import (
    Address,
    Channel,
    Duration,
    Flag,
    HourOrNone,
    HoursOrNone,
    ListenOrNone,
    SecretReference,
    Section,
    SlackUser,
    Text,
    https_address,
)
from monitor.core.alerts import AlertPolicy, QuietHours
from monitor.secret import REDACTED, Secret, hide

_HIGHEST_PORT = 65535


def _webhook(secret: Secret) -> Secret:
    if not secret.is_resolved:
        return secret
    try:
        https_address(secret.reveal())
    except ValueError as error:
        raise ValueError(f"{secret.reference} holds no webhook address: {error}") from None
    return secret


class SlackSettings(Section):
    """[slack]"""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["token", "channel"]}, {"required": ["webhook_url"]}]
        }
    )

    token: SecretReference | None = None
    """The bot token (or webhook_url)."""
    webhook_url: Annotated[SecretReference, AfterValidator(_webhook)] | None = None
    """An incoming webhook instead of a token: no updates in place, no threads."""
    channel: Channel = ""
    """The channel's id (or "#name"); needed with a token, a webhook has its own."""
    app_token: SecretReference | None = None
    """Socket Mode: buttons without a public address."""
    base_url: Annotated[Address, AfterValidator(lambda url: url + "/")] = "https://slack.com/api/"
    """Where Slack's API answers."""

    @property
    def has_idle_app_token(self) -> bool:
        """A token for buttons, beside a webhook: its messages have none."""
        return self.app_token is not None and self.token is None


def _address(text: str) -> str:
    if "@" not in text:
        raise ValueError('write the submitter\'s e-mail address: "ana@acme.example" = "U0123ABC"')
    return text


_Submitter = Annotated[Text, AfterValidator(_address)]


class AlertSettings(Section):
    """[alerts]"""

    join_window: Duration = timedelta(minutes=40)
    """Risks that open this soon after an alert's first one join it."""
    remind_every: Duration = timedelta(hours=24)
    """An alert that stays open is repeated after this long."""
    quiet_hours: HoursOrNone = ""
    """Evaluate on, deliver later: "20:00-07:00"."""
    digest_at: HourOrNone = ""
    """A daily summary: "09:00"."""
    shadow: Flag = False
    """Decide and record, tell nobody, count what would have been told."""
    blind_after: Duration = timedelta(hours=1)
    """A passing failure to read a source is told after this long."""
    quiet_hours_allow_certain: Flag = False
    """Certain failures of approved reports are told in quiet hours too."""
    mask_people: Flag = False
    """Initials instead of names; ids instead of reports' titles."""
    mentions: Mapping[_Submitter, SlackUser] = {}
    """Whom to mention in Slack: {"ana@acme.example" = "U0123ABC"}."""

    def policy(self, zone: tzinfo) -> AlertPolicy:
        """The same as the core's value; times of day are those of the zone."""
        return AlertPolicy(
            join_window=self.join_window,
            blind_after=self.blind_after,
            mask_people=self.mask_people,
            is_shadow=self.shadow,
            remind_every=self.remind_every,
            quiet_hours=QuietHours.read(self.quiet_hours, zone),
            quiet_hours_allow_certain=self.quiet_hours_allow_certain,
            digest_at=time.fromisoformat(self.digest_at) if self.digest_at else None,
        )


def _ping(text: str) -> str:
    """Checked, and kept exactly as written: a slash at its end may matter in a query."""
    if not text:
        return text
    if text == REDACTED:
        raise ValueError("write the address itself: `monitor config show` leaves it out")
    if "#" in text:
        raise ValueError("write the address without #")
    https_address(text)
    hide(text)
    return text


PingAddress = Annotated[
    str,
    AfterValidator(_ping),
    # Whoever knows it can call off the alarm: shown to nobody.
    PlainSerializer(lambda url: REDACTED if url else ""),
    Field(repr=False),
]


def _listening(text: str) -> str:
    if text and int(text.rpartition(":")[2]) > _HIGHEST_PORT:
        raise ValueError(f"write a port up to {_HIGHEST_PORT}")
    return text


class HealthSettings(Section):
    """[health]"""

    ping_url: PingAddress = ""
    """A dead man's switch, pinged after each good cycle; /fail after a bad one."""
    metrics: Annotated[ListenOrNone, AfterValidator(_listening)] = ""
    """Where `monitor run` serves numbers for Prometheus: "127.0.0.1:9469"."""
