"""Serves a world on loopback: three HTTP servers on ports of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from monitor.simulator.expensify.page import ExpensifyPage
from monitor.simulator.netsuite.page import NetSuitePage
from monitor.simulator.slack import WEBHOOK_PATH, SlackPage
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
            _served(type("_NetSuite", (NetSuitePage,), {"netsuite": world.netsuite}))
        )
        expensify = stack.enter_context(
            _served(type("_Expensify", (ExpensifyPage,), {"expensify": world.expensify}))
        )
        slack = stack.enter_context(_served(type("_Slack", (SlackPage,), {"slack": world.slack})))
        yield Servers(netsuite, expensify, f"{slack}/api/", slack + WEBHOOK_PATH)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


@contextmanager
def _served(page: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with _Server(("127.0.0.1", 0), page) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
