"""What people laid over alerts is kept as they said it, and heeded while it is active."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.adapters.store import Store
from monitor.core.alerts import Alert, Outcome
from monitor.core.alerts.overlays import Matcher, Overlay, Sort
from tests.adapters.store_memory import in_memory, moment

A_MOMENT = timedelta(milliseconds=1)


def an_overlay(**fields: Any) -> Overlay:
    """Dana looks after one risk until the fourth reading."""
    return Overlay(
        **{
            "overlay_id": 0,
            "sort": Sort.ACK,
            "author": "Dana Lee",
            "reason": "on it",
            "created_at": moment(1),
            "expires_at": moment(4),
            "fingerprint": "P1:class:12",
            **fields,
        }
    )


@pytest.fixture
def store() -> Store:
    store = in_memory()
    store.alerts.apply(Outcome(alerts=(Alert(7, "P1", moment(1)),)), moment(1))
    return store


@pytest.mark.parametrize(
    "overlay",
    [
        pytest.param(an_overlay(), id="one risk"),
        pytest.param(an_overlay(fingerprint="", alert_id=7), id="an alert"),
        pytest.param(
            an_overlay(sort=Sort.SILENCE, fingerprint="", matcher=Matcher("class", "zz-*", "P1")),
            id="what matches",
        ),
        pytest.param(
            an_overlay(sort=Sort.SILENCE, fingerprint="", matcher=Matcher()), id="everything"
        ),
        pytest.param(
            an_overlay(sort=Sort.SNOOZE, expires_at=None, is_until_worse=True), id="until worse"
        ),
    ],
)
def test_it_is_kept_as_it_was_said(store: Store, overlay: Overlay) -> None:
    kept = store.overlays.add(overlay)
    assert kept == replace(overlay, overlay_id=1)
    assert store.overlays.all() == store.overlays.active(moment(2)) == (kept,)
    assert store.alerts.memory(moment(2)).overlays == (kept,)


def test_each_has_an_id_of_its_own_and_they_are_told_oldest_first(store: Store) -> None:
    kept = tuple(store.overlays.add(an_overlay(reason=str(number))) for number in (1, 2))
    assert [one.overlay_id for one in kept] == [1, 2]
    assert store.overlays.all() == kept


def test_it_is_active_until_the_moment_it_runs_out(store: Store) -> None:
    kept = store.overlays.add(an_overlay())
    assert store.overlays.active(moment(4) - A_MOMENT) == (kept,)
    assert store.overlays.active(moment(4)) == ()
    assert store.alerts.memory(moment(4)).overlays == ()
    assert store.overlays.all() == (kept,), "it is remembered all the same"


def test_it_can_be_lifted_once_and_stays_remembered(store: Store) -> None:
    first, second = (store.overlays.add(an_overlay()) for _ in range(2))
    assert store.overlays.lift(first.overlay_id, moment(2))
    assert not store.overlays.lift(first.overlay_id, moment(3)), "it is over already"
    assert store.overlays.active(moment(3)) == (second,)
    assert store.overlays.all() == (replace(first, lifted_at=moment(2)), second)


def test_what_has_run_out_or_never_was_cannot_be_lifted(store: Store) -> None:
    kept = store.overlays.add(an_overlay())
    assert not store.overlays.lift(kept.overlay_id, moment(4))
    assert not store.overlays.lift(99, moment(2))
    assert store.overlays.all() == (kept,)


def test_what_has_no_end_can_be_lifted(store: Store) -> None:
    kept = store.overlays.add(an_overlay(expires_at=None))
    assert store.overlays.active(moment(9999)) == (kept,)
    assert store.overlays.lift(kept.overlay_id, moment(9999))
