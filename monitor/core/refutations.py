"""Exports that went well -> what they teach about the rules: taken back here, or capped at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from monitor.core.records import Ref
from monitor.core.reports import Route
from monitor.core.risks import Cause

ENOUGH = 2
"""So many reports against one rule, and it says no more than possible in this account."""


class Refutation(NamedTuple):
    """A report whose clean export speaks against one rule about one record."""

    cause: Cause
    ref: Ref
    subsidiary: str
    """Of the workspace; empty without OneWorld."""
    route: Route
    report_id: str
    exported_at: datetime
    is_lesson: bool = True
    """False where a sync that nobody saw explains the export as well: the rule is silent about this
    record, and no worse for it elsewhere.
    """


class Trust(NamedTuple):
    """A person says that a rule may speak again, whatever was exported until then."""

    cause: Cause
    at: datetime
    author: str
    reason: str


class Counter(NamedTuple):
    """What speaks against a rule, and the reports that show it."""

    is_capped: bool
    sentence: str


class Cap(NamedTuple):
    """A rule that was refuted too often in this account."""

    cause: Cause
    report_ids: tuple[str, ...]
    since: datetime
    """When the export went well that was one too many."""

    @property
    def sentence(self) -> str:
        return (
            f"only possible since {_reports(self.report_ids)} exported although the rule "
            f"{self.cause.code} spoke against it: `monitor trust {self.cause.code}` lifts that"
        )


class Refutations:
    """All counter-evidence of one account; the order in which it came makes no difference."""

    def __init__(
        self,
        refutations: Iterable[Refutation] = (),
        trusts: Iterable[Trust] = (),
        subsidiaries: Mapping[str, str | None] | None = None,
    ) -> None:
        """`subsidiaries`: each workspace's, by policy id."""
        self._subsidiaries = subsidiaries or {}
        self._trusted: dict[Cause, datetime] = {}
        for trust in trusts:
            earlier = self._trusted.get(trust.cause, trust.at)
            self._trusted[trust.cause] = max(earlier, trust.at)
        self._there: defaultdict[tuple[Cause, Ref, str, Route], list[Refutation]]
        self._there = defaultdict(list)
        self._of_cause: defaultdict[Cause, dict[str, datetime]] = defaultdict(dict)
        for one in sorted(refutations, key=lambda one: (one.exported_at, one.report_id)):
            self._there[one.cause, one.ref, one.subsidiary, one.route].append(one)
            if one.is_lesson and not self._is_forgiven(one):
                self._of_cause[one.cause].setdefault(one.report_id, one.exported_at)
        self._caps = {cap.cause: cap for cap in self._capped()}

    def verdict(
        self, cause: Cause, ref: Ref, policy_id: str, route: Route, changed_at: datetime | None
    ) -> Counter | None:
        """What speaks against the rule here; None when nothing does.

        An export counts for the record when it came after the record's last change (None = long
        ago); what counts for the whole rule is asked second.
        """
        subsidiary = self._subsidiaries.get(policy_id) or ""
        later = tuple(
            one.report_id
            for one in self._there.get((cause, ref, subsidiary, route), ())
            if changed_at is None or one.exported_at > changed_at
        )
        if later:
            return Counter(is_capped=False, sentence=f"{_reports(later)} exported all the same")
        cap = self._caps.get(cause)
        return None if cap is None else Counter(is_capped=True, sentence=cap.sentence)

    def caps(self) -> tuple[Cap, ...]:
        """The rules that are capped, the strongest cause first."""
        return tuple(self._caps[cause] for cause in Cause if cause in self._caps)

    def _is_forgiven(self, one: Refutation) -> bool:
        trusted_at = self._trusted.get(one.cause)
        return trusted_at is not None and one.exported_at <= trusted_at

    def _capped(self) -> Iterable[Cap]:
        for cause, reports in self._of_cause.items():
            if len(reports) >= ENOUGH:
                moments = sorted(reports.values())
                yield Cap(cause, tuple(reports), moments[ENOUGH - 1])


def _reports(report_ids: tuple[str, ...]) -> str:
    ids = tuple(dict.fromkeys(report_ids))
    more = f" and {len(ids) - 3} more" if len(ids) > 3 else ""
    return f"report{'s' if len(ids) > 1 else ''} {', '.join(ids[:3])}{more}"
