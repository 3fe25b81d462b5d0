"""What holds for every test: no other machine, no surroundings of the developer, no time limits."""

from __future__ import annotations

import pytest
import structlog
from hypothesis import settings

from monitor.secret import forget

settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")

_SURROUNDINGS = (
    "MONITOR_CONFIG",
    "STATE_DIRECTORY",
    "CREDENTIALS_DIRECTORY",
    "JOURNAL_STREAM",
    "NO_COLOR",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
)


@pytest.fixture(autouse=True)
def _no_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _SURROUNDINGS:
        monkeypatch.delenv(name, raising=False)
    forget()
    structlog.reset_defaults()  # the demo that an earlier test played silenced the logs
