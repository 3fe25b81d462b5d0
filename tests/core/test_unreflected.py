"""A list that does not follow a sort of change is believed about it no more, until it does."""

from __future__ import annotations

from datetime import datetime

import pytest

from monitor.core.drift import drift_of
from monitor.core.imported import evidence_from_lists, was_imported
from monitor.core.listed import ListedValue
from monitor.core.records import Change
from monitor.core.sync import Imported, LastSync
from monitor.core.unreflected import Sort, Unreflected, reflected_by, unreflected_by
from tests.core.builders import (
    US,
    a_change,
    a_class,
    a_history,
    a_last_sync,
    a_value,
    a_workspace,
    at,
)

INACTIVATED = a_change()
"""Between the snapshots of 09:00 and 09:15; the last poll is that of 10:00."""
SORT = Sort("class", "inactivated")
READ_LATER = a_last_sync(not_before=at("09:40"), read_at_least=at("09:40"))
DOUBT = Unreflected(
    US,
    SORT,
    at("10:00"),
    "class:12 was still offered as before after the sync of 2026-11-24 09:40 UTC",
)


@pytest.mark.parametrize(
    ("value", "last", "found"),
    [
        pytest.param(a_value(), READ_LATER, [DOUBT], id="still offered after a sync that was read"),
        pytest.param(a_value(gone=at("10:00")), READ_LATER, [], id="offered no more"),
        pytest.param(
            a_value(), a_last_sync(not_before=at("09:40")), [], id="nobody read of a sync"
        ),
        pytest.param(
            a_value(), a_last_sync(read_at_least=at("09:16")), [], id="a sync as it was edited"
        ),
        pytest.param(
            a_value(), a_last_sync(read_at_least=at("10:00")), [], id="not polled since the sync"
        ),
        pytest.param(a_value("Elsewhere"), READ_LATER, [], id="a list that does not know it"),
    ],
)
def test_which_lists_are_doubted(
    value: ListedValue, last: LastSync, found: list[Unreflected]
) -> None:
    assert list(unreflected_by([INACTIVATED], a_workspace(), a_history(value), last)) == found


def test_the_doubt_is_one_sentence() -> None:
    assert DOUBT.sentence == (
        "Expensify's list of class records does not show when one was inactivated (class:12 was "
        "still offered as before after the sync of 2026-11-24 09:40 UTC): whether such a change "
        "was imported is told by the last sync alone"
    )


def _later(time: str) -> Change:
    return a_change(a_class(), a_class(is_inactive=True), seen=(at(time), at("13:15")))


@pytest.mark.parametrize(
    ("change", "gone", "known", "sorts"),
    [
        pytest.param(_later("13:00"), at("14:00"), [DOUBT], {SORT}, id="it followed a later one"),
        pytest.param(_later("13:00"), None, [DOUBT], set(), id="it did not follow that either"),
        pytest.param(_later("13:00"), at("14:00"), [], set(), id="it was never doubted"),
        pytest.param(_later("10:00"), at("14:00"), [DOUBT], set(), id="not clearly a later one"),
    ],
)
def test_a_list_that_follows_a_later_change_is_believed_again(
    change: Change, gone: datetime | None, known: list[Unreflected], sorts: set[Sort]
) -> None:
    history = a_history(a_value(gone=gone), polls=(at("06:00"), at("13:00"), at("14:00")))
    assert reflected_by([change], a_workspace(), history, known) == sorts


def test_a_doubted_list_proves_nothing_and_the_times_decide() -> None:
    workspace, history = a_workspace(), a_history(a_value())
    last = a_last_sync(not_before=at("08:00"))
    believed = was_imported(INACTIVATED, workspace, history, last)
    doubted = was_imported(INACTIVATED, workspace, history, last, unreflected={SORT})
    assert (believed.imported, doubted.imported) == (Imported.NO, Imported.UNKNOWN)
    assert evidence_from_lists([INACTIVATED], workspace, history, unreflected={SORT}) == ()
    drift = drift_of(workspace, [INACTIVATED], [INACTIVATED], history, last, unreflected={SORT})
    assert drift.changes[INACTIVATED.ref].verdict == doubted


def test_other_sorts_of_the_same_list_are_believed() -> None:
    other = {Sort("class", "renamed"), Sort("location", "inactivated")}
    history = a_history(a_value())
    verdict = was_imported(INACTIVATED, a_workspace(), history, a_last_sync(), unreflected=other)
    assert verdict.imported is Imported.NO
