"""Builders: Slack's side of Socket Mode on loopback, and somebody who presses buttons."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from queue import SimpleQueue
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from monitor.adapters.slack.pressing import Press
from monitor.adapters.slack.socket_mode import Buttons, SocketOptions
from monitor.errors import DeliveryError
from monitor.simulator.slack import Slack
from tests.adapters.slack_channel import a_slack

TICKET = "ticket-that-nobody-may-see"
APP = "A0SIMULATED"
_PATIENCE = 15


def a_payload(action: str = "ack", value: object = "7", **changes: Any) -> dict[str, Any]:
    """Dana presses a button of alert 7."""
    return {
        "type": "block_actions",
        "team": {"id": "T0SIMULATED", "domain": "acme"},
        "api_app_id": APP,
        "user": {"id": "U0DANA", "username": "dana.lee", "name": "Dana Lee"},
        "channel": {"id": "C0123456789", "name": "netsuite-exports"},
        "container": {"type": "message", "message_ts": "1.5", "channel_id": "C0123456789"},
        "actions": [{"action_id": f"sync_drift.{action}", "value": value, "action_ts": "1.6"}],
        **changes,
    }


@dataclass(slots=True)
class SlackSide:
    """The socket as Slack holds it: whom it greeted, and which envelopes were acknowledged."""

    slack: Slack
    api_url: str
    acknowledged: list[str] = field(default_factory=list)
    connections: list[ServerConnection] = field(default_factory=list)
    greeted: int = 0
    greets: bool = True
    """Whether a connection is greeted; else it is dropped at once."""
    news: threading.Condition = field(default_factory=threading.Condition)

    def serves(self, connection: ServerConnection) -> None:
        """One connection, until it ends."""
        if not self.greets:
            connection.socket.close()
            return
        connection.send(json.dumps({"type": "hello", "connection_info": {"app_id": APP}}))
        with self.news:
            self.connections.append(connection)
            self.greeted += 1
            self.news.notify_all()
        try:
            for said in connection:
                with self.news:
                    self.acknowledged.append(json.loads(said)["envelope_id"])
                    self.news.notify_all()
        except ConnectionClosed:
            pass  # without a farewell
        with self.news:
            self.connections.remove(connection)
            self.news.notify_all()

    def wait(self, until: Callable[[], bool]) -> None:
        with self.news:
            assert self.news.wait_for(until, _PATIENCE), "it never happened"

    def is_connected(self, times: int = 1) -> None:
        """Wait until so many connections were greeted."""
        self.wait(lambda: self.greeted >= times)

    def sends(self, envelope: str, payload: Any, kind: str = "interactive", **besides: Any) -> None:
        """Send an envelope, and wait until it was acknowledged."""
        before = self.acknowledged.count(envelope)
        document = {"envelope_id": envelope, "type": kind, "payload": payload, **besides}
        self.connections[-1].send(json.dumps(document))
        self.wait(lambda: self.acknowledged.count(envelope) > before)

    def asks_for_another_connection(self, reason: str) -> None:
        self.connections[-1].send(json.dumps({"type": "disconnect", "reason": reason}))

    def says_goodbye(self) -> None:
        self.connections[-1].close()

    def cuts(self) -> None:
        """The connection ends without a word."""
        self.connections[-1].socket.shutdown(2)

    def whispers(self, number: int = 1) -> list[str]:
        """What the people were shown, once there is so much."""
        _poll(lambda: len(self.slack.whispers) >= number)
        return [whisper["text"] for whisper in self.slack.whispers]

    def wait_for_calls(self, method: str, times: int) -> None:
        """Wait until the method was called so often."""
        _poll(lambda: self.slack.calls.count(method) >= times)


def _poll(until: Callable[[], bool]) -> None:
    never = threading.Event()
    for _ in range(_PATIENCE * 100):
        if until():
            return
        never.wait(0.01)
    raise AssertionError("it never happened")


@dataclass(slots=True)
class Desk:
    """Who answers the presses: remembers them, and says what it is told to say."""

    says: Callable[[Press], str] = lambda press: f"{press.action.name} {press.alert_id}"
    presses: list[Press] = field(default_factory=list)
    heard: SimpleQueue[str] = field(default_factory=SimpleQueue)

    def stands(self, trouble: DeliveryError | None) -> None:
        self.heard.put(trouble.code if trouble else "connected")

    def hears(self) -> str:
        """How it stands, once that is told: "connected", or the code of the trouble."""
        return self.heard.get(timeout=_PATIENCE)

    def answer(self, press: Press) -> str:
        self.presses.append(press)
        return self.says(press)


@contextmanager
def a_slack_side() -> Iterator[SlackSide]:
    """A simulated Slack whose app token opens a socket."""
    with a_slack() as simulated, a_socket_of(simulated.slack, simulated.api_url) as side:
        yield side


@contextmanager
def a_socket_of(slack: Slack, api_url: str = "") -> Iterator[SlackSide]:
    """The socket that the app token of this Slack opens."""
    side = SlackSide(slack, api_url)
    with serve(side.serves, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        port = server.socket.getsockname()[1]
        slack.socket_url = f"ws://127.0.0.1:{port}/link/?ticket={TICKET}&app_id=A0"
        yield side
        server.shutdown()
        thread.join()


def buttons_of(side: SlackSide, desk: Desk | None = None, **changes: Any) -> Buttons:
    """The buttons of the channel, impatient."""
    given = {
        "app_token": side.slack.app_token,
        "bot_token": side.slack.token,
        "channel": side.slack.channel,
        "base_url": side.api_url,
        "first_wait": timedelta(milliseconds=10),
        "longest_wait": timedelta(milliseconds=40),
        "ping_every": timedelta(milliseconds=500),
    }
    remember = changes.pop("remember_secret", lambda _secret: None)
    desk = desk or Desk()
    return Buttons(
        SocketOptions(**{**given, **changes}), desk.answer, desk.stands, remember_secret=remember
    )
