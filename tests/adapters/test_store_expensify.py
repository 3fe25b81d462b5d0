"""What Expensify showed: pending reports as versions, how they left, and what pickers offered."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.store import Store
from monitor.core.listed import ListedValue, ListHistory
from monitor.core.lost import AcceptedList
from monitor.core.reports import OfferedValue, PendingReport, PolicyLists, ReportLine, ReportState
from tests.adapters.store_memory import contents, in_memory, moment

US, UK = "4C6722D4BD2BD941", "9D11AA00BB22CC33"


def a_report(report_id: str = "R1", **fields: Any) -> PendingReport:
    """An approved report of one line."""
    return PendingReport(
        **{
            "report_id": report_id,
            "policy_id": US,
            "name": "November",
            "submitter": "ana@acme.example",
            "state": ReportState.APPROVED,
            "total": Decimal("812.10"),
            "currency": "USD",
            "lines": (ReportLine("L1"),),
            **fields,
        }
    )


def _reads(
    store: Store,
    *reports: PendingReport,
    departed: Mapping[str, str] | None = None,
    lists: tuple[PolicyLists, ...] = (),
) -> int:
    """One whole reading of Expensify."""
    number = len(contents(store._db)["expensify_reading"]) + 1
    with store.immediate():
        reading = store.reports.new_reading(moment(number))
        store.reports.record(reading, reports, departed or {})
        for one in lists:
            store.lists.record(reading, one)
    return reading


def _versions(store: Store) -> list[tuple[Any, ...]]:
    return store._db.execute(
        "select report_id, first, last, departed from report order by report_id, first"
    ).fetchall()


# Reports


def test_the_pending_reports_are_those_of_the_last_reading_ordered_by_id() -> None:
    store = in_memory()
    assert (store.reports.pending(), store.reports.pending_ids()) == ((), ())
    _reads(store, a_report("R2"), a_report("R1"))
    _reads(store, a_report("R2", name="December"), a_report("R1"))
    assert store.reports.pending() == (a_report("R1"), a_report("R2", name="December"))
    assert store.reports.pending_ids() == ("R1", "R2")


def test_a_report_that_is_what_it_was_adds_no_version() -> None:
    store = in_memory()
    for total in ("812.10", "812.1", "812.100", "813"):
        _reads(store, a_report(total=Decimal(total)))
    assert _versions(store) == [("R1", 1, 4, None), ("R1", 4, None, None)]


def test_leaving_an_answer_is_no_outcome() -> None:
    store = in_memory()
    _reads(store, a_report("R1"), a_report("R2"))
    _reads(store, a_report("R1"))
    assert store.reports.pending_ids() == ("R1", "R2")
    assert store.reports.departures(["R1", "R2"]) == {}


def test_a_report_that_left_is_pending_no_more_and_says_how_it_left() -> None:
    store = in_memory()
    _reads(store, a_report("R1"), a_report("R2"))
    _reads(store, a_report("R1"), departed={"R2": "was exported to NetSuite"})
    assert store.reports.pending_ids() == ("R1",)
    asked = store.reports.departures(["R2", "R1", "R9", "it's"])
    assert asked == {"R2": "was exported to NetSuite"}
    assert store.reports.departures(["R1"]) == store.reports.departures([]) == {}


def test_a_report_that_came_back_has_not_left_until_it_leaves_again() -> None:
    store = in_memory()
    _reads(store, a_report())
    _reads(store, departed={"R1": "was exported to NetSuite"})
    _reads(store, a_report(name="once more"))
    assert store.reports.pending() == (a_report(name="once more"),)
    assert store.reports.departures(["R1"]) == {}
    _reads(store, departed={"R1": "was deleted in Expensify"})
    assert store.reports.departures(["R1"]) == {"R1": "was deleted in Expensify"}
    assert _versions(store) == [
        ("R1", 1, 2, "was exported to NetSuite"),
        ("R1", 3, 4, "was deleted in Expensify"),
    ]


def test_a_departure_of_somebody_unknown_says_nothing() -> None:
    store = in_memory()
    _reads(store, departed={"R1": "was deleted in Expensify"})
    assert store.reports.departures(["R1"]) == {}


# Lists

_places = st.sampled_from(("tag:1", "report_field:Class"))
_offered = st.builds(OfferedValue, _places, st.sampled_from(("A", "B : C", "")), st.booleans())
_polls = st.lists(st.none() | st.lists(_offered, max_size=5).map(tuple), max_size=8)


def _expected(policy_id: str, polls: list[tuple[OfferedValue, ...] | None]) -> ListHistory:
    """The same by loops over whole copies."""
    polled = [(moment(n), set(values)) for n, values in enumerate(polls, 1) if values is not None]
    versions = []
    for value in {value for _, values in polled for value in values}:
        first = None
        for taken_at, values in polled:
            if value in values:
                first = first or taken_at
            elif first:
                versions.append(ListedValue(*value, first, taken_at))
                first = None
        if first:
            versions.append(ListedValue(*value, first))
    ordered = sorted(versions, key=lambda one: (one.place, one.text, one.first_seen_at))
    return ListHistory(policy_id, tuple(taken_at for taken_at, _ in polled), tuple(ordered))


def _comparable(history: ListHistory) -> tuple[object, ...]:
    """Its values, and what is ever asked of its polls: the outermost, and those before news."""
    news = {at for one in history.values for at in (one.first_seen_at, one.gone_at) if at}
    before = {at: [one for one in history.polls if one < at][-1:] for at in news}
    outermost = history.polls[:1], history.polls[-1:]
    is_there = news <= set(history.polls)
    return history.policy_id, outermost, before, is_there, sorted(map(str, history.values))


@given(_polls, _polls)
def test_list_histories_are_what_whole_copies_of_every_poll_show(
    us: list[tuple[OfferedValue, ...] | None], uk: list[tuple[OfferedValue, ...] | None]
) -> None:
    store, both = in_memory(), {US: us, UK: uk}
    for number in range(max(len(us), len(uk))):
        offered = {
            policy_id: (*polls[number : number + 1], None)[0] for policy_id, polls in both.items()
        }
        _reads(
            store,
            lists=tuple(
                PolicyLists(policy_id, "Acme", values)
                for policy_id, values in offered.items()
                if values is not None
            ),
        )
    for policy_id, polls in both.items():
        history = store.lists.history(policy_id)
        assert _comparable(history) == _comparable(_expected(policy_id, polls))
        keys = [(one.place, one.text, one.first_seen_at) for one in history.values]
        assert keys == sorted(keys)


def test_a_poll_that_shows_nothing_new_adds_no_row() -> None:
    store = in_memory()
    lists = (PolicyLists(US, "Acme", (OfferedValue("tag:1", "A", True),)),)
    _reads(store, lists=lists)
    before = contents(store._db)
    for _ in range(5):
        _reads(store, lists=lists)
    after = contents(store._db)
    assert {name for name in after if len(after[name]) != len(before[name])} == {
        "expensify_reading"
    }
    assert store.lists.history(US).polls == (moment(1), moment(6))


def test_the_poll_whose_list_was_accepted_is_told_however_many_follow() -> None:
    store = in_memory()
    lists = (PolicyLists(US, "Acme", (OfferedValue("tag:1", "A", True),)),)
    for number in range(1, 7):
        _reads(store, lists=lists)
        if number == 3:
            store.lists.accept(AcceptedList(US, "tag:1", moment(3), "Dana"), moment(3))
    assert store.lists.history(US).polls == tuple(map(moment, (1, 2, 3, 6)))


@pytest.mark.parametrize(
    ("absent", "is_poll"),
    [
        pytest.param(("tag:",), False, id="silent about the tags that were there: no poll"),
        pytest.param(("report_field:",), True, id="silent about fields that never were: a poll"),
        pytest.param((), True, id="an empty list: a poll"),
    ],
)
def test_an_answer_that_is_silent_about_what_was_there_is_no_poll(
    absent: tuple[str, ...], is_poll: bool
) -> None:
    with in_memory() as store:
        _reads(store, lists=(PolicyLists(US, "Acme", (OfferedValue("tag:1", "A", True),)),))
        _reads(store, lists=(PolicyLists(US, "Acme", (), absent),))
        history = store.lists.history(US)
    assert (len(history.polls) == 2) is is_poll
    assert (history.values[0].gone_at is not None) is is_poll
