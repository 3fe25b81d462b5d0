"""How the coded texts matched is kept from look to look, and what was asked from cycle to cycle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.adapters.store import Store
from monitor.core.places import HealthBefore, PlaceHealth, SetUpQuestion, health_of
from monitor.core.reports import Coding
from tests.core.builders import UK, US, a_workspace

HERE = (US, "tag:1")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "monitor.db") as store:
        yield store


def _look(store: Store, *health: PlaceHealth) -> None:
    workspaces = (a_workspace(), a_workspace(UK))
    with store.immediate():
        store.places.record(health, store.places.before(workspaces), workspaces)


def test_nobody_looked_before_the_first_look(store: Store) -> None:
    assert store.places.before([a_workspace()]) == {}


def test_a_place_is_known_as_it_was_last_seen_and_last_trusted(store: Store) -> None:
    _look(store, health_of(US, "tag:1", 40, 39), health_of(UK, "tag:1", 9, 1))
    _look(store, health_of(US, "tag:1", 40, 20))
    _look(store, health_of(US, "tag:1", 40, 10))
    assert store.places.before([a_workspace(), a_workspace(UK)]) == {
        HERE: HealthBefore(is_healthy=False, trusted=0.975),
        (UK, "tag:1"): HealthBefore(is_healthy=False, trusted=None),
    }


def test_a_place_that_nobody_could_look_at_stays_as_it_was(store: Store) -> None:
    _look(store, health_of(US, "tag:1", 40, 10))
    _look(store)
    assert store.places.before([a_workspace()])[HERE] == HealthBefore(is_healthy=False)


@pytest.mark.parametrize(
    "coding",
    [
        pytest.param((Coding("department", "tag:1"),), id="another kind"),
        pytest.param((Coding("class", "tag:1"), Coding("customer", "tag:1")), id="one more kind"),
        pytest.param((), id="nothing"),
    ],
)
def test_what_is_configured_anew_begins_anew(store: Store, coding: tuple[Coding, ...]) -> None:
    _look(store, health_of(US, "tag:1", 40, 10))
    assert store.places.before([a_workspace(coding=coding)]) == {}
    assert store.places.before([a_workspace(UK)]) == {}


def test_the_order_of_kinds_in_the_configuration_is_no_change(store: Store) -> None:
    both = (Coding("class", "tag:1"), Coding("customer", "tag:1"))
    one, other = a_workspace(coding=both), a_workspace(coding=both[::-1])
    with store.immediate():
        store.places.record([health_of(US, "tag:1", 9, 9)], {}, [one])
    assert store.places.before([other]) == {HERE: HealthBefore(is_healthy=True, trusted=1.0)}


def test_only_the_newest_questions_are_asked_in_their_order(store: Store) -> None:
    first, second = SetUpQuestion(US, "tag:2", "what is kept?"), SetUpQuestion(UK, "tag:1", "why?")
    with store.immediate():
        store.places.ask([SetUpQuestion(US, "tag:1", "an old one?")])
        store.places.ask([first, second])
    assert store.places.questions() == (first, second)
    with store.immediate():
        store.places.ask([])
    assert store.places.questions() == ()
