"""What a login audit proves of the last sync, and when syncs count as failing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.imported import was_imported
from monitor.core.logins import Logins, evidence_from_logins
from monitor.core.sync import (
    MARGIN,
    Bound,
    Evidence,
    Imported,
    LastSync,
    Source,
    SyncFailure,
    failures_since,
    last_sync,
    sync_failure,
)
from tests.core.builders import (
    NOW,
    UK,
    US,
    a_change,
    a_class,
    a_history,
    a_workspace,
    an_evidence,
    at,
)

AUDIT = Source.LOGIN_AUDIT
WORDS = "NetSuite refused the login of Expensify: TokenRejected"


def a_row(bound: Bound, moment: datetime, note: str = "", policy_id: str = US) -> Evidence:
    return Evidence(policy_id, bound, moment, AUDIT, NOW, note)


@pytest.mark.parametrize(
    ("logins", "rows"),
    [
        pytest.param(Logins(detail="not shown"), [], id="off: nothing is known"),
        pytest.param(Logins(("Expensify",)), [], id="no login yet: nothing is known"),
        pytest.param(
            Logins(("Expensify",), at("08:00")),
            [a_row(Bound.NONE_SINCE, at("08:02"))],
            id="a login: none started since, give or take two minutes",
        ),
        pytest.param(
            Logins(("Expensify",), at("08:00"), at("09:00"), WORDS),
            [
                a_row(Bound.NONE_SINCE, at("08:02")),
                a_row(Bound.FAILED, at("09:00"), WORDS),
            ],
            id="refused since: a failure, too",
        ),
        pytest.param(
            Logins(("Expensify",), at("11:59")), [], id="a login just now leaves no time without"
        ),
        pytest.param(
            Logins(("Expensify",), None, at("12:05"), WORDS),
            [a_row(Bound.FAILED, NOW, WORDS)],
            id="a clock that runs ahead refuses nobody in the future",
        ),
    ],
)
def test_what_the_audit_proves(logins: Logins, rows: list[Evidence]) -> None:
    assert list(evidence_from_logins(logins, [US], observed_at=NOW)) == rows


def test_it_names_no_workspace_and_so_speaks_of_all() -> None:
    rows = evidence_from_logins(Logins(("Expensify",), at("08:00")), [US, UK], observed_at=NOW)
    assert [row.policy_id for row in rows] == [US, UK]


@pytest.mark.parametrize(
    ("milliseconds", "blur"),
    [(0, 0), (1, 0), (-400, 0), (2_000, 0), (2_001, 10), (-9_999, 10), (12_000, 10)],
)
def test_what_is_measured_a_little_differently_each_time_says_the_same(
    milliseconds: int, blur: int
) -> None:
    logins = Logins(("Expensify",), NOW - timedelta(hours=1))
    skew = timedelta(milliseconds=milliseconds)
    (row,) = evidence_from_logins(logins, [US], observed_at=NOW, skew=skew)
    assert row.moment == NOW - timedelta(hours=1) + MARGIN + timedelta(seconds=blur)


@pytest.mark.parametrize("skew", [timedelta(minutes=3), -timedelta(minutes=3)])
def test_clocks_that_differ_make_it_say_less(skew: timedelta) -> None:
    logins = Logins(("Expensify",), at("08:00"))
    (row,) = evidence_from_logins(logins, [US], observed_at=NOW, skew=skew)
    assert row.moment == at("08:05")


def _edited(moment: datetime) -> object:
    return a_change(
        a_class(), a_class(is_inactive=True, modified_at=moment), seen=(at("06:00"), at("11:00"))
    )


@pytest.mark.parametrize(
    ("edited", "imported"),
    [
        pytest.param(at("09:00"), Imported.NO, id="edited after the last login: not imported"),
        pytest.param(
            at("07:00"), Imported.UNKNOWN, id="edited before it: a login is contact, no sync"
        ),
        pytest.param(at("08:03"), Imported.UNKNOWN, id="edited as it logged in: cannot tell"),
    ],
)
def test_without_a_login_nothing_was_imported_and_with_one_nobody_knows(
    edited: datetime, imported: Imported
) -> None:
    rows = evidence_from_logins(Logins(("Expensify",), at("08:00")), [US], observed_at=NOW)
    last = last_sync(US, rows, as_of=NOW)
    verdict = was_imported(_edited(edited), a_workspace(), a_history(), last)  # type: ignore[arg-type]
    assert verdict.imported is imported
    assert verdict.source is (AUDIT if imported is Imported.NO else None)


@pytest.mark.parametrize(("edited", "told"), [("09:14", Imported.NO), ("09:06", Imported.YES)])
def test_the_measured_skew_widens_the_margin(edited: str, told: Imported) -> None:
    rows = [an_evidence(Bound.EXACT, at("09:10"))]
    change = _edited(at(edited))
    for skew, imported in ((timedelta(0), told), (-timedelta(minutes=3), Imported.UNKNOWN)):
        last = last_sync(US, rows, as_of=NOW, skew=skew)
        assert last.margin == MARGIN + abs(skew)
        verdict = was_imported(change, a_workspace(), a_history(), last)  # type: ignore[arg-type]
        assert verdict.imported is imported


MINUTES = st.integers(0, 300)


@given(
    logins=st.lists(st.tuples(MINUTES, st.booleans()), max_size=6),
    looks=st.lists(MINUTES, min_size=1, max_size=8),
    edited=MINUTES,
)
def test_whatever_the_order_no_import_that_happened_is_denied(
    logins: list[tuple[int, bool]], looks: list[int], edited: int
) -> None:
    """Logins of syncs and of exports (True, False), looks of ours, and one edit."""
    begin = at("06:00")
    rows: list[Evidence] = []
    for minute in looks:
        good = [begin + timedelta(minutes=one) for one, _ in logins if one <= minute]
        told = Logins(("Expensify",), max(good, default=None))
        rows += evidence_from_logins(told, [US], observed_at=begin + timedelta(minutes=minute))
    now = max(looks)
    last = last_sync(US, rows, as_of=begin + timedelta(minutes=now))
    change = _edited(begin + timedelta(minutes=edited))
    imported = was_imported(change, a_workspace(), a_history(), last).imported  # type: ignore[arg-type]
    is_synced = any(edited < minute <= now for minute, is_sync in logins if is_sync)
    assert imported in ((Imported.UNKNOWN,) if is_synced else (Imported.NO, Imported.UNKNOWN))


FAILED = a_row(Bound.FAILED, at("09:00"), WORDS)


def a_login(moment: datetime) -> Evidence:
    return a_row(Bound.NONE_SINCE, moment)


@pytest.mark.parametrize(
    ("rows", "failure"),
    [
        pytest.param([], None, id="nothing failed"),
        pytest.param([FAILED], SyncFailure(US, at("09:00"), WORDS), id="a refused login"),
        pytest.param(
            [FAILED, a_row(Bound.FAILED, at("10:00"), "again")],
            SyncFailure(US, at("09:00"), "again"),
            id="since the first, in the words of the last",
        ),
        pytest.param(
            [a_login(at("08:02")), FAILED],
            SyncFailure(US, at("09:00"), WORDS),
            id="refused after the last login",
        ),
        pytest.param([FAILED, a_login(at("09:30"))], None, id="a login since then ends it"),
        pytest.param(
            [an_evidence(Bound.FAILED, at("09:00"), note="seen on the page"), a_login(at("09:30"))],
            SyncFailure(US, at("09:00"), "seen on the page"),
            id="a login is no sync: what a person saw failing still fails",
        ),
        pytest.param(
            [FAILED, an_evidence(Bound.EXACT, at("09:30"))], None, id="a good sync since ends it"
        ),
        pytest.param(
            [an_evidence(Bound.EXACT, at("08:30")), FAILED],
            SyncFailure(US, at("09:00"), WORDS),
            id="a good sync before does not",
        ),
        pytest.param(
            [an_evidence(Bound.FAILED, at("09:00"))],
            SyncFailure(US, at("09:00"), Source.OPERATOR.value),
            id="without words its source speaks",
        ),
    ],
)
def test_when_syncs_are_failing(rows: list[Evidence], failure: SyncFailure | None) -> None:
    last = last_sync(US, rows, as_of=NOW)
    assert sync_failure(last, rows) == failure
    assert sync_failure(last, rows[::-1]) == failure


def test_a_failure_that_was_seen_again_is_one_as_it_was_seen_last() -> None:
    earlier = FAILED._replace(observed_at=at("11:00"))
    assert failures_since(LastSync(US), [FAILED, earlier]) == (FAILED,)


def test_without_evidence_nothing_is_failing() -> None:
    assert sync_failure(LastSync(US), ()) is None
