"""Why letters wait though nothing is wrong: shadow mode, quiet hours, figures just shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.adapters.store.correspondence import WAITS, FiledLetter
from monitor.adapters.store.outbox import QUEUED, SENDING
from monitor.answers.known import Known
from monitor.core.alerts import Method, Reason

SHADOW_MODE = "shadow mode: decided and recorded, told to nobody"
_FIGURES_WAIT = "a silent edit waits up to a minute after the last"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What keeps letters back at one moment, by the settings of the last cycle. Moments UTC."""

    is_shadow: bool = False
    until: datetime | None = None
    """When quiet hours end that are in force now and hold something; else None."""
    held: tuple[int | None, ...] = ()
    """The alert of every letter that they hold."""
    time_zone: str = "UTC"

    @property
    def sentence(self) -> str:
        """Until when quiet hours hold what waits; empty when they hold nothing."""
        if self.until is None:
            return ""
        return (
            f"held by quiet hours until {self.until.astimezone(ZoneInfo(self.time_zone)):%H:%M %Z}"
        )

    def explained(self, letter: FiledLetter) -> FiledLetter:
        """The letter with the reason why it waits, where the outbox does not know it."""
        if letter.state not in (QUEUED, SENDING) or letter.why == WAITS:
            return letter
        if letter.alert_id in self.held:
            why = "; ".join(filter(None, (self.sentence, letter.why)))
            return letter._replace(why=why)
        is_figures = letter.method is Method.EDIT and letter.reason is Reason.CHANGED
        return letter._replace(why=_FIGURES_WAIT) if is_figures and not letter.why else letter


def waiting_of(known: Known, *, now: datetime) -> Waiting:
    """What keeps letters back at the moment `now`."""
    settings = known.settings
    if settings.is_shadow:
        return Waiting(is_shadow=True)
    hours = settings.quiet_hours
    letters = known.store.outbox.undelivered() if hours and hours.covers(now) else ()
    if hours is None or not letters:
        return Waiting()
    from monitor.core.alerts import AlertPolicy
    from monitor.delivery.quiet import Quiet  # brings Slack's client along: only where it is needed

    allows = settings.quiet_hours_allow_certain
    quiet = Quiet(AlertPolicy(quiet_hours=hours, quiet_hours_allow_certain=allows))
    held = tuple(one.letter.alert_id for one in letters if quiet.holds(one.letter, letters, now))
    return Waiting(
        until=hours.end_after(now) if held else None, held=held, time_zone=settings.time_zone
    )
