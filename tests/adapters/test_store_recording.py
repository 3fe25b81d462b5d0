"""What decisions were given comes back as it was, and a quiet cycle costs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.store import Store
from monitor.core.alerts import Endings, Sight, SourceFreshness, UnsureView
from monitor.core.recorded import Given, RecordedCycle
from monitor.core.records import Ref
from monitor.core.risks import Cause, Risk
from tests.adapters.store_memory import in_memory
from tests.core.builders import US, a_risk, an_exposed_report

START = datetime(2026, 11, 24, 8, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@pytest.fixture
def store() -> Iterator[Store]:
    with in_memory() as store:
        yield store


def a_sight(at: datetime, **fields: object) -> Sight:
    """Both sources were read for the cycle, NetSuite a moment after its begin."""
    read = (
        SourceFreshness("netsuite", at + timedelta(seconds=21)),
        SourceFreshness("expensify", at),
    )
    return Sight(**{"sources": read, "is_whole": True, **fields})  # type: ignore[arg-type]


def of_class(number: int | str, *report_ids: str, **fields: Any) -> Risk:
    reports = map(an_exposed_report, report_ids)
    return a_risk(*reports, ref=Ref("class", str(number)), **fields)


def record(store: Store, *cycles: RecordedCycle, spoken: Sequence[datetime] = ()) -> None:
    for cycle in cycles:
        with store.immediate():
            store.recording.keep(cycle.given, cycle.at, has_spoken=cycle.at in spoken)


def everything(store: Store) -> tuple[RecordedCycle, ...]:
    return tuple(store.recording.cycles(START - timedelta(days=1), START + timedelta(days=900)))


def a_cycle(at: datetime, *risks: Risk, endings: Endings | None = None) -> RecordedCycle:
    return RecordedCycle(at, Given(risks, a_sight(at), endings or all_told({})))


def all_told(sentences: dict[str, str]) -> Endings:
    return Endings(
        sentences,
        still_failed=frozenset(),
        ways={fingerprint: {} for fingerprint in sentences},
        unseen=frozenset(),
    )


def quiet(*risks: Risk, cycles: int, begin: datetime = START) -> list[RecordedCycle]:
    return [a_cycle(begin + number * QUARTER, *risks) for number in range(cycles)]


def runs(store: Store) -> int:
    (count,) = store._db.execute("select count(*) from recorded_run").fetchone()
    return int(count)


def test_before_the_first_cycle_nothing_is_recorded(store: Store) -> None:
    assert store.recording.first_at() is None
    assert everything(store) == ()


def test_whatever_a_decision_was_given_comes_back(store: Store) -> None:
    seen = RecordedCycle(
        START,
        Given(
            (of_class(11, "R1"), of_class(12, "R2", "R3")),
            Sight(
                sources=(
                    SourceFreshness("netsuite", START + QUARTER / 30),
                    SourceFreshness("expensify", START - QUARTER, START, "it is down", True),
                ),
                blind_kinds=(("class", "no permission"),),
                held_kinds=frozenset({"class"}),
                kinds_read_at={"class": START - QUARTER},
                unsure_policies=(UnsureView("P1", "out of sight", START),),
            ),
            Endings(
                {f"{US}/class:12": "it is active again in NetSuite"},
                still_failed=frozenset({"R3"}),
                ways={f"{US}/class:12": {"R2": "was exported"}},
                unseen=frozenset({f"{US}/class:12"}),
            ),
        ),
    )
    record(store, seen)
    assert everything(store) == (seen,)


def test_quiet_cycles_are_one_row_and_all_come_back(store: Store) -> None:
    past = quiet(of_class(12, "R1"), cycles=100)
    record(store, *past)
    assert everything(store) == tuple(past)
    assert runs(store) == 1


def test_the_moment_of_a_cycle_that_spoke_is_kept_to_the_millisecond(store: Store) -> None:
    odd = START + 3 * QUARTER + timedelta(milliseconds=1234)
    past = [*quiet(cycles=3), a_cycle(odd), a_cycle(odd + QUARTER)]
    record(store, *past, spoken=[odd])
    assert everything(store)[3:] == tuple(past[3:])


def test_cycles_that_come_unevenly_are_about_where_they_were(store: Store) -> None:
    jitter = [0, 2, -3, 1, 0, 3, -1, 2]
    past = [
        a_cycle(START + number * QUARTER + timedelta(seconds=late))
        for number, late in enumerate(jitter)
    ]
    record(store, *past)
    found = everything(store)
    assert len(found) == len(past)
    assert all(
        abs(one.at - was.at) < timedelta(seconds=10) for one, was in zip(found, past, strict=True)
    )


@pytest.mark.parametrize(
    "gap",
    [
        pytest.param(timedelta(hours=6), id="the monitor was down for six hours"),
        pytest.param(timedelta(minutes=2), id="somebody ran it by hand in between"),
        pytest.param(timedelta(hours=-3), id="the clock was set back"),
    ],
)
def test_a_gap_moves_no_cycle(store: Store, gap: timedelta) -> None:
    before = quiet(cycles=4)
    after = quiet(cycles=4, begin=before[-1].at + gap)
    record(store, *before, *after)
    assert everything(store) == (*before, *after)


def test_a_clock_that_is_set_back_at_once_moves_no_cycle(store: Store) -> None:
    past = (a_cycle(START), a_cycle(START - 3 * QUARTER))
    record(store, *past)
    assert everything(store) == past


def test_an_outage_costs_no_second_copy_of_the_risks(store: Store) -> None:
    risk = of_class(12, "R1")
    down = START + QUARTER
    blind = RecordedCycle(
        down,
        Given(
            None,
            Sight(
                sources=(
                    SourceFreshness("netsuite", START, down, "500"),
                    SourceFreshness("expensify", down),
                )
            ),
        ),
    )
    past = (a_cycle(START, risk), blind, a_cycle(down + QUARTER, risk))
    record(store, *past)
    assert everything(store) == past
    (copies,) = store._db.execute(
        "select count(*) from recorded_fact where sort = 'risk'"
    ).fetchone()
    assert copies == 1


def test_a_span_shows_what_held_in_it_though_it_was_recorded_before(store: Store) -> None:
    past = [
        *quiet(of_class(12, "R1"), cycles=4),
        *quiet(of_class(12, "R1", "R2"), cycles=4, begin=START + 4 * QUARTER),
        *quiet(cycles=4, begin=START + 8 * QUARTER),
    ]
    record(store, *past)
    since, until = past[2].at, past[9].at
    assert tuple(store.recording.cycles(since, until)) == tuple(past[2:10])


_RISKS = st.lists(
    st.builds(
        of_class,
        st.sampled_from([11, 12, 21]),
        st.sampled_from(["R1", "R2"]),
        cause=st.sampled_from([Cause.INACTIVE, Cause.DELETED]),
    ),
    unique_by=lambda risk: risk.fingerprint,
).map(lambda risks: tuple(sorted(risks, key=lambda risk: risk.fingerprint)))
_ENDINGS = st.dictionaries(
    st.sampled_from([f"{US}/class:11", f"{US}/class:12"]), st.text(max_size=3)
).map(all_told)


class Day(NamedTuple):
    """What one cycle was given, and whether it spoke."""

    risks: tuple[Risk, ...] | None
    endings: Endings
    is_whole: bool
    has_spoken: bool

    def at(self, at: datetime) -> RecordedCycle:
        endings = Endings({}) if self.risks is None else self.endings
        return RecordedCycle(at, Given(self.risks, a_sight(at, is_whole=self.is_whole), endings))


_DAYS = st.builds(Day, st.none() | _RISKS | _RISKS, _ENDINGS, st.booleans(), st.booleans())


@given(st.lists(_DAYS, max_size=12), st.integers(0, 12), st.integers(0, 12))
def test_any_past_comes_back_in_any_span(past: list[Day], first: int, last: int) -> None:
    moments = [START + number * QUARTER for number in range(len(past))]
    cycles = [one.at(at) for one, at in zip(past, moments, strict=True)]
    spoken = [at for one, at in zip(past, moments, strict=True) if one.has_spoken]
    with in_memory() as store:
        record(store, *cycles, spoken=spoken)
        span = START + first * QUARTER, START + last * QUARTER
        assert list(store.recording.cycles(*span)) == cycles[first : last + 1]


def bytes_of(store: Store) -> int:
    (size,) = store._db.execute("select sum(length(body)) from recorded_fact").fetchone()
    return int(size)


def test_quiet_cycles_take_not_one_page_whatever_stands(store: Store) -> None:
    reports = [f"R{number}" for number in range(9)]
    risks = sorted((of_class(n, *reports) for n in range(20)), key=lambda risk: risk.fingerprint)
    record(store, a_cycle(START, *risks))
    pages = store._db.execute("pragma page_count").fetchone()
    record(store, *quiet(*risks, cycles=101)[1:])
    assert store._db.execute("pragma page_count").fetchone() == pages
    assert runs(store) == 1


def test_of_many_risks_only_the_one_that_changes_is_written_again(store: Store) -> None:
    still = sorted((of_class(n, "R1", "R2") for n in range(10, 60)), key=lambda r: r.fingerprint)
    record(store, a_cycle(START, *still))
    before = bytes_of(store)
    changing = (of_class(9, *(f"R{n}" for n in range(number % 7 + 1))) for number in range(100))
    moments = (START + number * QUARTER for number in range(1, 101))
    record(store, *(a_cycle(at, *still, risk) for at, risk in zip(moments, changing, strict=True)))
    assert bytes_of(store) - before < 100 * 1000
    assert runs(store) == 101
