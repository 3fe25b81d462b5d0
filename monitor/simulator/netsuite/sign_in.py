"""How the simulated NetSuite lets somebody in: a JWT for a token, or OAuth 1.0a signatures."""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import jwt

from monitor.simulator.faults import Faults

_ALGORITHMS = ["PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LIFETIME_SECONDS = 3600


@dataclass(slots=True)
class SignIn:
    """Who may come in. Public keys (PEM) by certificate id; token secrets by their ids."""

    now: Callable[[], datetime]
    client_id: str = ""
    certificates: dict[str, str] = field(default_factory=dict)
    consumer: tuple[str, str] = ("", "")
    token: tuple[str, str] = ("", "")
    realm: str = "1234567"
    scopes: set[str] = field(default_factory=lambda: {"rest_webservices"})
    """What is ticked on the integration record."""
    tokens: dict[str, float] = field(default_factory=dict)
    expires_in: Any = str(_LIFETIME_SECONDS)
    """How a token's lifetime is told."""
    assertions: list[dict[str, Any]] = field(default_factory=list)
    """The header and the claims of every assertion that a token was given for."""
    nonces: set[str] = field(default_factory=set)
    faults: Faults = field(default_factory=Faults)
    """What goes wrong with the token endpoint."""

    def issue(self, form: Mapping[str, str], url: str) -> tuple[int, dict[str, Any]]:
        """The token endpoint's answer to a form that was posted to `url`."""
        if form.get("grant_type") != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}
        if form.get("client_assertion_type") != _ASSERTION:
            return 400, {"error": "invalid_request"}
        refusal = self._refusal(form.get("client_assertion", ""), url)
        if refusal:
            return (401 if refusal == "invalid_client" else 400), {"error": refusal}
        token = secrets.token_urlsafe(32)
        self.tokens[token] = self.now().timestamp() + _LIFETIME_SECONDS
        return 200, {
            "access_token": token,
            "expires_in": self.expires_in,
            "token_type": "Bearer",
        }

    def revoke(self) -> None:
        """All tokens end now."""
        self.tokens.clear()

    def admits(self, authorization: str, method: str, url: str) -> bool:
        """Whether a request with this header may ask."""
        if authorization.startswith("Bearer "):
            ends_at = self.tokens.get(authorization.removeprefix("Bearer "), 0.0)
            return ends_at > self.now().timestamp()
        return authorization.startswith("OAuth ") and self._is_signed(authorization, method, url)

    def _refusal(self, assertion: str, url: str) -> str:
        try:
            header = jwt.get_unverified_header(assertion)
            claims = jwt.decode(
                assertion,
                self.certificates[header.get("kid", "")],
                algorithms=_ALGORITHMS,
                audience=url,
                options={
                    "verify_exp": False,
                    "verify_iat": False,
                    "require": ["iss", "iat", "exp"],
                },
            )
        except (jwt.PyJWTError, KeyError, ValueError):
            return "invalid_grant"
        now = self.now().timestamp()
        # A clock may run ahead of NetSuite's a little.
        is_timely = claims["iat"] - 300 <= now < claims["exp"] <= claims["iat"] + 3600
        if claims["iss"] != self.client_id:
            return "invalid_client"
        scope = claims.get("scope", [])
        asked = set(scope.split() if isinstance(scope, str) else scope)
        if not asked or not asked <= self.scopes:
            return "invalid_scope"
        if not is_timely:
            return "invalid_grant"
        self.assertions.append({**header, **claims})
        return ""

    def _is_signed(self, authorization: str, method: str, url: str) -> bool:
        pairs = {
            name: unquote(value) for name, value in re.findall(r'(\w+)="([^"]*)"', authorization)
        }
        signature = pairs.pop("oauth_signature", "")
        realm = pairs.pop("realm", "")
        nonce = pairs.get("oauth_nonce", "")
        is_known = (
            realm == self.realm
            and pairs.get("oauth_consumer_key") == self.consumer[0]
            and pairs.get("oauth_token") == self.token[0]
            and pairs.get("oauth_signature_method") == "HMAC-SHA256"
        )
        age = abs(self.now().timestamp() - float(pairs.get("oauth_timestamp", "0")))
        if not is_known or age > 300 or nonce in self.nonces or len(nonce) < 6:
            return False
        self.nonces.add(nonce)
        return hmac.compare_digest(signature, self._signature(pairs, method, url))

    def _signature(self, pairs: Mapping[str, str], method: str, url: str) -> str:
        parts = urlsplit(url)
        given = [*parse_qsl(parts.query, keep_blank_values=True), *pairs.items()]
        encoded = sorted((_encoded(name), _encoded(value)) for name, value in given)
        joined = "&".join(f"{name}={value}" for name, value in encoded)
        target = f"{parts.scheme}://{parts.netloc}{parts.path}"
        base = f"{method}&{_encoded(target)}&{_encoded(joined)}"
        key = f"{_encoded(self.consumer[1])}&{_encoded(self.token[1])}"
        return b64encode(hmac.new(key.encode(), base.encode(), sha256).digest()).decode()


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")
