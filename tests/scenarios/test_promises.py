"""Whatever happens in whatever order: promises hold, and no failure goes untold."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.simulator.sample import MARKETING
from tests.scenarios.anything import (
    QUARTERS,
    every_promise_is_in_the_channel,
    every_refusal_is_told,
    expensify_fails,
    netsuite_fails,
    pass_a_quarter,
    quiet_hours_end,
    somebody_lifts_all,
    sources_recover,
)
from tests.scenarios.story import Story, a_story


def _hold(quarters: list[list[Any]]) -> None:
    """A day that begins with one alert, goes on as it likes, and ends with a quiet hour."""
    with tempfile.TemporaryDirectory() as folder, a_story(Path(folder)) as story:
        story.cycle()
        story.tables.inactivate("class", MARKETING)
        assert story.told(pass_a_quarter(story)) == ["opened post"]
        for events in quarters:
            for happens, arguments in events:
                happens(story, *arguments)
            pass_a_quarter(story)
        outages = {netsuite_fails, expensify_fails}
        has_seen_all = not any(happens in outages for events in quarters for happens, _ in events)
        _end_quietly(story, has_seen_all=has_seen_all)


def _end_quietly(story: Story, *, has_seen_all: bool) -> None:
    sources_recover(story)
    quiet_hours_end(story)
    somebody_lifts_all(story)
    story.world.slack.faults.clear()
    # Two complete looks, and the longest back-off: by then all that is true has been told.
    for _ in range(4):
        pass_a_quarter(story)
    every_refusal_is_told(story, has_seen_all=has_seen_all)
    every_promise_is_in_the_channel(story)
    assert story.told(pass_a_quarter(story)) == [], "nothing changed, so nothing is news"


@pytest.mark.timeout(600)
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(st.lists(QUARTERS, min_size=4, max_size=7))
def test_the_promises_hold_in_any_order_of_events(quarters: list[list[Any]]) -> None:
    _hold(quarters)


@pytest.mark.slow
@pytest.mark.timeout(3000)
@settings(max_examples=500, suppress_health_check=list(HealthCheck))
@given(st.lists(QUARTERS, min_size=5, max_size=30))
def test_the_promises_hold_in_many_longer_days(quarters: list[list[Any]]) -> None:
    _hold(quarters)
