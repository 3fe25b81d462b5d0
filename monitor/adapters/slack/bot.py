"""The channel through a bot token: posts, edits, replies, and looks up its own messages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from monitor.adapters.slack.blocks import blocks_of, text_of
from monitor.adapters.slack.channel import Place
from monitor.adapters.slack.opener import follows_no_redirect
from monitor.adapters.slack.refusals import (
    BAD_BLOCKS,
    header,
    is_word,
    no_answer,
    no_sense,
    rate_limited,
    redirected,
    refusal,
)
from monitor.core.message import Message
from monitor.errors import DeliveryError

EVENT_TYPE = "sync_drift"
_TIMEOUT_SECONDS = 10
_SKEW = timedelta(minutes=5)
"""How far Slack's clock and this machine's may be apart."""
_A_PAGE = 200
_MOST_PAGES = 10


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
        follows_no_redirect(self._client)

    def post(
        self, key: str, message: Message, *, thread: str | None = None, note: str = ""
    ) -> Place:
        """Post a message (in a thread when given its parent's ts), below the note."""
        answer = self._with_blocks(
            lambda blocks: self._client.chat_postMessage(
                channel=self.name,
                text=text_of(message, note),
                blocks=blocks or None,
                thread_ts=thread,
                parse="none",
                unfurl_links=False,
                unfurl_media=False,
                metadata=_metadata(key),
            ),
            blocks_of(message, note),
        )
        return Place(str(answer["channel"]), str(answer["ts"]))

    def edit(self, place: Place, key: str, message: Message) -> None:
        """Put the message in the place of an earlier one."""
        self._with_blocks(
            lambda blocks: self._client.chat_update(
                channel=place.channel,
                ts=place.ts,
                text=text_of(message),
                blocks=blocks,  # an empty list takes the earlier ones away
                parse="none",  # an edit's default is another than a post's
                metadata=_metadata(key),
            ),
            blocks_of(message),
        )

    def holds(self, place: Place) -> bool:
        """Whether the message stands in this channel; of a channel's name that cannot be told."""
        is_known = bool(place.channel and place.ts)
        return is_known and (self.name.startswith("#") or place.channel == self.name)

    def find(self, key: str, *, since: datetime, thread: str | None = None) -> Place | None:
        """Where the message with this key stands, when the token may read the channel's history.

        Raises DeliveryError when it may not, or when Slack cannot be asked.
        """
        oldest, cursor = f"{(since - _SKEW).timestamp():.6f}", ""
        for _ in range(_MOST_PAGES):
            answer = self._page(thread, oldest, cursor)
            for message in answer.get("messages") or ():
                if _key_of(message) == key:
                    return Place(self.name, str(message["ts"]))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        raise DeliveryError(
            f"the message is not among the newest {_A_PAGE * _MOST_PAGES} of the channel",
            code="too_much_history",
        )

    def link(self, place: Place) -> str:
        """The address that opens the message; empty when Slack gives none."""
        try:
            answer = self._call(
                lambda: self._client.chat_getPermalink(channel=place.channel, message_ts=place.ts)
            )
        except DeliveryError:
            return ""
        return str(answer.get("permalink") or "")

    def verify(self) -> str:
        """The bot's name in Slack; raises DeliveryError when a message would be refused, as far as
        that can be known without sending one.
        """
        answer = self._call(self._client.auth_test)
        scopes = header(answer.headers, "x-oauth-scopes").replace(" ", "").split(",")
        if scopes != [""] and "chat:write" not in scopes:
            raise refusal("missing_scope")
        self._verify_channel(is_welcome="chat:write.public" in scopes)
        return str(answer.get("user") or answer.get("user_id") or "")

    def _verify_channel(self, *, is_welcome: bool) -> None:
        """Look at the channel, if the token may."""
        if self.name.startswith("#"):
            return
        try:
            answer = self._call(lambda: self._client.conversations_info(channel=self.name))
        except DeliveryError as error:
            if error.code == "missing_scope":
                return
            raise
        channel = answer.get("channel") or {}
        if channel.get("is_archived"):
            raise refusal("is_archived")
        if channel.get("is_member") is False and not is_welcome:
            raise refusal("not_in_channel")

    def _page(self, thread: str | None, oldest: str, cursor: str) -> SlackResponse:
        asked: dict[str, Any] = {
            "channel": self.name,
            "oldest": oldest,
            "cursor": cursor or None,
            "limit": _A_PAGE,
            "include_all_metadata": True,
        }
        if thread:
            return self._call(lambda: self._client.conversations_replies(ts=thread, **asked))
        return self._call(lambda: self._client.conversations_history(**asked))

    def _with_blocks(
        self, call: Callable[[list[dict[str, Any]]], SlackResponse], blocks: list[dict[str, Any]]
    ) -> SlackResponse:
        """With these blocks, or without any when Slack refuses them."""
        try:
            return self._call(lambda: call(blocks))
        except DeliveryError as error:
            if error.code not in BAD_BLOCKS:
                raise
        return self._call(lambda: call([]))

    def _call(self, call: Callable[[], SlackResponse]) -> SlackResponse:
        try:
            return call()
        except SlackApiError as error:
            raise _told(error.response) from None  # which only repeats the answer
        except (SlackClientError, HTTPException, OSError, ValueError) as error:
            raise no_answer(error) from None


def _metadata(key: str) -> dict[str, Any]:
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def _key_of(message: dict[str, Any]) -> object:
    return ((message.get("metadata") or {}).get("event_payload") or {}).get("key")


def _told(answer: Any) -> DeliveryError:
    if answer.status_code == 429:
        return rate_limited(answer.headers)
    if 300 <= answer.status_code < 400:
        return redirected(answer.status_code)
    word = answer.data.get("error") if isinstance(answer.data, dict) else None
    if answer.status_code >= 500 or not is_word(word):
        return no_sense(answer.status_code)
    return refusal(str(word), needed=str(answer.data.get("needed") or "chat:write"))
