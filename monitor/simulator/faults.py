"""Bad days on request: the next answers of a simulated service, or all that match, go wrong."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class _Fault:
    kind: str
    match: str
    times: int
    """How often; negative = until cleared."""
    detail: str


@dataclass(slots=True)
class Faults:
    """What is to go wrong. `match` is a part of the query, path or method it is about."""

    _waiting: list[_Fault] = field(default_factory=list)

    def next(self, kind: str, *, times: int = 1, match: str = "", detail: str = "") -> None:
        """The next matching answers go wrong."""
        self._waiting.append(_Fault(kind, match, times, detail))

    def always(self, kind: str, *, match: str = "", detail: str = "") -> None:
        """Every matching answer goes wrong until `clear`."""
        self._waiting.append(_Fault(kind, match, -1, detail))

    def clear(self) -> None:
        """All is well again."""
        self._waiting.clear()

    def take(self, about: str) -> tuple[str, str]:
        """What goes wrong with an answer about this: (kind, detail); ("", "") = nothing."""
        for fault in self._waiting:
            if fault.match.casefold() in about.casefold() and fault.times != 0:
                fault.times -= 1
                return fault.kind, fault.detail
        return "", ""
