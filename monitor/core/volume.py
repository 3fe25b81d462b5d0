"""How loud a letter is, and how much was said: counted by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from monitor.core.alerts import Method, Reason

_A_DAY = timedelta(days=1)


class Volume(StrEnum):
    """Whom a letter disturbs. The value is the sentence."""

    CHANNEL = "in the channel"
    THREAD = "in a thread only"
    SILENT = "edits, which notify nobody"

    @property
    def code(self) -> str:
        return self.name.lower()


def volume_of(method: Method, *, is_broadcast: bool) -> Volume:
    """A post and a broadcast reply disturb the channel, another reply who follows the thread."""
    if method is Method.EDIT:
        return Volume.SILENT
    is_reply = method is Method.REPLY
    return Volume.THREAD if is_reply and not is_broadcast else Volume.CHANNEL


@dataclass(frozen=True, slots=True)
class Tally:
    """How many letters of each reason and volume."""

    counts: Counter[tuple[Reason, Volume]] = field(default_factory=Counter)

    @classmethod
    def of(cls, letters: Iterable[tuple[Reason, Volume]]) -> Tally:
        return cls(Counter(letters))

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Those that were given, in their own order."""
        given = {reason for reason, _ in self.counts}
        return tuple(reason for reason in Reason if reason in given)

    def count(self, volume: Volume, reason: Reason | None = None) -> int:
        """How many of that volume, of one reason or of all."""
        return sum(
            count
            for (given, loud), count in self.counts.items()
            if loud is volume and reason in (None, given)
        )

    def a_day(self, length: timedelta) -> float:
        """Messages in the channel a day, over that long; a part of a day counts as a whole one, or
        one message in an hour would be called twenty-four a day.
        """
        return self.count(Volume.CHANNEL) / max(1.0, length / _A_DAY)
