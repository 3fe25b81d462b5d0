"""The answer of `monitor status` as a value: how the monitor itself stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from monitor.adapters.store.cycles import PING
from monitor.adapters.store.digests import CHANNEL
from monitor.adapters.store.outbox import Delivery
from monitor.adapters.store.sources import BUTTONS
from monitor.answers.caveats import RulesOff, caps_of, rules_off
from monitor.answers.freshness import Freshness
from monitor.answers.imports import WorkspaceSync
from monitor.answers.known import Known
from monitor.answers.laid_over import InForce, pairs
from monitor.answers.present import present_of
from monitor.answers.untold import Untold, untold_of
from monitor.answers.waiting import Waiting, waiting_of
from monitor.answers.witnesses import WitnessView, witnesses_of
from monitor.asking import questions_about
from monitor.config.stored import StoredSettings
from monitor.core.alerts import Alert, RiskState, SourceFreshness, TrackedRisk
from monitor.core.cycles import Cycle
from monitor.core.places import SetUpQuestion
from monitor.core.refutations import Cap
from monitor.core.reports import UnreadReport
from monitor.core.risks import CurrencyTotal, totals
from monitor.core.workspace import Workspace

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
    unread: tuple[tuple[UnreadReport, datetime], ...] = ()
    """Reports that Expensify shows and the monitor cannot read, and since when."""
    self_test: SourceFreshness | None = None
    """How the channel's last test of itself went; None = not asked."""
    buttons: SourceFreshness | None = None
    """Whether presses come from Slack; None = not asked."""
    waiting: Waiting = field(default_factory=Waiting)
    """What keeps letters back."""
    laid: tuple[InForce, ...] = ()
    """What people laid over alerts and risks, as far as it holds."""
    last_cycle: Cycle | None = None
    last_good_cycle: Cycle | None = None
    """The last that read both systems whole."""
    ping: SourceFreshness | None = None
    """How the last ping of the dead man's switch went; None = not asked."""

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
        unread=store.unread.all(),
        self_test=store.sources.freshness(CHANNEL),
        buttons=store.sources.freshness(BUTTONS),
        waiting=waiting_of(known, now=now),
        laid=pairs(store.overlays.active(now), risks),
        last_cycle=store.cycles.last(),
        last_good_cycle=store.cycles.last_that_read(),
        ping=store.sources.freshness(PING),
    )


def questions_of(known: Known, *, now: datetime) -> tuple[SetUpQuestion, ...]:
    """What the last cycle that could predict asked; worked out anew where the settings are others
    than that one ran with. A cycle without a snapshot keeps its settings and asks nothing.
    """
    store = known.store
    newest = store.snapshots.latest()
    if newest is None:
        return ()
    if _is_asked_of(store.settings.load(as_of=newest.taken_at), known.settings):
        return store.places.questions()
    return questions_about(store, present_of(known, now=now).situation, known.settings.kinds)


def _is_asked_of(public: Mapping[str, Any] | None, settings: StoredSettings) -> bool:
    """Whether the questions are about these settings; the order of codings is no matter."""
    if public is None:
        return False
    asked = StoredSettings.read(public)
    return (_workspaces(asked), set(asked.kinds)) == (_workspaces(settings), set(settings.kinds))


def _workspaces(settings: StoredSettings) -> list[Workspace]:
    return [
        replace(one, coding=tuple(sorted(one.coding)), aliases=tuple(sorted(one.aliases)))
        for one in settings.workspaces
    ]
