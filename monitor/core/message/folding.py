"""Records below a record that is itself at risk, by the same edit: told with it, not beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from monitor.core.message.facts import urgency
from monitor.core.message.words import counted_kind, listed
from monitor.core.risks import Cause, Risk

_BELOW = " : "
"""Between the parts of a full name. A record's own name with this in it would be taken for two; it
would then be told with another record, and lose none of its reports.
"""
_ENDS_WHAT_IS_BELOW = frozenset({Cause.INACTIVE, Cause.DELETED})
_MOST_NAMES = 3
_DO_THE_SAME = "the same is to be done about each"


@dataclass(frozen=True, slots=True)
class Family:
    """A record at risk, and those below it that are so by the same edit."""

    head: Risk
    below: tuple[Risk, ...] = ()

    @property
    def members(self) -> tuple[Risk, ...]:
        return (self.head, *self.below)

    def words(self) -> tuple[str, ...]:
        """And 12 classes below it, by the same edit: “Events”, “Fairs”, “Online” and 9 more; …"""
        if not self.below:
            return ()
        above = f"{self.head.full_name}{_BELOW}"
        names = [f"“{one.full_name.removeprefix(above)}”" for one in self.below[:_MOST_NAMES]]
        more = len(self.below) - len(names)
        names += [f"{more} more"] if more else []
        count = counted_kind(len(self.below), self.head.ref.kind)
        return (f"And {count} below it, by the same edit: {listed(names)}; {_DO_THE_SAME}.",)


def families(risks: Iterable[Risk], apart: Collection[str] = ()) -> list[Family]:
    """Every risk once, the most urgent family first; those `apart` (by fingerprint) stand alone."""
    risks = sorted(risks, key=urgency)
    by_name: dict[tuple[str, str], Risk] = {}
    for risk in risks:
        if risk.fingerprint not in apart:
            by_name.setdefault((risk.ref.kind, risk.full_name), risk)
    below: dict[str, list[Risk]] = {}
    for risk in risks:
        head = risk if risk.fingerprint in apart else _head(risk, by_name)
        below.setdefault(head.fingerprint, [])
        if head is not risk:
            below[head.fingerprint].append(risk)
    heads = {risk.fingerprint: risk for risk in risks if risk.fingerprint in below}
    return [Family(heads[fingerprint], tuple(several)) for fingerprint, several in below.items()]


def _head(risk: Risk, by_name: dict[tuple[str, str], Risk]) -> Risk:
    """The highest record above it whose edit is the reason; the risk itself when there is none."""
    head = risk
    for name in _names_above(risk.full_name):
        above = by_name.get((risk.ref.kind, name))
        if above is not None and _is_reason(above, head):
            head = above
    return head


def _names_above(full_name: str) -> Iterator[str]:
    """Sales : Marketing and Sales, of Sales : Marketing : Events."""
    while _BELOW in full_name:
        full_name = full_name.rpartition(_BELOW)[0]
        yield full_name


def _is_reason(above: Risk, risk: Risk) -> bool:
    if risk.cause is Cause.PARENT_INACTIVE:
        return above.cause in _ENDS_WHAT_IS_BELOW
    return above.cause is risk.cause and _is_same_moment(above, risk)


def _is_same_moment(one: Risk, other: Risk) -> bool:
    """Both have a moment, or two that bound it, and one edit can have made both so."""
    spans = [_span(one), _span(other)]
    if None in spans:
        return False
    (begin, end), (other_begin, other_end) = (span for span in spans if span is not None)
    return begin <= other_end and other_begin <= end


def _span(risk: Risk) -> tuple[datetime, datetime] | None:
    return None if risk.since is None else (risk.earliest_at or risk.since, risk.since)
