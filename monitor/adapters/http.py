"""One way to ask a service: a deadline always, retry when it helps, our own errors."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import requests
from requests.auth import AuthBase
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from urllib3.exceptions import HTTPError

from monitor.adapters.dates import clock_ahead
from monitor.adapters.document import json_document
from monitor.adapters.turns import Backoff, NoTurns, Turns, retry_after
from monitor.adapters.wire import BoundedAdapter, Left, why_failed
from monitor.clock import Clock, Deadline
from monitor.errors import SourceError

_LARGEST_BYTES = 256 * 1024 * 1024
_LONGEST_CONNECT_SECONDS = 10.0
_LONGEST_SILENCE_SECONDS = 60.0
_NOTABLE_SKEW = timedelta(minutes=1)
_CHUNK = 64 * 1024
_NAMES = {"netsuite": "NetSuite", "expensify": "Expensify", "health": "The ping's address"}
_GZIP = 31
"""zlib's number for a gzip member."""


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
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered, read to its end. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> Any:
        """The body as JSON; raises ValueError when it is none."""
        return json_document(self.body)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", errors="replace")

    @property
    def is_html(self) -> bool:
        return self.body[:256].lstrip()[:1] == b"<"


class Http:
    """A session with one service: TLS verified, no redirects, every attempt bounded as a whole.

    An attempt ends at its deadline, however slowly headers or body drip; a service that goes silent
    is given up after a minute at the latest.
    """

    def __init__(
        self,
        source: str,
        clock: Clock,
        *,
        deadline: timedelta = timedelta(seconds=90),
        attempts: int = 4,
        largest_bytes: int = _LARGEST_BYTES,
        cycle: Deadline | None = None,
        connections: int = 10,
    ) -> None:
        self.source = source
        self._clock = clock
        self._deadline = deadline.total_seconds()
        self._attempts = attempts
        self._cycle = cycle or Deadline(clock)
        self._alone = NoTurns(clock)
        self._largest = largest_bytes
        self._session = requests.Session()
        self._session.headers["Accept-Encoding"] = "gzip"
        self._wire = BoundedAdapter(connections)
        self.ahead: timedelta | None = None
        """How far this machine's clock was ahead of the service's when it last told its own."""

    def ask(
        self, request: Request, understand: Callable[[Answer], Any], turns: Turns | None = None
    ) -> Any:
        """Send the request until `understand` takes an answer; at most four attempts, each in its
        turn where others ask, too.

        `understand` returns the result, or raises Passing (try again) or SourceError (do not).
        Raises SourceError.
        """
        turns = turns or self._alone

        def attempt() -> Any:
            with turns.attempt():
                return understand(self.once(request))

        def before_wait(state: RetryCallState) -> None:
            error = state.outcome.exception() if state.outcome else None
            # What it would wait for must still lie in the cycle.
            self._cycle.check(self.name, str(error), wait=state.upcoming_sleep)
            turns.refused(error, state.upcoming_sleep)

        retrying = Retrying(
            retry=retry_if_exception(lambda error: isinstance(error, Passing)),
            stop=stop_after_attempt(self._attempts),
            wait=Backoff(),
            before_sleep=before_wait,
            sleep=turns.sleep,
            reraise=True,
        )
        try:
            return retrying(attempt)
        except Passing as error:
            self._cycle.check(self.name, str(error))
            raise

    def once(self, request: Request) -> Answer:
        """One attempt, prepared and signed anew; raises Passing when the connection fails."""
        prepared = self._session.prepare_request(
            requests.Request(
                request.method,
                request.url,
                params=request.params,
                headers=request.headers,
                json=request.json,
                data=request.form,
                # Nothing to sign with is said, too: else a netrc file of the user is sent.
                auth=request.auth or _unsigned,
            )
        )
        self._cycle.check(self.name, "more was to be asked")
        seconds = min(self._deadline, self._cycle.left())
        ends_at = self._clock.monotonic() + seconds
        try:
            return self._answer(prepared, lambda: ends_at - self._clock.monotonic())
        except (requests.RequestException, HTTPError, OSError) as error:
            failure = (
                f"{self.name} answers too slowly: the answer was given up"
                if self._clock.monotonic() >= ends_at
                else f"{self.name} cannot be reached ({why_failed(error)}): check the network "
                f"and [{self.source}]"
            )
        # Not from the error: requests' own words repeat the address and its parameters.
        raise self.passing(failure)

    def _answer(self, prepared: requests.PreparedRequest, left: Left) -> Answer:
        """Send by the adapter itself: a session reads the whole body of a redirect unasked."""
        settings = self._session.merge_environment_settings(str(prepared.url), {}, True, True, None)
        timeout = (min(_LONGEST_CONNECT_SECONDS, left()), min(_LONGEST_SILENCE_SECONDS, left()))
        settings.pop("stream")
        with self._wire.send_within(left, prepared, timeout=timeout, **settings) as response:
            body = self._read(response)
        headers = {name.lower(): value for name, value in response.headers.items()}
        ahead = clock_ahead(headers, self._clock.now())
        self.ahead = self.ahead if ahead is None else ahead
        return Answer(response.status_code, headers, body)

    @property
    def name(self) -> str:
        return _NAMES.get(self.source, self.source)

    def passing(
        self, message: str, answer: Answer | None = None, *, kind: type[Passing] = Passing
    ) -> Passing:
        """An error that another attempt may not meet; honours Retry-After."""
        asked = retry_after(answer.headers) if answer else None
        return kind(message, source=self.source, retry_after=asked)

    def final(self, message: str, *, is_permanent: bool = False) -> SourceError:
        """An error that no other attempt helps."""
        return SourceError(message, source=self.source, is_permanent=is_permanent)

    def clock_hint(self, answer: Answer) -> str:
        """Words to end a refused sign-in with when the two clocks differ: that can be the cause."""
        ahead = clock_ahead(answer.headers, self._clock.now())
        if ahead is None or abs(ahead) < _NOTABLE_SKEW:
            return ""
        skew = abs(ahead).total_seconds()
        return f"; this machine's clock is {skew:.0f} s off {self.name}'s, which can cause it"

    def close(self) -> None:
        self._wire.close()
        self._session.close()

    def _read(self, response: requests.Response) -> bytes:
        """The whole body. It takes what has arrived, as a full chunk may never fill up; and it
        unpacks at the end: what is packed may grow without end, too.
        """
        body = bytearray()
        while piece := response.raw.read1(_CHUNK, decode_content=False):
            body += piece
            if len(body) > self._largest:
                raise self._too_large()
        packing = response.headers.get("Content-Encoding", "identity").lower()
        return self._unpacked(bytes(body)) if packing == "gzip" else bytes(body)

    def _unpacked(self, packed: bytes) -> bytes:
        body = bytearray()
        while packed:
            member = zlib.decompressobj(_GZIP)
            try:
                body += member.decompress(packed, self._largest - len(body) + 1)
            except zlib.error as error:
                raise self.passing(f"{self.name}'s answer cannot be unpacked") from error
            if len(body) > self._largest:
                raise self._too_large()
            if not member.eof:
                raise self.passing(f"{self.name}'s answer was cut off")
            packed = member.unused_data
        return bytes(body)

    def _too_large(self) -> SourceError:
        size = self._largest // (1024 * 1024)
        return self.final(f"{self.name} sent more than {size} MB in one answer: refused")


def _unsigned(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
