"""A channel that takes every letter at once: what people would have heard, and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from monitor.core.alerts import AlertPolicy, Letter, Method, Reason


class Fate(StrEnum):
    """What became of a letter. The value is the sentence."""

    TOLD = "told"
    SILENT = "an edit, which notifies nobody"
    JOINED = "told with a later letter of the same alert"
    CAME_AND_WENT = "over before anybody was to be disturbed"
    WAITING = "waits for the end of the quiet hours"

    @property
    def code(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Said:
    """A letter, when it was promised, and what became of it. Moments UTC."""

    letter: Letter
    promised_at: datetime
    fate: Fate = Fate.WAITING
    at: datetime | None = None
    """When that was decided; None while it waits."""
    is_old: bool = False
    """It tells of what stood already when the replay began."""


@dataclass(slots=True)
class PretendedChannel:
    """Letters come in cycle by cycle; quiet hours hold them, and join what they held."""

    policy: AlertPolicy
    said: list[Said] = field(default_factory=list)
    heard: set[int] = field(default_factory=set)
    """The alerts that people heard of."""
    reminders: dict[int, int] = field(default_factory=dict)
    """How many reminders an alert had since its last other news."""
    _told_at: dict[int, datetime] = field(default_factory=dict)
    _waiting: list[Said] = field(default_factory=list)

    def last_told(self, now: datetime) -> dict[int, datetime]:
        """When something that people notice was last told of an alert; what waits is as good as
        told.
        """
        waiting = (one.letter for one in self._waiting if one.letter.method is not Method.EDIT)
        return self._told_at | {one.alert_id: now for one in waiting if one.alert_id is not None}

    def waits(self, alert_id: int) -> bool:
        """Whether something is still to be told of the alert."""
        return any(one.letter.alert_id == alert_id for one in self._waiting)

    def take(
        self, letters: Iterable[Letter], now: datetime, living: Collection[int], *, is_old: bool
    ) -> None:
        """One cycle promised the letters; `living`: the alerts that are open after it."""
        self._waiting += [
            Said(letter, now, is_old=is_old and letter.alert_id is not None) for letter in letters
        ]
        going = self._may_go(now)
        self._waiting = [one for one in self._waiting if one not in going]
        for alert_id in dict.fromkeys(one.letter.alert_id for one in going):
            mine = [one for one in going if one.letter.alert_id == alert_id]
            self._deliver(mine, now, is_over=alert_id is not None and alert_id not in living)

    def all(self) -> tuple[Said, ...]:
        """Every letter in the order of its promise, also what still waits."""
        everything = [*self.said, *self._waiting]
        return tuple(sorted(everything, key=lambda one: one.promised_at))

    def _may_go(self, now: datetime) -> list[Said]:
        """What the quiet hours do not hold; an urgent letter takes along all of its alert."""
        quiet = self.policy.quiet_hours
        if quiet is None or not quiet.covers(now):
            return self._waiting
        allows = self.policy.quiet_hours_allow_certain
        urgent = {one.letter.alert_id for one in self._waiting if allows and one.letter.is_urgent}
        return [
            one
            for one in self._waiting
            if one.letter.reason is Reason.DIGEST or one.letter.alert_id in urgent
        ]

    def _deliver(self, mine: list[Said], now: datetime, *, is_over: bool) -> None:
        alert_id = mine[0].letter.alert_id
        is_held = any(one.promised_at < now for one in mine)
        is_unheard = alert_id is not None and alert_id not in self.heard
        if is_held and is_unheard and is_over:
            self._end(mine, Fate.CAME_AND_WENT, now)
        elif is_held:
            self._catch_up(mine, now, is_unheard=is_unheard)
        else:
            for one in mine:
                self._tell(one, now)

    def _catch_up(self, mine: list[Said], now: datetime, *, is_unheard: bool) -> None:
        """One message: the parent as it is known now, or one reply for all that waited."""
        noticed = [one for one in mine if one.letter.method is not Method.EDIT]
        edits = [one for one in mine if one.letter.method is Method.EDIT]
        news = [one for one in noticed if one.letter.reason is not Reason.REMINDER] or noticed[-1:]
        # The parent comes first, whatever followed it; what follows goes into it.
        speaks = noticed[:1] if is_unheard else news[-1:]
        shows = [] if is_unheard and speaks else edits[-1:]
        is_broadcast = any(one.letter.is_broadcast for one in news)
        for one in mine:
            if one in speaks:
                letter = one.letter._replace(is_broadcast=is_broadcast)
                self._tell(replace(one, letter=letter), now)
            elif one in shows:
                self._tell(one, now)
            else:
                self._end([one], Fate.JOINED, now)

    def _tell(self, one: Said, now: datetime) -> None:
        letter = one.letter
        if letter.method is Method.EDIT:
            self._end([one], Fate.SILENT, now)
            return
        self._end([one], Fate.TOLD, now)
        if letter.alert_id is None:
            return
        self.heard.add(letter.alert_id)
        self._told_at[letter.alert_id] = now
        before = self.reminders.get(letter.alert_id, 0)
        is_reminder = letter.reason is Reason.REMINDER
        self.reminders[letter.alert_id] = before + 1 if is_reminder else 0

    def _end(self, ended: Iterable[Said], fate: Fate, now: datetime) -> None:
        self.said += [replace(one, fate=fate, at=now) for one in ended]
