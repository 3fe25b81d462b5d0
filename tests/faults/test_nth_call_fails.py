"""Whatever call or statement of a cycle fails: the next good cycle leaves all as if it had not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import pytest

from monitor.simulator.line import AGAIN, WAYS
from tests.faults.disk import ERRORS
from tests.faults.troupe import Left, Order, Rehearsed, Troupe

_CODES = {0, 2, 4}
"""What `monitor run --once` may end with when something failed that will pass."""
_NETSUITE = ("kind", "snapshot", "list_reading", "version", "absence")
_EXPENSIFY = ("expensify_reading", "report", "offered_value", "list_poll", "unread_report")
_DELETED = "deletedrecord"
"""The question that decides whether a record is deleted now, or by a second look."""
_BESIDES = (_DELETED, "utcnow", "oauthappname", "systemnote", "slack", "ping")
"""The calls without which a cycle is good all the same."""


@pytest.mark.timeout(600)
def test_a_sample_of_everything_that_can_fail(tmp_path: Path) -> None:
    codes = _hold(tmp_path, _sample, processes=1)
    assert codes.keys() == _CODES


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("lasts", [False, True], ids=["once", "until the cycle ends"])
def test_every_call_in_every_way(tmp_path: Path, *, lasts: bool) -> None:
    _hold(tmp_path, lambda calm: _all_calls(calm, lasts=lasts), processes=2)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("lasts", [False, True], ids=["once", "until the cycle ends"])
def test_every_use_of_the_disk_with_every_error(tmp_path: Path, *, lasts: bool) -> None:
    _hold(tmp_path, lambda calm: _all_uses(calm, lasts=lasts), processes=2)


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_every_statement(tmp_path: Path) -> None:
    _hold(tmp_path, _all_statements, processes=2)


class _Expected(NamedTuple):
    """What a cycle with a fault is held against."""

    before: dict[str, list[str]]
    """What was stored before it."""
    calm: Rehearsed
    """The same cycle without a fault."""
    put_off: Rehearsed
    """One that cannot know yet whether a record was deleted."""


def _hold(
    folder: Path, orders: Callable[[Rehearsed], Iterable[Order]], *, processes: int
) -> Counter[int]:
    """Hold every order to the laws; how often the cycle with the fault ended with which code."""
    troupe = Troupe(folder, processes)
    try:
        (calm,) = troupe.rehearse([Order("no fault", {})])
        asked = next(n for n, call in enumerate(calm.calls, 1) if _DELETED in call)
        (put_off,) = troupe.rehearse([_call(calm, asked, "403")])
        expected = _Expected(troupe.before, calm, put_off)
        codes: Counter[int] = Counter()
        for one in troupe.rehearse(orders(calm)):
            _keeps_the_laws(one, expected)
            codes[one.code] += 1
    finally:
        troupe.end()
    print(f"{codes.total()} faults, ended with {dict(codes)}")
    return codes


def _keeps_the_laws(one: Rehearsed, expected: _Expected) -> None:
    said, calm = one.order.said, expected.calm
    assert one.code in _CODES, f"{said}: {one.printed}"
    assert "Traceback" not in one.printed, f"{said}: {one.printed}"
    assert (one.first.unsound, one.left.unsound) == ([], []), said
    assert _halves(one, expected) == [], said
    if one.code == 0 and _is_of_the_reading(one.order, calm):
        assert _differences(one.first, calm.first) == [], f"{said}: healed, but not as if"
    assert one.next_codes[0] == 0, f"{said}: {one.printed}"
    # Mere figures follow a message that was found in Slack a minute later at the earliest.
    assert set(one.waits) <= {"CHANGED"}, said
    assert _differences(one.left, calm.left) == [], said


def _halves(one: Rehearsed, expected: _Expected) -> list[str]:
    """Tables that are neither as before nor as they should be, though the others are."""
    now, possible = one.first.state, (expected.before, expected.calm.first.state)
    if "line" not in one.order.fault:
        # How the ping and the channel's test of itself went is kept after the cycle.
        rooms = [[table for table in now if table != "source"]]
    else:
        # Each of the systems is remembered whole, or not.
        rooms, possible = [[*_NETSUITE], [*_EXPENSIFY]], (*possible, expected.put_off.first.state)
    return [
        f"{table}: {row[:300]}"
        for room in rooms
        if all(any(now[table] != state[table] for table in room) for state in possible)
        for table in room
        for row in {*now[table]} ^ {*expected.calm.first.state[table]}
    ]


def _is_of_the_reading(order: Order, calm: Rehearsed) -> bool:
    """Whether the call that failed is one without which the cycle cannot be good."""
    line = order.fault.get("line")
    return bool(line) and not any(word in calm.calls[line["at"] - 1] for word in _BESIDES)


def _differences(one: Left, other: Left) -> list[str]:
    """What only one of them has, the first with a plus."""
    parts = [
        *((table, one.state[table], other.state[table]) for table in other.state),
        ("posted", one.posted, other.posted),
        ("standing", one.standing, other.standing),
    ]
    return [
        f"{sign} {part}: {words[:600]}"
        for part, mine, theirs in parts
        for sign, more, less in (("+", mine, theirs), ("-", theirs, mine))
        for words in (Counter(more) - Counter(less)).elements()
    ]


# --- what fails


def _call(calm: Rehearsed, at: int, way: str, *, lasts: bool = False) -> Order:
    how = f"{way}{' and on' if lasts else ''}"
    fault = {"line": {"at": at, "way": way, "lasts": lasts}}
    return Order(f"call {at}, {calm.calls[at - 1][:60]}: {how}", fault)


def _use(calm: Rehearsed, at: int, error: str, *, lasts: bool = False) -> Order:
    how = f"{error}{' and on' if lasts else ''}"
    fault = {"disk": {"at": at, "error": error, "lasts": lasts}}
    return Order(f"use {at} of the disk, {calm.uses[at - 1]}: {how}", fault)


def _statement(calm: Rehearsed, at: int) -> Order:
    return Order(f"statement {at}: {calm.statements[at - 1]}", {"statement": at})


def _all_calls(calm: Rehearsed, *, lasts: bool) -> Iterator[Order]:
    for at in range(1, len(calm.calls) + 1):
        for way in WAYS:
            yield _call(calm, at, way, lasts=lasts)


def _all_uses(calm: Rehearsed, *, lasts: bool) -> Iterator[Order]:
    for at, use in enumerate(calm.uses, 1):
        for error in ERRORS[use]:
            yield _use(calm, at, error, lasts=lasts)


def _all_statements(calm: Rehearsed) -> Iterator[Order]:
    for at in range(1, len(calm.statements) + 1):
        yield _statement(calm, at)


def _sample(calm: Rehearsed) -> Iterator[Order]:
    """Every sort of call, every way, every error of every use of the disk, and a statement."""
    ways = cycle(way for way in WAYS if way != AGAIN)
    last_of = {_sort(call): at for at, call in enumerate(calm.calls, 1)}
    for at, way in zip(last_of.values(), ways, strict=False):
        yield _call(calm, at, way, lasts=at % 2 == 0)
    yield _call(calm, _second_page(calm), AGAIN)
    for error, at in {error: _middle(calm, use) for use in ERRORS for error in ERRORS[use]}.items():
        yield _use(calm, at, error, lasts=at % 2 == 0)
    yield _statement(calm, len(calm.statements) // 2)


def _sort(call: str) -> str:
    """The same for calls that are made and heard in the same way."""
    sorts = ("COUNT(*) AS cnt", "AS owner", *_BESIDES[:4], "SELECT")
    return next((sort for sort in sorts if sort in call), call)


def _second_page(calm: Rehearsed) -> int:
    return next(
        at
        for at, (call, earlier) in enumerate(zip(calm.calls[1:], calm.calls, strict=False), 2)
        if "SELECT" in call and call == earlier
    )


def _middle(calm: Rehearsed, use: str) -> int:
    places = [at for at, one in enumerate(calm.uses, 1) if one == use]
    return places[len(places) // 2]
