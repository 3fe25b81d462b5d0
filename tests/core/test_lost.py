"""When a list of Expensify's lost its values, and what it is believed to show meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from monitor.core.imported import evidence_from_lists, was_imported
from monitor.core.listed import ListedValue, ListHistory
from monitor.core.lost import LostList, believed, drops, importable, lost_lists
from monitor.core.predict.rules.text_rules import is_missing
from monitor.core.records import Record
from monitor.core.reports import Coding
from monitor.core.sync import Bound, Imported, Source
from monitor.core.unreflected import unreflected_by
from tests.core.builders import (
    US,
    a_change,
    a_class,
    a_history,
    a_last_sync,
    a_record,
    a_tree,
    a_value,
    a_workspace,
    at,
)

GONE, BACK, LATEST = at("09:00"), at("10:00"), at("11:00")
POLLS = (at("06:00"), at("08:00"), GONE, BACK, LATEST)
WORKSPACE = a_workspace()


def texts(number: int, first: int = 0) -> list[str]:
    return [f"Class {n}" for n in range(first, first + number)]


def offered(
    names: Iterable[str], gone: datetime | None = None, first: datetime = POLLS[0], **fields: Any
) -> tuple[ListedValue, ...]:
    return tuple(a_value(name, first, gone, **fields) for name in names)


def lost(
    *values: ListedValue, held: Collection[str] | None = None, polls: tuple[datetime, ...] = POLLS
) -> tuple[LostList, ...]:
    """What is lost, where NetSuite has these records (default: all that were ever offered)."""
    history = a_history(*values, polls=polls)
    known = {(name.casefold()) for name in (held or [value.text for value in values])}
    found = drops(history, WORKSPACE)
    return lost_lists(history, found, WORKSPACE, lambda name, _: name in known)


def a_loss(gone: int, before: int, missed: datetime = GONE) -> LostList:
    return LostList(US, "tag:1", ("class",), gone, before, POLLS[POLLS.index(missed) - 1], missed)


@pytest.mark.parametrize(
    ("gone", "left", "expected"),
    [
        pytest.param(20, 30, (), id="twenty are no mass"),
        pytest.param(21, 30, (a_loss(21, 51),), id="more than twenty, and more than a tenth"),
        pytest.param(21, 189, (), id="a tenth is no mass"),
        pytest.param(3, 0, (a_loss(3, 3),), id="all of it, however few"),
        pytest.param(0, 30, (), id="nothing went"),
    ],
)
def test_a_mass_is_what_a_shrink_of_netsuites_would_be(
    gone: int, left: int, expected: tuple[LostList, ...]
) -> None:
    stayed = offered(texts(left, 1000))
    assert lost(*offered(texts(gone), GONE), *stayed) == expected


def test_what_is_only_disabled_is_gone_as_well() -> None:
    disabled = offered(texts(30), None, GONE, is_enabled=False)
    assert lost(*offered(texts(30), GONE), *disabled) == (a_loss(30, 30),)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        pytest.param(texts(0) or ["Other"], (), id="NetSuite gave all of them up"),
        pytest.param(texts(5), (), id="NetSuite gave up nearly all of them"),
        pytest.param(texts(25), (a_loss(25, 41),), id="NetSuite gave up some of them"),
    ],
)
def test_what_netsuite_gave_up_itself_is_not_lost(
    held: list[str], expected: tuple[LostList, ...]
) -> None:
    assert lost(*offered(texts(40), GONE), *offered(["Kept"]), held=held) == expected


def test_a_rename_is_no_loss() -> None:
    renamed = offered(texts(40, 500), None, GONE)
    assert lost(*offered(texts(40), GONE), *renamed, held=texts(40, 500)) == ()


def test_values_that_another_list_offers_now_moved_and_are_not_lost() -> None:
    moved = offered(texts(40), None, GONE, place="tag:2")
    assert lost(*offered(texts(40), GONE), *moved) == ()


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        pytest.param(40, (), id="all are back"),
        pytest.param(36, (), id="all but a tenth are back"),
        pytest.param(20, (a_loss(20, 40),), id="half of them"),
    ],
)
def test_it_lasts_until_nearly_all_are_back(back: int, expected: tuple[LostList, ...]) -> None:
    assert lost(*offered(texts(40), GONE), *offered(texts(back), None, BACK)) == expected


def test_what_goes_step_by_step_is_one_loss_from_the_first_step_on() -> None:
    first, second = offered(texts(30), GONE), offered(texts(30, 30), BACK)
    assert lost(*first, *second) == (a_loss(60, 60),)


def test_never_more_is_gone_than_there_was() -> None:
    first, kept = offered(texts(30), GONE), offered(texts(10, 1000))
    later = offered(texts(50, 500), LATEST, BACK)
    assert lost(*first, *later, *kept) == (a_loss(80, 90),)


def test_one_by_one_is_somebodys_hand() -> None:
    polls = tuple(at(f"{hour:02}:00") for hour in range(24))
    values = [a_value(f"Class {n}", polls[0], polls[n]) for n in range(1, 24)]
    assert lost(*values, a_value("Kept", polls[0]), polls=polls) == ()


def test_what_was_accepted_is_lost_no_more_and_what_goes_later_is() -> None:
    first, later = offered(texts(30), GONE), offered(texts(10, 500), LATEST)
    accepted = replace(a_history(*first, *later, polls=POLLS), begins={"tag:1": BACK})
    found = drops(accepted, WORKSPACE)
    assert [(drop.at, drop.before) for drop in found] == [(LATEST, 10)]
    assert lost_lists(accepted, found, WORKSPACE, lambda *_: True) == (
        a_loss(10, 10, missed=LATEST),
    )


def test_an_accepted_list_is_believed_as_it_is_from_then_on() -> None:
    values = (
        a_value("Old", at("06:00"), GONE),
        a_value("Gone just then", at("06:00"), BACK),
        a_value("Kept", at("06:00"), LATEST),
        a_value("Later", LATEST),
        a_value("Elsewhere", at("06:00"), GONE, place="tag:2"),
    )
    history = replace(a_history(*values, polls=POLLS), begins={"tag:1": BACK})
    assert history.at("tag:1").values == (
        a_value("Kept", BACK, LATEST),
        a_value("Later", LATEST),
    )
    assert history.polls_at("tag:1") == (BACK, LATEST)
    assert (history.at("tag:2").values, history.polls_at("tag:2")) == (values[-1:], POLLS)
    again = believed(history, [a_loss(1, 1, missed=LATEST)])
    assert (again.at("tag:1").values, again.polls_at("tag:1")) == (
        (a_value("Kept", BACK),),
        (BACK,),
    )


def test_what_was_taken_away_on_purpose_proves_no_import() -> None:
    inactivated = a_change(seen=(at("07:00"), at("07:15")))
    seen = a_history(a_value("Sales : Marketing", at("06:00"), GONE), polls=POLLS)
    assert [one.bound for one in evidence_from_lists([inactivated], WORKSPACE, seen)] == [
        Bound.NOT_BEFORE
    ]
    accepted = replace(seen, begins={"tag:1": BACK})
    assert evidence_from_lists([inactivated], WORKSPACE, accepted) == ()


def test_a_place_that_nobody_coded_loses_nothing() -> None:
    assert lost(*offered(texts(40), GONE, place="tag:7")) == ()


def test_a_workspace_never_polled_has_lost_nothing() -> None:
    assert lost_lists(ListHistory(US), (), WORKSPACE, lambda *_: True) == ()


@pytest.mark.parametrize(
    ("record", "is_there"),
    [
        pytest.param(a_class(), True, id="in order"),
        pytest.param(a_class(subsidiary_ids=None), True, id="of nobody's subsidiary"),
        pytest.param(a_class(is_inactive=True), False, id="inactive"),
        pytest.param(a_class(subsidiary_ids=("2",)), False, id="of another subsidiary"),
        pytest.param(a_class("13"), False, id="missed by the newest snapshot"),
        pytest.param(
            a_record("project", "5", "Sales : Marketing", allow_expenses=False),
            False,
            id="closed to expenses",
        ),
    ],
)
def test_an_import_would_offer_what_is_open_to_the_workspace(
    record: Record, is_there: bool
) -> None:
    book = importable([record], WORKSPACE, a_tree(), {"class": {"13"}, "project": ()})
    assert (book.find("Sales : Marketing", ("class", "project")) is not None) is is_there


# -- what the list is believed to show meanwhile --------------------------------------------------


def _believed(*values: ListedValue) -> ListHistory:
    """The list lost everything at 09:00."""
    return believed(a_history(*values, polls=POLLS), [a_loss(40, 40)])


def test_it_is_as_it_was_last_seen_whole() -> None:
    history = _believed(
        a_value("Old", at("06:00"), at("08:00")),
        a_value("Marketing", at("06:00"), GONE),
        a_value("New", at("08:00"), LATEST),
        a_value("Later", BACK),
        a_value("Elsewhere", BACK, place="tag:2"),
    )
    assert history.at("tag:1").values == (
        a_value("Old", at("06:00"), at("08:00")),
        a_value("Marketing", at("06:00")),
        a_value("New", at("08:00")),
    )
    assert history.polls_at("tag:1") == POLLS[:2]
    assert (history.at("tag:2").values, history.polls_at("tag:2")) == (
        (a_value("Elsewhere", BACK, place="tag:2"),),
        POLLS,
    )


def test_a_text_that_went_with_the_others_is_not_missing() -> None:
    values = a_value("By hand", at("06:00"), GONE), a_value("Kept")
    assert is_missing(a_history(*values, polls=POLLS), "tag:1", "By hand")
    assert not is_missing(_believed(*values), "tag:1", "By hand")
    assert is_missing(_believed(*values), "tag:1", "Never there")


def test_that_a_record_went_with_the_others_proves_no_import() -> None:
    inactivated = a_change(seen=(at("07:00"), at("07:15")))
    value = a_value("Sales : Marketing", at("06:00"), GONE)
    seen = a_history(value, polls=POLLS)
    (proof,) = evidence_from_lists([inactivated], WORKSPACE, seen)
    assert (proof.bound, was_imported(inactivated, WORKSPACE, seen, a_last_sync()).imported) == (
        Bound.NOT_BEFORE,
        Imported.YES,
    )
    (missed,) = evidence_from_lists([inactivated], WORKSPACE, _believed(value))
    assert (missed.bound, missed.source, missed.observed_at) == (
        Bound.NONE_SINCE,
        Source.POLICY_LIST,
        at("08:00"),
    )


def test_of_a_change_since_then_the_list_says_nothing() -> None:
    change = a_change(seen=(at("09:30"), at("09:45")))
    history = _believed(a_value("Sales : Marketing", at("06:00"), GONE))
    verdict = was_imported(change, WORKSPACE, history, a_last_sync())
    assert (verdict.imported, verdict.source) == (Imported.UNKNOWN, None)
    assert evidence_from_lists([change], WORKSPACE, history) == ()


def test_a_sync_that_emptied_the_list_doubts_no_sort_of_change() -> None:
    change = a_change(seen=(at("06:30"), at("06:45")))
    value = a_value("Sales : Marketing", at("06:00"))
    synced = a_last_sync(at("08:30"), at("08:30"), read_at_least=at("08:30"))
    seen = a_history(value, polls=POLLS)
    assert len(list(unreflected_by([change], WORKSPACE, seen, synced))) == 1
    assert list(unreflected_by([change], WORKSPACE, _believed(value), synced)) == []


def test_a_list_of_two_kinds_is_lost_for_both() -> None:
    workspace = a_workspace(coding=(Coding("project", "tag:1"), Coding("customer", "tag:1")))
    history = a_history(*offered(texts(3), GONE), polls=POLLS)
    asked = []
    (one,) = lost_lists(
        history,
        drops(history, workspace),
        workspace,
        lambda name, kinds: asked.append((name, kinds)) is None,
    )
    assert one.kinds == ("project", "customer")
    assert sorted(asked) == [(f"class {n}", ("project", "customer")) for n in range(3)]
