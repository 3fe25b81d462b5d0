"""Buttons without a public address: keeps a socket to Slack, and answers who presses one."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from types import TracebackType
from typing import Any, Self

import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from monitor.adapters.slack.calls import called, web_client
from monitor.adapters.slack.connection import Connection, address
from monitor.adapters.slack.mrkdwn import escaped
from monitor.adapters.slack.pressing import (
    Home,
    Press,
    Refusal,
    Whereabouts,
    click_of,
    press_of,
    whereabouts,
)
from monitor.errors import DeliveryError

log = structlog.get_logger("monitor.buttons")

LONGEST_ANSWER = 3_000
NOT_OURS = (
    "This button belongs to an alert that is closed, or to none of this monitor's: "
    "nothing was changed."
)
_CUT = "…"
_MOST_REMEMBERED = 1_000
_CLOSING = timedelta(seconds=4)
"""How long the end may take; what has not ended then ends with the process."""


@dataclass(frozen=True, slots=True)
class SocketOptions:
    """How Slack is reached, and how patiently."""

    app_token: str = field(repr=False)
    bot_token: str = field(repr=False)
    channel: str
    base_url: str
    first_wait: timedelta = timedelta(seconds=1)
    longest_wait: timedelta = timedelta(minutes=5)
    """The wait between attempts doubles up to this."""
    lasting: timedelta = timedelta(minutes=1)
    """A connection that lived that long is followed by the next one at once."""
    ping_every: timedelta = timedelta(seconds=3)


class Buttons:
    """The buttons work while the context lasts and Slack can be reached.

    `answer` gets every press once, one after the other, in a thread of its own, and returns what
    the person is shown; what the press did is for it to log. `stands` gets in the same thread why
    no press comes, with every attempt that fails, and None with every connection.
    """

    def __init__(
        self,
        options: SocketOptions,
        answer: Callable[[Press], str],
        stands: Callable[[DeliveryError | None], None],
        *,
        remember_secret: Callable[[str], None],
    ) -> None:
        self._options = options
        self._answer = answer
        self._stands = stands
        self._remember_secret = remember_secret
        self._web = web_client(options.bot_token, options.base_url)
        self._home = Home(options.channel)
        self._seen: deque[str] = deque(maxlen=_MOST_REMEMBERED)
        self._seeing = threading.Lock()
        self._said = ""
        self._stop = threading.Event()
        self._news = threading.Event()
        self._presses = ThreadPoolExecutor(1, thread_name_prefix="press")
        self._thread = threading.Thread(target=self._run, name="buttons", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._news.set()
        self._thread.join(_CLOSING.total_seconds())

    def greeted(self, connection: Connection, app: str) -> None:
        """Slack knows us: from now on the buttons work."""
        self._home = self._home._replace(app=app)
        self._say("buttons_connected")
        self._tell(None)

    def received(self, connection: Connection, request: SocketModeRequest) -> None:
        """Tell Slack at once that the envelope came; then see to it, unless it came before."""
        with suppress(SlackClientError, OSError):  # Slack sends it again, which is noticed
            connection.send_socket_mode_response(SocketModeResponse(request.envelope_id))
        payload = request.payload
        is_press = request.type == "interactive" and payload.get("type") == "block_actions"
        if is_press and self._is_new(request.envelope_id, click_of(payload)):
            with suppress(RuntimeError):  # the end has begun
                self._presses.submit(self._serve, payload).add_done_callback(_log_failure)

    def over(self, connection: Connection) -> None:
        """Time for another connection."""
        self._news.set()

    def _run(self) -> None:
        connection: Connection | None = None
        wait = self._options.first_wait
        while not self._stop.is_set():
            began = monotonic()
            try:
                connection = self._replaced(connection)
            except DeliveryError as error:
                self._say_lost(error)
                wait = self._waited(max(wait, error.retry_after or wait))
                continue
            self._wait_for_the_end_of(connection)
            if monotonic() - began >= self._options.lasting.total_seconds():
                wait = self._options.first_wait
                continue
            if not (self._stop.is_set() or connection.is_given_up):
                self._say_lost(
                    DeliveryError(
                        "Slack ends the connection as soon as it stands", code="short_lived"
                    )
                )
            wait = self._waited(wait)
        if connection is not None:
            connection.close()
        self._presses.shutdown(cancel_futures=True)

    def _replaced(self, earlier: Connection | None) -> Connection:
        """A new connection; the earlier one ends when the new one stands: no press falls between
        them. Raises DeliveryError, and leaves the earlier one as it was.
        """
        team = called(self._web.auth_test).get("team_id")
        self._home = self._home._replace(team=str(team or ""))
        url = address(self._web, self._options.app_token, self._remember_secret)
        ping_every = self._options.ping_every.total_seconds()
        connection = Connection(self._web, self, ping_every=ping_every)
        try:
            connection.open(url)
        except DeliveryError:
            connection.close()
            raise
        if earlier is not None:
            earlier.close()
        return connection

    def _wait_for_the_end_of(self, connection: Connection) -> None:
        while not (self._stop.is_set() or connection.is_over):
            self._news.wait()
            self._news.clear()

    def _waited(self, wait: timedelta) -> timedelta:
        """Wait, and return how long to wait the next time."""
        self._stop.wait(wait.total_seconds())
        return min(wait * 2, self._options.longest_wait)

    def _is_new(self, *signs: str) -> bool:
        with self._seeing:
            if any(sign in self._seen for sign in signs):
                return False
            self._seen.extend(filter(None, signs))
        return True

    def _serve(self, payload: dict[str, Any]) -> None:
        press = press_of(payload, self._home)
        if isinstance(press, Refusal):
            log.warning("press_refused", why=press.value)
            self._whisper(whereabouts(payload), NOT_OURS)
            return
        self._whisper(whereabouts(payload), self._answer(press))

    def _whisper(self, to: Whereabouts, text: str) -> None:
        """Show it to the person alone."""
        words = escaped(text, LONGEST_ANSWER, ending=_CUT)
        section = {"type": "mrkdwn", "text": words, "verbatim": True}
        try:
            called(
                lambda: self._web.chat_postEphemeral(
                    channel=to.channel,
                    user=to.user,
                    text=words,
                    blocks=[{"type": "section", "text": section}],
                    parse="none",
                )
            )
        except DeliveryError as error:
            log.warning("press_unanswered", error=str(error))

    def _say_lost(self, error: DeliveryError) -> None:
        so = "buttons in Slack do nothing; tried again"
        self._say("buttons_lost", error.code, error=str(error), so=so)
        self._tell(error)

    def _tell(self, trouble: DeliveryError | None) -> None:
        """In the presses' thread: whoever is told may wait, a connection may not."""
        with suppress(RuntimeError):  # the end has begun
            self._presses.submit(self._stands, trouble).add_done_callback(_log_failure)

    def _say(self, event: str, code: str = "", **fields: str) -> None:
        """Say how it stands, once for as long as it stands so."""
        if self._said != (said := f"{event} {code}"):
            self._said = said
            (log.warning if fields else log.info)(event, **fields)


def _log_failure(press: Future[None]) -> None:
    if not press.cancelled() and (error := press.exception()) is not None:
        log.error("press_failed", error=type(error).__name__, exc_info=error)
