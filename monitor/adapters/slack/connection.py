"""One connection of Socket Mode: opened, listened to, and ended for good."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol, cast
from urllib.parse import parse_qs, urlsplit
from urllib.request import getproxies, proxy_bypass

from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from monitor.adapters.slack.calls import called
from monitor.adapters.slack.refusals import UNREACHABLE
from monitor.errors import DeliveryError

_ANOTHER = "create one with the scope connections:write and store it where [slack] app_token points"
_CURES = {
    "invalid_auth": f"the app token is wrong: {_ANOTHER}",
    "not_allowed_token_type": f"the token is no app-level token (xapp-…): {_ANOTHER}",
    "token_revoked": f"the app token was revoked: {_ANOTHER}",
    "token_expired": f"the app token expired: {_ANOTHER}",
    "missing_scope": f"the app token lacks a scope: {_ANOTHER}",
}
_HTTPS = 443
_A_MESSAGE = 65_536
"""Bytes read at once: an envelope holds the whole message that the button stands in."""


class Listener(Protocol):
    """Who is told what comes through a connection; called in its threads, must not wait."""

    def greeted(self, connection: Connection, app: str) -> None:
        """Slack said hello to this app."""

    def received(self, connection: Connection, request: SocketModeRequest) -> None:
        """An envelope came."""

    def over(self, connection: Connection) -> None:
        """The connection is lost, or Slack asks for another one. May be said again and again."""


class Connection(SocketModeClient):
    """slack_sdk's own client for one connection: it never opens another one by itself, for its way
    of doing so knows no back-off; whoever listens does.
    """

    def __init__(self, web: WebClient, listener: Listener, *, ping_every: float) -> None:
        self.is_over = False
        self.is_given_up = False
        """Slack asked for another connection: this one was not lost."""
        self._trouble = ""
        self._is_open = False
        self._listener = listener
        super().__init__(
            app_token="",
            logger=_silent(),
            web_client=web,
            ping_interval=ping_every,
            receive_buffer_size=_A_MESSAGE,
            concurrency=1,
            on_error_listeners=[self._remember_trouble],
        )
        self._first_state = self.current_session_state
        self.message_listeners.append(self._on_greeting)
        self.socket_mode_request_listeners.append(self._on_request)

    def open(self, url: str) -> None:
        """Connect to an address that Slack handed out; raises DeliveryError."""
        self.wss_uri = url
        self.proxy = _proxy_to(url)
        self.connect()
        if not self.is_connected():
            raise DeliveryError(
                f"Slack's socket cannot be opened ({self._trouble or 'it answered otherwise'}): "
                "check the network and the proxy",
                code=UNREACHABLE,
            )
        session = self.current_session
        if session is not None and session.sock is not None:
            session.sock = cast(ssl.SSLSocket, _Ending(session.sock))
        self._is_open = True

    def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Called when the connection is lost, or (by force) Slack asks for another one."""
        self.is_given_up = self.is_given_up or (force and not self.is_over)
        self.is_over = True
        self._listener.over(self)

    def close(self) -> None:
        """End the connection and its threads, at once: none waits for its next look."""
        self.auto_reconnect_enabled = False
        self.closed = True
        # The client may have begun to read under the state it had before it was connected.
        self._first_state.terminated = self.current_session_state.terminated = True
        self.message_queue.put(None)
        session = self.current_session
        if session is not None and (open_socket := session.sock) is not None:
            with suppress(OSError, ValueError):
                open_socket.shutdown(socket.SHUT_RDWR)
        super().close()

    def _on_greeting(
        self, _client: BaseSocketModeClient, message: dict[str, Any], _raw: str | None = None
    ) -> None:
        if message.get("type") == "hello":
            about = message.get("connection_info")
            app = about.get("app_id") if isinstance(about, dict) else ""
            self._listener.greeted(self, app if isinstance(app, str) else "")

    def _on_request(self, _client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        self._listener.received(self, request)

    def _remember_trouble(self, error: Exception) -> None:
        self._trouble = type(error).__name__
        if self._is_open:
            self.connect_to_new_endpoint()


class _Ending:
    """A socket that says when it has ended: slack_sdk takes the end for "nothing yet", and would
    ask on and on without a pause, until some of its pings have failed.
    """

    def __init__(self, inner: socket.socket) -> None:
        self._inner = inner

    def recv(self, size: int) -> bytes:
        received = self._inner.recv(size)
        if not received:
            raise ConnectionResetError("the other side ended the connection")
        return received

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def address(web: WebClient, app_token: str, remember_secret: Callable[[str], None]) -> str:
    """Where Slack wants this app to connect to; raises DeliveryError.

    The address holds a ticket, which is a secret: whoever has it is the app.
    """
    try:
        answer = called(lambda: web.apps_connections_open(app_token=app_token))
    except DeliveryError as error:
        if error.code not in _CURES:
            raise
        words = f"Slack refused ({error.code}): {_CURES[error.code]}"
        raise DeliveryError(words, code=error.code, is_permanent=True) from None
    url = str(answer.get("url") or "")
    for ticket in parse_qs(url.partition("?")[2]).get("ticket", [url]):
        remember_secret(ticket)
    if not is_safe(url, is_loopback=web.base_url.startswith("http://")):
        raise DeliveryError(
            "Slack handed out a socket's address that is not encrypted, which is not used: "
            "check the addresses in [slack] and the proxy",
            code="unsafe_address",
        )
    return url


def is_safe(url: str, *, is_loopback: bool) -> bool:
    """Whether the connection would be encrypted, or stay on this machine where Slack's API does.

    slack_sdk encrypts by the port, whatever the address begins with.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _HTTPS
    except ValueError:
        return False
    if is_loopback:
        return parts.scheme == "ws" and parts.hostname == "127.0.0.1"
    return parts.scheme == "wss" and bool(parts.hostname) and port == _HTTPS


def _proxy_to(url: str) -> str | None:
    """The environment's proxy, unless it excepts this host: slack_sdk would not ask."""
    host = urlsplit(url).hostname or ""
    return None if proxy_bypass(host) else getproxies().get("https")


def _silent() -> logging.Logger:
    """It would say every trouble several times, in words that may hold an answer."""
    logger = logging.Logger("slack_sdk.socket_mode")
    logger.disabled = True
    return logger
