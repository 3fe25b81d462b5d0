"""The channel through a bot token: posts, edits, replies, and looks up its own messages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from monitor.adapters.slack.blocks import blocks_of, text_of
from monitor.adapters.slack.refusals import BAD_BLOCKS, refusal, unknown_outcome
from monitor.core.message import Message
from monitor.errors import DeliveryError

EVENT_TYPE = "sync_drift"
_TIMEOUT_SECONDS = 10


class BotChannel:
    """One channel. Nothing is retried in here: slack_sdk's own retry may post twice when a
    connection drops after Slack accepted, so the outbox decides what is sent again.
    """

    can_edit = True

    def __init__(self, token: str, channel: str, base_url: str) -> None:
        self.name = channel
        self._client = WebClient(
            token=token,
            base_url=base_url,
            timeout=_TIMEOUT_SECONDS,
            retry_handlers=[],
            logger=logging.getLogger("slack_sdk"),
        )

    def post(
        self, key: str, message: Message, *, thread: str | None = None, note: str = ""
    ) -> tuple[str, str]:
        """Post a message (in a thread when given its parent's ts); returns channel id and ts."""
        answer = self._with_blocks(
            lambda blocks: self._client.chat_postMessage(
                channel=self.name,
                text=text_of(message, note),
                blocks=blocks,
                thread_ts=thread,
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
            ),
            message,
        )
        return str(answer["channel"]), str(answer["ts"])

    def edit(self, channel: str, ts: str, key: str, message: Message) -> None:
        """Put the message in the place of an earlier one."""
        self._with_blocks(
            lambda blocks: self._client.chat_update(
                channel=channel,
                ts=ts,
                text=text_of(message),
                blocks=blocks or [],
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
            ),
            message,
        )

    def find(self, key: str, *, since: datetime, thread: str | None = None) -> str | None:
        """The ts of the message with this key, when the token may read the channel's history.

        Raises DeliveryError when it may not, or when Slack cannot be asked.
        """
        oldest = str((since - timedelta(seconds=30)).timestamp())
        answer = self._call(
            lambda: (
                self._client.conversations_replies(
                    channel=self.name, ts=thread, oldest=oldest, include_all_metadata=True
                )
                if thread
                else self._client.conversations_history(
                    channel=self.name, oldest=oldest, include_all_metadata=True, limit=200
                )
            )
        )
        found: list[dict[str, Any]] = answer.get("messages") or []
        for message in found:
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("key") == key:
                return str(message["ts"])
        return None

    def verify(self) -> str:
        """The bot's name in Slack; raises DeliveryError when the token does not work."""
        answer = self._call(self._client.auth_test)
        return str(answer.get("user") or answer.get("user_id") or "")

    def _with_blocks(
        self, call: Callable[[list[dict[str, Any]] | None], SlackResponse], message: Message
    ) -> SlackResponse:
        try:
            return self._call(lambda: call(blocks_of(message)))
        except DeliveryError as error:
            if error.code not in BAD_BLOCKS:
                raise
        return self._call(lambda: call(None))

    def _call(self, call: Callable[[], SlackResponse]) -> SlackResponse:
        try:
            return call()
        except SlackApiError as error:
            raise _told(error) from None  # the SDK's error repeats the request
        except (SlackClientError, URLError, OSError, ValueError) as error:
            raise unknown_outcome(type(error).__name__) from None


def _told(error: SlackApiError) -> DeliveryError:
    answer = error.response
    status = getattr(answer, "status_code", 0)
    if status == 429:
        headers = {name.lower(): value for name, value in dict(answer.headers).items()}
        wait = str(headers.get("retry-after", "")).strip("[]'\" ")
        seconds = int(wait) if wait.isdigit() else 30
        return refusal("ratelimited", retry_after=timedelta(seconds=seconds))
    code = answer.get("error") if isinstance(getattr(answer, "data", None), dict) else None
    if status >= 500 or not code:
        return unknown_outcome(f"HTTP {status}")
    return refusal(str(code))
