"""One request to the simulated Slack: its API under /api/, and one incoming webhook."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, ClassVar, NamedTuple

from monitor.simulator.slack.files import UPLOAD_PATH
from monitor.simulator.slack.refused import Refused
from monitor.simulator.slack.workspace import Slack
from monitor.simulator.web import HTML, Page

WEBHOOK_PATH = "/services/T0/B0/simulated"

_TAKEN = "accept-then-"
_JSON = "application/json"
_STATUS = {"service_unavailable": HTTPStatus.SERVICE_UNAVAILABLE}
"""Every other word of the API comes with 200."""
_WORDS = {401: "invalid_auth", 403: "no_permission", 429: "ratelimited"}
_WEBHOOK_STATUS = {
    "action_prohibited": HTTPStatus.FORBIDDEN,
    "channel_is_archived": HTTPStatus.GONE,
    "channel_not_found": HTTPStatus.NOT_FOUND,
    "invalid_token": HTTPStatus.FORBIDDEN,
    "no_service": HTTPStatus.NOT_FOUND,
    "rollup_error": HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""Every other word of the webhook comes with 400."""


class _Answer(NamedTuple):
    status: int
    body: bytes
    content_type: str = "text/plain;charset=utf-8"
    headers: dict[str, str] | None = None


_TROUBLE = {
    "500": _Answer(500, b"server error"),
    "html": _Answer(200, HTML.encode(), "text/html"),
}


class SlackPage(Page):
    """One request to Slack; `slack` is set by the server.

    A fault is "429" (`detail`: Retry-After), "302" (`detail`: where to), "500", "html", "drop",
    "cut", one of them after
    "accept-then-" (Slack took the message all the same), or a word with which Slack refuses.
    """

    slack: ClassVar[Slack]

    def about(self) -> str:
        return f"slack {self._method()}"

    def refuse(self, status: int, headers: dict[str, str]) -> None:
        """By its API's word for the status; what is no part of the API has none."""
        if status not in _WORDS or self._method() in ("upload", "webhook"):
            self.answer(status, b"refused", headers=headers)
            return
        told = {"ok": False, "error": _WORDS[status]}
        self.answer_json(status if status == 429 else 200, told, headers=headers)

    def respond(self) -> None:
        method = self._method()
        is_upload, is_webhook = method == "upload", method == "webhook"
        arguments = {"content": self.read_body()} if is_upload else self._arguments()
        kind, detail = self.slack.faults.take(method)
        self.slack.calls.append(method)
        if not kind or kind.startswith(_TAKEN):
            answer = self._answer(method, arguments)
        elif kind == "302":
            answer = _Answer(302, b"", headers={"Location": detail})
        elif kind == "429":
            answer = self._refusal("ratelimited", {"retry_after": detail or "1"}, is_webhook)
        else:
            answer = self._refusal(kind, {}, is_webhook)
        self._send(answer, kind.removeprefix(_TAKEN))

    def do_GET(self) -> None:
        self.do_POST()

    def _method(self) -> str:
        """The method of the API; "upload" for a file's bytes, "webhook" for the webhook."""
        if self.path_only.startswith(UPLOAD_PATH):
            return "upload"
        is_webhook = self.path_only.startswith("/services/")
        return "webhook" if is_webhook else self.path_only.rpartition("/")[2]

    def _arguments(self) -> dict[str, Any]:
        body = self.read_body()
        is_json = _JSON in self.headers.get("Content-Type", "")
        given: dict[str, Any] = json.loads(body or b"{}") if is_json else self.form(body)
        return {**self.query(), **given}

    def _answer(self, method: str, arguments: dict[str, Any]) -> _Answer:
        if method == "upload":
            is_taken = self.slack.files.take(
                self.path_only.removeprefix(UPLOAD_PATH), arguments["content"]
            )
            return _Answer(200, b"OK") if is_taken else _Answer(400, b"bad length")
        self.slack.files.origin = self.slack.files.origin or f"http://{self.headers['Host']}"
        is_webhook = method == "webhook"
        key = f"Bearer {self.slack.key_of(method)}"
        if not is_webhook and self.headers.get("Authorization") != key:
            return self._refusal("invalid_auth", {}, is_webhook)
        try:
            if is_webhook:
                return self._hooked(arguments)
            return self._said({"ok": True, **self.slack.call(method, arguments)})
        except Refused as refused:
            return self._refusal(refused.word, refused.besides, is_webhook)

    def _hooked(self, arguments: dict[str, Any]) -> _Answer:
        if self.path_only != WEBHOOK_PATH:
            raise Refused("no_service")
        self.slack.hook(arguments)
        return _Answer(200, b"ok")

    def _refusal(self, word: str, besides: dict[str, Any], is_webhook: bool) -> _Answer:
        headers = {"Retry-After": besides["retry_after"]} if "retry_after" in besides else None
        status = 429 if headers else _STATUS.get(word, HTTPStatus.OK)
        if is_webhook:
            status = 429 if headers else _WEBHOOK_STATUS.get(word, HTTPStatus.BAD_REQUEST)
            return _Answer(status, word.encode(), headers=headers)
        return self._said({"ok": False, "error": word, **besides}, status, headers)

    def _said(
        self, document: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
    ) -> _Answer:
        scopes = {"X-OAuth-Scopes": ",".join(sorted(self.slack.scopes))}
        return _Answer(status, json.dumps(document).encode(), _JSON, {**scopes, **(headers or {})})

    def _send(self, answer: _Answer, trouble: str) -> None:
        if trouble == "drop":
            self.drop()
        elif trouble == "cut":
            self.answer_cut(answer.body)
        else:
            self.answer(*_TROUBLE.get(trouble, answer))
