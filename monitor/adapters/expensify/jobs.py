"""The one endpoint of Expensify's integration server, and the few jobs the monitor may send."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.adapters.expensify.limiter import Limiter
from monitor.adapters.http import Answer, Http, Request
from monitor.errors import SourceError

PATH = "/Integration-Server/ExpensifyIntegrations"

READING_JOBS = frozenset(
    {("get", "policyList"), ("get", "policy"), ("file", "combinedReportData"), ("download", "")}
)
"""All that may ever be sent: everything else could write. A job with `onFinish` is refused, too."""

_ABOUT_CREDENTIALS = re.compile(r"auth|credential|not authorized", re.I)
_HOW_TO_SIGN_IN = (
    "check [expensify] partner_user_id and partner_user_secret "
    "(https://www.expensify.com/tools/integrations/)"
)


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
        self._limiter = limiter

    def get(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """A getter's answer. Raises SourceError, also for an error under HTTP 200."""
        answer = self._send({"type": "get", "inputSettings": dict(settings)}, self._document)
        assert isinstance(answer, dict)  # _document lets nothing else pass
        return answer

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
        return str(self._send(job, self._file_name, template=template))

    def download(self, file_name: str) -> bytes:
        """The file, empty while it is not ready yet. Raises SourceError."""
        job = {"type": "download", "fileName": file_name, "fileSystem": "integrationServer"}
        body = self._send(job, self._file)
        assert isinstance(body, bytes)  # _file lets nothing else pass
        return body

    def _send(self, job: dict[str, Any], understand: Any, *, template: str = "") -> Any:
        _check_reads_only(job)
        described = {
            **job,
            "credentials": {
                "partnerUserID": self._credentials.user_id,
                "partnerUserSecret": self._credentials.user_secret,
            },
        }
        form = {"requestJobDescription": json.dumps(described)}
        if template:
            form["template"] = template

        def sign(request: Any) -> Any:
            # Called for every attempt: each one counts against the rate windows.
            self._limiter.wait_for_turn()
            return request

        return self._http.ask(Request(self._url, form=form, auth=sign), understand)  # type: ignore[arg-type]

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
        if not re.fullmatch(r"[\w.-]{1,200}", name):
            raise self._http.passing("Expensify did not name the file it was asked for", answer)
        return name

    def _file(self, answer: Answer) -> bytes:
        document = self._checked(answer)
        if document is not None and "reports" not in document:
            raise self._http.final(f"Expensify did not give the file: {_message(document)}")
        return answer.body.strip()

    def _checked(self, answer: Answer) -> dict[str, Any] | None:
        """The answer as a JSON object if it is one; raises for every refusal in it."""
        if answer.is_html:
            raise self._http.passing(
                f"Expensify sent a web page instead of data (HTTP {answer.status}): it may be "
                "down, or [expensify] base_url is wrong",
                answer,
            )
        document = _object(answer)
        code = _code(answer, document)
        if code in (200, 207):
            return document
        raise self._refusal(code, _message(document or {}) or answer.text.strip()[:120], answer)

    def _refusal(self, code: int, message: str, answer: Answer) -> SourceError:
        if code == 429:
            return self._http.passing("Expensify's rate limit was reached (429)", answer)
        is_credentials = code in (401, 403, 407) or (
            code == 500 and _ABOUT_CREDENTIALS.search(message) is not None
        )
        if is_credentials:
            return self._http.final(
                f"Expensify refused the credentials ({code} {message}): {_HOW_TO_SIGN_IN}",
                is_permanent=True,
            )
        if code >= 500 and code != 666:
            return self._http.passing(f"Expensify is failing ({code} {message})", answer)
        return self._http.final(f"Expensify refused the question ({code} {message})")


def _check_reads_only(job: Mapping[str, Any]) -> None:
    kind = str(job.get("type"))
    subject = str(job.get("inputSettings", {}).get("type", ""))
    if (kind, subject) not in READING_JOBS or "onFinish" in job:
        raise ValueError(f"the monitor never sends the job {kind} {subject}: it may write")


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
    said = (document or {}).get("responseCode", answer.status)
    return int(said) if isinstance(said, int) or str(said).isdigit() else answer.status


def _message(document: Mapping[str, Any]) -> str:
    return " ".join(str(document.get("responseMessage", "")).split())[:160]
