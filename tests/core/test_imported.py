"""Was a change imported? Expensify's own lists first; else the moment against the last sync."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.imported import ImportVerdict, evidence_from_lists, moment_of, was_imported
from monitor.core.listed import ListedValue, ListHistory
from monitor.core.records import Change
from monitor.core.reports import Coding
from monitor.core.sync import MARGIN, Bound, Evidence, Imported, LastSync, Source, last_sync
from tests.core.builders import (
    LAST_POLL,
    US,
    a_change,
    a_class,
    a_history,
    a_last_sync,
    a_value,
    a_workspace,
    an_evidence,
    at,
)

INSTANT = timedelta(microseconds=1)
INACTIVATED = a_change()
"""Between the snapshots of 09:00 and 09:15."""

STILL_OLD = ImportVerdict(
    Imported.NO,
    "Expensify's own list still shows what NetSuite had before",
    Source.POLICY_LIST,
    is_proof=True,
)
TAKEN_OVER = ImportVerdict(
    Imported.YES,
    "Expensify's own list shows what NetSuite has now",
    Source.POLICY_LIST,
    is_proof=True,
)
CANNOT_TELL = ImportVerdict(
    Imported.UNKNOWN, "cannot tell whether Expensify has seen it; Sync to be sure"
)


def _edited(moment: datetime) -> Change:
    """Inactivated at that moment, as NetSuite says."""
    after = a_class(is_inactive=True, modified_at=moment)
    return a_change(a_class(), after, seen=(at("09:00"), at("09:15")))


@pytest.mark.parametrize(
    ("modified_at", "moments"),
    [
        pytest.param(None, (at("09:00"), at("09:15")), id="no edit time: between the snapshots"),
        pytest.param(at("09:07"), (at("09:07"),) * 2, id="an edit time between them is the moment"),
        pytest.param(
            at("09:00") - MARGIN, (at("08:58"),) * 2, id="clocks may differ by two minutes"
        ),
        pytest.param(at("09:15") + MARGIN, (at("09:17"),) * 2, id="in either direction"),
        pytest.param(
            at("09:00") - MARGIN - INSTANT,
            (at("09:00"), at("09:15")),
            id="an earlier edit was another one",
        ),
        pytest.param(
            at("09:15") + MARGIN + INSTANT,
            (at("09:00"), at("09:15")),
            id="a later edit is another one",
        ),
    ],
)
def test_when_a_change_happened(
    modified_at: datetime | None, moments: tuple[datetime, datetime]
) -> None:
    change = a_change(a_class(), a_class(is_inactive=True, modified_at=modified_at))
    assert moment_of(change) == moments


SYNCED_BEFORE = a_last_sync(not_before=at("08:00"), not_after=at("08:00"))
SYNCED_AFTER = a_last_sync(not_before=at("09:30"), read_at_least=at("09:30"))


@pytest.mark.parametrize(
    ("history", "last", "verdict"),
    [
        pytest.param(
            a_history(a_value()),
            a_last_sync(not_before=at("09:40")),
            STILL_OLD,
            id="the list still offers it: no, whatever the times say",
        ),
        pytest.param(
            a_history(a_value(gone=LAST_POLL)),
            SYNCED_BEFORE,
            TAKEN_OVER,
            id="the list offers it no more: yes, whatever the times say",
        ),
        pytest.param(
            a_history(a_value()),
            SYNCED_AFTER,
            ImportVerdict(Imported.YES, "Expensify has synced after it"),
            id="somebody read of a later sync: this import does not reflect the change",
        ),
        pytest.param(
            a_history(a_value(gone=at("09:00"))),
            SYNCED_BEFORE,
            ImportVerdict(Imported.NO, "the last known sync was before it"),
            id="somebody took the value away before: the times decide",
        ),
        pytest.param(
            a_history(),
            a_last_sync(not_before=at("09:30")),
            ImportVerdict(Imported.YES, "Expensify has synced after it"),
            id="the list does not know the record: the times decide",
        ),
        pytest.param(a_history(), a_last_sync(), CANNOT_TELL, id="nothing is known: cannot tell"),
    ],
)
def test_whether_expensify_has_it(
    history: ListHistory, last: LastSync, verdict: ImportVerdict
) -> None:
    assert was_imported(INACTIVATED, a_workspace(), history, last) == verdict


@pytest.mark.parametrize(
    ("read_at", "imported"),
    [
        pytest.param(at("09:15") + MARGIN, Imported.NO, id="two minutes after: the list stands"),
        pytest.param(at("09:15") + MARGIN + INSTANT, Imported.YES, id="later: it is overruled"),
    ],
)
def test_a_reading_overrules_the_list_only_when_it_is_clearly_later(
    read_at: datetime, imported: Imported
) -> None:
    last = a_last_sync(not_before=at("09:40"), read_at_least=read_at)
    history = a_history(a_value())
    assert was_imported(INACTIVATED, a_workspace(), history, last).imported is imported


def test_a_reading_does_not_overrule_a_list_that_shows_the_present() -> None:
    history = a_history(a_value(gone=LAST_POLL))
    assert was_imported(INACTIVATED, a_workspace(), history, SYNCED_AFTER) == TAKEN_OVER


@pytest.mark.parametrize(
    "coding",
    [
        pytest.param((), id="nowhere"),
        pytest.param((Coding("class", "employee_default"),), id="at the employee"),
        pytest.param((Coding("department", "tag:1"),), id="elsewhere than another kind"),
    ],
)
def test_the_list_counts_only_where_the_kind_is_kept_there(coding: tuple[Coding, ...]) -> None:
    workspace = a_workspace(coding=coding)
    verdict = was_imported(INACTIVATED, workspace, a_history(a_value()), a_last_sync())
    assert verdict == CANNOT_TELL


@pytest.mark.parametrize(
    ("edited", "last", "imported"),
    [
        pytest.param(
            at("09:10"), a_last_sync(not_after=at("09:08")), "unknown", id="two minutes after"
        ),
        pytest.param(
            at("09:10") + INSTANT, a_last_sync(not_after=at("09:08")), "no", id="clearly after: no"
        ),
        pytest.param(
            at("09:10"), a_last_sync(not_before=at("09:12")), "unknown", id="two minutes before"
        ),
        pytest.param(
            at("09:10") - INSTANT,
            a_last_sync(not_before=at("09:12")),
            "yes",
            id="clearly before: yes",
        ),
        pytest.param(
            at("09:10"),
            a_last_sync(not_before=at("09:05"), not_after=at("09:20")),
            "unknown",
            id="within the interval: cannot tell",
        ),
        pytest.param(
            at("09:10"), a_last_sync(not_before=at("09:05")), "unknown", id="an open end: too"
        ),
    ],
)
def test_the_moment_against_the_last_sync(edited: datetime, last: LastSync, imported: str) -> None:
    assert was_imported(_edited(edited), a_workspace(), a_history(), last).imported == imported


@pytest.mark.parametrize(
    ("last", "imported"),
    [
        pytest.param(a_last_sync(not_after=at("08:57")), "no", id="before it began: no"),
        pytest.param(a_last_sync(not_after=at("09:05")), "unknown", id="within: cannot tell"),
        pytest.param(a_last_sync(not_before=at("09:10")), "unknown", id="within, from below: too"),
        pytest.param(a_last_sync(not_before=at("09:18")), "yes", id="after it ended: yes"),
    ],
)
def test_without_an_edit_time_the_whole_span_counts(last: LastSync, imported: str) -> None:
    assert was_imported(INACTIVATED, a_workspace(), a_history(), last).imported == imported


def test_the_verdict_names_the_source_of_the_bound_it_rests_on() -> None:
    read = an_evidence(Bound.EXACT, at("08:00"), source=Source.OPERATOR)
    shown = an_evidence(Bound.NOT_BEFORE, at("07:00"), source=Source.POLICY_LIST)
    before = a_last_sync(at("07:00"), at("08:00"), evidence=(shown, read))
    verdict = was_imported(INACTIVATED, a_workspace(), a_history(), before)
    assert (verdict.imported, verdict.source) == (Imported.NO, Source.OPERATOR)
    shown = shown._replace(moment=at("09:30"))
    after = a_last_sync(at("09:30"), at("10:00"), evidence=(read, shown))
    verdict = was_imported(INACTIVATED, a_workspace(), a_history(), after)
    assert (verdict.imported, verdict.source) == (Imported.YES, Source.POLICY_LIST)


REACTIVATED = a_change(a_class("13", "Legal", is_inactive=True), a_class("13", "Legal"))
"""Between the same two snapshots."""


def _row(bound: Bound, moment: datetime, observed: datetime, note: str) -> Evidence:
    return Evidence(US, bound, moment, Source.POLICY_LIST, observed, note)


@pytest.mark.parametrize(
    ("changes", "values", "rows"),
    [
        pytest.param(
            [INACTIVATED],
            [a_value()],
            [_row(Bound.NONE_SINCE, at("09:15"), LAST_POLL, "class:12 inactivated")],
            id="a poll that misses the change: none since it was surely there",
        ),
        pytest.param(
            [REACTIVATED],
            [a_value("Legal", LAST_POLL)],
            [_row(Bound.NOT_BEFORE, at("09:00"), LAST_POLL, "class:13 reactivated")],
            id="a transition: one started after the change can first have been there",
        ),
        pytest.param(
            [INACTIVATED, REACTIVATED],
            [a_value(gone=LAST_POLL), a_value("Legal", is_enabled=False)],
            [
                _row(Bound.NOT_BEFORE, at("09:00"), LAST_POLL, "class:12 inactivated"),
                _row(Bound.NONE_SINCE, at("09:15"), LAST_POLL, "class:13 reactivated"),
            ],
            id="one of each",
        ),
        pytest.param([REACTIVATED], [], [], id="a value never seen proves nothing"),
        pytest.param([INACTIVATED], [a_value(gone=at("09:00"))], [], id="nor one touched by hand"),
        pytest.param([], [a_value()], [], id="no change, nothing to prove"),
    ],
)
def test_what_the_lists_prove_of_the_last_sync(
    changes: list[Change], values: list[ListedValue], rows: list[Evidence]
) -> None:
    found = evidence_from_lists(changes, a_workspace(), a_history(*values))
    assert found == tuple(rows)


def test_a_transition_is_one_row_however_often_it_is_seen() -> None:
    """The poll that first showed it is what was observed; later polls add nothing."""
    gone = a_value(gone=LAST_POLL)
    polls = (at("06:00"), at("09:00"), LAST_POLL)
    early = evidence_from_lists([INACTIVATED], a_workspace(), a_history(gone, polls=polls))
    later = a_history(gone, polls=(*polls, at("11:00")))
    assert evidence_from_lists([INACTIVATED], a_workspace(), later) == early


def test_the_cycle_that_first_sees_a_change_cannot_date_the_sync_by_it() -> None:
    polled_then = a_history(a_value(), polls=(at("06:00"), at("09:15")))
    assert was_imported(INACTIVATED, a_workspace(), polled_then, a_last_sync()) == STILL_OLD
    assert evidence_from_lists([INACTIVATED], a_workspace(), polled_then) == ()


def test_without_any_poll_there_is_no_evidence() -> None:
    assert evidence_from_lists([INACTIVATED], a_workspace(), ListHistory(US)) == ()


_NOON = at("12:00")


@st.composite
def _listed_change(draw: st.DrawFn, number: int) -> tuple[Change, tuple[ListedValue, ...]]:
    """A class inactivated some time in the morning, and whether its tag has gone since."""
    moment = at("07:00") + timedelta(minutes=draw(st.integers(0, 60)))
    length = timedelta(minutes=draw(st.integers(0, 20)))
    record = a_class(str(number), f"Class {number}")
    change = a_change(record, record._replace(is_inactive=True), seen=(moment, moment + length))
    is_gone = draw(st.booleans())
    return change, (a_value(record.full_name, gone=_NOON if is_gone else None),)


@given(
    st.integers(1, 8).flatmap(
        lambda count: st.tuples(*(_listed_change(number) for number in range(count)))
    )
)
def test_the_strongest_rows_give_the_same_interval_as_all(
    listed: tuple[tuple[Change, tuple[ListedValue, ...]], ...],
) -> None:
    changes = [change for change, _ in listed]
    values = [value for _, versions in listed for value in versions]
    history = a_history(*values, polls=(at("06:00"), _NOON))
    workspace = a_workspace()
    every = [row for change in changes for row in evidence_from_lists([change], workspace, history)]
    strongest = evidence_from_lists(changes, workspace, history)
    assert len(every) == len(changes)
    assert len(strongest) == len({row.bound for row in strongest}) <= 2
    known, all_known = (last_sync(US, rows, as_of=_NOON) for rows in (strongest, every))
    assert (known.not_before, known.not_after) == (all_known.not_before, all_known.not_after)
    assert evidence_from_lists(reversed(changes), workspace, history) == strongest
