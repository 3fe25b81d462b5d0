"""One Slack channel as its API sees it: who may do what, and what stands there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.simulator.faults import Faults
from monitor.simulator.slack.files import Files
from monitor.simulator.slack.reading import mentions, objection, paged
from monitor.simulator.slack.refused import NEEDED, Refused

_BOT, _PERSON = "U0SYNCDRIFT", "U0PERSON"


@dataclass(slots=True)
class Slack:
    """What the channel holds, newest last, and how Slack behaves towards the app."""

    now: Callable[[], datetime]
    token: str = "xoxb-simulated"
    app_token: str = "xapp-simulated"
    socket_url: str = ""
    """The address of the socket that the app token opens; empty = Socket Mode is switched off."""
    team: str = "T0SIMULATED"
    channel: str = "C0123456789"
    name: str = "netsuite-exports"
    faults: Faults = field(default_factory=Faults)
    messages: list[dict[str, Any]] = field(default_factory=list)
    whispers: list[dict[str, Any]] = field(default_factory=list)
    """What only one person was shown, as the app asked for it."""
    calls: list[str] = field(default_factory=list)
    """The methods that were called; "webhook" for the webhook."""
    scopes: set[str] = field(
        default_factory=lambda: {"chat:write", "channels:history", "channels:read", "files:write"}
    )
    files: Files = field(default_factory=Files)
    is_archived: bool = False
    is_private: bool = False
    """Reading and looking at it then need the scopes groups:…, not channels:…."""
    is_shared: bool = False
    """People of other organizations are in it."""
    is_member: bool = True
    """Whether the app was invited to the channel."""
    limits_rate: bool = False
    """Refuse more than one message a second, by this Slack's own clock."""
    _count: int = 0
    _posted_at: datetime | None = None

    def parents(self) -> list[dict[str, Any]]:
        """Messages that stand in the channel itself."""
        return [message for message in self.messages if not message.get("thread_ts")]

    def replies(self, ts: str) -> list[dict[str, Any]]:
        """Messages in the thread of a parent."""
        return [message for message in self.messages if message.get("thread_ts") == ts]

    def in_channel(self) -> list[dict[str, Any]]:
        """What everybody sees who looks at the channel: parents, and replies that are broadcast."""
        return [
            message
            for message in self.messages
            if not message.get("thread_ts") or message.get("reply_broadcast")
        ]

    def mentioned(self) -> list[str]:
        """Whom all the messages together mention."""
        return [one for message in self.messages for one in mentions(message)]

    def find(self, ts: str) -> dict[str, Any] | None:
        return next((message for message in self.messages if message["ts"] == ts), None)

    def says(self, text: str) -> str:
        """A person writes into the channel; returns the message's ts."""
        ts: str = self._add({"text": text}, user=_PERSON)["ts"]
        return ts

    def delete(self, ts: str) -> None:
        """A person deletes a message; the replies in its thread stay."""
        self.messages[:] = [message for message in self.messages if message["ts"] != ts]

    def call(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """What the API answers besides `ok`; raises Refused."""
        answer = _METHODS.get(method)
        if answer is None:
            raise Refused("unknown_method")
        scope = NEEDED.get(method)
        if scope and self.is_private:
            scope = scope.replace("channels:", "groups:")
        if scope and scope not in self.scopes:
            raise Refused("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))
        return answer(self, arguments)

    def key_of(self, method: str) -> str:
        """The token that the method takes."""
        return self.app_token if method == "apps.connections.open" else self.token

    def hook(self, arguments: dict[str, Any]) -> None:
        """A message through the webhook; raises Refused."""
        if self.is_archived:
            raise Refused("channel_is_archived")
        self._take_only_one_a_second()
        if word := objection(arguments):
            raise Refused(word)
        self._add({**arguments, "metadata": None}, user=_BOT)

    def _post(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if arguments.get("channel") not in (self.channel, f"#{self.name}"):
            raise Refused("channel_not_found")
        self._accept(arguments)
        self._take_only_one_a_second()
        thread = arguments.get("thread_ts")
        if thread and self.find(thread) is None:
            raise Refused("thread_not_found")
        return {"channel": self.channel, "ts": self._add(arguments, user=_BOT)["ts"]}

    def _whisper(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if arguments.get("channel") != self.channel:
            raise Refused("channel_not_found")
        self._accept(arguments)
        self.whispers.append(arguments)
        return {"message_ts": f"{int(self.now().timestamp())}.000000"}

    def _begin_upload(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return self.files.begin(str(arguments.get("filename")), int(arguments.get("length") or 0))

    def _complete_upload(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Share the files: unlike a post it takes the channel's id only, and no metadata."""
        if arguments.get("channel_id") != self.channel:
            raise Refused("channel_not_found")
        if self.is_archived:
            raise Refused("is_archived")
        if not self.is_member:
            raise Refused("not_in_channel")
        thread = arguments.get("thread_ts")
        if thread and self.find(thread) is None:
            raise Refused("thread_not_found")
        files = self.files.finished(str(arguments.get("files") or "[]"))
        if not files:
            raise Refused("file_not_found")
        said = {"text": arguments.get("initial_comment") or "", "files": files}
        self._add({**said, "thread_ts": thread}, user=_BOT)
        return {"files": files}

    def _open_socket(self, _: dict[str, Any]) -> dict[str, Any]:
        if not self.socket_url:
            raise Refused("not_allowed")
        return {"url": self.socket_url}

    def _update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        message = self._existing(arguments, "ts")
        if message["user"] != _BOT:
            raise Refused("cant_update_message")
        self._accept(arguments)
        # What an edit leaves out stays as it was: an empty list takes the blocks away. But what is
        # typed in it is parsed, unless it says otherwise.
        message.update({"parse": "client", **arguments, "edits": message["edits"] + 1})
        return {"channel": self.channel, "ts": message["ts"]}

    def _permalink(self, arguments: dict[str, Any]) -> dict[str, Any]:
        ts = self._existing(arguments, "message_ts")["ts"].replace(".", "")
        return {"permalink": f"https://simulated.slack.com/archives/{self.channel}/p{ts}"}

    def _history(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self._own(arguments)
        return paged(reversed(self.in_channel()), arguments)

    def _thread(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self._own(arguments)
        parent = self.find(str(arguments.get("ts")))
        if parent is None:
            raise Refused("thread_not_found")
        return paged([parent, *self.replies(parent["ts"])], arguments)

    def _channel(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self._own(arguments)
        states = {
            "is_archived": self.is_archived,
            "is_ext_shared": self.is_shared,
            "is_member": self.is_member,
            "is_private": self.is_private,
        }
        return {"channel": {"id": self.channel, "name": self.name, **states}}

    def _who(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"user": "sync-drift monitor", "user_id": _BOT, "team_id": self.team}

    def _own(self, arguments: dict[str, Any]) -> None:
        """All but a post take nothing but the channel's id."""
        if arguments.get("channel") != self.channel:
            raise Refused("channel_not_found")

    def _existing(self, arguments: dict[str, Any], name: str) -> dict[str, Any]:
        self._own(arguments)
        message = self.find(str(arguments.get(name)))
        if message is None:
            raise Refused("message_not_found")
        return message

    def _accept(self, arguments: dict[str, Any]) -> None:
        if self.is_archived:
            raise Refused("is_archived")
        if not self.is_member:
            raise Refused("not_in_channel")
        if word := objection(arguments):
            raise Refused(word)

    def _take_only_one_a_second(self) -> None:
        now = self.now()
        is_soon = self._posted_at is not None and (now - self._posted_at).total_seconds() < 1
        if self.limits_rate and is_soon:
            raise Refused("ratelimited", retry_after="1")
        self._posted_at = now

    def _add(self, arguments: dict[str, Any], *, user: str) -> dict[str, Any]:
        self._count += 1
        ts = f"{int(self.now().timestamp())}.{self._count:06d}"
        message = {"ts": ts, "edits": 0, "user": user, **arguments}
        self.messages.append(message)
        return message


_METHODS: dict[str, Callable[[Slack, dict[str, Any]], dict[str, Any]]] = {
    "apps.connections.open": Slack._open_socket,
    "auth.test": Slack._who,
    "chat.getPermalink": Slack._permalink,
    "files.completeUploadExternal": Slack._complete_upload,
    "files.getUploadURLExternal": Slack._begin_upload,
    "chat.postEphemeral": Slack._whisper,
    "chat.postMessage": Slack._post,
    "chat.update": Slack._update,
    "conversations.history": Slack._history,
    "conversations.info": Slack._channel,
    "conversations.replies": Slack._thread,
}
