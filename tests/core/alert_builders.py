"""A desk that remembers what was decided, as the store keeps it, and what a cycle could see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from monitor.core.alerts import (
    Alert,
    AlertPolicy,
    Endings,
    Letter,
    Memory,
    Method,
    Outcome,
    Overlay,
    Reason,
    RiskState,
    Sight,
    Sort,
    SourceFreshness,
    Told,
    TrackedRisk,
    decide,
)
from monitor.core.message.plain import as_text
from monitor.core.message.words import Voice
from monitor.core.records import Ref
from monitor.core.reports import ReportState
from monitor.core.risks import Cause, Certainty, ExposedReport, Risk
from monitor.core.sync import Imported
from tests.core.builders import NOW, UK, US, a_remedy, a_risk, an_exposed_report

WHOLE = Sight(is_whole=True)
WEEK = timedelta(days=7)
VOICE = Voice(names={US: "Acme US", UK: "Acme UK"})
NOTHING_ENDED = Endings({})


def a_draft(report_id: str = "R1", **fields: Any) -> ExposedReport:
    """A report that nobody has submitted yet."""
    return an_exposed_report(report_id, state=ReportState.OPEN, **fields)


def a_submitted(report_id: str = "R1", **fields: Any) -> ExposedReport:
    """A report that waits for its approval."""
    return an_exposed_report(report_id, state=ReportState.SUBMITTED, **fields)


def a_failed(report_id: str = "R1", **fields: Any) -> ExposedReport:
    """A report that NetSuite refused, and that nobody has exported since."""
    return an_exposed_report(report_id, has_failed=True, **fields)


def of_class(number: int, *reports: ExposedReport, **fields: Any) -> Risk:
    """A risk of another class than Marketing."""
    name = f"Sales : Class {number}"
    said = {"what_changed": f"class “{name}” was inactivated", **fields}
    return a_risk(*reports, ref=Ref("class", str(number)), full_name=name, **said)


def reactivated(*reports: ExposedReport, **fields: Any) -> Risk:
    """Marketing is active again, and Expensify does not know it: likely to fail until a Sync."""
    return a_risk(
        *reports,
        **{
            "cause": Cause.EDITED_SINCE_SYNC,
            "certainty": Certainty.LIKELY,
            "what_changed": "class “Sales : Marketing” was reactivated",
            "remedy": a_remedy(sync_helps="yes"),
            **fields,
        },
    )


def not_sure(*reports: ExposedReport, **fields: Any) -> Risk:
    """The same after a day, when nothing shows whether Expensify has imported it."""
    certainty, imported = Certainty.POSSIBLE, Imported.UNKNOWN
    return reactivated(*reports, **{"certainty": certainty, "imported": imported, **fields})


def outside(*reports: ExposedReport, **fields: Any) -> Risk:
    """Marketing was taken from the workspace's subsidiary."""
    said = "class “Sales : Marketing” was edited: its subsidiaries"
    return a_risk(*reports, cause=Cause.OUTSIDE_SUBSIDIARY, what_changed=said, **fields)


def failing(since: datetime, source: str = "netsuite", *, is_permanent: bool = False) -> Sight:
    """One source cannot be read; it was last read a quarter of an hour before."""
    last_good = since - timedelta(minutes=15)
    error = "the role may not sign in (HTTP 403): give it SuiteAnalytics Workbook"
    freshness = SourceFreshness(source, last_good, since, error, is_permanent)
    return Sight(sources=(freshness,))


class Desk:
    """Decides cycle after cycle, and remembers as the store does."""

    def __init__(self, policy: AlertPolicy | None = None, voice: Voice = VOICE) -> None:
        self.policy = policy or AlertPolicy()
        self.voice = voice
        self.now = NOW
        self.letters: list[Letter] = []
        self.alerts: dict[int, Alert] = {}
        self.overlays: list[Overlay] = []
        self.sent_at: dict[int, datetime] = {}
        """When something that people notice was last sent of each alert."""
        self.reminders: dict[int, int] = {}
        self._lives: dict[tuple[str, datetime], TrackedRisk] = {}

    def memory(self) -> Memory:
        """Living risks, all risks of open alerts, those alerts, and what ended within a week."""
        alerts = tuple(alert for alert in self.alerts.values() if alert.is_open)
        ids = {alert.alert_id for alert in alerts}
        remembered = (
            one
            for one in self._lives.values()
            if one.state is not RiskState.RESOLVED or one.alert_id in ids
        )
        recent = tuple(
            one
            for one in self._lives.values()
            if one.resolved_at is not None
            and self.now - one.resolved_at <= WEEK
            and one.alert_id is not None
            and one.alert_id not in ids
        )
        return Memory(
            tuple(remembered),
            alerts,
            max(self.alerts, default=0) + 1,
            recent=recent,
            closed=tuple(self.alerts[n] for n in sorted({one.alert_id or 0 for one in recent})),
            last_told=dict(self.sent_at),
            reminders=dict(self.reminders),
            overlays=tuple(one for one in self.overlays if one.is_active(self.now)),
        )

    def decide(
        self,
        risks: Iterable[Risk] | None,
        *,
        sight: Sight = WHOLE,
        endings: Endings = NOTHING_ENDED,
        memory: Memory | None = None,
    ) -> Outcome:
        """What this cycle would change."""
        return decide(
            None if risks is None else tuple(risks),
            memory or self.memory(),
            sight=sight,
            endings=endings,
            now=self.now,
            policy=self.policy,
            voice=self.voice,
        )

    def cycle(
        self,
        *risks: Risk,
        sight: Sight = WHOLE,
        endings: Endings = NOTHING_ENDED,
        is_read: bool = True,
        after: timedelta = timedelta(minutes=15),
    ) -> list[str]:
        """The next cycle, a quarter of an hour later: what it tells, as "alert reason method"."""
        self.now += after
        outcome = self.decide(risks if is_read else None, sight=sight, endings=endings)
        self.keep(outcome)
        return [
            f"{letter.alert_id} {letter.reason.code} {letter.method}" for letter in outcome.letters
        ]

    def keep(self, outcome: Outcome) -> None:
        """Remember an outcome, as the transaction does that promises its letters."""
        for one in outcome.tracked:
            self._lives[one.risk.fingerprint, one.opened_at] = one
        self.alerts.update({alert.alert_id: alert for alert in outcome.alerts})
        self.letters += outcome.letters
        self.overlays = [
            replace(one, lifted_at=self.now) if one.overlay_id in outcome.lifted else one
            for one in self.overlays
        ]
        for letter in outcome.letters:
            self._sent(letter)

    def _sent(self, letter: Letter) -> None:
        """Slack takes every letter at once, as the outbox remembers it."""
        if letter.method is Method.EDIT or letter.alert_id is None:
            return
        self.sent_at[letter.alert_id] = self.now
        is_reminder = letter.reason is Reason.REMINDER
        known = self.reminders.get(letter.alert_id, 0)
        self.reminders[letter.alert_id] = known + 1 if is_reminder else 0

    def lay(self, sort: Sort, **fields: Any) -> Overlay:
        """Dana Lee lays something over alert 1, or over what the fields say; for a day."""
        number = len(self.overlays) + 1
        whom = {"alert_id": 1} if {"fingerprint", "matcher"}.isdisjoint(fields) else {}
        ends = self.now + timedelta(days=1)
        values = {"created_at": self.now, "expires_at": ends, **whom, **fields}
        overlay = Overlay(number, sort, "Dana Lee", "we are on it", **values)
        self.overlays.append(overlay)
        return overlay

    def is_muted(self, alert_id: int) -> bool:
        """Whether every living risk of the alert is snoozed or silenced now."""
        active = [one for one in self.overlays if one.is_mute and one.is_active(self.now)]
        alive = [one.risk for one in self.living if one.alert_id == alert_id]
        return bool(alive) and all(
            any(over.is_about(risk, alert_id) for over in active) for risk in alive
        )

    def was_silenced(self, risk: Risk) -> bool:
        """Whether somebody silenced the risk at any time."""
        return any(one.sort is Sort.SILENCE and one.is_about(risk) for one in self.overlays)

    def forget_what_was_told(self, alert_id: int) -> None:
        """As a version left it that did not keep it."""
        self.alerts[alert_id] = replace(self.alerts[alert_id], told=Told())

    @property
    def living(self) -> tuple[TrackedRisk, ...]:
        """The risks that stand, as `monitor risks` reads them."""
        return tuple(one for one in self._lives.values() if one.state is not RiskState.RESOLVED)

    @property
    def states(self) -> dict[str, str]:
        """How each living risk stands, by its record."""
        return {str(one.risk.ref): one.state.value for one in self.living}

    @property
    def open_alerts(self) -> list[int]:
        return [alert.alert_id for alert in self.alerts.values() if alert.is_open]

    def said(self, number: int = -1) -> str:
        """The words of the last letter, or of another one."""
        return as_text(self.letters[number].message)


def ended_so(how: str, *risks: Risk, **fields: Any) -> Endings:
    """These risks (default: Marketing) ended so."""
    return Endings({risk.fingerprint: how for risk in risks or (a_risk(),)}, **fields)


def as_seen_from(risk: Risk, policy_id: str) -> Risk:
    """The same record in another workspace."""
    return replace(risk, policy_id=policy_id)
