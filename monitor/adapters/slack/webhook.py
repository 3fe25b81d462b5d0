"""The channel through an incoming webhook: it can only add messages, and knows none of them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackClientError
from slack_sdk.webhook import WebhookClient, WebhookResponse

from monitor.adapters.slack.blocks import Looks, blocks_of, text_of
from monitor.adapters.slack.channel import Place
from monitor.adapters.slack.opener import follows_no_redirect
from monitor.adapters.slack.refusals import (
    BAD_BLOCKS,
    is_word,
    no_answer,
    no_sense,
    rate_limited,
    redirected,
    refusal,
)
from monitor.core.message import Message
from monitor.errors import DeliveryError

_TIMEOUT_SECONDS = 10


class WebhookChannel:
    """One channel, write only: no edits, no threads, no way to look a message up."""

    can_edit = False
    name = "the webhook's channel"

    def __init__(self, url: str, *, mentions: Mapping[str, str] | None = None) -> None:
        self._looks = Looks(mentions or {})
        self._client = WebhookClient(
            url,
            timeout=_TIMEOUT_SECONDS,
            retry_handlers=[],
            logger=logging.getLogger("slack_sdk"),
        )
        follows_no_redirect(self._client)

    def post(
        self,
        key: str,
        message: Message,
        *,
        thread: str | None = None,
        note: str = "",
        is_broadcast: bool = False,
        alert_id: int | None = None,
    ) -> Place:
        """Send a message; a webhook tells neither its channel nor its ts, so both are empty."""
        text = text_of(message, note)
        try:
            self._send(text, blocks_of(message, note, self._looks))
        except DeliveryError as error:
            if error.code not in BAD_BLOCKS:
                raise
            self._send(text, None)
        return Place("", "")

    def _send(self, text: str, blocks: list[dict[str, Any]] | None) -> None:
        try:
            answer = self._client.send(
                text=text, blocks=blocks, unfurl_links=False, unfurl_media=False
            )
        except (SlackClientError, HTTPException, OSError, ValueError) as error:
            raise no_answer(error) from None
        except LookupError as error:  # an alphabet that Python does not know
            raise no_answer(error) from None
        if objection := _objection(answer):
            raise objection


def _objection(answer: WebhookResponse) -> DeliveryError | None:
    if answer.status_code == 429:
        return rate_limited(answer.headers)
    if 300 <= answer.status_code < 400:
        return redirected(answer.status_code)
    word = answer.body.strip()
    if answer.status_code == 200 and word == "ok":
        return None
    if answer.status_code >= 500 or not is_word(word):
        return no_sense(answer.status_code)
    return refusal(word, is_webhook=True)
