"""Lists read side by side are those read one after the other, and never crowd the account."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.records import ListReading, ListSink, Record
from monitor.errors import SourceError, Stopped
from tests.adapters.netsuite_account import Account, PatientClock, an_account

KINDS = ("subsidiary", "class", "department", "location", "project", "customer", "employee")
_FIRST_OF_A_LIST = "t.id = 0"
_PATIENCE = 60
"""Seconds of real time for what comes at once; only a test that fails waits for them."""


class PassingClock(PatientClock):
    """A clock whose waits take a little real time: what others do meanwhile lies in them."""

    def __init__(self) -> None:
        super().__init__()
        self.has_slept = threading.Event()

    def sleep(self, seconds: float) -> None:
        self.has_slept.set()
        time.sleep(0.002)
        super().sleep(seconds)


@dataclass
class Sink:
    """Keeps a list, and which threads brought it."""

    before_add: Callable[[], None] = lambda: None
    records: list[Record] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)

    def restart(self) -> None:
        self.threads.add(threading.get_ident())
        self.records.clear()

    def add(self, records: Sequence[Record]) -> None:
        self.threads.add(threading.get_ident())
        self.before_add()
        self.records += records


@contextmanager
def a_filled_account(clock: PatientClock | None = None) -> Iterator[Account]:
    """Every list has five records, and pairs beside them: three pages of two."""
    with an_account(clock) as account:
        for kind in KINDS:
            for number in range(10, 15):
                names = ("entityid",) if kind in ("project", "customer", "employee") else ("name",)
                account.tables.add(kind, number, **dict.fromkeys(names, f"{kind} {number}"))
        for number in range(10, 15):
            account.tables.relate(number, 10)
            account.tables.relate(number, 11)
            account.tables.add_resource(number, 12)
            account.tables.set_subsidiaries("class", number, [10, 11])
        yield account


@pytest.fixture
def account() -> Iterator[Account]:
    with a_filled_account(PassingClock()) as one:
        yield one


Read = tuple[tuple[ListReading, ...], dict[str, list[Record]]]


def read(account: Account, concurrency: int, **sinks: Sink) -> Read:
    """All lists as a fresh program reads them: brought by this thread, and none is left over."""
    into = {kind: sinks.get(kind) or Sink() for kind in KINDS}
    try:
        with account.netsuite(concurrency=concurrency, page_size=2) as netsuite:
            readings = netsuite.read_all(dict[str, ListSink](into))
    finally:
        assert [one for one in threading.enumerate() if one.name.startswith("netsuite")] == []
    assert {one for sink in into.values() for one in sink.threads} == {threading.get_ident()}
    return readings, {kind: sink.records for kind, sink in into.items()}


def meeting(account: Account, parties: int, *, then: float = 0.0) -> None:
    """The lists after the first one begin together: so many questions wait for each other. `then`:
    how many seconds all others take.
    """
    barrier = threading.Barrier(parties)
    turns = iter(range(parties))
    counting = threading.Lock()

    def latency(query: str) -> float:
        if _FIRST_OF_A_LIST in query and "FROM subsidiary " not in query:
            with counting:
                is_among_them = next(turns, None) is not None
            if is_among_them:
                barrier.wait(_PATIENCE)
                return 0.0
        return then

    account.world.netsuite.latency = latency


def statuses(account: Account) -> list[int]:
    return [status for _, status in account.asked]


@settings(max_examples=6)
@given(
    concurrency=st.integers(2, 5),
    milliseconds=st.lists(st.integers(0, 3), min_size=1, max_size=12),
)
def test_whatever_answers_first_the_lists_are_those_read_one_after_the_other(
    concurrency: int, milliseconds: list[int]
) -> None:
    with a_filled_account() as account:
        one_by_one = read(account, 1)
        assert account.suiteql.most_at_once == 1
        account.suiteql.allowed_at_once = concurrency
        lengths = cycle(milliseconds)
        account.world.netsuite.latency = lambda _query: next(lengths) / 1000
        assert read(account, concurrency) == one_by_one
        assert set(statuses(account)) == {200}
        assert account.suiteql.most_at_once <= concurrency


@pytest.mark.parametrize("concurrency", [2, 3, 6])
def test_as_many_requests_are_under_way_as_are_allowed(account: Account, concurrency: int) -> None:
    account.suiteql.allowed_at_once = concurrency
    meeting(account, concurrency)
    read(account, concurrency)
    assert account.suiteql.most_at_once == concurrency
    assert set(statuses(account)) == {200}


def test_who_was_refused_as_one_too_many_asks_with_fewer_from_then_on(account: Account) -> None:
    """Expensify's own sync has taken the rest of the pool."""
    one_by_one = read(account, 1)
    account.suiteql.allowed_at_once = 2
    meeting(account, 4, then=0.003)
    assert read(account, 4) == one_by_one
    # Two of the first four; two more may have begun before there were only two lanes.
    assert 2 <= statuses(account).count(429) <= 4


@pytest.mark.parametrize("fault", ["429", "400-concurrency"])
def test_while_one_waits_as_there_are_too_many_nobody_begins_another(
    account: Account, fault: str
) -> None:
    arrived: list[float] = []

    def latency(_query: str) -> float:
        arrived.append(account.clock.monotonic())
        return 0.0

    account.world.netsuite.latency = latency
    account.faults.next(fault, match="FROM location t WHERE t.id > ?", detail="30")
    read(account, 2)
    # One may have been on its way when the other was refused.
    assert len([at for at in arrived if 0 < at < 29.9]) <= 1
    assert max(arrived) >= 29.9


def test_who_waits_for_another_reason_waits_alone(account: Account) -> None:
    arrived: list[float] = []

    def latency(query: str) -> float:
        if "FROM location " in query and not account.clock.sleeps:
            return 0.0
        if "FROM classification " in query:
            assert isinstance(account.clock, PassingClock)
            account.clock.has_slept.wait(_PATIENCE)
        arrived.append(account.clock.monotonic())
        return 0.0

    account.world.netsuite.latency = latency
    account.faults.next("503", match="FROM location t WHERE t.id = 0", detail="60")
    read(account, 3)
    assert [at for at in arrived if 0 < at < 59] != []


def test_a_failure_ends_the_others_also_those_that_wait(account: Account) -> None:
    """The classes would be asked for again in a minute; the departments are forbidden at once."""

    def latency(query: str) -> float:
        if "FROM department " in query:
            assert isinstance(account.clock, PassingClock)
            account.clock.has_slept.wait(_PATIENCE)
        return 0.0

    account.world.netsuite.latency = latency
    account.faults.always("503", match="FROM classification ", detail="60")
    account.faults.always("403", match="FROM department ")
    with pytest.raises(SourceError, match="forbids"):
        read(account, 2)
    assert sum(account.clock.sleeps) < 60
    others = ("location", "job", "customer", "employee")
    assert [
        query for query, _ in account.asked if any(f"FROM {one} " in query for one in others)
    ] == []


def test_after_a_failure_the_next_reading_is_whole(account: Account) -> None:
    whole = read(account, 1)
    account.faults.next("403", match="FROM department t WHERE t.id > ?")
    sinks = {kind: Sink() for kind in KINDS}
    with account.netsuite(concurrency=3, page_size=2) as netsuite:
        with pytest.raises(SourceError, match="forbids"):
            netsuite.read_all(dict[str, ListSink](sinks))
        readings = netsuite.read_all(dict[str, ListSink](sinks))
    assert (readings, {kind: sink.records for kind, sink in sinks.items()}) == whole


def test_an_account_that_refuses_everybody_is_asked_once(account: Account) -> None:
    account.faults.always("403")
    with pytest.raises(SourceError, match="forbids"):
        read(account, 4)
    assert statuses(account) == [403]


def test_side_by_side_is_signed_in_once(account: Account) -> None:
    meeting(account, 4)
    read(account, 4)
    assert account.tokens_given == 1


def test_a_token_that_ends_under_several_is_fetched_once(account: Account) -> None:
    """Two hear of it when the third has asked with a new one already."""
    turns = iter(range(3))
    have_met, has_asked_again = threading.Barrier(3), threading.Event()

    def latency(query: str) -> float:
        if "COUNT(*) AS cnt FROM subsidiary" in query:
            account.sign_in.revoke()
        elif _FIRST_OF_A_LIST in query and "FROM subsidiary " not in query:
            turn = next(turns, None)
            if turn is None:
                has_asked_again.set()
            else:
                have_met.wait(_PATIENCE)
                assert turn == 0 or has_asked_again.wait(_PATIENCE)
        return 0.0

    account.world.netsuite.latency = latency
    read(account, 3)
    assert statuses(account).count(401) == 3
    assert account.tokens_given == 2


@pytest.mark.parametrize("kind", ["class", "employee"])
def test_what_a_sink_does_not_take_ends_the_reading(account: Account, kind: str) -> None:
    def refuse() -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        read(account, 3, **{kind: Sink(refuse)})


def test_who_is_asked_to_end_ends_side_by_side_too() -> None:
    class EndingClock(PatientClock):
        def sleep(self, seconds: float) -> None:
            raise Stopped("stopped while waiting")

    with a_filled_account(EndingClock()) as account:
        account.faults.always("503", match="FROM location ")
        with pytest.raises(Stopped):
            read(account, 3)


def test_a_page_is_taken_before_the_next_one_of_its_list_is_asked_for(account: Account) -> None:
    asked: list[str] = []
    comes_early = threading.Event()
    taken: list[int] = []

    def latency(query: str) -> float:
        if "FROM department t WHERE t.id > ?" in query:
            asked.append(query)
            if len(asked) > len(taken) + 1:
                comes_early.set()
        return 0.0

    def take() -> None:
        assert not comes_early.wait(0.05)
        taken.append(len(asked))

    account.world.netsuite.latency = latency
    read(account, 4, department=Sink(take))
    assert taken == [1, 2, 3]
