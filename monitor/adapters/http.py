"""One way to ask a service: a deadline always, retry when it helps, our own errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from requests.auth import AuthBase
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_base, wait_random_exponential

from monitor.clock import Clock
from monitor.errors import SourceError

_LARGEST_BYTES = 256 * 1024 * 1024
_LONGEST_WAIT_SECONDS = 60.0
_CHUNK = 64 * 1024


class Passing(SourceError):
    """A failure that another attempt may not meet."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question. `auth` signs every attempt anew."""

    url: str
    params: Mapping[str, str] | None = None
    headers: Mapping[str, str] | None = None
    json: Any = None
    form: Mapping[str, str] | None = None
    auth: AuthBase | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered, read to its end. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> Any:
        """The body as JSON; raises ValueError when it is none."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", errors="replace")

    @property
    def is_html(self) -> bool:
        return self.body.lstrip()[:1] == b"<"

    def skew_from(self, now: float) -> float | None:
        """Seconds the service's clock is ahead of ours, by its Date header."""
        try:
            return parsedate_to_datetime(self.headers.get("date", "")).timestamp() - now
        except (TypeError, ValueError):
            return None


class Http:
    """A session with one service: TLS verified, no redirects, every attempt bounded as a whole."""

    def __init__(
        self,
        source: str,
        clock: Clock,
        *,
        deadline: timedelta = timedelta(seconds=90),
        attempts: int = 4,
    ) -> None:
        self.source = source
        self._clock = clock
        self._deadline = deadline.total_seconds()
        self._attempts = attempts
        self._session = requests.Session()

    def ask(self, request: Request, understand: Callable[[Answer], Any]) -> Any:
        """Send the request until `understand` takes an answer; at most four attempts.

        `understand` returns the result, or raises Passing (try again) or SourceError (do not).
        Raises SourceError.
        """
        retrying = Retrying(
            retry=retry_if_exception(lambda error: isinstance(error, Passing)),
            stop=stop_after_attempt(self._attempts),
            wait=_Wait(),
            sleep=self._clock.sleep,
            reraise=True,
        )
        return retrying(lambda: understand(self.once(request)))

    def once(self, request: Request) -> Answer:
        """One attempt, prepared and signed anew; raises Passing when the connection fails."""
        prepared = self._session.prepare_request(
            requests.Request(
                "POST",
                request.url,
                params=request.params,
                headers=request.headers,
                json=request.json,
                data=request.form,
                auth=request.auth,
            )
        )
        ends_at = self._clock.monotonic() + self._deadline
        settings = self._session.merge_environment_settings(request.url, {}, True, True, None)
        try:
            with self._session.send(
                prepared,
                timeout=(10, min(60, self._deadline)),
                allow_redirects=False,
                **settings,
            ) as response:
                body = self._read(response, ends_at)
        except (requests.RequestException, OSError) as error:
            raise Passing(
                f"{self.name} cannot be reached ({_why(error)}): check the network "
                f"and [{self.source}]",
                source=self.source,
            ) from None  # requests' own words repeat the address and its parameters
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, body)

    @property
    def name(self) -> str:
        return {"netsuite": "NetSuite", "expensify": "Expensify"}.get(self.source, self.source)

    def passing(self, message: str, answer: Answer | None = None) -> Passing:
        """An error that another attempt may not meet; honours Retry-After."""
        return Passing(message, source=self.source, retry_after=_retry_after(answer))

    def final(self, message: str, *, is_permanent: bool = False) -> SourceError:
        """An error that no other attempt helps."""
        return SourceError(message, source=self.source, is_permanent=is_permanent)

    def close(self) -> None:
        self._session.close()

    def _read(self, response: requests.Response, ends_at: float) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > _LARGEST_BYTES:
                raise self.final(f"{self.name} sent more than 256 MB in one answer: refused")
            if self._clock.monotonic() > ends_at:
                raise self.passing(f"{self.name} answers too slowly: the answer was given up")
        return bytes(body)


class _Wait(wait_base):
    """What the service asked for, else longer and longer with chance in it."""

    _otherwise = wait_random_exponential(multiplier=0.5, max=20)

    def __call__(self, retry_state: RetryCallState) -> float:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        asked = getattr(error, "retry_after", None)
        if asked is not None:
            return float(min(asked.total_seconds(), _LONGEST_WAIT_SECONDS))
        return float(self._otherwise(retry_state))


def _retry_after(answer: Answer | None) -> timedelta | None:
    said = answer.headers.get("retry-after", "") if answer else ""
    return timedelta(seconds=int(said)) if said.isdigit() else None


def _why(error: Exception) -> str:
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate cannot be verified"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the answer was cut off"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return type(error).__name__
