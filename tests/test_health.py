"""Whether silence means that all is well: the verdict, its exit code and its one line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.adapters.store.outbox import Delivery
from monitor.answers.health import Health, Verdict
from monitor.core.cycles import Cycle, CycleEnd

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOTHING_REFUSED = Delivery(3, 0, "ratelimited", None)


def a_cycle(minutes_ago: float, end: CycleEnd = CycleEnd.GOOD, detail: str = "") -> Cycle:
    return Cycle(NOW - timedelta(minutes=minutes_ago), timedelta(seconds=9), end, detail)


def a_health(
    last_that_read: Cycle | None,
    *,
    last: Cycle | None = None,
    delivery: Delivery = NOTHING_REFUSED,
    doubts: tuple[str, ...] = (),
) -> Health:
    return Health(
        NOW, timedelta(minutes=45), last or last_that_read, last_that_read, delivery, doubts
    )


REFUSED = Delivery(0, 2, "invalid_auth", None)
BROKEN = a_cycle(2, CycleEnd.BROKEN, "the disk is full")


@pytest.mark.parametrize(
    ("health", "verdict", "sentence"),
    [
        pytest.param(
            a_health(a_cycle(4)),
            Verdict.HEALTHY,
            "healthy: the last good cycle began 4 min ago",
            id="young: healthy",
        ),
        pytest.param(
            a_health(a_cycle(45)),
            Verdict.HEALTHY,
            "healthy: the last good cycle began 45 min ago",
            id="just as old as it may be: healthy",
        ),
        pytest.param(
            a_health(a_cycle(46)),
            Verdict.UNHEALTHY,
            "not healthy: the last good cycle began 46 min ago, more than 45m; "
            "is `monitor run` running?",
            id="older: not",
        ),
        pytest.param(
            a_health(a_cycle(300), last=a_cycle(1, CycleEnd.UNREAD), doubts=("NetSuite is away",)),
            Verdict.UNHEALTHY,
            "not healthy: the last good cycle began 5 h ago, more than 45m; NetSuite is away",
            id="old, and newer ones failed: not, with the reason",
        ),
        pytest.param(
            a_health(a_cycle(300), last=BROKEN, doubts=("NetSuite is away",)),
            Verdict.UNHEALTHY,
            "not healthy: the last good cycle began 5 h ago, more than 45m; "
            "the last one broke off: the disk is full",
            id="old, and the last broke off: that reason first",
        ),
        pytest.param(
            a_health(None),
            Verdict.UNHEALTHY,
            "not healthy: no cycle has read both systems yet; is `monitor run` running?",
            id="never read: not",
        ),
        pytest.param(
            a_health(a_cycle(-46)),
            Verdict.UNHEALTHY,
            "not healthy: the last good cycle lies in the future: check the clock",
            id="of the future: not, for it would hide for long that the monitor has ended",
        ),
        pytest.param(
            a_health(a_cycle(-1)),
            Verdict.HEALTHY,
            "healthy: the last good cycle began less than a minute ago",
            id="a clock that is a little off: healthy",
        ),
        pytest.param(
            a_health(a_cycle(4, CycleEnd.UNTOLD)),
            Verdict.HEALTHY,
            "healthy: the last good cycle began 4 min ago",
            id="Slack is away for now: healthy",
        ),
        pytest.param(
            a_health(a_cycle(4), delivery=REFUSED),
            Verdict.REFUSED,
            "not healthy: 2 messages refused by Slack for good: invalid_auth",
            id="Slack refused for good: said so",
        ),
        pytest.param(
            a_health(a_cycle(46), delivery=REFUSED),
            Verdict.UNHEALTHY,
            "not healthy: the last good cycle began 46 min ago, more than 45m; "
            "is `monitor run` running?",
            id="both: what is not even known comes first",
        ),
    ],
)
def test_the_verdict_and_its_line(health: Health, verdict: Verdict, sentence: str) -> None:
    assert (health.verdict, health.sentence) == (verdict, sentence)


def test_the_verdict_is_the_exit_code() -> None:
    assert [one.value for one in Verdict] == [0, 3, 4]
