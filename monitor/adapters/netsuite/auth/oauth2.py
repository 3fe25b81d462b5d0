"""OAuth 2.0 client credentials: a signed assertion for a token, the token for every question."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from requests import PreparedRequest
from requests.auth import AuthBase

from monitor.adapters.http import Answer, Http, Passing, Request
from monitor.clock import Clock
from monitor.errors import ConfigError

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_USUAL_LIFETIME_SECONDS = 3600.0
_RENEWED_BEFORE_SECONDS = 60.0
_SMALLEST_RSA = 3072
_LONGEST_CODE = 60
_TOKEN = re.compile(r"[!-~]{1,10000}")
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
_CURES = {
    "invalid_grant": "check that the certificate with [netsuite.auth] certificate_id is uploaded, "
    "not expired, and belongs to this private key",
    "invalid_client": "check [netsuite.auth] client_id: it must be the integration's client id",
    "unauthorized_client": "tick Client Credentials on the integration record",
    "invalid_scope": "tick REST Web Services on the integration record",
}


@dataclass(frozen=True, slots=True)
class OAuth2:
    """Client credentials with a certificate (docs.oracle.com, section 162730264820 ff.)."""

    client_id: str = field(repr=False)
    certificate_id: str
    private_key: str = field(repr=False)
    """PEM."""


class Assertion(AuthBase):
    """Puts the form that asks for a token into a request, signed anew on every attempt."""

    def __init__(self, credentials: OAuth2, url: str, clock: Clock) -> None:
        self._credentials = credentials
        self._url = url
        self._clock = clock
        self._algorithm = _algorithm(credentials.private_key)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": self._signed(),
        }
        request.prepare_body(form, None)
        return request

    def _signed(self) -> str:
        now = int(self._clock.now().timestamp())
        return jwt.encode(
            {
                "iss": self._credentials.client_id,
                "scope": ["rest_webservices"],
                "aud": self._url,
                "iat": now,
                "exp": now + 300,
                "jti": uuid.uuid4().hex,
            },
            self._credentials.private_key,
            algorithm=self._algorithm,
            headers={"kid": self._credentials.certificate_id, "typ": "JWT"},
        )


class Bearer(AuthBase):
    """A token fetched when first needed, kept until a minute before it ends, renewed on a 401."""

    def __init__(
        self,
        credentials: OAuth2,
        base_url: str,
        http: Http,
        clock: Clock,
        remember: Callable[[str], None],
    ) -> None:
        self._url = base_url + TOKEN_PATH
        self._assertion = Assertion(credentials, self._url, clock)
        self._http = http
        self._clock = clock
        self._remember = remember
        self._lock = threading.Lock()
        self._token = ""
        self._ends_at = 0.0
        self._shown = threading.local()
        """The token of this thread's last request."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        with self._lock:
            if not self._token or self._clock.now().timestamp() >= self._ends_at:
                self._fetch()
            request.headers["Authorization"] = f"Bearer {self._token}"
            self._shown.token = self._token
        return request

    def renew(self) -> bool:
        """Forget the token that this thread was refused with, so that the next request fetches
        one; whether that can help. Another thread may have fetched a new one already.
        """
        with self._lock:
            if self._token == self._shown.token:
                self._token = ""
        return True

    def _fetch(self) -> None:
        asked_at = self._clock.now().timestamp()
        try:
            answer = self._http.ask(Request(self._url, auth=self._assertion), self._understand)
        except Passing as error:
            # This was tried again already: the request that needs the token must not do so, too.
            raise self._http.final(str(error)) from error
        self._token = str(answer["access_token"])
        self._remember(self._token)
        self._ends_at = asked_at + _lifetime(answer) - _RENEWED_BEFORE_SECONDS

    def _understand(self, answer: Answer) -> dict[str, Any]:
        is_refused = 300 <= answer.status < 500 and answer.status not in (408, 429)
        if not is_refused and (answer.status != 200 or answer.is_html):
            raise self._http.passing(
                f"NetSuite's sign-in answers {_said(answer)}: it may be down for maintenance",
                answer,
            )
        document = _object(answer)
        if document is None and answer.status == 200:
            raise self._http.passing("NetSuite's sign-in sent no whole JSON", answer)
        if document is not None and answer.status == 200 and document.get("access_token"):
            return self._with_token(document)
        code = str((document or {}).get("error", f"HTTP {answer.status}"))[:_LONGEST_CODE]
        cure = _CURES.get(code, "check [netsuite.auth] and the integration record")
        hint = self._http.clock_hint(answer)
        raise self._http.final(
            f"NetSuite refused to sign the monitor in ({code}): {cure}{hint}", is_permanent=True
        )

    def _with_token(self, document: dict[str, Any]) -> dict[str, Any]:
        """A token travels in a header: anything else there would be a header of its own."""
        token = document["access_token"]
        if isinstance(token, str) and _TOKEN.fullmatch(token):
            return document
        raise self._http.final("NetSuite's sign-in sent a token that is none")


def _algorithm(pem: str) -> str:
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ConfigError(
            "netsuite.auth.private_key is no PEM key that can be read: it is broken, or "
            "has a pass phrase; write it again, without one"
        ) from error
    if isinstance(key, RSAPrivateKey):
        if key.key_size < _SMALLEST_RSA:
            raise ConfigError(
                f"netsuite.auth.private_key has {key.key_size} bits: NetSuite takes RSA keys of "
                "3072 or 4096 bits"
            )
        return "PS256"
    if isinstance(key, EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return _CURVES[key.curve.name]
    raise ConfigError(
        "netsuite.auth.private_key is of a kind NetSuite does not take: use RSA, or EC P-256"
    )


def _object(answer: Answer) -> dict[str, Any] | None:
    try:
        document = answer.document()
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _lifetime(answer: dict[str, Any]) -> float:
    """Seconds; NetSuite tells them as a number or as text, and they are always the same."""
    told = str(answer.get("expires_in", ""))
    return float(told) if re.fullmatch("[0-9]{1,9}", told) else _USUAL_LIFETIME_SECONDS


def _said(answer: Answer) -> str:
    return "with a web page" if answer.is_html else f"HTTP {answer.status}"
