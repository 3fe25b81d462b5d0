"""The clock on the wall goes forward, back, or wrong: nothing is said twice, nothing is lost."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.scenarios.telling import Tale, a_tale

NEW_YORK = "America/New_York"
BACK = datetime(2026, 10, 31, tzinfo=UTC)
"""The next night two o'clock becomes one again."""
FORWARD = datetime(2027, 3, 13, tzinfo=UTC)
"""The next night two o'clock becomes three."""


def tones(tale: Tale) -> list[str]:
    """What stands in the channel, each message by its first words."""
    return [one["text"].partition(":")[0] for one in tale.channel]


def pass_hours(tale: Tale, hours: int) -> None:
    """A look every quarter of an hour."""
    for _ in range(hours * 4):
        tale.clock.sleep(900)
        tale.look()


@pytest.mark.parametrize(
    ("day", "end", "said_at"),
    [
        pytest.param(BACK, "07:00", datetime(2026, 11, 1, 12, tzinfo=UTC), id="back"),
        pytest.param(FORWARD, "07:00", datetime(2027, 3, 14, 11, tzinfo=UTC), id="forward"),
        pytest.param(BACK, "01:00", datetime(2026, 11, 1, 5, tzinfo=UTC), id="back, the hour"),
        pytest.param(FORWARD, "02:30", datetime(2027, 3, 14, 7, tzinfo=UTC), id="no such time"),
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall(
    tmp_path: Path, day: datetime, end: str, said_at: datetime
) -> None:
    lines = (f'quiet_hours = "20:00-{end}"',)
    with a_tale(tmp_path, *lines, day=day, zone=NEW_YORK, start="19:00") as tale:
        tale.at("20:30").inactivate("class:12").at("20:45").expect_nothing()
        tale.clock.move_to(said_at - timedelta(minutes=1))
        tale.expect_nothing()
        tale.clock.move_to(said_at)
        tale.expect("opened", reports=3)


@pytest.mark.parametrize(
    ("day", "at", "said_at"),
    [
        pytest.param(BACK, "09:00", datetime(2026, 11, 1, 14, tzinfo=UTC), id="after it went back"),
        pytest.param(FORWARD, "09:00", datetime(2027, 3, 14, 13, tzinfo=UTC), id="after forward"),
        pytest.param(BACK, "01:30", datetime(2026, 11, 1, 5, 30, tzinfo=UTC), id="an hour twice"),
        pytest.param(FORWARD, "02:30", datetime(2027, 3, 14, 7, tzinfo=UTC), id="no such time"),
    ],
)
def test_the_summary_comes_once_a_day_by_the_clock_on_the_wall(
    tmp_path: Path, day: datetime, at: str, said_at: datetime
) -> None:
    lines = (f'digest_at = "{at}"',)
    with a_tale(tmp_path, *lines, day=day, zone=NEW_YORK, start="19:00") as tale:
        before = len(tale.channel)  # today's, which was due before the story began
        tale.clock.move_to(said_at - timedelta(minutes=1))
        tale.look()
        assert len(tale.channel) == before
        tale.clock.move_to(said_at)
        for _ in range(6):  # also through the hour that comes twice
            tale.look()
            tale.clock.sleep(900)
        assert len(tale.channel) == before + 1


def test_a_clock_that_jumps_back_says_nothing_twice_and_loses_nothing(tmp_path: Path) -> None:
    with a_tale(tmp_path, 'digest_at = "09:30"') as tale:
        tale.at("09:00").inactivate("class:12").at("09:15").expect("opened", reports=3)
        tale.at("09:30").look()
        assert tones(tale) == ["Exports at risk", "Daily summary"]
        tale.clock.jump_back(timedelta(hours=1))
        tale.expect_nothing()
        tale.clock.sleep(900)
        tale.fail("R-1041").expect("edited", "failed_for_real")
        tale.inactivate("class:21")
        pass_hours(tale, 1)
        assert any("R-1044" in one["text"] for one in tale.channel)
        tale.reactivate("class:12").reactivate("class:21").is_taken("R-1041")
        pass_hours(tale, 2)
        assert Counter(tones(tale))["Exports at risk"] == 0
        assert Counter(tones(tale))["Daily summary"] == 1


def test_what_waits_in_quiet_hours_is_said_once_though_the_clock_jumps_back(
    tmp_path: Path,
) -> None:
    with a_tale(tmp_path, 'quiet_hours = "08:30-10:00"') as tale:
        tale.at("09:00").inactivate("class:12").at("09:15").expect_nothing()
        tale.at("10:00").expect("opened", reports=3)
        tale.clock.jump_back(timedelta(hours=1))
        tale.fail("R-1041").expect_nothing()
        tale.clock.sleep(3600)
        tale.look()
        pass_hours(tale, 1)
        replies = tale.world.slack.replies(tale.channel[0]["ts"])
        assert [one["text"].partition(":")[0] for one in replies] == ["Export failed"]
        assert len(tale.channel) == 1


def test_a_snooze_that_has_run_out_is_told_once_though_the_clock_jumps_back(
    tmp_path: Path,
) -> None:
    with a_tale(tmp_path, 'remind_every = "7d"') as tale:
        tale.at("09:00").inactivate("class:12").at("09:15").expect("opened", reports=3)
        tale.snooze(hours=1).at("09:30").expect("edited", says="nooze")
        tale.at("10:30").expect("edited", "LOUD reminder")
        tale.clock.jump_back(timedelta(minutes=30))
        tale.look()
        pass_hours(tale, 1)
        replies = tale.world.slack.replies(tale.channel[0]["ts"])
        assert [one["text"].partition(":")[0] for one in replies] == ["Still at risk"]
