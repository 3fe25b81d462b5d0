"""When a failed sync is over: at the moment of the good one, and not an instant sooner."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.core.sync import Bound, Evidence, LastSync, Source, failures_since, last_sync
from tests.core.builders import NOW, US, an_evidence, at

INSTANT = timedelta(microseconds=1)
SEEN_FAILING = an_evidence(Bound.FAILED, at("09:00"))
REFUSED = an_evidence(Bound.FAILED, at("09:00"), source=Source.LOGIN_AUDIT)


@pytest.mark.parametrize("source", [Source.OPERATOR, Source.LOGIN_AUDIT])
@pytest.mark.parametrize(
    ("later", "is_over"),
    [
        pytest.param(timedelta(0), True, id="in the same moment"),
        pytest.param(-INSTANT, False, id="an instant before"),
    ],
)
def test_a_good_sync_ends_it(source: Source, later: timedelta, is_over: bool) -> None:
    failed = an_evidence(Bound.FAILED, at("09:00"), source=source)
    rows = [failed, an_evidence(Bound.EXACT, at("09:00") + later)]
    known = last_sync(US, rows, as_of=NOW)
    assert failures_since(known, rows) == (() if is_over else (failed,))


@pytest.mark.parametrize(
    ("failed", "later", "is_over"),
    [
        pytest.param(REFUSED, timedelta(0), True, id="refused, and logged in at that moment"),
        pytest.param(REFUSED, -INSTANT, False, id="refused, and logged in just before"),
        pytest.param(SEEN_FAILING, INSTANT, False, id="seen failing: a login is no sync"),
    ],
)
def test_a_login_ends_a_refused_one(failed: Evidence, later: timedelta, is_over: bool) -> None:
    login = an_evidence(Bound.NONE_SINCE, at("09:00") + later, source=Source.LOGIN_AUDIT)
    assert failures_since(LastSync(US), [failed, login]) == (() if is_over else (failed,))


def test_failures_of_one_moment_stand_in_the_order_of_their_words() -> None:
    """However often and whenever each was seen again."""
    timed_out = SEEN_FAILING._replace(note="timed out", observed_at=at("10:00"))
    again = timed_out._replace(observed_at=at("11:00"))
    bad_token = SEEN_FAILING._replace(note="bad token")
    for rows in ([timed_out, again, bad_token], [bad_token, again, timed_out]):
        assert failures_since(LastSync(US), rows) == (bad_token, again)
