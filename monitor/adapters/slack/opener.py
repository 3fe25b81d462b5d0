"""How slack_sdk reaches Slack: never to where an answer redirects it, for the token goes along."""

from __future__ import annotations

import urllib.request
from typing import Any

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Leave the redirect as the answer that it is."""


def follows_no_redirect(client: WebClient | WebhookClient) -> None:
    """Let the client's requests end at the first answer; proxies of the environment still count.

    slack_sdk asks by urllib's opener of the process, unless it knows a proxy itself: that opener
    heeds the environment's proxies, too.
    """
    client.proxy = None
    urllib.request.install_opener(urllib.request.build_opener(_NoRedirect))
