"""Signing in to NetSuite: OAuth 2.0 with a certificate, or four tokens (OAuth 1.0a)."""

from __future__ import annotations

import hmac
import secrets
import threading
import uuid
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from requests import PreparedRequest
from requests.auth import AuthBase

from monitor.adapters.http import Answer, Http, Request
from monitor.clock import Clock
from monitor.errors import ConfigError

TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SMALLEST_RSA = 3072
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}


@dataclass(frozen=True, slots=True)
class OAuth2:
    """Client credentials with a certificate (docs.oracle.com, section 162730264820 ff.)."""

    client_id: str = field(repr=False)
    certificate_id: str
    private_key: str = field(repr=False)
    """PEM."""


@dataclass(frozen=True, slots=True)
class TokenBased:
    """Token-based authentication: OAuth 1.0a with HMAC-SHA256."""

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    token_id: str = field(repr=False)
    token_secret: str = field(repr=False)


Credentials = OAuth2 | TokenBased


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
        self._credentials = credentials
        self._url = base_url + TOKEN_PATH
        self._http = http
        self._clock = clock
        self._remember = remember
        self._algorithm = _algorithm(credentials.private_key)
        self._lock = threading.Lock()
        self._token = ""
        self._ends_at = 0.0

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        with self._lock:
            if not self._token or self._clock.now().timestamp() >= self._ends_at:
                self._fetch()
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def renew(self) -> bool:
        """Forget the token, so that the next request fetches one; whether that can help."""
        with self._lock:
            self._token = ""
        return True

    def _fetch(self) -> None:
        answer: dict[str, Any] = self._http.ask(
            Request(
                self._url,
                form={
                    "grant_type": "client_credentials",
                    "client_assertion_type": _ASSERTION_TYPE,
                    "client_assertion": self._assertion(),
                },
            ),
            self._understand,
        )
        self._token = str(answer["access_token"])
        self._remember(self._token)
        lifetime = float(answer.get("expires_in", 3600))
        self._ends_at = self._clock.now().timestamp() + lifetime - 60

    def _assertion(self) -> str:
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

    def _understand(self, answer: Answer) -> dict[str, Any]:
        if answer.status in (429, 500, 502, 503, 504) or answer.is_html:
            raise self._http.passing(
                f"NetSuite's sign-in answers {_said(answer)}: it is tried again", answer
            )
        try:
            document: dict[str, Any] = answer.document()
        except ValueError as error:
            raise self._http.passing(
                "NetSuite's sign-in sent no JSON: it is tried again"
            ) from error
        if answer.status == 200 and "access_token" in document:
            return document
        code = str(document.get("error", f"HTTP {answer.status}"))
        cure = _TOKEN_CURES.get(code, "check [netsuite.auth] and the integration record")
        raise self._http.final(
            f"NetSuite refused to sign the monitor in ({code}): {cure}{self._skew(answer)}",
            is_permanent=True,
        )

    def _skew(self, answer: Answer) -> str:
        skew = answer.skew_from(self._clock.now().timestamp())
        if skew is None or abs(skew) < 60:
            return ""
        return f"; this machine's clock is {abs(skew):.0f} s off NetSuite's, which can cause it"


_TOKEN_CURES = {
    "invalid_grant": "check that the certificate with [netsuite.auth] certificate_id is uploaded, "
    "not expired, and belongs to this private key",
    "invalid_client": "check [netsuite.auth] client_id: it must be the integration's client id",
    "unauthorized_client": "tick Client Credentials on the integration record",
    "invalid_scope": "tick REST Web Services on the integration record",
}


class SignedRequest(AuthBase):
    """Signs every attempt with a new nonce: NetSuite refuses one it has seen."""

    def __init__(self, credentials: TokenBased, realm: str, clock: Clock) -> None:
        self._credentials = credentials
        self._realm = realm
        self._clock = clock

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        oauth = {
            "oauth_consumer_key": self._credentials.consumer_key,
            "oauth_token": self._credentials.token_id,
            "oauth_signature_method": "HMAC-SHA256",
            "oauth_timestamp": str(int(self._clock.now().timestamp())),
            "oauth_nonce": secrets.token_hex(16),
            "oauth_version": "1.0",
        }
        oauth["oauth_signature"] = self._signature(request, oauth)
        pairs = ", ".join(f'{name}="{_quoted(value)}"' for name, value in oauth.items())
        request.headers["Authorization"] = f'OAuth realm="{self._realm}", {pairs}'
        return request

    def renew(self) -> bool:
        """There is nothing to fetch anew: a refusal is final."""
        return False

    def _signature(self, request: PreparedRequest, oauth: dict[str, str]) -> str:
        address = urlsplit(str(request.url))
        query = parse_qsl(address.query, keep_blank_values=True)
        pairs = sorted((_quoted(name), _quoted(value)) for name, value in [*query, *oauth.items()])
        target = f"{address.scheme}://{address.netloc.lower()}{address.path}"
        normalised = "&".join(f"{name}={value}" for name, value in pairs)
        base = "&".join([str(request.method), _quoted(target), _quoted(normalised)])
        key = "&".join(
            _quoted(secret)
            for secret in (self._credentials.consumer_secret, self._credentials.token_secret)
        )
        return b64encode(hmac.new(key.encode(), base.encode(), sha256).digest()).decode()


Signer = Bearer | SignedRequest


def _algorithm(pem: str) -> str:
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise ConfigError(
            "netsuite.auth.private_key is no usable PEM key: write it without a pass phrase"
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


def _said(answer: Answer) -> str:
    return "with a web page" if answer.is_html else f"HTTP {answer.status}"


def _quoted(text: str) -> str:
    return quote(text, safe="-._~")
