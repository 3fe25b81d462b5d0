"""What the three simulated services share: reading a request, answering it, or failing."""

from __future__ import annotations

import gzip
import json
import os
import select
import socket
import struct
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from monitor.simulator.broken import carry
from monitor.simulator.line import Line

HTML = "<!DOCTYPE html><html><body><h1>Down for maintenance</h1></body></html>"


class Page(BaseHTTPRequestHandler):
    """One request to a simulated service; quiet, HTTP/1.1."""

    protocol_version = "HTTP/1.1"
    # Head and body in one packet: else every answer waits for a delayed acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    line: ClassVar[Line | None] = None
    """What the request came over; set by the server."""
    _body = b""

    def do_POST(self) -> None:
        self._body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.line is None:
            self.respond()
        else:
            carry(self, self.line)

    def respond(self) -> None:
        """Answer the request at hand."""
        raise NotImplementedError

    def about(self) -> str:
        """What the request is about, in a few words."""
        return self.path_only

    def gives_rows(self) -> bool:
        """Whether the answer may be one page of several."""
        return False

    def refuse(self, status: int, headers: dict[str, str]) -> None:
        """Refuse the request at hand in this service's own words."""
        self.answer(status, b"refused", headers=headers)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on stderr."""

    def date(self) -> float | None:
        """What the service's clock shows in the Date header; None = this machine's time."""
        return None

    @property
    def path_only(self) -> str:
        return urlsplit(self.path).path

    def read_body(self) -> bytes:
        return self._body

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
        self._begin(status, content_type, {"Content-Length": str(len(body)), **(headers or {})})
        self.wfile.write(body)

    def answer_packed(
        self, status: int, body: bytes, content_type: str, headers: dict[str, str] | None = None
    ) -> None:
        """The body packed with gzip, for a client that takes it."""
        if "gzip" not in self.headers.get("Accept-Encoding", ""):
            self.answer(status, body, content_type, headers)
            return
        packed = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding", **(headers or {})}
        self.answer(status, gzip.compress(body, 1), content_type, packed)

    def answer_chunked(self, body: bytes, *, size: int = 100) -> None:
        """The body in chunks, its length not told."""
        self._begin(200, "application/json", {"Transfer-Encoding": "chunked"})
        for begin in range(0, len(body), size):
            piece = body[begin : begin + size]
            self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def answer_dripping(
        self, body: bytes, headers: dict[str, str] | None = None, *, status: int = 200
    ) -> None:
        """The body byte by byte, until it is whole or the client has gone."""
        length = {"Content-Length": str(len(body)), **(headers or {})}
        self._begin(status, "application/json", length)
        self._drip(body)

    def answer_dripping_head(self, words: bytes) -> None:
        """An empty answer with a header of these words, byte by byte."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n")
        self._drip(b"X-Words: " + words + b"\r\n\r\n")

    def _drip(self, words: bytes) -> None:
        for byte in words:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            if self.is_left_alone(0.002):
                break
        self.close_connection = True

    def is_left_alone(self, seconds: float) -> bool:
        """Say nothing for so long; whether the client went away meanwhile."""
        return bool(select.select([self.connection], [], [], seconds)[0])

    def answer_html(self, status: int = 200) -> None:
        self.answer(status, HTML.encode(), "text/html")

    def answer_cut(self, body: bytes) -> None:
        """Promise the whole body and close in its middle."""
        length = {"Content-Length": str(len(body)), "Connection": "close"}
        self._begin(200, "application/json", length)
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True

    def drop(self) -> None:
        """Reset the connection without an answer."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def reset(self) -> None:
        """Reset the connection at once, after whatever was sent."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        os.close(self.connection.detach())

    def _begin(self, status: int, content_type: str, headers: dict[str, str]) -> None:
        self.send_response_only(status)
        self.send_header("Date", formatdate(self.date(), usegmt=True))
        self.send_header("Content-Type", content_type)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
