"""Signing in to NetSuite: OAuth 2.0 with a certificate, or four tokens (OAuth 1.0a)."""

from monitor.adapters.netsuite.auth.oauth2 import Bearer, OAuth2
from monitor.adapters.netsuite.auth.token_based import SignedRequest, TokenBased

Credentials = OAuth2 | TokenBased
Signer = Bearer | SignedRequest

__all__ = ["Bearer", "Credentials", "OAuth2", "SignedRequest", "Signer", "TokenBased"]
