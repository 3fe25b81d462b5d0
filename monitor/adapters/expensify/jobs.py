"""The one endpoint of Expensify's integration server, and the few jobs the monitor may send."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from requests import PreparedRequest
from requests.auth import AuthBase

from monitor.adapters.expensify.limiter import Limiter
from monitor.adapters.http import Answer, Http, Passing, Request
from monitor.errors import SourceError

PATH = "/Integration-Server/ExpensifyIntegrations"

READING_JOBS = frozenset(
    {("get", "policyList"), ("get", "policy"), ("file", "combinedReportData"), ("download", "")}
)
"""All that may ever be sent: everything else could write."""

_AFTER_RATE_LIMIT = timedelta(seconds=20)
"""Three of these outlast the longer window; Expensify does not say how long to wait."""
_ABOUT_CREDENTIALS = re.compile(r"auth|credential", re.IGNORECASE)
_REFUSED_ON_A_PAGE = re.compile(r"\b(401|403)\b[\s–-]+(?:Unauthorized|Forbidden|Invalid Cred)")
_HOW_TO_SIGN_IN = (
    "check [expensify] partner_user_id and partner_user_secret "
    "(https://www.expensify.com/tools/integrations/), and that their owner is an admin of every "
    "[[workspace]]"
)
_LONGEST_QUOTE = 160

Understood = TypeVar("Understood")


@dataclass(frozen=True, slots=True)
class ExpensifyCredentials:
    """The pair that Expensify's integrations page shows once."""

    user_id: str = field(repr=False)
    user_secret: str = field(repr=False)


class Jobs:
    """Sends jobs, each in its turn. Bodies carry the secret, so they are never logged or quoted."""

    def __init__(
        self, base_url: str, http: Http, credentials: ExpensifyCredentials, limiter: Limiter
    ) -> None:
        self._url = base_url.rstrip("/") + PATH
        self._http = http
        self._credentials = credentials
        self._turn = _InTurn(limiter)

    def get(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """A getter's answer. Raises SourceError, also for an error under HTTP 200."""
        return self._send({"type": "get", "inputSettings": dict(settings)}, self._document)

    def start_export(
        self, settings: Mapping[str, Any], output: Mapping[str, Any], template: str
    ) -> str:
        """Start rendering a file; returns its name. Raises SourceError."""
        job = {
            "type": "file",
            "onReceive": {"immediateResponse": ["returnRandomFileName"]},
            "inputSettings": dict(settings),
            "outputSettings": dict(output),
        }
        return self._send(job, self._file_name, template=template)

    def download(self, file_name: str) -> bytes:
        """The file, empty while it is not ready yet. Raises SourceError."""
        job = {"type": "download", "fileName": file_name, "fileSystem": "integrationServer"}
        return self._send(job, self._file)

    def _send(
        self,
        job: dict[str, Any],
        understand: Callable[[Answer], Understood],
        *,
        template: str = "",
    ) -> Understood:
        _check_reads_only(job)
        credentials = {
            "partnerUserID": self._credentials.user_id,
            "partnerUserSecret": self._credentials.user_secret,
        }
        form = {"requestJobDescription": json.dumps({**job, "credentials": credentials})}
        if template:
            form["template"] = template
        understood: Understood = self._http.ask(
            Request(self._url, form=form, auth=self._turn), understand
        )
        return understood

    def _document(self, answer: Answer) -> dict[str, Any]:
        document = self._checked(answer)
        if document is None:
            raise self._http.passing(
                "Expensify's answer is no whole JSON: it was cut on its way, or Expensify is down",
                answer,
            )
        return document

    def _file_name(self, answer: Answer) -> str:
        """The exporter answers a bare file name, or an envelope that names it or an error."""
        document = self._checked(answer)
        name = str((document or {}).get("filename", "")) or answer.text.strip()
        if not re.fullmatch(r"[\w-]{1,200}\.json", name, re.ASCII):
            raise self._http.passing("Expensify did not name the file it was asked for", answer)
        return name

    def _file(self, answer: Answer) -> bytes:
        if answer.status == 200 and answer.body.lstrip()[:11] == b'{"reports":':
            return answer.body  # ours: not read twice, it may be large
        document = self._checked(answer)
        if document is not None:
            raise self._http.final(
                f"Expensify did not give the file: {self._quote(_message(document))}"
            )
        return answer.body.strip()

    def _checked(self, answer: Answer) -> dict[str, Any] | None:
        """The answer as a JSON object if it is one; raises for every refusal in it."""
        if answer.is_html:
            raise self._page(answer)
        document = _object(answer)
        code = _code(answer, document)
        if code in (200, 207):
            return document
        raise self._refusal(code, _message(document or {}) or answer.text, answer)

    def _page(self, answer: Answer) -> SourceError:
        """A web page where data should be: a refusal that some server in between worded, or a
        server that is down.
        """
        said = _REFUSED_ON_A_PAGE.search(answer.text)
        code = int(said[1]) if said else answer.status
        if code in (401, 403, 429):
            return self._refusal(code, said[0] if said else "", answer)
        return self._http.passing(
            f"Expensify sent a web page instead of data (HTTP {answer.status}): it may be "
            "down, or [expensify] base_url is wrong",
            answer,
        )

    def _refusal(self, code: int, message: str, answer: Answer) -> SourceError:
        said = f"{code} {self._quote(message)}".strip()
        if code == 429:
            return self._too_often(answer)
        if code in (401, 403, 407) or (code == 500 and _ABOUT_CREDENTIALS.search(message)):
            return self._http.final(
                f"Expensify refused the credentials ({said}): {_HOW_TO_SIGN_IN}", is_permanent=True
            )
        if code == 404 and "policy" in message.casefold():
            return self._http.final(
                f"Expensify does not know a workspace ({said}): check [[workspace]] policy_id",
                is_permanent=True,
            )
        if code >= 500 and code != 666:
            return self._http.passing(f"Expensify is failing ({said})", answer)
        return self._http.final(f"Expensify refused the question ({said})")

    def _too_often(self, answer: Answer) -> Passing:
        refused = self._http.passing(
            "Expensify's rate limit was reached (429): something else uses the same credentials",
            answer,
        )
        refused.retry_after = refused.retry_after or _AFTER_RATE_LIMIT
        return refused

    def _quote(self, message: str) -> str:
        """Expensify's own words, short, and without the secret should they repeat the question."""
        plain = " ".join(message.split())
        return plain.replace(self._credentials.user_secret, "[secret]")[:_LONGEST_QUOTE]


class _InTurn(AuthBase):
    """Called for every attempt: each one counts against the rate windows."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        self._limiter.wait_for_turn()
        return request


def _check_reads_only(job: Mapping[str, Any]) -> None:
    kind = str(job.get("type"))
    subject = str(job.get("inputSettings", {}).get("type", ""))
    if (kind, subject) not in READING_JOBS or _has_consequences(job):
        raise ValueError(f"the monitor never sends the job {kind} {subject}: it may write")


def _has_consequences(part: object) -> bool:
    """An `onFinish` anywhere: it could mark reports as exported, or send them somewhere."""
    if isinstance(part, Mapping):
        return any(key == "onFinish" or _has_consequences(part[key]) for key in part)
    return isinstance(part, list) and any(_has_consequences(item) for item in part)


def _object(answer: Answer) -> dict[str, Any] | None:
    if answer.body.lstrip()[:1] != b"{":
        return None
    try:
        document = answer.document()
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _code(answer: Answer, document: Mapping[str, Any] | None) -> int:
    """Expensify's own code wins over the HTTP status: errors come under 200."""
    said = str((document or {}).get("responseCode", answer.status))
    return int(said) if re.fullmatch(r"\d{1,4}", said, re.ASCII) else answer.status


def _message(document: Mapping[str, Any]) -> str:
    return str(document.get("responseMessage", ""))
