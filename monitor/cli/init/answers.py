"""What somebody answers -> the keys of a first configuration; an answer can be tried by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel

from monitor.config.load import check
from monitor.config.sources import ExpensifySettings, OAuth2, Tba
from monitor.errors import ConfigError

OAUTH2, TBA = "oauth2", "tba"
SIGN_INS = (OAUTH2, TBA)
ENV, FILE, CREDENTIAL = "env", "file", "credential"
SCHEMES = (ENV, FILE, CREDENTIAL)
"""Where secrets are kept."""
SECRETS_FOLDER = "secrets"
"""Beside the configuration, where secrets are files."""

_SIGN_IN: Mapping[str, tuple[type[BaseModel], tuple[str, ...]]] = {
    OAUTH2: (OAuth2, ("client_id", "private_key")),
    TBA: (Tba, ("consumer_key", "consumer_secret", "token_id", "token_secret")),
}
_EXPENSIFY = ("partner_user_id", "partner_user_secret")
_SLACK = {
    "token": ("slack_bot_token", "bot token (xoxb-…)"),
    "webhook_url": ("slack_webhook_url", "address of the incoming webhook"),
    "app_token": ("slack_app_token", "app-level token with connections:write (xapp-…)"),
}
_LIKE_A_SECRET = re.compile(r"\bx(ox[a-z]|app)-|-----BEGIN|hooks\.slack\.com/")
_NO_SECRET = "looks like a secret: none is asked for here, and none belongs into a configuration"
_PLACE = re.compile(r"answers: (?:\w+(?:\[\d+\])?(?:\.\S+)?: )?")


class Needed(NamedTuple):
    """A secret that the configuration refers to: the key that does, its name, and what it is."""

    section: str
    key: str
    name: str
    what: str


@dataclass(frozen=True, slots=True)
class WorkspaceAnswer:
    """One Expensify workspace. An empty name or subsidiary is left out."""

    policy_id: str = "4C6722D4BD2BD941"
    name: str = ""
    subsidiary: str = ""
    coding: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The keys that it says."""
        optional = {"name": self.name, "subsidiary": self.subsidiary}
        said = {key: answer for key, answer in optional.items() if answer}
        return {"policy_id": self.policy_id, **said, "coding": dict(self.coding)}


@dataclass(frozen=True, slots=True)
class Answers:
    """All of them; what is not answered yet is harmless."""

    account: str = "1234567"
    method: str = OAUTH2
    certificate_id: str = "kid_abc"
    workspaces: tuple[WorkspaceAnswer, ...] = (WorkspaceAnswer(),)
    channel: str = "C0123456789"
    """Empty = a webhook, which has its own."""
    has_buttons: bool = False
    is_shadow: bool = False
    time_zone: str = "America/New_York"
    scheme: str = ENV

    def document(self) -> dict[str, Any]:
        """The keys that they say."""
        return {
            "schedule": {"time_zone": self.time_zone},
            "netsuite": {"account": self.account, "auth": self._sign_in()},
            "expensify": self._references("expensify"),
            "workspace": [one.document() for one in self.workspaces],
            "slack": {
                **self._references("slack"),
                **({"channel": self.channel} if self.channel else {}),
            },
            "alerts": {"shadow": True} if self.is_shadow else {},
        }

    @property
    def secrets(self) -> tuple[Needed, ...]:
        """Every secret that must be there before the monitor can run."""
        model, keys = _SIGN_IN[self.method]
        slack = ["token" if self.channel else "webhook_url"]
        slack += ["app_token"] if self.channel and self.has_buttons else []
        return (
            *(Needed("auth", key, f"netsuite_{key}", _what(model, key)) for key in keys),
            *(
                Needed("expensify", key, f"expensify_{key}", _what(ExpensifySettings, key))
                for key in _EXPENSIFY
            ),
            *(Needed("slack", key, *_SLACK[key]) for key in slack),
        )

    def _sign_in(self) -> dict[str, str]:
        certificate = {"certificate_id": self.certificate_id} if self.method == OAUTH2 else {}
        return {"method": self.method, **certificate, **self._references("auth")}

    def _references(self, section: str) -> dict[str, str]:
        return {
            one.key: self._reference(one.name) for one in self.secrets if one.section == section
        }

    def _reference(self, name: str) -> str:
        if self.scheme == ENV:
            return f"{ENV}:{name.upper()}"
        place = f"{SECRETS_FOLDER}/{name}" if self.scheme == FILE else name
        return f"{self.scheme}:{place}"


def mistakes(**said: Any) -> list[str]:
    """What is wrong with these answers, whatever the others will be; [] when nothing is."""
    if _LIKE_A_SECRET.search(repr(said)):
        return [_NO_SECRET]
    try:
        check(replace(Answers(), **said).document(), Path("answers"), is_resolving=False)
    except ConfigError as error:
        return [_PLACE.sub("", problem, count=1) for problem in error.problems]
    return []


def _what(model: type[BaseModel], key: str) -> str:
    text = str(model.model_fields[key].description)
    for begin in (*(f"{method}: " for method in _SIGN_IN), "the ", "The "):
        text = text.removeprefix(begin)
    return text.removesuffix(".")
