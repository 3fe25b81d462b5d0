"""A setting without effect is said; one left at its default is not."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.config.settings import Settings
from monitor.config.unheeded import UNHEEDED, unheeded
from tests.configuration import settings_of

OTHER_VALUES: dict[str, Any] = {
    "netsuite.concurrency": 2,
}


def changed(path: str) -> Settings:
    key = path.replace("workspace.", "workspace.0.")
    return settings_of({key: OTHER_VALUES[path]})


@pytest.mark.parametrize("path", UNHEEDED)
def test_a_setting_without_effect_is_named(path: str) -> None:
    assert unheeded(changed(path)) == (path,)


def test_defaults_are_no_news() -> None:
    assert unheeded(settings_of()) == ()


def test_an_app_token_has_an_effect_beside_a_bot_token() -> None:
    assert unheeded(settings_of({"slack.app_token": "env:SLACK_APP_TOKEN"})) == ()


def test_an_app_token_beside_a_webhook_has_none() -> None:
    slack = {"webhook_url": "env:SLACK_WEBHOOK_URL", "app_token": "env:SLACK_APP_TOKEN"}
    assert unheeded(settings_of({"slack": slack})) == ("slack.app_token",)
