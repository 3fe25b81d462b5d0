"""A button was pressed -> what it does to the alert, and what the person is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from monitor.adapters.slack.pressing import Action, Press
from monitor.adapters.slack.socket_mode import LONGEST_ANSWER, NOT_OURS
from monitor.adapters.store import Store
from monitor.adapters.store.sources import BUTTONS
from monitor.clock import Clock
from monitor.controls import LASTS, acknowledge, snooze
from monitor.core.freshness import SourceFreshness
from monitor.core.message.words import Voice, length
from monitor.errors import DeliveryError, MonitorError, UsageError

log = structlog.get_logger("monitor.buttons")

REASON = "by its button in Slack"
NO_RISK = "No risk stands in this alert at the moment."
NOT_NOW = "That did not work just now, and nothing was changed: please try again."

_PATIENCE = timedelta(seconds=5)
"""How long to wait for a cycle that writes: somebody looks at the button."""


@dataclass(frozen=True, slots=True)
class Presses:
    """Answers presses, each on a database connection of its own: it runs beside the cycles."""

    database: Path
    clock: Clock
    voice: Voice
    explain: Callable[[str, datetime], str]
    """What is known of a risk, by its fingerprint, at the moment; raises MonitorError."""
    every: timedelta
    """The time between cycles: by the next one the message shows what was laid over it."""

    def answer(self, press: Press) -> str:
        """Do what the button says; the sentence, or the explanation, for whoever pressed it."""
        what = {"action": press.action.value, "alert": press.alert_id, "by": press.person}
        try:
            said = _ANSWERS[press.action](self, press)
        except UsageError as error:
            log.warning("press_refused", why=str(error), **what)
            return NOT_OURS
        except MonitorError as error:
            log.error("press_failed", error=str(error), **what)
            return NOT_NOW
        log.info("pressed", **what)
        return said

    def stands(self, trouble: DeliveryError | None) -> None:
        """Remember that presses come, or why not; where that cannot be, the next attempt tells."""
        now = self.clock.now()
        try:
            with Store.open(self.database, patience=_PATIENCE) as store, store.immediate():
                if trouble is None:
                    store.sources.good(BUTTONS, now)
                else:
                    is_final = trouble.is_permanent
                    store.sources.failed(BUTTONS, now, str(trouble), is_permanent=is_final)
        except MonitorError as error:
            log.error("buttons_not_remembered", error=str(error))

    def _acknowledged(self, press: Press) -> str:
        now = self.clock.now()
        with self._opened(press) as store:
            acknowledge(
                store,
                str(press.alert_id),
                author=press.person,
                reason=REASON,
                now=now,
                for_=LASTS,
            )
        return (
            f"Alert {press.alert_id} is acknowledged until {self.voice.moment(now + LASTS)}: "
            "no reminders until then; worse news and its end are still told. "
            f"{self._shown_when}"
        )

    def _snoozed(self, press: Press) -> str:
        now = self.clock.now()
        with self._opened(press) as store:
            snooze(
                store,
                str(press.alert_id),
                author=press.person,
                reason=REASON,
                now=now,
                for_=LASTS,
                until_worse=False,
            )
        return (
            f"Alert {press.alert_id} is snoozed until {self.voice.moment(now + LASTS)}: "
            "its message is kept up to date, and only its end is told. "
            f"{self._shown_when}"
        )

    @property
    def _shown_when(self) -> str:
        return f"Its message shows it after the next cycle, within {length(self.every)}."

    def _explained(self, press: Press) -> str:
        with self._opened(press) as store:
            names = [
                one.risk.fingerprint
                for one in store.alerts.tracked()
                if one.alert_id == press.alert_id
            ]
        return (
            _within_reach((name, self.explain(name, self.clock.now())) for name in names) or NO_RISK
        )

    @contextmanager
    def _opened(self, press: Press) -> Iterator[Store]:
        """The database, when the alert stands open in it; else UsageError."""
        with Store.open(self.database, patience=_PATIENCE) as store:
            if all(alert.alert_id != press.alert_id for alert in store.alerts.open()):
                raise UsageError(f"no alert {press.alert_id} is open")
            yield store


def forget_buttons(store: Store) -> None:
    """No press can come any more: how they came before is nobody's trouble."""
    if store.sources.freshness(BUTTONS) != SourceFreshness(BUTTONS):
        with store.immediate():
            store.sources.forget(BUTTONS)


def _within_reach(explanations: Iterable[tuple[str, str]]) -> str:
    """One after the other, as far as a message goes; where the rest is found is said."""
    said = ""
    for name, explanation in explanations:
        said += f"\n\n{explanation}" if said else explanation
        if len(said) > LONGEST_ANSWER:
            more = f"\n… all of it: monitor explain {name}"
            return said[: LONGEST_ANSWER - len(more)] + more
    return said


_ANSWERS: dict[Action, Callable[[Presses, Press], str]] = {
    Action.ACK: Presses._acknowledged,
    Action.SNOOZE: Presses._snoozed,
    Action.EXPLAIN: Presses._explained,
}
