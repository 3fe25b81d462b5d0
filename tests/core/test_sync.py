"""What is known of the last sync: every sort of evidence, in any order, and what it cannot say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.evidence import newest_statement, retraction, uncorrected
from monitor.core.sync import MARGIN, Bound, Evidence, LastSync, Source, failures_since, last_sync
from tests.core.builders import NOW, US, an_evidence, at

EXACT, NOT_BEFORE, NONE_SINCE, FAILED, RETRACTED = Bound
OPERATOR, LISTS = Source.OPERATOR, Source.POLICY_LIST
INSTANT = timedelta(microseconds=1)


def _read(moment: datetime, observed: datetime = NOW) -> Evidence:
    """A person read when the last sync was."""
    return an_evidence(EXACT, moment, observed=observed)


def _seen(moment: datetime, observed: datetime = NOW) -> Evidence:
    """The lists showed that a sync started after the moment."""
    return an_evidence(NOT_BEFORE, moment, observed=observed, source=LISTS)


def _missed(moment: datetime, observed: datetime = NOW) -> Evidence:
    """The lists showed that none had started since the moment."""
    return an_evidence(NONE_SINCE, moment, observed=observed, source=LISTS)


def _failed(moment: datetime, observed: datetime = NOW) -> Evidence:
    return an_evidence(FAILED, moment, observed=observed)


def _interval(
    *rows: Evidence, as_of: datetime = NOW
) -> tuple[datetime | None, datetime | None, tuple[Evidence, ...]]:
    known = last_sync(US, rows, as_of=as_of)
    return known.not_before, known.not_after, known.evidence


@pytest.mark.parametrize(
    ("rows", "not_before", "not_after", "used"),
    [
        pytest.param([], None, None, [], id="no evidence: nothing is known"),
        pytest.param(
            [_read(at("08:00"))],
            at("08:00"),
            at("08:00"),
            [0],
            id="read just now: exactly that",
        ),
        pytest.param(
            [_read(at("08:00"), at("10:00"))],
            at("08:00"),
            None,
            [0],
            id="read two hours ago: since then one may have run unseen",
        ),
        pytest.param(
            [_seen(at("08:00"))],
            at("08:00"),
            None,
            [0],
            id="a transition says that one started later, not that none followed",
        ),
        pytest.param(
            [_missed(at("08:00"))],
            None,
            at("08:00"),
            [0],
            id="a change still missing says that none started since",
        ),
        pytest.param(
            [_seen(at("07:00")), _missed(at("08:00"))],
            at("07:00"),
            at("08:00"),
            [0, 1],
            id="both together make an interval",
        ),
        pytest.param(
            [_seen(at("07:00"), at("09:00")), _seen(at("08:00"))],
            at("08:00"),
            None,
            [1],
            id="of two lower bounds the later counts",
        ),
        pytest.param(
            [_missed(at("09:00")), _missed(at("08:00"))],
            None,
            at("08:00"),
            [1],
            id="of two windows that reach to now the longer counts",
        ),
        pytest.param(
            [_missed(at("08:00"), at("10:00")), _missed(at("08:00"))],
            None,
            at("08:00"),
            [1],
            id="a window inside another says nothing of its own",
        ),
        pytest.param(
            [_missed(at("08:00"), at("10:00")), _missed(at("09:00"))],
            None,
            at("08:00"),
            [1, 0],
            id="windows that overlap are one window",
        ),
        pytest.param(
            [_missed(at("08:00"), at("10:00")), _missed(at("10:00"))],
            None,
            at("08:00"),
            [1, 0],
            id="windows that touch are one window",
        ),
        pytest.param(
            [_missed(at("08:00"), at("10:00")), _missed(at("10:00") + INSTANT)],
            None,
            at("10:00") + INSTANT,
            [1],
            id="a gap between windows may hide a sync",
        ),
        pytest.param(
            [_missed(at("08:00"), at("11:00")), _missed(at("09:00"), at("10:00"))],
            None,
            None,
            [],
            id="windows that end before now say nothing of now",
        ),
        pytest.param(
            [_read(at("08:00"), at("10:00")), _missed(at("09:30"))],
            at("08:00"),
            at("08:00"),
            [0, 1],
            id="a window carries on what somebody read",
        ),
        pytest.param(
            [_read(at("08:00")), _seen(at("06:00"))],
            at("08:00"),
            at("08:00"),
            [0],
            id="an older lower bound adds nothing",
        ),
        pytest.param(
            [_missed(at("08:00"), at("09:00")), _seen(at("08:30")), _missed(at("09:00"))],
            at("08:30"),
            at("09:00"),
            [1, 2],
            id="a window from before the last sync seen is not chained",
        ),
        pytest.param(
            [_seen(at("08:00")), _missed(at("08:00") - MARGIN)],
            at("08:00"),
            at("08:00"),
            [0, 1],
            id="unless it began at most two minutes before that",
        ),
        pytest.param(
            [_read(at("08:00")), _failed(at("11:00"))],
            at("08:00"),
            at("08:00"),
            [0],
            id="a failed sync moves nothing",
        ),
        pytest.param([_failed(at("11:00"))], None, None, [], id="nor does it make a bound"),
        pytest.param(
            [_read(at("08:00"), NOW + INSTANT)],
            None,
            None,
            [],
            id="what was learned later was not known yet",
        ),
    ],
)
def test_what_is_known(
    rows: list[Evidence], not_before: datetime | None, not_after: datetime | None, used: list[int]
) -> None:
    assert _interval(*rows) == (not_before, not_after, tuple(rows[n] for n in used))
    assert last_sync(US, rows, as_of=NOW).contradictions == ()


@pytest.mark.parametrize(
    ("as_of", "not_after"),
    [
        pytest.param(at("10:00"), at("08:00"), id="when it was read"),
        pytest.param(at("10:00") + INSTANT, None, id="an instant later a sync may have begun"),
    ],
)
def test_an_observation_reaches_no_further_than_itself(
    as_of: datetime, not_after: datetime | None
) -> None:
    row = _read(at("08:00"), at("10:00"))
    assert _interval(row, as_of=as_of) == (at("08:00"), not_after, (row,))


_READ = "somebody read it on Expensify's accounting page"
_LISTS = "Expensify's own lists, compared with NetSuite's"


@pytest.mark.parametrize(
    ("rows", "known"),
    [
        pytest.param(
            [_read(at("08:00")), _seen(at("09:00"), at("10:00"))],
            LastSync(
                US,
                at("08:00"),
                at("08:00"),
                (_read(at("08:00")),),
                (
                    f"“a sync started after 2026-11-24 09:00 UTC” ({_LISTS}) cannot be true "
                    f"together with “the last sync was at 2026-11-24 08:00 UTC” ({_READ}): "
                    "the latter is believed",
                ),
                at("08:00"),
            ),
            id="a person's reading is believed more than a transition",
        ),
        pytest.param(
            [_read(at("09:00"), at("11:00")), _missed(at("08:00"))],
            LastSync(
                US,
                at("09:00"),
                None,
                (_read(at("09:00"), at("11:00")),),
                (
                    f"“no sync started after 2026-11-24 08:00 UTC” ({_LISTS}) cannot be true "
                    f"together with “the last sync was at 2026-11-24 09:00 UTC” ({_READ}): "
                    "the latter is believed",
                ),
                at("09:00"),
            ),
            id="and more than a window without a sync",
        ),
        pytest.param(
            [_read(at("08:00"), at("11:00")), _read(at("09:00"), at("10:00"))],
            LastSync(
                US,
                at("08:00"),
                None,
                (_read(at("08:00"), at("11:00")),),
                (),
                at("08:00"),
            ),
            id="the page read again corrects what was read before, without a word",
        ),
        pytest.param(
            [_seen(at("08:30"), at("10:00")), _missed(at("08:00"))],
            LastSync(
                US,
                at("08:30"),
                None,
                (_seen(at("08:30"), at("10:00")),),
                (
                    f"“no sync started after 2026-11-24 08:00 UTC” ({_LISTS}) cannot be true "
                    f"together with “a sync started after 2026-11-24 08:30 UTC” ({_LISTS}): "
                    "the latter is believed",
                ),
            ),
            id="of the lists' evidence a sync seen is believed more than one missed",
        ),
    ],
)
def test_what_cannot_all_be_true_is_said(rows: list[Evidence], known: LastSync) -> None:
    assert last_sync(US, rows, as_of=NOW) == known
    assert last_sync(US, reversed(rows), as_of=NOW) == known


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            [_missed(at("08:00"), at("10:00")), _seen(at("08:00") + MARGIN, at("10:00"))],
            id="two minutes after a window began",
        ),
        pytest.param(
            [_missed(at("08:00"), at("10:00")), _seen(at("09:00"), at("10:00") + INSTANT)],
            id="possibly after the window ended",
        ),
        pytest.param(
            [
                _missed(at("08:00"), at("10:00")),
                _read(at("10:00") - MARGIN + INSTANT, at("11:00")),
            ],
            id="less than two minutes before it ended",
        ),
        pytest.param(
            [_read(at("09:00"), at("11:00")), _read(at("08:00"), at("09:00"))],
            id="two readings with a sync between",
        ),
        pytest.param(
            [_failed(at("09:00")), _missed(at("08:00"))],
            id="one that failed, in a window without a good one",
        ),
    ],
)
def test_what_may_both_be_true_is_no_contradiction(rows: list[Evidence]) -> None:
    assert last_sync(US, rows, as_of=NOW).contradictions == ()


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            [_missed(at("08:00"), at("10:00")), _seen(at("08:00") + MARGIN + INSTANT, at("10:00"))],
            id="later than two minutes after a window began",
        ),
        pytest.param(
            [_missed(at("08:00"), at("10:00")), _read(at("10:00") - MARGIN, at("11:00"))],
            id="two minutes before it ended",
        ),
    ],
)
def test_an_instant_more_is_one(rows: list[Evidence]) -> None:
    assert len(last_sync(US, rows, as_of=NOW).contradictions) == 1


def test_a_bound_is_never_later_than_the_sync_that_was_seen() -> None:
    within_the_margin = [_read(at("08:00")), _seen(at("08:01"), at("09:00"))]
    assert _interval(*within_the_margin)[:2] == (at("08:01"), at("08:01"))


def test_what_a_person_read_is_told_apart_from_what_lists_show() -> None:
    rows = [_read(at("08:00"), at("08:30")), _seen(at("09:00"), at("10:00"))]
    known = last_sync(US, rows, as_of=NOW)
    assert (known.not_before, known.read_at_least) == (at("09:00"), at("08:00"))


LATER = NOW + timedelta(minutes=1)
_MINUTES = st.integers(0, 20).map(lambda minute: NOW - timedelta(minutes=minute))
"""Close together, so that the margin matters."""


@st.composite
def _rows(draw: st.DrawFn) -> Evidence:
    moment, observed = sorted([draw(_MINUTES), draw(_MINUTES)])
    bound, source = draw(st.sampled_from(Bound)), draw(st.sampled_from(Source))
    note = draw(st.sampled_from(["", "class:12"]))
    return an_evidence(bound, moment, observed=observed, source=source, note=note)


@given(rows=st.lists(_rows(), max_size=8), random=st.randoms())
def test_the_order_of_the_rows_says_nothing(rows: list[Evidence], random: Random) -> None:
    shuffled = random.sample(rows, len(rows))
    assert last_sync(US, shuffled, as_of=NOW) == last_sync(US, rows, as_of=NOW)


@given(rows=st.lists(_rows(), max_size=8))
def test_a_row_said_twice_says_no_more(rows: list[Evidence]) -> None:
    assert last_sync(US, rows * 2, as_of=NOW) == last_sync(US, rows, as_of=NOW)


@given(rows=st.lists(_rows(), max_size=8))
def test_failures_move_no_bound(rows: list[Evidence]) -> None:
    good = [row for row in rows if row.bound is not FAILED]
    assert last_sync(US, rows, as_of=NOW) == last_sync(US, good, as_of=NOW)


@given(rows=st.lists(_rows(), max_size=8), as_of=_MINUTES)
def test_what_comes_later_does_not_change_what_was_known(
    rows: list[Evidence], as_of: datetime
) -> None:
    then = [row for row in rows if row.observed_at <= as_of]
    assert last_sync(US, rows, as_of=as_of) == last_sync(US, then, as_of=as_of)


@given(rows=st.lists(_rows(), min_size=1, max_size=8))
def test_what_was_taken_back_is_as_if_it_had_never_been_said(rows: list[Evidence]) -> None:
    said = rows[0]._replace(bound=EXACT)
    mistaken = retraction(said, now=LATER, note="dana")
    others = [
        row
        for row in rows
        if row.bound is RETRACTED
        or (row.source, row.observed_at) != (said.source, said.observed_at)
    ]
    assert last_sync(US, [mistaken, said, *rows], as_of=LATER) == last_sync(US, others, as_of=LATER)
    failed = said._replace(bound=FAILED)
    known = last_sync(US, others, as_of=LATER)
    assert failures_since(known, [mistaken, failed, *rows]) == failures_since(known, others)


def test_only_what_a_person_said_can_be_taken_back() -> None:
    said, shown = _read(at("09:00"), at("10:00")), _missed(at("09:00"), at("11:00"))
    assert newest_statement([said, shown]) == (said,)
    assert newest_statement([said, shown, retraction(said, now=NOW, note="")]) == ()


@given(rows=st.lists(_rows(), min_size=1, max_size=8))
def test_until_it_was_taken_back_it_was_known(rows: list[Evidence]) -> None:
    mistaken = retraction(rows[0], now=LATER, note="dana")
    assert last_sync(US, [*rows, mistaken], as_of=NOW) == last_sync(US, rows, as_of=NOW)


@st.composite
def _truth(draw: st.DrawFn) -> tuple[list[datetime], list[Evidence]]:
    """A day of syncs, and rows that are all true of it."""
    minute = st.integers(0, 719).map(lambda minute: at("00:00") + timedelta(minutes=minute))
    syncs = sorted(draw(st.sets(minute, min_size=1, max_size=5)))
    rows = []
    for moment, observed, source in draw(
        st.lists(st.tuples(minute, minute, st.sampled_from(Source)), max_size=12)
    ):
        before = [sync for sync in syncs if sync <= observed]
        if before:
            rows.append(an_evidence(EXACT, before[-1], observed=observed, source=source))
        if moment >= observed:
            continue
        is_missed = not any(moment <= sync <= observed for sync in syncs)
        bound = NONE_SINCE if is_missed else NOT_BEFORE
        rows.append(an_evidence(bound, moment, observed=observed, source=source))
    return syncs, rows


@given(_truth())
def test_true_evidence_never_excludes_the_truth(
    truth: tuple[list[datetime], list[Evidence]],
) -> None:
    syncs, rows = truth
    known = last_sync(US, rows, as_of=NOW)
    assert known.contradictions == ()
    assert known.not_before is None or known.not_before <= syncs[-1]
    is_unseen = syncs[-1] > NOW - MARGIN
    assert known.not_after is None or known.not_after >= syncs[-1] or is_unseen


def _cannot_both_be(one: Evidence, other: Evidence) -> bool:
    """The plain rule, pair by pair: a sync seen within the time in which none was."""
    for seen, quiet in ((one, other), (other, one)):
        if seen.bound is NONE_SINCE or quiet.bound is NOT_BEFORE:
            continue
        end = seen.moment + MARGIN if seen.bound is EXACT else seen.observed_at
        if quiet.moment + MARGIN < seen.moment and end <= quiet.observed_at:
            return True
    return False


def _believed_plainly(rows: Iterable[Evidence]) -> list[Evidence]:
    believed: list[Evidence] = []
    directness = {source: number for number, source in enumerate(Source)}
    for row in sorted(
        (row for row in rows if row.bound is not FAILED),
        key=lambda row: (
            directness[row.source],
            row.bound is NONE_SINCE,
            NOW - row.observed_at,
            NOW - row.moment,
            row.bound is not EXACT,
            row.note,
        ),
    ):
        if not any(_cannot_both_be(row, other) for other in believed):
            believed.append(row)
    return believed


@given(rows=st.lists(_rows(), max_size=30))
def test_the_quick_way_believes_what_comparing_every_pair_would(rows: list[Evidence]) -> None:
    rows = uncorrected(rows)
    plainly = _believed_plainly(rows)
    known = last_sync(US, rows, as_of=NOW)
    agreed = last_sync(US, plainly, as_of=NOW)
    assert replace(known, contradictions=()) == agreed
    claims = [row for row in rows if row.bound is not FAILED]
    assert bool(known.contradictions) == (len(plainly) < len(claims))


def test_a_year_of_polls_is_weighed_in_one_go() -> None:
    """Comparing every two of these rows would not end within the time a test is given."""
    first = NOW - timedelta(days=365)
    polls = [first + timedelta(minutes=15 * n) for n in range(35_000)]
    missed = [_missed(first - timedelta(hours=n % 50 + 1), poll) for n, poll in enumerate(polls)]
    seen = [_seen(first - timedelta(hours=n % 90 + 60), poll) for n, poll in enumerate(polls)]
    known = last_sync(US, [*missed, *seen], as_of=polls[-1])
    assert known.not_before == first - timedelta(hours=60)
    assert known.not_after == first - timedelta(hours=50)


@pytest.mark.parametrize(
    ("source", "read"),
    [
        (Source.POLICY_JSON, at("09:00")),
        (Source.OPERATOR, at("09:00")),
        (Source.POLICY_LIST, None),
        (Source.LOGIN_AUDIT, None),
    ],
)
def test_only_what_a_person_passed_on_from_expensify_itself_is_read(
    source: Source, read: datetime | None
) -> None:
    row = an_evidence(EXACT, at("09:00"), source=source)
    assert last_sync(US, [row], as_of=NOW).read_at_least == read


def test_what_expensify_exported_is_believed_before_what_somebody_typed() -> None:
    exported = an_evidence(EXACT, at("09:00"), source=Source.POLICY_JSON)
    known = last_sync(US, [_read(at("10:00")), exported], as_of=NOW)
    assert (known.not_before, len(known.contradictions)) == (at("09:00"), 1)
