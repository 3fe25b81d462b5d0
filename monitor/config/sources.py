"""[netsuite] and [expensify]: what is read, how, and with which credentials."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, StrictInt, Tag, field_validator

from monitor.config.fields import (
    SEGMENT,
    WATCHED_KINDS,
    Account,
    Address,
    AddressOrNone,
    Count,
    Duration,
    SecretReference,
    Section,
    SegmentTable,
    Text,
    WatchedKind,
    at_least_one,
)
from monitor.secret import Secret

_LONGEST_EXPORT = timedelta(days=364)
"""Expensify's exporter spans a year at most."""


class OAuth2(Section):
    """Client credentials with a certificate (machine to machine); the usual way."""

    method: Literal["oauth2"] = "oauth2"
    """How to sign in: "oauth2" (with a certificate) or "tba" (four tokens)."""
    client_id: SecretReference
    """oauth2: the client id of NetSuite's integration record."""
    certificate_id: Text
    """oauth2: the certificate id that NetSuite shows (the key's name, no secret)."""
    private_key: Annotated[SecretReference, AfterValidator(lambda key: _pem(key))]
    """oauth2: the private key of that certificate (PEM)."""


class Tba(Section):
    """Token-based authentication (OAuth 1.0): four secrets."""

    method: Literal["tba"]
    """How to sign in: "oauth2" (with a certificate) or "tba" (four tokens)."""
    consumer_key: SecretReference
    """tba: the consumer key of NetSuite's integration record."""
    consumer_secret: SecretReference
    """tba: the consumer secret of that record."""
    token_id: SecretReference
    """tba: the id of the access token."""
    token_secret: SecretReference
    """tba: the secret of the access token."""


class Preferences(Section):
    """What NetSuite does not let us read."""

    show_projects_only: Literal["yes", "no", "unknown"] = "unknown"
    """NetSuite's accounting preference "Show Projects Only for Time and Expense Entry"."""


def _method(auth: Any) -> str:
    named = auth.get("method", "oauth2") if isinstance(auth, dict) else "oauth2"
    return named if isinstance(named, str) else ""


def _pem(key: Secret) -> Secret:
    if key.is_resolved and "-----BEGIN" not in key.reveal():
        raise ValueError(
            f"{key.reference} holds no PEM key: one begins with -----BEGIN PRIVATE KEY"
        )
    return key


def _once_each(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


class NetSuiteSettings(Section):
    """[netsuite]"""

    account: Account
    """The account id as NetSuite shows it, either spelling; the host is derived from it."""
    base_url: AddressOrNone = ""
    """Another address instead of the account's own: proxies, tests."""
    lists: Annotated[
        tuple[WatchedKind, ...], AfterValidator(at_least_one), AfterValidator(_once_each)
    ] = WATCHED_KINDS
    """The lists to watch."""
    custom_segments: Annotated[tuple[SegmentTable, ...], AfterValidator(_once_each)] = ()
    """The record tables of custom segments: ["customrecord_cseg_region"]."""
    page_size: Annotated[StrictInt, Field(ge=1, le=1000)] = 1000
    """Rows a request, at most 1000."""
    concurrency: Count = 1
    """Requests under way at once; the account's small pool is shared with Expensify's sync."""
    auth: Annotated[
        Annotated[OAuth2, Tag("oauth2")] | Annotated[Tba, Tag("tba")], Discriminator(_method)
    ]
    """How to sign in to NetSuite."""
    preferences: Preferences = Preferences()
    """Preferences that only a person can read."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Everything to read: the lists, and the values of each custom segment."""
        return (*self.lists, *(f"{SEGMENT}{table}" for table in self.custom_segments))

    @property
    def url(self) -> str:
        """Where the account answers; no slash at the end."""
        host = self.account.lower().replace("_", "-")
        return self.base_url or f"https://{host}.suitetalk.api.netsuite.com"


class ExpensifySettings(Section):
    """[expensify]"""

    base_url: Address = "https://integrations.expensify.com"
    """Where Expensify's integration server answers."""
    partner_user_id: SecretReference
    """The partner user id of the integration credentials."""
    partner_user_secret: SecretReference
    """The partner user secret of the integration credentials."""
    netsuite_application: Text = "Expensify"
    """The integration's name in NetSuite's login audit (a part of it is enough)."""
    pending_since: Duration = timedelta(days=60)
    """How far back approved reports that were never exported are looked for, at most 364d."""

    @field_validator("pending_since", mode="after")
    @classmethod
    def _within_a_year(cls, span: timedelta) -> timedelta:
        if span > _LONGEST_EXPORT:
            raise ValueError("Expensify exports at most a year at once: write 364d or less")
        return span
