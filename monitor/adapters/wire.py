"""Connections on which every read looks at the time that is left, headers and body alike."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.client import HTTPResponse
from io import BufferedReader, RawIOBase
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as ReadTimeout

Left = Callable[[], float]
"""How many seconds the attempt at hand may still take."""


class BoundedAdapter(HTTPAdapter):
    """Sends one request and follows nothing. A timeout of requests bounds each silence only: a
    service that drips its headers byte by byte would never be given up.

    Only the name's look-up is not bounded here: the system's resolver has limits of its own.
    """

    def __init__(self, connections: int) -> None:
        """`connections`: how many are kept open for the next requests."""
        super().__init__(pool_maxsize=connections)
        self._attempt = threading.local()

    def send_within(
        self, left: Left, prepared: requests.PreparedRequest, **settings: Any
    ) -> requests.Response:
        """The answer, its body not read yet; reading it is bounded by `left`, too."""
        self._attempt.left = left
        return self.send(prepared, stream=True, **settings)

    def get_connection_with_tls_context(self, *arguments: Any, **settings: Any) -> Any:
        """A pool whose connections read their answers through here."""
        pool: Any = super().get_connection_with_tls_context(*arguments, **settings)
        if "response_class" not in vars(pool.ConnectionCls):
            bounded = {"response_class": staticmethod(self._response)}
            pool.ConnectionCls = type("Bounded", (pool.ConnectionCls,), bounded)
        return pool

    def _response(self, sock: Any, *arguments: Any, **settings: Any) -> HTTPResponse:
        return bound(HTTPResponse(sock, *arguments, **settings), sock, self._attempt.left)


def bound(
    response: HTTPResponse, sock: Any, left: Left, largest: int | None = None
) -> HTTPResponse:
    """Let the answer end when the time is over, or when so many bytes have come on the wire; every
    read beyond raises OSError.
    """
    response.fp = BufferedReader(_Bounded(response.fp.detach(), sock, left, largest))
    return response


def why_failed(error: Exception) -> str:
    """What happened to a connection, in our words."""
    if isinstance(error, requests.Timeout | ReadTimeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate cannot be verified"
    if isinstance(error, HTTPError):
        return "the answer was cut off"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return type(error).__name__


class _Bounded(RawIOBase):
    """What a socket says, until the time is over or it has said too much."""

    def __init__(self, raw: Any, sock: Any, left: Left, largest: int | None) -> None:
        self._raw = raw
        self._sock = sock
        self._left = left
        self._room = largest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        try:
            return self._read(buffer)
        except OSError:
            self._raw.close()  # nobody reads on, and slack_sdk would leave it open
            raise

    def _read(self, buffer: Any) -> int | None:
        left = self._left()
        if left <= 0:
            raise TimeoutError("the attempt has taken too long")
        silence = self._sock.gettimeout()
        self._sock.settimeout(left if silence is None else min(silence, left))
        read: int | None = self._raw.readinto(buffer)
        if self._room is not None:
            self._room -= read or 0
            if self._room < 0:
                raise OSError("the answer is too large")
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()
