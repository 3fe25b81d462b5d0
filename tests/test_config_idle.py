"""An app token that no button needs is noticed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.configuration import settings_of

_HOOK = {"webhook_url": "env:SLACK_WEBHOOK_URL"}
_APP = {"app_token": "env:SLACK_APP_TOKEN"}


@pytest.mark.parametrize(
    ("changes", "is_idle"),
    [
        pytest.param({}, False, id="there is none"),
        pytest.param({"slack.app_token": "env:SLACK_APP_TOKEN"}, False, id="beside a bot token"),
        pytest.param({"slack": {**_HOOK, **_APP}}, True, id="beside a webhook"),
        pytest.param({"slack": _HOOK}, False, id="a webhook alone"),
    ],
)
def test_an_app_token_is_idle(changes: dict[str, Any], *, is_idle: bool) -> None:
    assert settings_of(changes).slack.has_idle_app_token is is_idle
