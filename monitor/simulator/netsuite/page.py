"""The simulated NetSuite on the wire."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from monitor.simulator.netsuite.suiteql import Refused
from monitor.simulator.web import Page

if TYPE_CHECKING:
    from monitor.simulator.world import NetSuite

_TOKEN = "/services/rest/auth/oauth2/v1/token"
_SUITEQL = "/services/rest/query/v1/suiteql"

_ERRORS: dict[str, tuple[int, str, str]] = {
    "401": (401, "Invalid login attempt.", "INVALID_LOGIN"),
    "403": (
        403,
        "Permission Violation: you need the 'SuiteAnalytics Workbook' permission.",
        "INSUFFICIENT_PERMISSION",
    ),
    "429": (
        429,
        "Concurrent request limit exceeded. Request blocked.",
        "CONCURRENCY_LIMIT_EXCEEDED",
    ),
    "400-concurrency": (
        400,
        "Concurrent request limit exceeded. Request blocked.",
        "CONCURRENCY_LIMIT_EXCEEDED",
    ),
    "500": (
        500,
        "An unexpected error occurred. Error ID: jrgbpyylphhishmmlxyt",
        "UNEXPECTED_ERROR",
    ),
    "503": (503, "Service unavailable.", "UNEXPECTED_ERROR"),
}


class NetSuitePage(Page):
    """One request to NetSuite; `netsuite` is set by the server."""

    netsuite: ClassVar[NetSuite]

    def do_POST(self) -> None:
        body = self.read_body()
        url = f"http://{self.headers.get('Host')}{self.path}"
        if self.path_only == _TOKEN:
            self.netsuite.requests.append(("token", 0))
            self.answer_json(*self.netsuite.sign_in.issue(self.form(body), url))
            return
        document = json.loads(body)
        query = str(document.get("q", ""))
        kind, detail = self.netsuite.faults.take(query)
        if self.path_only != _SUITEQL:
            self._error(404, "Record type does not exist.", "NONEXISTENT_ID")
        elif kind and not kind.startswith("row-"):
            self._fail(kind, detail)
        elif not self.netsuite.sign_in.admits(self.headers.get("Authorization", ""), "POST", url):
            self._error(*_ERRORS["401"])
        elif self.headers.get("Prefer") != "transient":
            self._error(400, "Missing header Prefer: transient", "INVALID_HEADER")
        else:
            self._rows(query, document.get("params") or [], kind)

    def _rows(self, query: str, params: list[str], fault: str) -> None:
        limit, offset = int(self.query().get("limit", "1000")), int(self.query().get("offset", "0"))
        if limit > 1000 or offset % limit:
            self._error(400, "Invalid limit or offset.", "INVALID_PARAMETER")
            return
        try:
            rows = self.netsuite.suiteql.run(query, params)
        except Refused as refused:
            self._error(400, str(refused), "INVALID_PARAMETER")
            return
        self.netsuite.requests.append((query, 200))
        page: list[dict[str, Any]] = [{"links": [], **row} for row in rows[offset : offset + limit]]
        if fault == "row-without-id" and page:
            page[0].pop("id", None)
        if fault == "row-missing" and page:
            page.pop()
        self.answer_json(
            200,
            {
                "links": [{"rel": "self", "href": self.path}],
                "count": len(page),
                "hasMore": offset + limit < len(rows),
                "items": page,
                "offset": offset,
                "totalResults": len(rows),
            },
        )

    def _fail(self, kind: str, detail: str) -> None:
        self.netsuite.requests.append((kind, 0))
        if kind == "html":
            self.answer_html()
        elif kind == "truncated":
            self.answer(200, b'{"items": [{"links": [], "id": "1"', "application/json")
        elif kind == "cut":
            self.answer_cut(b'{"items": [], "hasMore": false}   ')
        elif kind == "drop":
            self.drop()
        else:
            headers = {"Retry-After": detail} if detail else {}
            self._error(*_ERRORS[kind], headers=headers)

    def _error(
        self, status: int, detail: str, code: str, headers: dict[str, str] | None = None
    ) -> None:
        document = {
            "type": "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5",
            "title": "Error",
            "status": status,
            "o:errorDetails": [{"detail": detail, "o:errorQueryParam": "q", "o:errorCode": code}],
        }
        self.answer_json(status, document, headers=headers)
