"""The past decided again under the very same policy says what was said, in any order of events."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.answers.known import Known
from monitor.answers.replayed import replayed
from monitor.config.alerts_alone import AlertsAlone
from monitor.config.stored import StoredSettings
from monitor.core.pretended import Fate
from monitor.simulator.sample import MARKETING
from tests.scenarios.anything import (
    QUARTERS,
    pass_a_quarter,
    quiet_hours_begin,
    slack_fails,
    somebody_silences,
    somebody_snoozes_all,
    somebody_takes_all,
)
from tests.scenarios.story import DAY, Story, a_story

_LEFT_OUT = (
    slack_fails,
    quiet_hours_begin,
    somebody_takes_all,
    somebody_snoozes_all,
    somebody_silences,
)
"""The pretended channel takes everything at once: so must the real one. What people laid over
alerts, and quiet hours, have replays of their own (tests/core/test_replay.py).
"""


def _promised(story: Story) -> list[str]:
    with story.store() as store:
        return [key for (key,) in store._db.execute("select key from outbox order by id")]


def _replayed(story: Story) -> list[str]:
    end = story.clock.now()
    with story.store() as store:
        public = store.settings.load() or {}
        known = Known(store, StoredSettings.read(public))
        plan = AlertsAlone.take(public, "the last cycle")
        found = replayed(known, plan, DAY, end)
    assert {one.fate for one in found.said} <= {Fate.TOLD, Fate.SILENT}
    return [one.letter.key for one in found.said]


def _hold(quarters: list[list[Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder, a_story(Path(folder)) as story:
        story.cycle()
        story.tables.inactivate("class", MARKETING)
        pass_a_quarter(story)
        for events in quarters:
            for happens, arguments in events:
                if happens not in _LEFT_OUT:
                    happens(story, *arguments)
            pass_a_quarter(story)
        assert _replayed(story) == _promised(story)


@pytest.mark.timeout(300)
@settings(max_examples=3, suppress_health_check=list(HealthCheck))
@given(st.lists(QUARTERS, min_size=3, max_size=6))
def test_the_same_policy_tells_the_same_letters_again(quarters: list[list[Any]]) -> None:
    _hold(quarters)


@pytest.mark.slow
@pytest.mark.timeout(3000)
@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(st.lists(QUARTERS, min_size=4, max_size=20))
def test_the_same_policy_tells_the_same_of_many_longer_days(quarters: list[list[Any]]) -> None:
    _hold(quarters)
