"""How slack_sdk reaches Slack: never to where an answer redirects it, and never without an end."""

from __future__ import annotations

import urllib.request
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from time import monotonic
from typing import Any

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from monitor.adapters.wire import bound

_LARGEST_BYTES = 16 * 1024 * 1024
"""A page of a channel's history holds 200 messages at most."""
_LONGEST_SECONDS = 60.0
"""For one answer: slack_sdk's time-out bounds each silence only."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Leave the redirect as the answer that it is: the token would go along."""


class _Bounded(urllib.request.HTTPSHandler, urllib.request.HTTPHandler):
    """Opens addresses as urllib does, certificates verified; every answer ends."""

    def __init__(self, seconds: float, largest: int) -> None:
        super().__init__()
        self._seconds = seconds
        self._largest = largest

    def http_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self._open(HTTPConnection, req)

    def https_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self._open(HTTPSConnection, req)

    def _open(self, kind: type[HTTPConnection], req: urllib.request.Request) -> HTTPResponse:
        bounded: Any = type("Bounded", (kind,), {"response_class": staticmethod(self._response)})
        return self.do_open(bounded, req)

    def _response(self, sock: Any, *arguments: Any, **settings: Any) -> HTTPResponse:
        ends_at = monotonic() + self._seconds
        response = HTTPResponse(sock, *arguments, **settings)
        return bound(response, sock, lambda: ends_at - monotonic(), self._largest)


def opener(
    *, seconds: float = _LONGEST_SECONDS, largest: int = _LARGEST_BYTES
) -> urllib.request.OpenerDirector:
    """Opens an address within these bounds, headers and body alike; raises OSError beyond them."""
    return urllib.request.build_opener(_NoRedirect, _Bounded(seconds, largest))


def follows_no_redirect(client: WebClient | WebhookClient) -> None:
    """Let the client's requests end at the first answer; proxies of the environment still count.

    slack_sdk asks by urllib's opener of the process, unless it knows a proxy itself: that opener
    heeds the environment's proxies, too.
    """
    client.proxy = None
    urllib.request.install_opener(opener())
