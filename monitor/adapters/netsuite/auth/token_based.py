"""Token-based authentication (OAuth 1.0a with HMAC-SHA256): every request signed on its own."""

from __future__ import annotations

import hmac
import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qsl, quote, urlsplit

from requests import PreparedRequest
from requests.auth import AuthBase

from monitor.clock import Clock

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
"""No part of what is signed (RFC 5849, 3.4.1.2)."""


@dataclass(frozen=True, slots=True)
class TokenBased:
    """Token-based authentication: OAuth 1.0a with HMAC-SHA256."""

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    token_id: str = field(repr=False)
    token_secret: str = field(repr=False)


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
        host = address.netloc.lower().removesuffix(_DEFAULT_PORTS.get(address.scheme, ""))
        target = f"{address.scheme}://{host}{address.path}"
        normalised = "&".join(f"{name}={value}" for name, value in pairs)
        base = "&".join([str(request.method), _quoted(target), _quoted(normalised)])
        key = "&".join(
            _quoted(secret)
            for secret in (self._credentials.consumer_secret, self._credentials.token_secret)
        )
        return b64encode(hmac.new(key.encode(), base.encode(), sha256).digest()).decode()


def _quoted(text: str) -> str:
    return quote(text, safe="-._~")
