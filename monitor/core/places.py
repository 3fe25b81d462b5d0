"""Whether the texts at a place are what the operator says; if not, a question for them."""

from __future__ import annotations

from typing import NamedTuple

_ENOUGH_TEXTS = 20
_HEALTHY_SHARE = 0.95
FALL = 0.2
"""So much less than at the last cycle: somebody has re-mapped the tags."""


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


class SetUpQuestion(NamedTuple):
    """What the operator should look at in the configuration: asked in `check` and `status` only."""

    policy_id: str
    place: str
    sentence: str


def health_of(policy_id: str, place: str, texts: int, matched: int) -> PlaceHealth:
    """Of few texts one may match nothing: a share of so few would say little."""
    is_few = texts < _ENOUGH_TEXTS
    is_healthy = texts - matched <= 1 if is_few else matched >= _HEALTHY_SHARE * texts
    return PlaceHealth(policy_id, place, texts, matched, is_healthy)
