"""Whether the texts at a place are what the operator says; if not, a question for them."""

from __future__ import annotations

from typing import NamedTuple

_ENOUGH_TEXTS = 20
_HEALTHY_SHARE = 0.95
FALL = 0.2
"""So much less than when they were last in order: somebody has mapped the tags anew."""


class PlaceHealth(NamedTuple):
    """How many of the distinct texts at one place of a workspace match a NetSuite record."""

    policy_id: str
    place: str
    texts: int
    matched: int
    is_healthy: bool

    @property
    def share(self) -> float:
        return self.matched / self.texts if self.texts else 1.0


class HealthBefore(NamedTuple):
    """How a place stood at the last look."""

    is_healthy: bool
    trusted: float | None = None
    """The share that matched when it was last in order; None when it never was."""


class SetUpQuestion(NamedTuple):
    """What the operator should look at in the configuration: asked in `check` and `status` only."""

    policy_id: str
    place: str
    sentence: str


def health_of(
    policy_id: str, place: str, texts: int, matched: int, before: HealthBefore | None = None
) -> PlaceHealth:
    """Whether the place is in order. Of few texts one may match nothing: a share of so few would
    say little.

    That leave is for a stray text at a place that is trusted. One that is doubted does not heal by
    it, nor by the low share that has become usual: it has to come near what it was when it was last
    in order. So a fall of shares alone never doubts a place where one text matches nothing.
    """
    is_few = texts < _ENOUGH_TEXTS
    is_healthy = texts - matched <= 1 if is_few else matched >= _HEALTHY_SHARE * texts
    health = PlaceHealth(policy_id, place, texts, matched, is_healthy)
    if before is not None and not before.is_healthy and has_fallen(health, before):
        return health._replace(is_healthy=False)
    return health


def has_fallen(health: PlaceHealth, before: HealthBefore | None) -> bool:
    """Whether so much less matches than when the place was last in order."""
    trusted = before.trusted if before else None
    return trusted is not None and trusted - health.share > FALL


def trusted_after(health: PlaceHealth, before: HealthBefore | None) -> float | None:
    """The share that the next look is held against: the last one of a place in order."""
    return health.share if health.is_healthy else before.trusted if before else None
