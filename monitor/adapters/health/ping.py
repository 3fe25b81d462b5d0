"""A dead man's switch in the manner of healthchecks.io: asked after each cycle, missed at last."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import requests

from monitor.adapters.http import Http, Request
from monitor.clock import Clock
from monitor.errors import SourceError

_DEADLINE = timedelta(seconds=5)
"""Shorter than what a daemon that is asked to end waits for its cycle."""
_LARGEST_BYTES = 64 * 1024


class Ping:
    """One address; its answer counts only as taken or not."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._url = url
        self._clock = clock

    def send(self, *, is_good: bool) -> str:
        """Say how the cycle was, once; returns why it was not taken, empty when it was."""
        http = Http("health", self._clock, deadline=_DEADLINE, largest_bytes=_LARGEST_BYTES)
        url = self._url if is_good else failing(self._url)
        try:
            return _objection(http.once(Request(url, method="GET")).status)
        except SourceError as error:
            return str(error)
        except requests.RequestException:
            # What it says repeats the address.
            return "The ping's address cannot be asked: check [health] ping_url"
        finally:
            http.close()


def failing(url: str) -> str:
    """The address that tells of a bad cycle; a query stays behind it."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/fail"))


def _objection(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return (
            f"The ping's address redirects (HTTP {status}), which is not followed: "
            "write into [health] ping_url where it leads"
        )
    return f"The ping's address answered HTTP {status}: check [health] ping_url"
