"""The simulated NetSuite on the wire."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, ClassVar

from monitor.simulator.netsuite.suiteql import Failed, Found, Refused
from monitor.simulator.web import HTML, Page

if TYPE_CHECKING:
    from monitor.simulator.world import NetSuite

_TOKEN = "/services/rest/auth/oauth2/v1/token"
_SUITEQL = "/services/rest/query/v1/suiteql"
_JSON = "application/vnd.oracle.resource+json; type={type}; charset=UTF-8"
_BUSY = "Concurrent request limit exceeded. Request blocked."

_ERRORS: dict[str, tuple[int, str, str]] = {
    "401": (401, "Invalid login attempt.", "INVALID_LOGIN"),
    "403": (
        403,
        "Permission Violation: you need the 'SuiteAnalytics Workbook' permission.",
        "INSUFFICIENT_PERMISSION",
    ),
    "404": (404, "Record type does not exist.", "NONEXISTENT_ID"),
    "429": (429, _BUSY, "CONCURRENCY_LIMIT_EXCEEDED"),
    "400-concurrency": (400, _BUSY, "CONCURRENCY_LIMIT_EXCEEDED"),
    "500": (
        500,
        "An unexpected error occurred. Error ID: jrgbpyylphhishmmlxyt",
        "UNEXPECTED_ERROR",
    ),
    "502": (502, "Bad gateway.", "UNEXPECTED_ERROR"),
    "503": (503, "Service unavailable.", "UNEXPECTED_ERROR"),
    "504": (504, "Gateway timeout.", "UNEXPECTED_ERROR"),
}
_BODIES = {
    "bare": (b'{"title": "Error"}', "application/json"),
    "odd": (b'{"title": "Error", "o:errorDetails": {"detail": "x"}}', "application/json"),
    "text": (b"Sorry.\n", "text/plain"),
    "empty": (b"", "text/plain"),
    "page": (HTML.encode(), "text/html"),
}
"""What a server in between may put into a refusal: "503 text", "401 page" …"""
_TRUE_ROWS = frozenset({"row-without-id", "row-missing", "drip", "slow", "chunked"})
"""What goes wrong with an answer whose rows are true."""


class NetSuitePage(Page):
    """One request to NetSuite; `netsuite` is set by the server."""

    netsuite: ClassVar[NetSuite]
    _in_flight = ExitStack()

    def date(self) -> float:
        return self.netsuite.sign_in.now().timestamp()

    def about(self) -> str:
        """The query, or that a token is asked for."""
        if self.path_only == _TOKEN:
            return "netsuite token"
        return f"netsuite {json.loads(self.read_body()).get('q')}"

    def gives_rows(self) -> bool:
        return self.path_only == _SUITEQL

    def refuse(self, status: int, headers: dict[str, str]) -> None:
        self._error(self.about(), *_ERRORS[str(status)], headers=headers)

    def respond(self) -> None:
        body = self.read_body()
        url = f"http://{self.headers.get('Host')}{self.path}"
        if self.path_only == _TOKEN:
            self._token(body, url)
            return
        with ExitStack() as self._in_flight:
            has_room = self._in_flight.enter_context(self.netsuite.suiteql.in_flight())
            self._query(json.loads(body), url, has_room=has_room)

    def _begin(self, status: int, content_type: str, headers: dict[str, str]) -> None:
        # Before the first byte: whoever has read the last one may ask again at once.
        self._in_flight.close()
        super()._begin(status, content_type, headers)

    def _token(self, body: bytes, url: str) -> None:
        kind, detail = self.netsuite.sign_in.faults.take("token")
        if kind:
            self._fail("token", kind, detail)
            return
        status, document = self.netsuite.sign_in.issue(self.form(body), url)
        self.netsuite.requests.append(("token", status))
        refused = {"WWW-Authenticate": "Basic realm=netsuite"} if status == 401 else {}
        self.answer_json(status, document, headers=refused)

    def _query(self, document: dict[str, Any], url: str, *, has_room: bool) -> None:
        query = str(document.get("q", ""))
        # Whatever goes wrong afterwards: a nonce is used up.
        is_admitted = self.netsuite.sign_in.admits(
            self.headers.get("Authorization", ""), "POST", url
        )
        kind, detail = self.netsuite.faults.take(query) if has_room else ("429", "")
        time.sleep(self.netsuite.latency(query))
        if self.path_only != _SUITEQL:
            self._fail(query, "404")
        elif kind and kind not in _TRUE_ROWS:
            self._fail(query, kind, detail)
        elif not is_admitted:
            self._fail(query, "401")
        elif self.headers.get("Prefer") != "transient":
            self._error(query, 400, "Missing header Prefer: transient", "INVALID_HEADER")
        else:
            self._run(query, document.get("params") or [], kind)

    def _run(self, query: str, params: list[str | None], kind: str) -> None:
        limit, offset = self._number("limit", 1000), self._number("offset", 0)
        if not 1 <= limit <= 1000 or offset < 0 or offset % limit:
            self._error(query, 400, "Invalid limit or offset.", "INVALID_PARAMETER")
            return
        try:
            found = self.netsuite.suiteql.run(query, params, limit, offset)
        except Refused as refused:
            self._error(query, 400, str(refused), "INVALID_PARAMETER")
            return
        except Failed:
            self._fail(query, "500")
            return
        self.netsuite.requests.append((query, 200))
        self._rows(found, limit, offset, kind)

    def _rows(self, found: Found, limit: int, offset: int, kind: str) -> None:
        page: list[dict[str, Any]] = [{"links": [], **row} for row in found.rows]
        if kind == "row-without-id" and page:
            page[0].pop("id", None)
        if kind == "row-missing" and page:
            page.pop()
        document = {
            "links": self._links(found.total, limit, offset),
            "count": len(page),
            "hasMore": offset + limit < found.total,
            "items": page,
            "offset": offset,
            "totalResults": found.total,
        }
        body = json.dumps(document).encode()
        if kind == "chunked":
            self.answer_chunked(body)
        elif kind == "drip":
            self.answer_dripping(body)
        elif kind != "slow" or not self.is_left_alone(0.1):
            applied = {"Preference-Applied": "transient"}
            self.answer_packed(200, body, _JSON.format(type="collection"), applied)

    def _links(self, total: int, limit: int, offset: int) -> list[dict[str, str]]:
        last = max(0, total - 1) // limit * limit
        told = last // limit if self.netsuite.suiteql.has_wrong_last_link else last
        places = {"self": offset, "first": 0, "last": told}
        if offset:
            places["prev"] = offset - limit
        if offset < last:
            places["next"] = offset + limit
        address = f"http://{self.headers.get('Host')}{self.path_only}?limit={limit}&offset="
        return [{"rel": rel, "href": f"{address}{place}"} for rel, place in places.items()]

    def _number(self, name: str, otherwise: int) -> int:
        told = self.query().get(name, str(otherwise))
        return int(told) if told.isdecimal() else -1

    def _fail(self, query: str, kind: str, detail: str = "") -> None:
        if kind in _ERRORS:
            self._error(query, *_ERRORS[kind], headers={"Retry-After": detail} if detail else {})
            return
        self.netsuite.requests.append((query, 0))
        if kind.startswith("says"):
            self._say(detail.encode(), kind)
            return
        status, _, body = kind.partition(" ")
        if body in _BODIES:
            told = {"Retry-After": detail} if detail else {}
            self.answer(int(status), *_BODIES[body], told)
            return
        misbehave: dict[str, Callable[[], object]] = {
            "html": self.answer_html,
            "truncated": lambda: self._say(b'{"items": [{"links": [], "id": "1"', "says"),
            "cut": lambda: self.answer_cut(b'{"items": [], "hasMore": false}   '),
            "drop": self.drop,
            "silent": lambda: self.is_left_alone(30),
            "redirect": lambda: self.answer(302, b"", headers={"Location": detail}),
            "redirect dripping": lambda: self.answer_dripping(
                detail.encode(), {"Location": "/elsewhere"}, status=302
            ),
            "redirect saying": lambda: self.answer(
                302, detail.encode(), headers={"Location": "/elsewhere"}
            ),
            "dripping head": lambda: self.answer_dripping_head(detail.encode()),
            "peer": lambda: self.answer(200, str(self.client_address).encode()),
            "echo": lambda: self.answer_json(200, dict(self.headers.items())),
        }
        misbehave[kind]()

    def _say(self, body: bytes, how: str) -> None:
        """Any words under 200: "says", "says packed", "says chunked", "says dripping" …"""
        packing = {"Content-Encoding": "gzip"} if "packed" in how else {}
        half = len(body) // 2
        if "in two" in how:
            body = gzip.compress(body[:half]) + gzip.compress(body[half:])
        elif packing and "falsely" not in how:
            body = gzip.compress(body)
        if "torn" in how:
            body = body[: len(body) // 2]
        if "dripping" in how:
            self.answer_dripping(body, packing)
        elif "chunked" in how:
            self.answer_chunked(body)
        else:
            self.answer(200, body, "application/json", packing)

    def _error(
        self, query: str, status: int, detail: str, code: str, headers: dict[str, str] | None = None
    ) -> None:
        self.netsuite.requests.append((query, status))
        document = {
            "type": "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5",
            "title": "Error",
            "status": status,
            "o:errorDetails": [{"detail": detail, "o:errorQueryParam": "q", "o:errorCode": code}],
        }
        told = dict(headers or {})
        if status == 401:
            told["WWW-Authenticate"] = 'Bearer realm="1234567", error="invalid_token"'
        body = json.dumps(document).encode()
        self.answer_packed(status, body, _JSON.format(type="error"), told)
