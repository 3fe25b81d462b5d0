"""Expensify's lists against one change: states are compared, not times, and hands are noticed."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.listed import ListedValue, ListHistory, ListShows, ListVerdict, list_verdict
from monitor.core.records import Change
from tests.core.builders import US, a_change, a_class, a_record, at

POLLS = tuple(at(f"{hour:02}:00") for hour in range(6, 11))
"""Two before the change, one while it may have happened, two after it."""
SEEN = (at("07:30"), at("08:30"))
NEW, OLD = ListShows


def _value(marks: str, text: str = "Sales : Marketing", place: str = "tag:1") -> list[ListedValue]:
    """A value poll by poll: "+" offered, "o" switched off, "-" not in the list."""
    marks = marks.replace(" ", "")
    versions = []
    for mark, polls in groupby(range(len(marks)), lambda poll: marks[poll]):
        first, *_ = numbers = list(polls)
        gone = POLLS[numbers[-1] + 1] if numbers[-1] + 1 < len(marks) else None
        if mark != "-":
            versions.append(ListedValue(place, text, mark == "+", POLLS[first], gone))
    return versions


def _history(*values: list[ListedValue], polls: tuple[datetime, ...] = POLLS) -> ListHistory:
    return ListHistory(US, polls, tuple(version for value in values for version in value))


def _verdict(
    change: Change,
    *values: list[ListedValue],
    place: str = "tag:1",
    happened: tuple[datetime, datetime] = SEEN,
) -> ListVerdict | None:
    return list_verdict(change, place, _history(*values), happened=happened)


INACTIVATED = a_change(a_class(), a_class(is_inactive=True), seen=SEEN)
REACTIVATED = a_change(a_class(is_inactive=True), a_class(), seen=SEEN)
DELETED = a_change(a_class(), None, seen=SEEN)
ADDED = a_change(None, a_class(), seen=SEEN)
RENAMED = a_change(a_class(), a_class(path="Sales : Brand"), seen=SEEN)


@pytest.mark.parametrize("change", [INACTIVATED, DELETED], ids=["inactivated", "deleted"])
@pytest.mark.parametrize(
    ("marks", "verdict"),
    [
        pytest.param(
            "++ + ++", ListVerdict(OLD, True, POLLS[0]), id="still offered: not taken over"
        ),
        pytest.param(
            "++ + +-", ListVerdict(NEW, True, POLLS[4]), id="offered, then gone: taken over"
        ),
        pytest.param(
            "++ + oo", ListVerdict(NEW, True, POLLS[3]), id="switched off is as good as gone"
        ),
        pytest.param(
            "++ - --",
            ListVerdict(NEW, True, POLLS[2]),
            id="gone while it may have happened: taken over",
        ),
        pytest.param("+- - --", None, id="gone before: somebody took it away by hand"),
        pytest.param("oo o oo", None, id="switched off all along: by hand, or never imported"),
        pytest.param("-- - --", None, id="never seen: the list does not know it"),
        pytest.param("++ + -+", None, id="gone and back: somebody brought it back by hand"),
        pytest.param("-- - -+", None, id="there only afterwards: made by hand"),
        pytest.param(
            "-- - ++",
            ListVerdict(OLD, True, POLLS[3]),
            id="there at the first poll after it: it may have come just before",
        ),
        pytest.param("++ - +-", None, id="gone, back and gone again: touched by hand"),
        pytest.param(
            "-- + ++", ListVerdict(OLD, True, POLLS[2]), id="came just before, and is still there"
        ),
    ],
)
def test_a_record_that_should_be_offered_no_more(
    change: Change, marks: str, verdict: ListVerdict | None
) -> None:
    assert _verdict(change, _value(marks)) == verdict


@pytest.mark.parametrize(
    ("marks", "verdict"),
    [
        pytest.param("-- - ++", ListVerdict(NEW, True, POLLS[3]), id="came afterwards: taken over"),
        pytest.param(
            "oo o +o", None, id="came and went: somebody took it away by hand, or two imports"
        ),
        pytest.param(
            "++ - --",
            ListVerdict(OLD, True, POLLS[2]),
            id="taken away just before it was reactivated, and still missing",
        ),
        pytest.param(
            "+- - --", ListVerdict(OLD, True, POLLS[1]), id="offered once, and still missing"
        ),
        pytest.param(
            "++ - -+",
            ListVerdict(NEW, True, POLLS[4]),
            id="taken away just before it was reactivated, and back since",
        ),
        pytest.param("oo o oo", ListVerdict(OLD, True, POLLS[0]), id="still switched off"),
        pytest.param(
            "-- - --",
            ListVerdict(OLD, False, POLLS[0]),
            id="never seen: missing, but no proof of anything",
        ),
        pytest.param("++ + ++", None, id="offered all along, so the list says nothing of it"),
        pytest.param("-+ + ++", None, id="came before the change: made by hand"),
    ],
)
@pytest.mark.parametrize("change", [REACTIVATED, ADDED], ids=["reactivated", "added"])
def test_a_record_that_should_be_offered_now(
    change: Change, marks: str, verdict: ListVerdict | None
) -> None:
    assert _verdict(change, _value(marks)) == verdict


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        pytest.param(
            "++ + ++", "-- - --", ListVerdict(OLD, True, POLLS[0]), id="the old name still stands"
        ),
        pytest.param(
            "++ + --", "-- - ++", ListVerdict(NEW, True, POLLS[3]), id="the new name replaced it"
        ),
        pytest.param(
            "++ + ++",
            "-- - -+",
            ListVerdict(NEW, True, POLLS[4]),
            id="the new name came, though the old one stayed",
        ),
        pytest.param(
            "-- - --",
            "-- - ++",
            ListVerdict(NEW, False, POLLS[3]),
            id="the new name came, and the old one was never seen: no proof",
        ),
        pytest.param("++ + ++", "++ + ++", None, id="the new name was there before"),
        pytest.param("++ + +-", "-- - --", None, id="neither name stands there now"),
        pytest.param("++ + -+", "-- - +-", None, id="the new name came and went"),
        pytest.param("++ + --", "-- + -+", None, id="the new name came twice"),
        pytest.param("-- - --", "-- - --", None, id="neither name was ever seen"),
    ],
)
def test_a_record_that_is_called_otherwise(old: str, new: str, verdict: ListVerdict | None) -> None:
    lists = _value(old), _value(new, "Sales : Brand")
    assert _verdict(RENAMED, *lists) == verdict


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            a_change(a_class(), a_class(subsidiary_ids=("2",)), seen=SEEN),
            id="other subsidiaries look the same in a list",
        ),
        pytest.param(
            a_change(
                a_class(is_inactive=True),
                a_class(path="Sales : Brand", is_inactive=True),
                seen=SEEN,
            ),
            id="so does a new name of an inactive record",
        ),
        pytest.param(
            a_change(None, a_class(is_inactive=True), seen=SEEN), id="and one added inactive"
        ),
    ],
)
def test_what_no_list_shows_is_left_to_other_evidence(change: Change) -> None:
    assert _verdict(change, _value("++ + ++")) is None


def test_renamed_and_inactivated_at_once_it_should_be_gone_under_its_old_name() -> None:
    change = a_change(a_class(), a_class(path="Sales : Brand", is_inactive=True), seen=SEEN)
    assert _verdict(change, _value("++ + ++")) == ListVerdict(OLD, True, POLLS[0])
    assert _verdict(change, _value("++ + +-")) == ListVerdict(NEW, True, POLLS[4])


def test_reactivated_under_a_new_name_it_should_come_under_that() -> None:
    change = a_change(a_class(is_inactive=True), a_class(path="Sales : Brand"), seen=SEEN)
    assert _verdict(change, _value("-- - -+", "sales:brand")) == ListVerdict(NEW, True, POLLS[4])


def test_texts_are_compared_as_both_systems_write_them() -> None:
    assert _verdict(INACTIVATED, _value("++ + +-", "SALES&#58;Marketing")) == ListVerdict(
        NEW, True, POLLS[4]
    )


def test_two_spellings_of_one_text_are_one_value() -> None:
    both = _value("++ + --"), _value("-- - ++", "Sales:Marketing")
    assert _verdict(INACTIVATED, *both) == ListVerdict(OLD, True, POLLS[0])


def test_another_place_says_nothing() -> None:
    assert _verdict(INACTIVATED, _value("++ + ++", place="tag:2")) is None
    assert _verdict(INACTIVATED, _value("++ + ++"), place="none") is None


def test_an_edit_time_narrows_what_came_before() -> None:
    edited = (at("08:10"), at("08:10"))
    assert _verdict(INACTIVATED, _value("++ - --"), happened=edited) is None


def test_what_came_at_the_very_moment_came_before() -> None:
    from_a_poll_on = (POLLS[2], at("08:30"))
    assert _verdict(INACTIVATED, _value("++ - --"), happened=from_a_poll_on) is None


def test_what_was_polled_at_the_very_moment_was_polled_after_it() -> None:
    up_to_a_poll = (at("07:30"), POLLS[3])
    assert _verdict(INACTIVATED, _value("-- - -+"), happened=up_to_a_poll) is None


def test_a_first_poll_after_the_change_proves_no_transition() -> None:
    history = _history(_value("-- - ++"), polls=POLLS[3:])
    assert list_verdict(REACTIVATED, "tag:1", history, happened=SEEN) == ListVerdict(
        NEW, False, POLLS[3]
    )


@pytest.mark.parametrize(
    ("last_poll", "verdict"),
    [
        pytest.param(at("07:30"), ListVerdict(OLD, True, POLLS[0]), id="the cycle that sees it"),
        pytest.param(at("07:29"), None, id="Expensify was not read since the old state was"),
    ],
)
def test_a_list_nobody_polled_since_says_nothing(
    last_poll: datetime, verdict: ListVerdict | None
) -> None:
    offered = ListedValue("tag:1", "Sales:Marketing", True, POLLS[0])
    history = ListHistory(US, (POLLS[0], last_poll), (offered,))
    assert list_verdict(INACTIVATED, "tag:1", history, happened=SEEN) == verdict


def test_where_nobody_polls_nothing_is_known() -> None:
    assert list_verdict(INACTIVATED, "tag:1", ListHistory(US), happened=SEEN) is None


CUSTOMER = a_record("customer", "3", "Globex", other_names=("C-100",))


def test_a_customer_is_known_by_any_of_its_names() -> None:
    change = a_change(CUSTOMER, CUSTOMER._replace(is_inactive=True), seen=SEEN)
    assert _verdict(change, _value("++ + +-", "C-100")) == ListVerdict(NEW, True, POLLS[4])


def test_a_customer_never_seen_may_have_a_name_we_do_not_think_of() -> None:
    change = a_change(CUSTOMER._replace(is_inactive=True), CUSTOMER, seen=SEEN)
    assert _verdict(change, _value("-- - --")) is None


def test_a_name_that_stayed_says_nothing_of_one_that_changed() -> None:
    change = a_change(CUSTOMER, CUSTOMER._replace(name="Initech", full_name="Initech"), seen=SEEN)
    assert _verdict(change, _value("++ + ++", "C-100")) is None
    assert _verdict(change, _value("++ + ++", "Globex")) == ListVerdict(OLD, True, POLLS[0])


_MARKS = st.text(alphabet="+-o", min_size=5, max_size=5)


@given(marks=_MARKS, random=st.randoms())
def test_the_order_in_which_versions_are_remembered_says_nothing(
    marks: str, random: Random
) -> None:
    versions = [*_value(marks), *_value(marks[::-1], "Sales : Brand")]
    shuffled = random.sample(versions, len(versions))
    for change in (INACTIVATED, REACTIVATED, RENAMED):
        assert _verdict(change, shuffled) == _verdict(change, versions)


@given(_MARKS)
def test_a_list_never_shows_both_states_of_one_change(marks: str) -> None:
    is_offered = marks.endswith("+")
    gone, come = _verdict(INACTIVATED, _value(marks)), _verdict(REACTIVATED, _value(marks))
    assert gone is None or gone.shows is (OLD if is_offered else NEW)
    assert come is None or come.shows is (NEW if is_offered else OLD)
