"""Random worlds: what NetSuite refuses was foretold, and what is certain it refuses."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from monitor.core.risks import Cause
from tests.backtest.history import live
from tests.backtest.laws import MODELLED, Tally
from tests.backtest.served import live_served


def _all(tallies: Iterable[Tally]) -> Tally:
    whole = Tally()
    for tally in tallies:
        whole.add(tally)
    return whole


def _keeps_the_laws(tally: Tally) -> None:
    assert list(map(str, tally.disagreements[:5])) == []


@pytest.mark.parametrize("first", [1001, 1009, 1017])
def test_no_refusal_goes_unforetold_and_nothing_certain_exports_cleanly(first: int) -> None:
    _keeps_the_laws(_all(map(live, range(first, first + 8))))


def test_what_an_account_accepts_is_foretold_no_more_once_two_exports_have_shown_it() -> None:
    tally = _all(live(seed, is_lenient=True) for seed in range(5001, 5025))
    _keeps_the_laws(tally)
    assert {"inactive", "parent_inactive", "empty_list"} <= set(tally.spared)
    assert tally.taken_back[Cause.INACTIVE] >= 1


def test_the_same_holds_with_the_whole_program_over_sockets(tmp_path: Path) -> None:
    _keeps_the_laws(live_served(1001, tmp_path))


def test_a_world_is_the_same_each_time_it_is_lived() -> None:
    once, again = live(1001), live(1001)
    assert once.story == again.story
    assert (once.refused, once.told) == (again.refused, again.told)


def test_a_world_lived_over_sockets_is_the_one_lived_without_them(tmp_path: Path) -> None:
    direct, served = live(1002), live_served(1002, tmp_path)
    assert served.story == direct.story
    assert (served.refused, served.told, served.certain) == (
        direct.refused,
        direct.told,
        direct.certain,
    )


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_hundreds_of_worlds_keep_the_laws_and_meet_every_cause() -> None:
    tally = _all(map(live, range(1, 301)))
    assert [cause.code for cause in MODELLED if not tally.refused[cause]] == []
    _keeps_the_laws(tally)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_dozens_of_worlds_keep_the_laws_over_sockets(tmp_path: Path) -> None:
    _keeps_the_laws(_all(live_served(seed, tmp_path / str(seed)) for seed in range(2001, 2025)))
