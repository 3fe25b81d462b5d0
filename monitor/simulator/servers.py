"""Serves a world on loopback: three HTTP servers on ports of their own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import ThreadingHTTPServer

from monitor.simulator.expensify.page import ExpensifyPage
from monitor.simulator.line import Line
from monitor.simulator.netsuite.page import NetSuitePage
from monitor.simulator.slack import WEBHOOK_PATH, SlackPage
from monitor.simulator.web import Page
from monitor.simulator.world import World


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the simulated services answer."""

    netsuite_url: str
    expensify_url: str
    slack_url: str
    webhook_url: str


@contextmanager
def serve(world: World) -> Iterator[Servers]:
    """The world's three services, until the context ends."""
    with ExitStack() as stack:
        netsuite = stack.enter_context(
            served(type("_NetSuite", (NetSuitePage,), {"netsuite": world.netsuite}), world.line)
        )
        expensify = stack.enter_context(
            served(type("_Expensify", (ExpensifyPage,), {"expensify": world.expensify}), world.line)
        )
        slack = stack.enter_context(
            served(type("_Slack", (SlackPage,), {"slack": world.slack}), world.line)
        )
        yield Servers(netsuite, expensify, f"{slack}/api/", slack + WEBHOOK_PATH)


@contextmanager
def served(page: type[Page], line: Line) -> Iterator[str]:
    """One service at the address, on the line of all, until the context ends."""
    port = _Port(type(page.__name__, (page,), {"line": line}))
    line.hang_up.append(port.close)
    line.pick_up.append(port.open)
    port.open()
    try:
        yield port.url
    finally:
        line.hang_up.remove(port.close)
        line.pick_up.remove(port.open)
        port.close()
        port.give_back()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


class _Port:
    """A port of this machine's that is kept, whether somebody listens at it or not."""

    def __init__(self, page: type[Page]) -> None:
        self._page = page
        self._placeholder = socket.socket()
        # Who binds without listening leaves the port to one that listens, and to nobody else.
        self._placeholder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._placeholder.bind(("127.0.0.1", 0))
        self._number = self._placeholder.getsockname()[1]
        self._listening: tuple[_Server, threading.Thread] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._number}"

    def open(self) -> None:
        server = _Server(("127.0.0.1", self._number), self._page)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        self._listening = server, thread

    def close(self) -> None:
        """Calls are refused, if somebody listened."""
        if self._listening is None:
            return
        (server, thread), self._listening = self._listening, None
        server.shutdown()
        thread.join()
        server.server_close()

    def give_back(self) -> None:
        self._placeholder.close()
