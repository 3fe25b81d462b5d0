"""Risks, what was last told, now -> decisions: says only what is news."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from monitor.core.message import Message
from monitor.core.risks import Risk


class Reason(StrEnum):
    """Why a message is news. The value is the sentence; the database and the log keep the name in
    lower case.
    """

    OPENED = "new risk"
    JOINED = "another risk opened soon after"
    CHANGED = "the exposed reports changed"
    BLIND = "a source cannot be read while alerts are open"
    SIGHTED = "the source can be read again"
    RESOLVED = "the condition is gone, on complete and fresh evidence"
    UNCERTAIN = (
        "whether Expensify imported the change stayed unknown for longer than a daily sync takes"
    )
    SAMPLE = "somebody asked for a test message"

    @property
    def code(self) -> str:
        return self.name.lower()


class RiskState(StrEnum):
    """Where a risk stands. watch = no pending report, or drafts only."""

    WATCH = "watch"
    OPEN = "open"
    BLIND = "blind"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """When to speak ([alerts] of the configuration)."""

    join_window: timedelta = timedelta(minutes=40)
    blind_after: timedelta = timedelta(hours=1)
    mask_people: bool = False


@dataclass(frozen=True, slots=True)
class TrackedRisk:
    """A risk as it was last recorded, and what became of it."""

    risk: Risk
    state: RiskState
    opened_at: datetime
    """When it was first recorded in this life."""
    alert_id: int | None = None
    resolved_at: datetime | None = None
    ended: str = ""
    """How it ended, one sentence; empty while it lives."""


class Method(StrEnum):
    """How a letter reaches Slack."""

    POST = "post"
    EDIT = "edit"
    REPLY = "reply"


class Letter(NamedTuple):
    """One intended Slack call, promised in the transaction that made it true. `key` is unique and
    says it once.
    """

    key: str
    reason: Reason
    method: Method
    alert_id: int | None
    message: Message


class SourceFreshness(NamedTuple):
    """How fresh one source is. Moments UTC. `failing_since` is None while the last try was good."""

    source: str
    last_good_at: datetime | None = None
    failing_since: datetime | None = None
    error: str = ""
    is_permanent: bool = False
