"""One call over a line: answered as it should be, or spoilt in one of many ways."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from monitor.simulator.line import AGAIN, REFUSALS, SPOILT, UNHEARD, Line

if TYPE_CHECKING:
    from monitor.simulator.web import Page

_LONGEST_SILENCE_SECONDS = 90
_DRIPS = 200
"""So many bytes come one by one, a second of everybody's time each; then all that is left."""
_LATER = {"Retry-After": "7"}


def carry(page: Page, line: Line) -> None:
    """Answer the request, unless the line breaks at it."""
    if not line.is_watched():
        page.respond()
        return
    way = line.begin(page.about())
    if line.is_last():
        answer = _answered(page)
        line.go_down()
        page.wfile.write(answer.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        page.close_connection = True
    elif way in REFUSALS:
        status, _, later = way.partition(" ")
        page.refuse(int(status), _LATER if later else {})
    elif way in UNHEARD:
        _leave_unheard(page, way)
    elif way in SPOILT:
        _spoil(page, line, way)
    else:
        answer = _answered(page)
        earlier = line.keep(page.about(), answer)
        page.wfile.write(earlier if way == AGAIN and page.gives_rows() else answer)
    line.end()


def _answered(page: Page) -> bytes:
    """What the service answers, with nothing of it sent yet."""
    page.wfile, sent = io.BytesIO(), page.wfile
    try:
        page.respond()
        return page.wfile.getvalue()
    finally:
        page.wfile = sent


def _leave_unheard(page: Page, way: str) -> None:
    if way == "html":
        page.answer_html()
    elif way == "silent":
        _say_nothing(page)
    else:
        page.reset()


def _spoil(page: Page, line: Line, way: str) -> None:
    # Plain: half of what is packed would be no half of the document.
    del page.headers["Accept-Encoding"]
    head, gap, body = _answered(page).partition(b"\r\n\r\n")
    half = head + gap + body[: len(body) // 2] if body else head[: len(head) // 2]
    if way == "silent, done":
        _say_nothing(page)
    elif way == "html, done":
        page.answer_html()
    elif way == "dripping":
        _drip(page, line, head + gap, body)
    elif way == "torn":
        length = b"Content-Length: %d" % (len(body) // 2)
        torn = re.sub(rb"Content-Length: \d+", length, head) + gap + body[: len(body) // 2]
        page.wfile.write(torn)
    else:
        page.wfile.write(half)
        page.wfile.flush()
        page.close_connection = True
        if way == "reset":
            page.reset()


def _say_nothing(page: Page) -> None:
    page.is_left_alone(_LONGEST_SILENCE_SECONDS)
    page.close_connection = True


def _drip(page: Page, line: Line, head: bytes, body: bytes) -> None:
    page.wfile.write(head)
    for byte in body[:_DRIPS]:
        line.passes(1)
        page.wfile.write(bytes([byte]))
        page.wfile.flush()
        if page.is_left_alone(0.0005):
            page.close_connection = True
            return
    page.wfile.write(body[_DRIPS:])
