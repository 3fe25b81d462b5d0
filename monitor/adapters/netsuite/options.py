"""Which account is read, and how gently."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class NetSuiteOptions:
    """Which account, and how gently it is asked."""

    account: str
    """In either spelling: 1234567_SB1 or 1234567-sb1."""
    base_url: str = ""
    """Empty = the account's own host."""
    page_size: int = 1000
    concurrency: int = 1
    """How many requests may be under way at once."""
    request_deadline: timedelta = timedelta(seconds=90)

    @property
    def realm(self) -> str:
        return self.account.upper().replace("-", "_")

    @property
    def host(self) -> str:
        return self.account.lower().replace("_", "-")

    @property
    def url(self) -> str:
        return self.base_url.rstrip("/") or f"https://{self.host}.suitetalk.api.netsuite.com"
