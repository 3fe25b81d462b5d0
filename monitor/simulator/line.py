"""The line to all services together: it counts every call, and breaks at the one it was told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

REFUSED = "refused"
"""Nobody listens any more when the call is to be made."""
REFUSALS = ("401", "403", "429", "429 later", "500")
"""The service refuses in its own words; "later" says how long to wait."""
UNHEARD = ("silent", "html", "reset unheard")
"""The service never hears of the call."""
SPOILT = ("silent, done", "html, done", "reset", "cut", "torn", "dripping")
"""The service does what it was asked, and its answer goes bad on the way."""
AGAIN = "again"
"""What the same question was answered before comes once more: a page of rows comes twice."""
WAYS = (REFUSED, *REFUSALS, *UNHEARD, *SPOILT, AGAIN)

_SILENT = ("silent", "silent, done")


def _stand_still(_seconds: float) -> None:
    """Nobody's time passes."""


@dataclass(frozen=True, slots=True)
class Break:
    """At which call, counted from 1 over all services, the line breaks, and how."""

    at: int
    way: str
    lasts: bool = False
    """Until the line is mended, instead of for one call."""
    passes: Callable[[float], None] = _stand_still
    """Lets seconds of everybody's time pass while an answer drips."""

    def strikes(self, number: int) -> bool:
        return number == self.at or (self.lasts and number > self.at)


@dataclass(slots=True)
class Line:
    """Between the services and whoever calls them."""

    calls: list[str] = field(default_factory=list)
    """What was called, in order; a call that nobody listened to is not among them."""
    hang_up: list[Callable[[], None]] = field(default_factory=list)
    """How each server stops to listen."""
    pick_up: list[Callable[[], None]] = field(default_factory=list)
    """How each begins again."""
    is_down: bool = False
    _broken: Break | None = None
    _has_refused: bool = False
    _answered: int = 0
    _earlier: dict[str, bytes] = field(default_factory=dict)

    def breaks(self, broken: Break) -> None:
        """Count the calls anew, and break at that one."""
        self.calls.clear()
        self._earlier.clear()
        self._answered = 0
        self._broken = broken
        if broken.way == REFUSED and broken.strikes(1):
            self.go_down()

    def mend(self) -> None:
        """All is well again."""
        self._broken = None
        self.listen_again()

    def is_watched(self) -> bool:
        """Whether calls are counted."""
        return self._broken is not None

    def begin(self, about: str) -> str:
        """A call came in; returns the way in which it goes wrong, or nothing."""
        self.calls.append(about)
        broken = self._broken
        return broken.way if broken and broken.strikes(len(self.calls)) else ""

    def end(self) -> None:
        """The call at hand was answered, as well as it was going to be."""
        self._answered = len(self.calls)

    def is_silent_next(self) -> bool:
        """Whether the call that is not answered yet never will be."""
        broken = self._broken
        return bool(broken and broken.way in _SILENT and broken.strikes(self._answered + 1))

    def is_last(self) -> bool:
        """Whether nobody is to listen any more once the call at hand is answered."""
        broken = self._broken
        return bool(broken and broken.way == REFUSED and broken.strikes(len(self.calls) + 1))

    def keep(self, question: str, answer: bytes) -> bytes:
        """Remember the answer; returns what the same question was answered before, else this."""
        earlier = self._earlier.get(question, answer)
        self._earlier[question] = answer
        return earlier

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        if self._broken:
            self._broken.passes(seconds)

    def knock(self) -> None:
        """Somebody is about to connect: after one refusal everybody listens again, unless the
        break lasts.
        """
        if self.is_down and self._has_refused and self._broken and not self._broken.lasts:
            self.listen_again()
        self._has_refused = self.is_down

    def go_down(self) -> None:
        """Nobody listens any more."""
        self.is_down = True
        for hang_up in self.hang_up:
            hang_up()

    def listen_again(self) -> None:
        """Everybody listens, if nobody did."""
        if self.is_down:
            self.is_down = False
            for pick_up in self.pick_up:
                pick_up()
