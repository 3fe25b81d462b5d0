"""The daemon runs one cycle at a time, in its rhythm, and does what it is asked to."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from monitor.clock import SystemClock
from monitor.daemon import Asked, Order, Rhythm, ServiceManager
from monitor.errors import Stopped
from tests.daemons import SetClock, a_daemon, listening, microseconds_now

EVERY_SECOND = Rhythm(every=timedelta(seconds=1), cycle_deadline=timedelta(seconds=1))
OFTEN_WATCHED = timedelta(milliseconds=20)
"""A watchdog this impatient makes the main thread look a hundred times a second."""


def test_the_first_cycle_runs_at_once_and_the_next_follow_until_stopped() -> None:
    clock = SystemClock()
    cycles: list[int] = []

    def cycle() -> None:
        cycles.append(len(cycles))
        if len(cycles) == 2:
            clock.stop.set()

    a_daemon(cycle, clock, rhythm=EVERY_SECOND).run_until_stopped(clock.now())
    assert cycles == [0, 1]


def test_a_cycle_that_is_not_due_yet_waits() -> None:
    clock, asked = SystemClock(), Asked()
    cycles: list[int] = []
    asked.give(Order.END)
    daemon = a_daemon(lambda: cycles.append(1), clock, asked=asked)
    daemon.run_until_stopped(clock.now() + timedelta(minutes=5))
    assert cycles == []


def test_a_stop_ends_the_wait_inside_a_running_cycle() -> None:
    clock, asked = SystemClock(), Asked()
    ended: list[str] = []

    def cycle() -> None:
        asked.give(Order.END)
        try:
            clock.sleep(3600)
        except Stopped:
            ended.append("stopped")

    a_daemon(cycle, clock, asked=asked).run_until_stopped(clock.now())
    assert ended == ["stopped"]


def test_a_cycle_longer_than_its_interval_never_runs_beside_itself_and_that_is_said() -> None:
    clock = SystemClock()
    running = threading.Semaphore(1)
    overlaps: list[bool] = []

    def cycle() -> None:
        overlaps.append(not running.acquire(blocking=False))
        clock.stop.wait(1.5)
        running.release()
        if len(overlaps) == 2:
            clock.stop.set()

    with capture_logs() as logs:
        a_daemon(cycle, clock, rhythm=EVERY_SECOND).run_until_stopped(clock.now())
    assert not any(overlaps)
    skipped = [line["why"] for line in logs if line["event"] == "cycle_skipped"]
    assert skipped[0] == "the cycle before it still runs"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_cycle_that_breaks_is_said_and_the_next_one_runs() -> None:
    clock = SystemClock()
    cycles: list[int] = []

    def cycle() -> None:
        cycles.append(1)
        if len(cycles) == 2:
            clock.stop.set()
            return
        raise RuntimeError("a mistake of ours")

    with capture_logs() as logs:
        a_daemon(cycle, clock, rhythm=EVERY_SECOND).run_until_stopped(clock.now())
    assert cycles == [1, 1]
    assert [line for line in logs if line["event"] == "cycle_broke"] == [
        {"event": "cycle_broke", "error": "RuntimeError", "log_level": "error"}
    ]


def test_a_clock_that_is_set_back_asks_the_scheduler_anew() -> None:
    clock = SetClock()  # the scheduler's own clock stays: for it, the new moment is long past
    cycles: list[int] = []

    def cycle() -> None:
        cycles.append(1)
        if len(cycles) == 1:
            clock.set_by = -timedelta(hours=2)
        else:
            clock.stop.set()

    with capture_logs() as logs:
        a_daemon(cycle, clock).run_until_stopped(clock.now())
    stepped = [line["seconds"] for line in logs if line["event"] == "clock_stepped"]
    assert (cycles, stepped) == ([1, 1], [-7200])


def test_a_reload_says_so_to_the_service_manager_and_keeps_the_rhythm_it_gets(
    tmp_path: Path,
) -> None:
    clock, asked = SystemClock(), Asked()
    cycles: list[int] = []

    def cycle() -> None:
        cycles.append(1)
        asked.give(Order.RELOAD if len(cycles) == 1 else Order.END)

    with listening(tmp_path) as listener:
        began = microseconds_now()
        a_daemon(
            cycle,
            clock,
            asked=asked,
            systemd=ServiceManager(listener.address),
            reload=lambda: EVERY_SECOND,
        ).run_until_stopped(clock.now())
        assert listener.hear() == ["READY=1", "STATUS=Watching, one cycle every 1:00:00"]
        reloading, at = listener.hear()
        assert listener.hear() == ["READY=1", "STATUS=Watching, one cycle every 0:00:01"]
        assert listener.hear() == ["STOPPING=1"]
    assert reloading == "RELOADING=1"
    assert began <= int(at.removeprefix("MONOTONIC_USEC=")) <= microseconds_now()
    assert cycles == [1, 1]  # the second one came after a second, not after an hour


def test_the_watchdog_is_fed_while_cycles_run_and_not_when_one_hangs(tmp_path: Path) -> None:
    clock, asked = SetClock(), Asked()
    hangs = threading.Event()

    def cycle() -> None:
        hangs.set()
        clock.stop.wait(60)

    with listening(tmp_path) as listener, capture_logs() as logs:
        daemon = a_daemon(
            cycle,
            clock,
            asked=asked,
            systemd=ServiceManager(listener.address, watchdog=OFTEN_WATCHED),
        )
        watching = threading.Thread(target=daemon.run_until_stopped, args=(clock.now(),))
        watching.start()
        hangs.wait(30)
        listener.hear_until("WATCHDOG=1")
        clock.passed = timedelta(minutes=20, seconds=1)
        while not any(line["event"] == "cycles_stuck" for line in logs):
            watching.join(0.01)
        listener.all_so_far()
        watching.join(0.2)
        fed = listener.all_so_far()
        asked.give(Order.END)
        watching.join(30)
        after = listener.all_so_far()
    assert (fed, after) == ([], ["STOPPING=1"])
    assert [line["longest"] for line in logs if line["event"] == "cycles_stuck"] == ["0:20:00"]
