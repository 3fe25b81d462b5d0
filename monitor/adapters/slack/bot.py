"""The channel through a bot token: posts, edits, replies, and looks up its own messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web import SlackResponse

from monitor.adapters.slack.blocks import Looks, blocks_of, comment_of, text_of
from monitor.adapters.slack.calls import called, part_of, parts_of, web_client
from monitor.adapters.slack.channel import Place
from monitor.adapters.slack.examining import Examined, examine
from monitor.adapters.slack.files import LARGEST
from monitor.adapters.slack.refusals import BAD_BLOCKS, no_sense
from monitor.core.message import Message
from monitor.errors import DeliveryError

EVENT_TYPE = "sync_drift"
_SKEW = timedelta(minutes=5)
"""How far Slack's clock and this machine's may be apart."""
_A_PAGE = 200
_MOST_PAGES = 10


class BotChannel:
    """One channel. Nothing is retried in here: slack_sdk's own retry may post twice when a
    connection drops after Slack accepted, so the outbox decides what is sent again.
    """

    can_edit = True

    def __init__(
        self,
        token: str,
        channel: str,
        base_url: str,
        *,
        mentions: Mapping[str, str] | None = None,
        has_buttons: bool = False,
    ) -> None:
        self.name = channel
        self._id = channel
        """What Slack calls it; of a channel's "#name" only its first answer tells."""
        self._mentions = mentions or {}
        self._has_buttons = has_buttons
        self._client = web_client(token, base_url)

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
        """Post a message below the note: in a thread when given its parent's ts, and then for the
        whole channel to see if it is a broadcast. Buttons are those of the alert.
        """
        looks = self._looks(None if thread else alert_id)
        answer = self._with_blocks(
            lambda blocks: self._client.chat_postMessage(
                channel=self.name,
                text=text_of(message, note),
                blocks=blocks or None,
                thread_ts=thread,
                reply_broadcast=True if thread and is_broadcast else None,
                parse="none",
                unfurl_links=False,
                unfurl_media=False,
                metadata=_metadata(key),
            ),
            blocks_of(message, note, looks),
        )
        place = _place_in(answer)
        self._id = place.channel
        return place

    def edit(
        self, place: Place, key: str, message: Message, *, alert_id: int | None = None
    ) -> None:
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
            blocks_of(message, looks=self._looks(alert_id)),
        )

    def attach(self, parent: Place, message: Message, *, note: str = "") -> Place:
        """Put the message's attachment into its parent's thread, with the headline beside it.

        Slack shares a file when it likes and tells no ts, so the place has none.
        """
        file = message.attachment
        assert file is not None  # whoever has none has nothing to attach
        content = file.content.encode()
        if len(content) > LARGEST:
            raise DeliveryError("the list is too large", code="too_large", is_permanent=True)
        called(
            lambda: self._client.files_upload_v2(
                filename=file.name,
                title=file.name,
                content=content,
                channel=parent.channel,
                thread_ts=parent.ts,
                initial_comment=comment_of(message, note),
            )
        )
        return Place(parent.channel, "")

    def holds(self, place: Place) -> bool:
        """Whether the message stands in this channel; of a channel's name that cannot be told."""
        is_known = bool(place.channel and place.ts)
        return is_known and (self.name.startswith("#") or place.channel == self.name)

    def find(
        self, key: str, *, since: datetime, thread: str | None = None, file: str = ""
    ) -> Place | None:
        """Where the message with this key stands, or one with a file of this name, when the token
        may read the channel's history.

        Raises DeliveryError when it may not, or when Slack cannot be asked.
        """
        oldest, cursor = f"{(since - _SKEW).timestamp():.6f}", ""
        for _ in range(_MOST_PAGES):
            page = self._page(thread, oldest, cursor).data
            for message in parts_of(page, "messages"):
                if _key_of(message) == key or (file and file in _files_of(message)):
                    return Place(self._id, str(message.get("ts") or ""))
            cursor = str(part_of(page, "response_metadata").get("next_cursor") or "")
            if not cursor:
                return None
        raise DeliveryError(
            f"the message is not among the newest {_A_PAGE * _MOST_PAGES} of the channel",
            code="too_much_history",
        )

    def link(self, place: Place) -> str:
        """The address that opens the message; empty when Slack gives none."""
        try:
            answer = called(
                lambda: self._client.chat_getPermalink(channel=place.channel, message_ts=place.ts)
            )
        except DeliveryError:
            return ""
        return str(answer.get("permalink") or "")

    def examine(self) -> Examined:
        """What Slack tells of the app and the channel, without a message; raises DeliveryError."""
        return examine(self._client, self.name)

    def _page(self, thread: str | None, oldest: str, cursor: str) -> SlackResponse:
        asked: dict[str, Any] = {
            "channel": self._id,
            "oldest": oldest,
            "cursor": cursor or None,
            "limit": _A_PAGE,
            "include_all_metadata": True,
        }
        if thread:
            return called(lambda: self._client.conversations_replies(ts=thread, **asked))
        return called(lambda: self._client.conversations_history(**asked))

    def _with_blocks(
        self, call: Callable[[list[dict[str, Any]]], SlackResponse], blocks: list[dict[str, Any]]
    ) -> SlackResponse:
        """With these blocks, or without any when Slack refuses them."""
        try:
            return called(lambda: call(blocks))
        except DeliveryError as error:
            if error.code not in BAD_BLOCKS:
                raise
        return called(lambda: call([]))

    def _looks(self, alert_id: int | None) -> Looks:
        return Looks(self._mentions, alert_id if self._has_buttons else None)


def _metadata(key: str) -> dict[str, Any]:
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def _place_in(answer: SlackResponse) -> Place:
    """Where Slack put the message; raises DeliveryError when that is not said."""
    channel, ts = answer.get("channel"), answer.get("ts")
    if not (isinstance(channel, str) and isinstance(ts, str) and channel and ts):
        raise no_sense(answer.status_code)
    return Place(channel, ts)


def _key_of(message: Mapping[str, Any]) -> object:
    return part_of(part_of(message, "metadata"), "event_payload").get("key")


def _files_of(message: Mapping[str, Any]) -> list[object]:
    """The names of the files that this app's own message shares."""
    return [file.get("name") for file in parts_of(message, "files")]
