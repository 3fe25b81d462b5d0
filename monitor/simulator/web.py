"""What the three simulated services share: reading a request, answering it, or failing."""

from __future__ import annotations

import json
import socket
import struct
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

HTML = "<!DOCTYPE html><html><body><h1>Down for maintenance</h1></body></html>"


class Page(BaseHTTPRequestHandler):
    """One request to a simulated service; quiet, HTTP/1.1."""

    protocol_version = "HTTP/1.1"
    # Head and body in one packet: else every answer waits for a delayed acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on stderr."""

    @property
    def path_only(self) -> str:
        return urlsplit(self.path).path

    def read_body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def query(self) -> dict[str, str]:
        """The parameters of the address, the first of each."""
        pairs = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        return {name: values[0] for name, values in pairs.items()}

    @staticmethod
    def form(body: bytes) -> dict[str, str]:
        """A form's fields, the first of each."""
        pairs = parse_qs(body.decode(), keep_blank_values=True)
        return {name: values[0] for name, values in pairs.items()}

    def answer_json(
        self, status: int, document: Any, *, headers: dict[str, str] | None = None
    ) -> None:
        self.answer(status, json.dumps(document).encode(), "application/json", headers)

    def answer(
        self,
        status: int,
        body: bytes,
        content_type: str = "text/plain;charset=utf-8",
        headers: dict[str, str] | None = None,
    ) -> None:
        self.send_response_only(status)
        self.send_header("Date", formatdate(usegmt=True))
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def answer_html(self, status: int = 200) -> None:
        self.answer(status, HTML.encode(), "text/html")

    def answer_cut(self, body: bytes) -> None:
        """Promise the whole body and close in its middle."""
        self.send_response_only(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True

    def drop(self) -> None:
        """Reset the connection without an answer."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
