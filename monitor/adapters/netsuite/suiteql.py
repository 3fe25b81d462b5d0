"""SuiteQL over REST: one question, one page of rows; and what NetSuite's refusals mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from monitor.adapters.http import Answer, Http, Passing, Request
from monitor.adapters.netsuite.auth import Signer
from monitor.adapters.netsuite.lanes import Crowded, Lanes
from monitor.adapters.netsuite.numbers import whole
from monitor.errors import SourceError

PATH = "/services/rest/query/v1/suiteql"
BELOW_ALL_IDS = "-999999999999"
"""NetSuite's ids can be negative: the first page begins below the most negative one."""

Row = dict[str, Any]

_LONGEST_CODE = 60
_PASSING_STATUS = frozenset({408, 429, 500, 502, 503, 504})
_CROWDED_CODES = frozenset({"CONCURRENCY_LIMIT_EXCEEDED", "SSS_REQUEST_LIMIT_EXCEEDED"})
_PASSING_CODES = _CROWDED_CODES | {"UNEXPECTED_ERROR"}
_MISSING_TABLE = re.compile(r"Record '(\w+)' was not found|Invalid search type: (\w+)", re.I)
_MISSING_COLUMN = re.compile(
    r"Unknown identifier '(\w+)'|Field '(\w+)'.*not found|NOT_EXPOSED", re.I
)


class Refused(SourceError):
    """NetSuite runs no such query for this account and role, whenever it is asked."""


class MissingTable(Refused):
    """The account or the role has no such table."""


class MissingColumn(Refused):
    """The account or the role has no such column."""


class Unexpected(Passing):
    """NetSuite failed without saying why (500): a bad moment, and now and then a bad column."""


class SuiteQL:
    """Asks one account; never more requests at once than allowed, and SELECT only."""

    def __init__(
        self, base_url: str, http: Http, signer: Signer, *, page_size: int, lanes: Lanes
    ) -> None:
        self.page_size = page_size
        self._url = base_url + PATH
        self._http = http
        self._signer = signer
        self._lanes = lanes

    def rows(self, query: str, params: Sequence[str] = ()) -> list[Row]:
        """One page: at most `page_size` rows, keys in lower case, null columns absent.

        Raises MissingTable, MissingColumn, or another SourceError.
        """
        if not query.lstrip().upper().startswith("SELECT "):
            raise ValueError("the monitor only reads")
        request = Request(
            self._url,
            params={"limit": str(self.page_size)},
            headers={"Prefer": "transient"},
            json={"q": query, "params": list(params)} if params else {"q": query},
            auth=self._signer,
        )
        answer = self._http.ask(request, self._renewing(self._understand), self._lanes)
        return [_plain(row) for row in answer["items"]]

    def pages(
        self, query: str, params: Sequence[str], key: Callable[[Row], str]
    ) -> Iterator[list[Row]]:
        """Page after page by keyset: the last parameter is the key of the last row so far.

        Ends with a short page. Raises SourceError when the key is missing or does not advance.
        """
        *fixed, last = params
        while True:
            rows = self.rows(query, [*fixed, last])
            if not rows:
                return
            reached = self._key(key, rows[-1])
            if reached <= int(last):
                raise self._http.final(
                    f"NetSuite's pages do not advance beyond id {last}: the list is not whole"
                )
            yield rows
            if len(rows) < self.page_size:
                return
            last = str(reached)

    def count(self, table: str, where: str = "") -> int:
        """How many rows the role sees in the table."""
        rows = self.rows(f"SELECT COUNT(*) AS cnt FROM {table} t{where and f' WHERE {where}'}")
        try:
            return whole(rows[0]["cnt"])
        except (LookupError, TypeError, ValueError) as error:
            raise self._http.final(f"NetSuite did not count the rows of {table}") from error

    def _key(self, key: Callable[[Row], str], row: Row) -> int:
        try:
            return whole(key(row))
        except (KeyError, TypeError, ValueError) as error:
            raise self._http.final(
                f"NetSuite sent a row without an id ({_cut(str(row))}): nothing of this reading "
                "is kept"
            ) from error

    def _renewing(self, understand: Callable[[Answer], Any]) -> Callable[[Answer], Any]:
        has_renewed = False

        def understood(answer: Answer) -> Any:
            nonlocal has_renewed
            if answer.status == 401 and not has_renewed and self._signer.renew():
                has_renewed = True
                raise self._http.passing("NetSuite's token ended early: a new one is fetched")
            return understand(answer)

        return understood

    def _understand(self, answer: Answer) -> dict[str, Any]:
        if answer.status != 200:
            raise self._refusal(answer)
        if answer.is_html:
            raise self._page(answer)
        try:
            document = answer.document()
        except ValueError as error:
            raise self._http.passing(
                "NetSuite's answer is no whole JSON: it was cut on its way", answer
            ) from error
        if not _has_rows(document):
            raise self._http.passing("NetSuite's answer holds no list of rows", answer)
        whole: dict[str, Any] = document
        return whole

    def _refusal(self, answer: Answer) -> SourceError:
        """What a refusal means: its code first, then its status, whoever worded its body."""
        detail, code = _detail(answer)
        said = f"HTTP {answer.status} {code}".strip()
        if code not in _PASSING_CODES:
            if answer.status in (401, 403):
                return self._forbidden(answer, said)
            if answer.status == 404 or 300 <= answer.status < 400:
                return self._elsewhere(answer)
        if answer.is_html:
            return self._page(answer)
        if answer.status == 500:
            return self._http.passing(
                f"NetSuite is failing ({said}): {_cut(detail)}", answer, kind=Unexpected
            )
        if answer.status in _PASSING_STATUS or code in _PASSING_CODES:
            is_crowded = answer.status == 429 or code in _CROWDED_CODES
            return self._http.passing(
                f"NetSuite is busy or failing ({said}): {_cut(detail)}",
                answer,
                kind=Crowded if is_crowded else Passing,
            )
        return _refused(detail, said) if answer.status == 400 else self._elsewhere(answer)

    def _forbidden(self, answer: Answer, said: str) -> SourceError:
        if answer.status == 401:
            return self._http.final(
                "NetSuite refused the monitor's credentials (401): check [netsuite.auth], and "
                "Setup > Users/Roles > View Login Audit Trail in NetSuite"
                + self._http.clock_hint(answer),
                is_permanent=True,
            )
        return self._http.final(
            f"NetSuite forbids the monitor's role to ask ({said}): give it "
            "REST Web Services and SuiteAnalytics Workbook",
            is_permanent=True,
        )

    def _page(self, answer: Answer) -> Passing:
        return self._http.passing(
            f"NetSuite sent a web page instead of data (HTTP {answer.status}): it may be down "
            "for maintenance, or [netsuite] base_url is wrong",
            answer,
        )

    def _elsewhere(self, answer: Answer) -> SourceError:
        return self._http.final(
            f"NetSuite has no SuiteQL at this address ({answer.status}): check [netsuite] "
            "account and base_url, and that REST Web Services is enabled"
        )


def _refused(detail: str, said: str) -> Refused:
    sentence = f"NetSuite refused a query ({said}): {_cut(detail)}"
    # Columns first: a refused column may name its record, too.
    if _MISSING_COLUMN.search(detail):
        return MissingColumn(sentence, source="netsuite", is_permanent=True)
    if _MISSING_TABLE.search(detail):
        return MissingTable(sentence, source="netsuite", is_permanent=True)
    return Refused(sentence, source="netsuite")


def _has_rows(document: Any) -> bool:
    rows = document.get("items") if isinstance(document, dict) else None
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)


def _detail(answer: Answer) -> tuple[str, str]:
    """NetSuite's words and its code; of a refusal that is none of its own, the bare text."""
    try:
        document = answer.document()
    except ValueError:
        return answer.text, ""
    if not isinstance(document, dict):
        return answer.text, ""
    details = document.get("o:errorDetails")
    first = details[0] if isinstance(details, list) and details else details
    said = first if isinstance(first, dict) else {}
    return (
        str(said.get("detail", document.get("title", ""))),
        str(said.get("o:errorCode", document.get("o:errorCode", "")))[:_LONGEST_CODE],
    )


def _cut(detail: str) -> str:
    return " ".join(detail.split())[:200] or "no reason given"


def _plain(row: Row) -> Row:
    """The row without the links that NetSuite adds to each."""
    row.pop("links", None)
    if all(name.islower() for name in row):
        return row
    return {name.lower(): value for name, value in row.items()}
