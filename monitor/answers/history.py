"""What was told, alert by alert, and what would have been told while shadow mode was on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.adapters.store.correspondence import FiledAlert, FiledLetter, Span
from monitor.answers.known import Known
from monitor.answers.waiting import waiting_of
from monitor.core.alerts import Method
from monitor.core.risks import Risk
from monitor.core.volume import Tally, volume_of
from monitor.errors import CannotAnswer, UsageError

MONITOR_ITSELF = "(the monitor itself)"
"""Whose alert it is that no workspace has."""


@dataclass(frozen=True, slots=True)
class PastAlert:
    """One alert, what it held, and how much was said of it."""

    alert: FiledAlert
    workspace: str
    risks: int
    reports: int
    letters: tuple[FiledLetter, ...]

    @property
    def sent(self) -> Tally:
        """What Slack took."""
        return tally(one for one in self.letters if one.is_sent)

    @property
    def headline(self) -> str:
        """What the parent says, or was to say, by the newest word; "" before there was any."""
        parents = [one for one in self.letters if one.method is not Method.REPLY]
        return parents[-1].message.headline if parents else ""


@dataclass(frozen=True, slots=True)
class Shadow:
    """What shadow mode kept back, over the time that it was on."""

    spans: tuple[Span, ...]
    letters: tuple[FiledLetter, ...]

    @property
    def length(self) -> timedelta:
        return sum((span.end - span.begin for span in self.spans), timedelta())


def tally(letters: Iterable[FiledLetter]) -> Tally:
    """How much those letters said."""
    return Tally.of(
        (one.reason, volume_of(one.method, is_broadcast=one.is_broadcast)) for one in letters
    )


def past_alerts(database: Known, since: datetime, until: datetime) -> tuple[PastAlert, ...]:
    """The alerts that were open at some time between the two moments, oldest first."""
    return _with_letters(database, database.store.correspondence.alerts(since, until))


def past_alert(database: Known, alert_id: int, *, now: datetime) -> PastAlert:
    """One of them, with why its letters wait at the moment `now`; raises UsageError when there was
    never such an alert.
    """
    alert = database.store.correspondence.alert(alert_id)
    if alert is None:
        raise UsageError(f"there is no alert {alert_id}: `monitor alerts --since 90d` lists them")
    (found,) = _with_letters(database, [alert])
    waiting = waiting_of(database, now=now)
    return replace(found, letters=tuple(map(waiting.explained, found.letters)))


def shadow(database: Known, since: datetime, until: datetime) -> Shadow:
    """What would have been told between the two moments; raises CannotAnswer when shadow mode was
    never on.
    """
    spans = tuple(
        span for span in _joined(database.store.correspondence.shadows(until)) if span.end >= since
    )
    if not spans:
        raise CannotAnswer(
            "shadow mode was not on in that time: write shadow = true in [alerts], "
            "or name an earlier --since"
        )
    letters = database.store.correspondence.letters(since, until)
    lengths = tuple(Span(max(span.begin, since), min(span.end, until)) for span in spans)
    return Shadow(lengths, tuple(one for one in letters if _is_kept_back(one, spans)))


def _is_kept_back(one: FiledLetter, spans: Iterable[Span]) -> bool:
    """Also what was told late: of an alert that the channel knew, once shadow mode was over."""
    return one.is_shadow or any(
        span.begin <= one.promised_at < span.end and not (one.sent_at and one.sent_at < span.end)
        for span in spans
    )


def _joined(spans: Sequence[Span]) -> list[Span]:
    """The settings may have changed otherwise while shadow mode stayed on."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].end == span.begin:
            joined[-1] = Span(joined[-1].begin, span.end)
        else:
            joined.append(span)
    return joined


def _with_letters(database: Known, alerts: Sequence[FiledAlert]) -> tuple[PastAlert, ...]:
    filed = database.store.correspondence
    names = {workspace.policy_id: workspace.name for workspace in database.settings.workspaces}
    risks = filed.risks(alert.alert_id for alert in alerts)
    return tuple(
        PastAlert(
            alert,
            names.get(alert.policy_id, alert.policy_id) or MONITOR_ITSELF,
            len({risk.fingerprint for risk in risks.get(alert.alert_id, ())}),
            _reports(risks.get(alert.alert_id, ())),
            filed.of_alert(alert.alert_id),
        )
        for alert in alerts
    )


def _reports(risks: Iterable[Risk]) -> int:
    return len({report.report_id for risk in risks for report in risk.reports})
