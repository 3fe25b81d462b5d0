"""The summary of a day: when it is due, and all that it tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from monitor.core.alerts import Overlay, Sight, SourceFreshness
from monitor.core.outcomes import Outcome
from monitor.core.predict import BrokenDefault
from monitor.core.risks import Cause, Risk

_DUE_FOR = timedelta(hours=12)
"""Whoever was not running at its time tells it later, but not the next morning."""
_A_MINUTE = timedelta(minutes=1)
_ONE_EDIT = timedelta(minutes=10)
"""A file import edits one record after the other: pauses up to this long are one bulk edit."""


def digest_day(now: datetime, at: time, zone: tzinfo) -> date | None:
    """The local day whose summary is due at the moment; None when none is.

    A time that the clock on the wall skips is due at the first moment after it; one that it shows
    twice is due from the first.
    """
    today = now.astimezone(zone).date()
    for day in (today, today - timedelta(days=1)):
        if timedelta(0) <= now - _due_at(day, at, zone) < _DUE_FOR:
            return day
    return None


def _due_at(day: date, at: time, zone: tzinfo) -> datetime:
    """The first moment (UTC) at which the clock on the wall shows the time, or a later one."""
    wanted = datetime.combine(day, at)
    moment = wanted.replace(tzinfo=zone).astimezone(UTC)

    def wall(at: datetime) -> datetime:
        return at.astimezone(zone).replace(tzinfo=None)

    # In a gap Python counts on by the clock that has ended: back to where the gap ends.
    while wall(moment) > wanted and wall(moment - _A_MINUTE) >= wanted:
        moment -= _A_MINUTE
    return moment


class OpenAlert(NamedTuple):
    """An open alert as it stands: its risks, and what people laid over it."""

    alert_id: int
    policy_id: str
    opened_at: datetime
    risks: tuple[Risk, ...] = ()
    overlays: tuple[Overlay, ...] = ()
    lost: tuple[str, ...] = ()
    """Expensify's lists that it tells of, in words."""
    is_blind: bool = False


class Hidden(NamedTuple):
    """A silence in force, and how many risks nobody hears of because of it."""

    silence: Overlay
    risks: int


class BulkEdit(NamedTuple):
    """Records of one workspace that somebody edited in one go, so that Expensify's rules still
    give the old tags.
    """

    policy_id: str
    changed_by: str | None
    since: datetime | None
    risks: tuple[Risk, ...]


class Post(NamedTuple):
    """How delivery did since the last summary."""

    sent: int = 0
    waiting: int = 0
    refused: int = 0
    error: str = ""
    came_and_went: int = 0
    """Alerts that opened and were over before anybody could be told."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything that the summary of a day tells."""

    day: date
    since: datetime | None = None
    """When the last one was made (UTC)."""
    alerts: tuple[OpenAlert, ...] = ()
    watched: tuple[Risk, ...] = ()
    """Risks that no alert tells of, for only drafts use the record, or they are merely possible."""
    broken_defaults: tuple[BrokenDefault, ...] | None = ()
    """None = could not be looked at."""
    misses: tuple[Outcome, ...] = ()
    """Failures since the last one that nobody had predicted."""
    sight: Sight = field(default_factory=Sight)
    hidden: tuple[Hidden, ...] = ()
    post: Post = field(default_factory=Post)
    self_test: SourceFreshness | None = None
    """How the channel's last test of itself went; None = this channel has none."""

    @property
    def bulk_edits(self) -> tuple[BulkEdit, ...]:
        """The watched risks of stale rules, by the edits that made them."""
        return bulk_edits(self.watched)

    @property
    def others_watched(self) -> tuple[Risk, ...]:
        """The watched risks that are told one by one."""
        return tuple(risk for risk in self.watched if not _is_of_a_rule(risk))

    @property
    def is_all_well(self) -> bool:
        """Nothing in it needs anybody."""
        is_told = not self.post.waiting and not self.post.refused
        found = (self.alerts, self.watched, self.broken_defaults, self.misses, self.hidden)
        is_tested = self.self_test is None or self.self_test.failing_since is None
        return not self.is_blind and is_told and is_tested and not any(found)

    @property
    def is_blind(self) -> bool:
        """Something could not be read, or is not believed."""
        sight = self.sight
        is_failing = any(one.failing_since or not one.last_good_at for one in sight.sources)
        return bool(is_failing or sight.blind_kinds or sight.unsure_policies)


def bulk_edits(risks: tuple[Risk, ...]) -> tuple[BulkEdit, ...]:
    """The stale rules among them, those of one person and one go together, oldest first."""
    edits: list[BulkEdit] = []
    for risk in sorted(filter(_is_of_a_rule, risks), key=_by_edit):
        last = edits[-1] if edits else None
        if last is not None and _is_same_edit(last, risk):
            edits[-1] = last._replace(risks=(*last.risks, risk))
            continue
        edits.append(BulkEdit(risk.policy_id, risk.changed_by, risk.since, (risk,)))
    return tuple(edits)


def _is_of_a_rule(risk: Risk) -> bool:
    return risk.cause is Cause.EMPLOYEE_RULE_STALE


def _by_edit(risk: Risk) -> tuple[str, str, float, str]:
    moment = risk.since.timestamp() if risk.since else 0.0
    return risk.policy_id, risk.changed_by or "", moment, risk.fingerprint


def _is_same_edit(edit: BulkEdit, risk: Risk) -> bool:
    if (edit.policy_id, edit.changed_by) != (risk.policy_id, risk.changed_by):
        return False
    before = edit.risks[-1].since
    if before is None or risk.since is None:
        return before is risk.since
    return risk.since - before <= _ONE_EDIT
