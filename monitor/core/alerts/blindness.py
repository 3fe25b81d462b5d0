"""Could not look is never fine: what cannot be seen, in words, and when that is to be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.alerts.values import Alert, AlertPolicy, Sight, UnsureView
from monitor.core.freshness import SourceFreshness
from monitor.core.message.words import SOURCE_NAMES, Voice, kind_plural


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that cannot be seen."""

    subject: str
    sentence: str
    """What it is, why, and what to do."""
    since: datetime | None
    """When it was last seen; None = nobody knows."""
    is_tellable: bool
    """Open alerts hear of it now: its cause stays, or it has lasted."""
    is_lasting: bool
    """It has lasted: with nothing else open it is worth a message of its own."""
    policy_id: str = ""
    """The one workspace that it matters to; empty = all."""

    def concerns(self, alert: Alert) -> bool:
        return self.policy_id in ("", alert.policy_id)


def doubts_of(
    sight: Sight, *, now: datetime, policy: AlertPolicy, voice: Voice
) -> tuple[Doubt, ...]:
    """All that this cycle could not see; passing causes become tellable after `blind_after`."""
    look = _Look(sight, now, policy, voice)
    return (*look.sources(), *look.kinds(), *look.views())


def begin_of(doubts: Iterable[Doubt], now: datetime) -> datetime:
    """Since when something could not be seen."""
    return min((doubt.since for doubt in doubts if doubt.since is not None), default=now)


@dataclass(frozen=True, slots=True)
class Blindness:
    """What an alert told of what cannot be seen, held against what cannot be seen now."""

    alert: Alert
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_news(self) -> bool:
        """Something is worth telling that was not told."""
        return any(one.is_tellable and not self._is_told(one) for one in self.doubts)

    @property
    def is_over(self) -> bool:
        return self.alert.blind_since is not None and not self.doubts

    @property
    def is_less(self) -> bool:
        """Something that was told is over, and something else is not."""
        unseen = {one.subject for one in self.doubts}
        return bool(unseen) and not unseen.issuperset(self.alert.blind_about)

    @property
    def told(self) -> tuple[Doubt, ...]:
        """What of it was told."""
        return tuple(filter(self._is_told, self.doubts))

    def taken_in(self, now: datetime) -> Alert:
        """The alert once all that cannot be seen is told."""
        since = self.alert.blind_since or begin_of(self.doubts, now)
        about = tuple(one.subject for one in self.doubts)
        return replace(self.alert, blind_since=since, blind_about=about)

    def let_go(self) -> Alert:
        """The alert without what is over."""
        if self.is_over:
            return replace(self.alert, blind_since=None, blind_about=())
        about = tuple(one.subject for one in self.doubts if self._is_told(one))
        return replace(self.alert, blind_about=about)

    def _is_told(self, doubt: Doubt) -> bool:
        return doubt.subject in self.alert.blind_about


@dataclass(frozen=True, slots=True)
class _Look:
    sight: Sight
    now: datetime
    policy: AlertPolicy
    voice: Voice

    def sources(self) -> Iterator[Doubt]:
        for source in self.sight.sources:
            if source.failing_since is not None:
                yield self._source(source)

    def kinds(self) -> Iterator[Doubt]:
        for kind, why in self.sight.blind_kinds:
            read_at = self.sight.kinds_read_at.get(kind)
            has_lasted = self._has_lasted(read_at)
            subject = f"NetSuite's list of {kind_plural(kind)}"
            is_told = has_lasted or kind not in self.sight.held_kinds
            yield Doubt(subject, f"{subject}: {_bare(why)}.", read_at, is_told, has_lasted)

    def views(self) -> Iterator[Doubt]:
        return map(self._view, self.sight.unsure_policies)

    def _source(self, source: SourceFreshness) -> Doubt:
        name = SOURCE_NAMES.get(source.source, source.source)
        since = source.last_good_at or source.failing_since
        read = self.voice.moment(source.last_good_at) if source.last_good_at else "never"
        has_lasted = self._has_lasted(since)
        return Doubt(
            name,
            f"{_named(name, source.error)}. Last read: {read}.",
            since,
            is_tellable=source.is_permanent or has_lasted,
            is_lasting=has_lasted,
        )

    def _view(self, view: UnsureView) -> Doubt:
        subject = f"what belongs to the subsidiary of {self.voice.workspace(view.policy_id)}"
        return Doubt(
            subject,
            f"W{subject[1:]}: {_bare(view.why)}.",
            view.since,
            is_tellable=True,
            is_lasting=self._has_lasted(view.since),
            policy_id=view.policy_id,
        )

    def _has_lasted(self, since: datetime | None) -> bool:
        return since is None or self.now - since >= self.policy.blind_after


def _named(name: str, error: str) -> str:
    """The error as a sentence that says which source it is of."""
    bare = _bare(error)
    return bare if bare.startswith(name) else f"{name}: {bare}"


def _bare(sentence: str) -> str:
    return sentence.rstrip(". ")
