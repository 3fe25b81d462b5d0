"""Settings that are checked but not obeyed yet: said, never silently ignored."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from monitor.config.settings import Settings

UNHEEDED = ("netsuite.concurrency",)


def unheeded(settings: Settings) -> tuple[str, ...]:
    """The key paths somebody set to something else than the default, without any effect."""
    paths = [path for path in UNHEEDED if _is_set(settings, path.split("."))]
    if settings.slack.app_token is not None and settings.slack.token is None:
        paths.append("slack.app_token")  # a webhook's messages have no buttons
    return tuple(paths)


def _is_set(section: BaseModel, path: list[str]) -> bool:
    name, *rest = path
    value: Any = getattr(section, name)
    if not rest:
        return bool(
            value != type(section).model_fields[name].get_default(call_default_factory=True)
        )
    inside = value if isinstance(value, tuple) else (value,)
    return any(_is_set(one, rest) for one in inside)
