"""The daemon runs one cycle at a time, at once and then again, and ends when it is told to."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from monitor.clock import SystemClock
from monitor.daemon import run_until_stopped
from monitor.errors import Stopped


def test_the_first_cycle_runs_at_once_and_the_next_follow_until_stopped() -> None:
    stop = threading.Event()
    cycles: list[int] = []

    def cycle() -> None:
        cycles.append(len(cycles))
        if len(cycles) == 2:
            stop.set()

    run_until_stopped(cycle, every=timedelta(seconds=1), first_at=datetime.now(UTC), stop=stop)
    assert cycles == [0, 1]


def test_a_stop_ends_the_wait_inside_a_running_cycle() -> None:
    stop = threading.Event()
    clock = SystemClock(stop)
    ended: list[str] = []

    def cycle() -> None:
        stop.set()
        try:
            clock.sleep(3600)
        except Stopped:
            ended.append("stopped")

    run_until_stopped(cycle, every=timedelta(hours=1), first_at=datetime.now(UTC), stop=stop)
    assert ended == ["stopped"]


def test_a_cycle_longer_than_its_interval_never_runs_beside_itself() -> None:
    stop = threading.Event()
    running = threading.Semaphore(1)
    overlaps: list[bool] = []
    cycles: list[int] = []

    def cycle() -> None:
        overlaps.append(not running.acquire(blocking=False))
        stop.wait(1.5)
        running.release()
        cycles.append(1)
        if len(cycles) == 2:
            stop.set()

    run_until_stopped(cycle, every=timedelta(seconds=1), first_at=datetime.now(UTC), stop=stop)
    assert not any(overlaps)
