"""Evidence of syncs: kept for ever in what it says, thinned where it only repeats."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.store import Store
from monitor.core.sync import Bound, Evidence, LastSync, Source, last_sync
from tests.adapters.store_memory import BEGIN, in_memory

US, UK = "4C6722D4BD2BD941", "9D11AA00BB22CC33"


def at(minutes: int) -> datetime:
    """So many minutes after the first reading."""
    return BEGIN + timedelta(minutes=minutes)


def a_row(moment: int = 0, observed: int = 15, **fields: object) -> Evidence:
    """What one poll proved: no sync began between two moments."""
    row = Evidence(US, Bound.NONE_SINCE, at(moment), Source.POLICY_LIST, at(observed), "class:12")
    return row._replace(**fields)


def _kept(*readings: Iterable[Evidence]) -> Store:
    store = in_memory()
    for rows in readings:
        with store.immediate():
            store.evidence.add(rows)
    return store


def test_evidence_is_told_in_the_order_it_was_learned() -> None:
    rows = [
        a_row(30, 45),
        a_row(0, 15, bound=Bound.EXACT, source=Source.OPERATOR, note=""),
        a_row(20, 25, bound=Bound.FAILED),
        a_row(5, 60, bound=Bound.NOT_BEFORE),
    ]
    other = a_row(policy_id=UK)
    store = _kept(rows, [other])
    assert store.evidence.all(US) == tuple(rows)
    assert store.evidence.all(UK) == (other,)
    assert store.evidence.all("nobody") == ()


def test_what_was_learned_later_is_not_known_before() -> None:
    rows = [a_row(0, 15), a_row(20, 30), a_row(30, 45)]
    store = _kept(rows)
    assert store.evidence.all(US, as_of=at(30)) == tuple(rows[:2])
    assert store.evidence.all(US, as_of=at(14)) == ()


def test_the_same_row_is_kept_once() -> None:
    assert _kept([a_row(), a_row()], [a_row()]).evidence.all(US) == (a_row(),)


def test_of_rows_that_only_repeat_the_first_and_the_newest_are_kept() -> None:
    store = _kept(*([a_row(0, minutes)] for minutes in range(15, 15 * 1000, 15)))
    assert store.evidence.all(US) == (a_row(0, 15), a_row(0, 15 * 999))


def test_rows_that_come_in_any_order_are_thinned_alike() -> None:
    store = _kept([a_row(0, 60), a_row(0, 15), a_row(0, 45), a_row(0, 30)])
    assert set(store.evidence.all(US)) == {a_row(0, 15), a_row(0, 60)}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"policy_id": UK}, id="of another workspace"),
        pytest.param({"bound": Bound.NOT_BEFORE}, id="of another bound"),
        pytest.param({"moment": at(1)}, id="of another moment"),
        pytest.param({"source": Source.OPERATOR}, id="of another source"),
        pytest.param({"note": "class:13"}, id="of another record"),
    ],
)
def test_a_row_that_says_something_else_is_no_repetition(other: dict[str, object]) -> None:
    rows = [a_row(0, 15), a_row(0, 30)._replace(**other), a_row(0, 45)]
    store = _kept(rows)
    assert {*store.evidence.all(US), *store.evidence.all(UK)} == set(rows)


# What is concluded. Polls look at the full quarter hours; syncs begin and changes happen between.

_between = st.integers(0, 11).map(lambda number: 15 * number + 7)
_changes = st.frozensets(_between, min_size=1, max_size=3)


@st.composite
def _days(draw: st.DrawFn) -> list[list[Evidence]]:
    """Poll by poll what was learned: changes still missing, changes taken over, people's words."""
    syncs, changes = draw(st.frozensets(_between, max_size=3)), draw(_changes)
    ignored = draw(st.frozensets(st.sampled_from(sorted(changes))))
    told = draw(st.frozensets(st.integers(1, 12)))
    polls = []
    for poll in range(1, 13):
        now, rows = 15 * poll, []
        past = [moment for moment in syncs if moment < now]
        for change in sorted(moment for moment in changes if moment < now):
            is_taken_over = any(sync > change for sync in past) and change not in ignored
            bound = Bound.NOT_BEFORE if is_taken_over else Bound.NONE_SINCE
            rows.append(a_row(change, now, bound=bound, note=f"class:{change}"))
        if poll in told and past:
            rows.append(
                a_row(max(past), now + 5, bound=Bound.EXACT, source=Source.OPERATOR, note="")
            )
        polls.append(rows)
    return polls


def _concluded(
    rows: Iterable[Evidence], now: datetime
) -> tuple[datetime | None, datetime | None, tuple[str, ...]]:
    known: LastSync = last_sync(US, rows, as_of=now)
    return known.not_before, known.not_after, known.contradictions


@given(_days())
def test_thinning_changes_nothing_that_is_concluded_now(polls: list[list[Evidence]]) -> None:
    store, everything = in_memory(), []
    for number, rows in enumerate(polls, 1):
        everything += rows
        with store.immediate():
            store.evidence.add(rows)
        now = at(15 * number + 5)
        *interval, told = _concluded(store.evidence.all(US), now)
        *full_interval, full = _concluded(everything, now)
        assert interval == full_interval
        # Repetitions may be at odds with each other, too; that something is stays said.
        assert set(told) <= set(full)
        assert bool(told) == bool(full)


@given(_days())
def test_of_the_past_less_is_known_but_nothing_else(polls: list[list[Evidence]]) -> None:
    everything = [row for rows in polls for row in rows]
    store = _kept(*polls)
    for number in range(1, len(polls) + 1):
        now = at(15 * number)
        before, after, _ = _concluded(store.evidence.all(US, as_of=now), now)
        full_before, full_after, _ = _concluded(everything, now)
        assert before == full_before
        assert after is None or (full_after is not None and after >= full_after)
