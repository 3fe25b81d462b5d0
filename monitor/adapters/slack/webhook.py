"""The channel through an incoming webhook: it can only add messages, and knows none of them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from urllib.error import URLError

from slack_sdk.errors import SlackClientError
from slack_sdk.webhook import WebhookClient

from monitor.adapters.slack.blocks import blocks_of, text_of
from monitor.adapters.slack.refusals import BAD_BLOCKS, refusal, unknown_outcome
from monitor.core.message import Message
from monitor.errors import DeliveryError

_TIMEOUT_SECONDS = 10


class WebhookChannel:
    """One channel, write only: no edits, no threads, no way to look a message up."""

    can_edit = False
    name = "the webhook's channel"

    def __init__(self, url: str) -> None:
        self._client = WebhookClient(
            url,
            timeout=_TIMEOUT_SECONDS,
            retry_handlers=[],
            logger=logging.getLogger("slack_sdk"),
        )

    def post(
        self, key: str, message: Message, *, thread: str | None = None, note: str = ""
    ) -> tuple[str, str]:
        """Send a message; a webhook tells neither its channel nor its ts, so both are empty."""
        try:
            self._send(message, note, has_blocks=not note)
        except DeliveryError as error:
            if error.code not in BAD_BLOCKS:
                raise
            self._send(message, note, has_blocks=False)
        return "", ""

    def verify(self) -> str:
        """A webhook cannot be asked anything without posting."""
        return ""

    def _send(self, message: Message, note: str, *, has_blocks: bool) -> None:
        try:
            answer = self._client.send(
                text=text_of(message, note),
                blocks=blocks_of(message) if has_blocks else None,
                unfurl_links=False,
                unfurl_media=False,
            )
        except (SlackClientError, URLError, OSError, ValueError) as error:
            raise unknown_outcome(type(error).__name__) from None
        if answer.status_code == 429:
            wait = {name.lower(): value for name, value in answer.headers.items()}.get(
                "retry-after"
            )
            seconds = int(str(wait)) if str(wait).isdigit() else 30
            raise refusal("ratelimited", retry_after=timedelta(seconds=seconds))
        if answer.status_code >= 500:
            raise unknown_outcome(f"HTTP {answer.status_code}")
        if answer.status_code != 200 or answer.body.strip() != "ok":
            raise refusal(answer.body.strip()[:60] or f"http_{answer.status_code}")


def _seconds(headers: Mapping[str, object]) -> int:
    wait = {name.lower(): str(value) for name, value in headers.items()}.get("retry-after", "")
    return int(wait) if wait.isdigit() else 30
