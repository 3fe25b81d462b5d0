"""A dead man's switch as a tiny HTTP server: it answers as told, and keeps what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import NamedTuple


class Asked(NamedTuple):
    """One request as it came in."""

    method: str
    path: str
    authorization: str | None


class Switchboard:
    """What it says next, and what it was asked so far."""

    def __init__(self) -> None:
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = b"OK"
        self.asked: list[Asked] = []
        self.url = ""

    @property
    def paths(self) -> list[str]:
        return [one.path for one in self.asked]


@contextmanager
def a_switchboard() -> Iterator[Switchboard]:
    """One that listens on loopback as long as the context."""
    board = Switchboard()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            board.asked.append(Asked(self.command, self.path, self.headers.get("Authorization")))
            self.send_response(board.status)
            for name, value in board.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(board.body)))
            self.end_headers()
            self.wfile.write(board.body)

        do_POST = do_HEAD = do_GET

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        board.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield board
        finally:
            server.shutdown()
            thread.join()
