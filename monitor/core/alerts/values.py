"""What was told and what stands: risks with their fate, alerts, letters, and the policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from monitor.core.alerts.hours import QuietHours
from monitor.core.alerts.overlays import Overlay
from monitor.core.alerts.told import Told as Told
from monitor.core.freshness import SourceFreshness
from monitor.core.lost import AcceptedList, LostList
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
    LIST_LOST = "Expensify lost most of a list, though NetSuite still has the records"
    WORSE = "it got worse"
    FAILED_FOR_REAL = "NetSuite refused one of its reports"
    REOPENED = "the same risk again, soon after it had ended"
    REMINDER = "it still stands, and nobody has taken it"
    DIGEST = "the summary of a day"
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
    is_shadow: bool = False
    """Nobody is told for now: a parent that nobody heard is not promised again meanwhile."""
    remind_every: timedelta | None = None
    """An alert that stays open is told again after this long, then ever more seldom; None =
    never.
    """
    quiet_hours: QuietHours | None = None
    """Obeyed by delivery: letters wait until they are over."""
    quiet_hours_allow_certain: bool = False
    digest_at: time | None = None
    """The time of day of the summary, in the zone for people; None = no summary."""


@dataclass(frozen=True, slots=True)
class TrackedRisk:
    """One life of a risk, as it was last recorded, and what became of it.

    A told risk that is only watched again ends its life, with what was last told of it, and begins
    another: what stands is always the present risk.
    """

    risk: Risk
    state: RiskState
    opened_at: datetime
    """When it was first recorded in this life."""
    alert_id: int | None = None
    resolved_at: datetime | None = None
    ended: str = ""
    """How it ended, one sentence; empty while it lives. A risk that stands open and has it all the
    same waits only for its failed reports: its cause is gone, they are not exported yet.
    """

    @property
    def is_uncertain(self) -> bool:
        """It ended because nothing shows whether the change was imported: never called resolved."""
        return self.ended == Reason.UNCERTAIN


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
    is_broadcast: bool = False
    """A reply that the whole channel sees."""
    is_urgent: bool = False
    """Certain to fail and ready to export: quiet hours may let it through."""


@dataclass(frozen=True, slots=True)
class Alert:
    """What Slack was told about the risks of one workspace that opened together.

    The monitor's own blindness, told while nothing else is open, is an alert without a workspace.
    That Expensify lost its lists of a workspace is an alert of its own.
    """

    alert_id: int
    policy_id: str
    """Empty for the monitor's own blindness."""
    opened_at: datetime
    closed_at: datetime | None = None
    shown: str = ""
    """A digest of what the parent was last promised to show, without ages."""
    blind_since: datetime | None = None
    """Blindness was told, and not yet that it ended."""
    blind_about: tuple[str, ...] = ()
    """What of all that cannot be seen was told, by its names."""
    lost: tuple[LostList, ...] = ()
    """Expensify's lists that it tells of: such an alert holds no risks."""
    told: Told = field(default_factory=Told)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def lives_since(self) -> datetime:
        """When it opened, or last opened again."""
        return self.told.reopened_at or self.opened_at


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered: living risks, all risks of open alerts, and those alerts."""

    tracked: tuple[TrackedRisk, ...] = ()
    alerts: tuple[Alert, ...] = ()
    """The open ones."""
    next_alert_id: int = 1
    unheard: frozenset[int] = frozenset()
    """Those of them whose parent neither stands in Slack nor waits for it: it was refused, or kept
    back in shadow mode.
    """
    unshown: frozenset[int] = frozenset()
    """Those whose parent stands, and does not show the last that it was to show: it was refused."""
    recent: tuple[TrackedRisk, ...] = ()
    """Risks of closed alerts that ended within the last week."""
    closed: tuple[Alert, ...] = ()
    """The alerts of those."""
    last_told: Mapping[int, datetime] = field(default_factory=dict)
    """When something that people notice was last sent of an open alert (UTC)."""
    reminders: Mapping[int, int] = field(default_factory=dict)
    """How many reminders were sent since its last other news."""
    overlays: tuple[Overlay, ...] = ()
    """Those that are active."""


class UnsureView(NamedTuple):
    """A workspace whose subsidiary is in doubt: the role's own view of subsidiaries shrank."""

    policy_id: str
    why: str
    since: datetime | None = None
    """When it was last in order (UTC); None = told without waiting."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What this cycle could see.

    `is_whole`: both sources were read, complete and just now; only then may anything resolve.
    `blind_kinds`: lists that could be read before and cannot be now, or that are held back; the
    risks of such a kind freeze, and those of an unsure workspace that rest on its subsidiary.
    """

    sources: tuple[SourceFreshness, ...] = ()
    is_whole: bool = False
    blind_kinds: tuple[tuple[str, str], ...] = ()
    """(kind, why)."""
    held_kinds: frozenset[str] = frozenset()
    """Those of them that are held back: that may pass, so it is told after a while only."""
    kinds_read_at: Mapping[str, datetime] = field(default_factory=dict)
    """When the list of a blind kind was last read whole; a kind without it is told at once."""
    unsure_policies: tuple[UnsureView, ...] = ()
    lost_lists: tuple[LostList, ...] = ()
    """Expensify's lists that are without what NetSuite still has."""
    accepted_lists: tuple[AcceptedList, ...] = ()
    """Those of which somebody said that it was on purpose."""
    codings: frozenset[tuple[str, str, str]] | None = None
    """(policy id, place, kind) of all that the configuration names; None = whatever is asked."""

    def accepted(self, lost: LostList) -> AcceptedList | None:
        """By what word the loss was accepted."""
        for one in self.accepted_lists:
            is_it = (one.policy_id, one.place) == (lost.policy_id, lost.place)
            if is_it and one.upto >= lost.missed_at:
                return one
        return None

    def is_looked_at(self, lost: LostList) -> bool:
        """Whether the configuration still names the list for what it was lost of."""
        if self.codings is None:
            return True
        return any((lost.policy_id, lost.place, kind) in self.codings for kind in lost.kinds)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a cycle changes: rows to write, and letters to promise in the same transaction."""

    tracked: tuple[TrackedRisk, ...] = ()
    alerts: tuple[Alert, ...] = ()
    letters: tuple[Letter, ...] = ()
    lifted: tuple[int, ...] = ()
    """Overlays that no longer hold: a snooze until it gets worse, and it did, or what was laid over
    an alert or a risk that is over.
    """
