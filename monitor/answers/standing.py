"""The answer of `monitor status` as a value: how the monitor itself stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from monitor.adapters.store.outbox import Delivery
from monitor.answers.caveats import RulesOff, caps_of, rules_off
from monitor.answers.freshness import Freshness
from monitor.answers.imports import WorkspaceSync
from monitor.answers.known import Known
from monitor.answers.present import present_of
from monitor.answers.untold import Untold, untold_of
from monitor.answers.witnesses import WitnessView, witnesses_of
from monitor.core.alerts import Alert, RiskState, TrackedRisk
from monitor.core.places import SetUpQuestion
from monitor.core.predict import set_up_questions
from monitor.core.refutations import Cap
from monitor.core.risks import CurrencyTotal, totals

_NOTHING_SENT = Delivery(waiting=0, dead=0, last_error="", last_sent_at=None)


class OpenAlert(NamedTuple):
    """An alert that was told and is not resolved, with its living risks; one about the monitor's
    own blindness has none.
    """

    alert: Alert
    risks: tuple[TrackedRisk, ...] = ()

    @property
    def totals(self) -> tuple[CurrencyTotal, ...]:
        """What is at stake; each report counts once."""
        return totals(tuple(report for one in self.risks for report in one.risk.reports))


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything about the monitor itself at one moment."""

    freshness: Freshness
    syncs: tuple[WorkspaceSync, ...] = ()
    alerts: tuple[OpenAlert, ...] = ()
    risks: tuple[TrackedRisk, ...] = ()
    """All that live, whether people were told or not."""
    delivery: Delivery = _NOTHING_SENT
    pending_reports: int = 0
    time_zone: str = "UTC"
    witnesses: tuple[WitnessView, ...] = ()
    rules_off: tuple[RulesOff, ...] = ()
    caps: tuple[Cap, ...] = ()
    untold: tuple[Untold, ...] = ()
    """Edits from before the monitor's first look of which it cannot say anything."""
    questions: tuple[SetUpQuestion, ...] = ()
    """What the operator should look at in the configuration."""

    @property
    def risk_counts(self) -> dict[str, int]:
        """How many risks stand how."""
        states = (RiskState.OPEN, RiskState.WATCH, RiskState.BLIND)
        return {state.value: sum(one.state is state for one in self.risks) for state in states}


def standing_of(known: Known, *, now: datetime) -> Standing:
    """How the monitor stands at the moment `now`, also before its first good reading."""
    store = known.store
    risks = store.alerts.tracked()
    return Standing(
        freshness=known.freshness(now),
        syncs=tuple(WorkspaceSync.of(store, one, now=now) for one in known.settings.workspaces),
        alerts=tuple(
            OpenAlert(alert, tuple(one for one in risks if one.alert_id == alert.alert_id))
            for alert in store.alerts.open()
        ),
        risks=risks,
        delivery=store.outbox.delivery(),
        pending_reports=len(store.reports.pending_ids()),
        time_zone=known.settings.time_zone,
        witnesses=witnesses_of(store),
        rules_off=rules_off(known),
        caps=caps_of(known),
        untold=tuple(untold_of(known, now=now)),
        questions=questions_of(known, now=now),
    )


def questions_of(known: Known, *, now: datetime) -> tuple[SetUpQuestion, ...]:
    """Where the configuration and what was read disagree; nothing before the first reading."""
    if known.store.snapshots.latest() is None:
        return ()
    # Every list is looked at: a place may hold a kind that the configuration does not name.
    return set_up_questions(present_of(known, now=now, also=known.settings.kinds).situation)
