"""The machine's clock is set, between cycles or in one: nothing is lost, and nothing repeated."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tests.scenarios.telling import Tale, a_tale

AN_HOUR, A_YEAR = timedelta(hours=1), timedelta(days=365)
STEPS = [
    pytest.param(-AN_HOUR, id="back an hour"),
    pytest.param(A_YEAR, id="forward a year"),
    pytest.param(-A_YEAR, id="back a year"),
]


def _said(tale: Tale) -> Counter[str]:
    """How often each sort of message was said, replies too."""
    return Counter(one["text"].partition(":")[0] for one in tale.world.slack.messages)


def _an_hour_passes(tale: Tale) -> Counter[str]:
    """With a look every quarter of an hour: what was said in them."""
    before = _said(tale)
    for _ in range(4):
        tale.clock.sleep(900)
        tale.look()
    return _said(tale) - before


@pytest.mark.parametrize("step", STEPS)
def test_a_clock_that_is_set_makes_no_storm_and_loses_nothing(
    tmp_path: Path, step: timedelta
) -> None:
    with a_tale(tmp_path, 'remind_every = "1d"', 'digest_at = "00:00"') as tale:
        tale.at("09:00").inactivate("class:12").at("09:15").look()
        tale.clock.jump_back(-step)
        assert _an_hour_passes(tale) <= Counter({"Still at risk": 1, "Daily summary": 1})
        tale.inactivate("class:21")
        tale.clock.sleep(900)
        tale.look()
        assert any("R-1044" in one["text"] for one in tale.channel)
        tale.clock.jump_back(step)  # somebody sets it right
        assert _an_hour_passes(tale) <= Counter({"Still at risk": 2})
        tale.reactivate("class:12").reactivate("class:21")
        tale.clock.sleep(900)
        tale.look()
        assert _said(tale)["Exports at risk"] == 0
        assert tale.open_risks() == []
        with tale.store() as store:
            newest = store.snapshots.latest()
        assert newest is not None
        assert newest.id == 12, "the snapshots stand in the order in which they were taken"


@pytest.mark.parametrize("step", STEPS)
def test_a_clock_that_is_set_within_a_cycle_spoils_none_after_it(
    tmp_path: Path, step: timedelta
) -> None:
    with a_tale(tmp_path) as tale, tale.app.sources() as sources:
        tale.at("09:00").inactivate("class:12")
        tale.clock.jump_in_next_wait(step)
        tale.app.cycle(*sources)
        tale.clock.sleep(900)
        assert tale.app.cycle(*sources)[0].failures == ()
        tale.clock.jump_in_next_wait(-step)
        tale.app.cycle(*sources)
        tale.clock.sleep(900)
        assert tale.app.cycle(*sources)[0].failures == ()
        with tale.store() as store:
            last = store.cycles.last()
            tracked = [one.risk.fingerprint for one in store.alerts.tracked()]
        assert last is not None
        assert timedelta() <= last.duration < timedelta(minutes=5)
        assert len(tracked) == len(set(tracked))
        said = _said(tale)
        assert said["Exports at risk"] == 1
        assert said <= Counter({"Exports at risk": 1, "Still at risk": 2}), "once a step"
