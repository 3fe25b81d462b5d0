"""A simulated Slack: one channel that remembers every post, edit and reply."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from monitor.simulator.faults import Faults
from monitor.simulator.web import Page

WEBHOOK_PATH = "/services/T0/B0/simulated"


@dataclass(slots=True)
class Slack:
    """What the channel holds, newest last."""

    now: Callable[[], datetime]
    token: str = "xoxb-simulated"
    channel: str = "C0123456789"
    faults: Faults = field(default_factory=Faults)
    messages: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def parents(self) -> list[dict[str, Any]]:
        """Messages that stand in the channel itself."""
        return [message for message in self.messages if not message.get("thread_ts")]

    def replies(self, ts: str) -> list[dict[str, Any]]:
        """Messages in the thread of a parent."""
        return [message for message in self.messages if message.get("thread_ts") == ts]

    def post(self, arguments: dict[str, Any]) -> dict[str, Any]:
        ts = f"{self.now().timestamp():.0f}.{len(self.messages):06d}"
        message = {"ts": ts, "edits": 0, **arguments}
        self.messages.append(message)
        return message

    def find(self, ts: str) -> dict[str, Any] | None:
        return next((message for message in self.messages if message["ts"] == ts), None)


class SlackPage(Page):
    """One request to Slack; `slack` is set by the server."""

    slack: ClassVar[Slack]

    def do_POST(self) -> None:
        body = self.read_body()
        is_json = "json" in self.headers.get("Content-Type", "")
        arguments: dict[str, Any] = json.loads(body) if is_json else dict(self.form(body))
        method = self.path_only.rpartition("/")[2]
        kind, detail = self.slack.faults.take(method)
        self.slack.calls.append(method)
        if kind and kind != "accept-then-drop":
            self._fail(kind, detail)
        elif self.path_only == WEBHOOK_PATH:
            self.slack.post(arguments)
            self.answer(200, b"ok")
        elif self.headers.get("Authorization") != f"Bearer {self.slack.token}":
            self._refuse("invalid_auth")
        else:
            self._call(method, arguments)
            if kind:
                self.drop()

    def do_GET(self) -> None:
        self.do_POST()

    def _call(self, method: str, arguments: dict[str, Any]) -> None:
        for name in ("blocks", "metadata"):
            if isinstance(arguments.get(name), str):
                arguments[name] = json.loads(arguments[name])
        if refusal := self._objection(arguments):
            self._refuse(refusal)
        elif method == "chat.postMessage":
            message = self.slack.post(arguments)
            self._ok(channel=self.slack.channel, ts=message["ts"])
        elif method == "chat.update":
            self._update(arguments)
        elif method in ("conversations.history", "conversations.replies"):
            self._ok(messages=self.slack.messages)
        else:
            self._ok(user="sync-drift monitor", user_id="U1", channel={"id": self.slack.channel})

    def _update(self, arguments: dict[str, Any]) -> None:
        message = self.slack.find(str(arguments.get("ts")))
        if message is None:
            self._refuse("message_not_found")
            return
        message.update(arguments)
        message["edits"] += 1
        self._ok(channel=self.slack.channel, ts=message["ts"])

    def _objection(self, arguments: dict[str, Any]) -> str:
        if arguments.get("channel", self.slack.channel) != self.slack.channel:
            return "channel_not_found"
        blocks = arguments.get("blocks") or []
        sections = [block["text"]["text"] for block in blocks if block.get("type") == "section"]
        if len(blocks) > 50 or any(len(text) > 3000 or not text for text in sections):
            return "invalid_blocks"
        if len(json.dumps(blocks)) > 13_000:
            return "msg_blocks_too_long"
        return "msg_too_long" if len(str(arguments.get("text", ""))) > 40_000 else ""

    def _fail(self, kind: str, detail: str) -> None:
        if kind == "429":
            self.answer(
                429,
                b'{"ok":false,"error":"ratelimited"}',
                "application/json",
                {"Retry-After": detail or "1"},
            )
        elif kind == "500":
            self.answer(500, b"server error")
        elif kind == "html":
            self.answer_html()
        elif kind == "drop":
            self.drop()
        else:
            self._refuse(kind)

    def _refuse(self, error: str) -> None:
        self.answer_json(200, {"ok": False, "error": error})

    def _ok(self, **fields: Any) -> None:
        self.answer_json(200, {"ok": True, **fields})
