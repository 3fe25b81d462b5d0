"""The past decided again under a policy, held against what was really told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.adapters.store.correspondence import FiledLetter
from monitor.answers.history import tally
from monitor.answers.known import Known
from monitor.config.alerts_alone import AlertsAlone
from monitor.core.alerts import Sight
from monitor.core.message.words import Voice
from monitor.core.pretended import Fate, Said
from monitor.core.replay import PastOverlays, replay
from monitor.core.volume import Tally, volume_of
from monitor.errors import CannotAnswer


@dataclass(frozen=True, slots=True)
class Replayed:
    """Both sides of one span. Moments UTC."""

    begin: datetime
    end: datetime
    cycles: int
    said: tuple[Said, ...]
    filed: tuple[FiledLetter, ...]
    """What was really promised meanwhile."""
    remarks: tuple[str, ...] = ()

    @property
    def length(self) -> timedelta:
        return self.end - self.begin

    @property
    def replayed(self) -> Tally:
        """What the policy would have told, without what stood already in the first cycle."""
        return Tally.of(
            (one.letter.reason, volume_of(one.letter.method, is_broadcast=one.letter.is_broadcast))
            for one in self.said
            if one.fate in (Fate.TOLD, Fate.SILENT) and not one.is_old
        )

    @property
    def really(self) -> Tally:
        """What Slack took."""
        return tally(one for one in self.filed if one.is_sent)

    @property
    def in_shadow(self) -> Tally:
        """What shadow mode kept back."""
        return tally(one for one in self.filed if one.is_shadow)

    @property
    def old(self) -> int:
        """Messages about what stood already when the replay began."""
        return sum(one.is_old and one.fate is Fate.TOLD for one in self.said)

    def alerts_with(self, fate: Fate) -> int:
        return len({one.letter.alert_id for one in self.said if one.fate is fate})


def replayed(database: Known, plan: AlertsAlone, since: datetime, until: datetime) -> Replayed:
    """Decide again what was recorded between the two moments; raises CannotAnswer when that is
    nothing.
    """
    recording = database.store.recording
    first_at = recording.first_at()
    if first_at is None:
        raise CannotAnswer(
            "nothing was recorded yet that could be decided again: cycles record it since this "
            "version of the monitor; run `monitor run --once`, or wait"
        )
    begin = max(since, first_at)
    cycles = tuple(recording.cycles(begin, until))
    if not cycles:
        raise CannotAnswer(
            f"no cycle ran in that time: the recording begins {first_at:%Y-%m-%d %H:%M} UTC"
        )
    filed = database.store.correspondence
    said = replay(
        cycles,
        PastOverlays(database.store.overlays.all(), filed.fingerprints()),
        plan.policy(),
        voice=lambda sight: _voice(database, plan, sight),
        zone=plan.zone,
    )
    remarks = tuple(_remarks(database, plan, since, first_at))
    # What the first cycle opens anew is not counted; so what was really told in it is not, either.
    first = cycles[0].at
    letters = (one for one in filed.letters(first, until) if one.promised_at > first)
    return Replayed(first, cycles[-1].at, len(cycles), said, tuple(letters), remarks)


def _remarks(
    database: Known, plan: AlertsAlone, since: datetime, first_at: datetime
) -> Iterator[str]:
    """What of the question is answered otherwise than it was asked."""
    if plan.alerts.shadow:
        yield "shadow = true is left out: a replay tells as if shadow mode were off"
    # Before the very first cycle there is nothing to miss.
    oldest = database.store.snapshots.baseline()
    missed_from = max(since, oldest.taken_at) if oldest else first_at
    if first_at - missed_from > database.settings.every:
        begins = f"{first_at.astimezone(plan.zone):%Y-%m-%d %H:%M %Z}"
        yield f"the recording begins on {begins}: replayed from there"


def _voice(database: Known, plan: AlertsAlone, sight: Sight) -> Voice:
    read = [source.last_good_at for source in sight.sources if source.last_good_at]
    workspaces = database.settings.workspaces
    return Voice(
        zone=plan.zone,
        names={workspace.policy_id: workspace.name for workspace in workspaces},
        mask_people=plan.alerts.mask_people,
        read_at=min(read, default=None),
        experiences={workspace.policy_id: workspace.experience for workspace in workspaces},
    )
