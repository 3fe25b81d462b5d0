"""The scheduler runs the cycles; the main thread waits for orders and watches both of them."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from monitor.clock import SystemClock
from monitor.daemon.asked import Asked, Order
from monitor.daemon.rhythm import Progress, Rhythm, due_after_step
from monitor.daemon.systemd import ServiceManager

log = structlog.get_logger("monitor")

_LOOKS_EVERY = timedelta(seconds=5)
_STEP = timedelta(seconds=30)
"""A clock that was set by more: what it was asked to wait for is asked anew."""
_DRAIN = timedelta(seconds=5)
"""How long a cycle may take to notice the stop; generous, for every wait in it ends at once."""
_SKIPPED = {
    EVENT_JOB_MISSED: "it is too late for it",
    EVENT_JOB_MAX_INSTANCES: "the cycle before it still runs",
}


class Daemon:
    """Runs `cycle` now and then every `rhythm.every`, one at a time, until it is asked to end.

    `cycle` must not raise and must not touch the scheduler. `reload` takes what the configuration
    says now, or keeps what was, and returns the rhythm that holds from then on.
    """

    def __init__(
        self,
        cycle: Callable[[], None],
        rhythm: Rhythm,
        *,
        clock: SystemClock,
        asked: Asked,
        systemd: ServiceManager,
        reload: Callable[[], Rhythm],
    ) -> None:
        self._run_cycle = cycle
        self._clock = clock
        self._asked = asked
        self._systemd = systemd
        self._reload = reload
        self._progress = Progress(clock.monotonic, rhythm, timedelta())
        self._offset = self._clock_offset()
        self._said_stuck = False
        self._scheduler = _scheduler()

    def run_until_stopped(self, first_at: datetime) -> None:
        """Run the first cycle at that moment; return when the end was asked for and the running
        cycle has ended.

        One that does not notice the stop ends with the whole process after the drain time, so that
        it never writes beside a successor: what it had not committed is dropped, the outbox is
        whole.
        """
        rhythm = self._progress.rhythm
        self._progress = Progress(self._clock.monotonic, rhythm, first_at - self._clock.now())
        self._scheduler.add_job(
            self._cycle, _trigger(rhythm), id="cycle", name="cycle", next_run_time=first_at
        )
        self._scheduler.start()
        self._systemd.ready(_status(rhythm))
        while not self._clock.stop.is_set():
            self._look()
            self._obey(self._asked.next(self._tick().total_seconds()))
        self._systemd.stopping()
        self._drain()

    def _cycle(self) -> None:
        self._progress.begin()
        try:
            self._run_cycle()
        finally:
            self._progress.end()
            self._asked.give(Order.LOOK)

    def _look(self) -> None:
        self._follow_the_clock()
        is_stuck = self._progress.is_stuck()
        if not is_stuck:
            self._systemd.alive()
        elif not self._said_stuck:
            log.error("cycles_stuck", longest=str(self._progress.rhythm.longest_silence))
        self._said_stuck = is_stuck

    def _obey(self, order: Order | None) -> None:
        if order is Order.END:
            self._clock.stop.set()
        if order is Order.RELOAD:
            self._systemd.reloading()
            self._take(self._reload())

    def _take(self, rhythm: Rhythm) -> None:
        if rhythm != self._progress.rhythm:
            self._progress.keep(rhythm)
            self._scheduler.modify_job("cycle", trigger=_trigger(rhythm))
            self._due_again(self._clock.now() + self._progress.due_in())
        self._systemd.ready(_status(rhythm))

    def _follow_the_clock(self) -> None:
        """The scheduler waits for a moment of the day, and would sleep an hour longer when the
        clock is set back by an hour.
        """
        offset = self._clock_offset()
        stepped = offset - self._offset
        if abs(stepped) <= _STEP.total_seconds():
            return
        self._offset = offset
        now = self._clock.now()
        next_at = self._scheduler.get_job("cycle").next_run_time
        due_at = due_after_step(now, next_at, self._progress.due_in())
        log.warning("clock_stepped", seconds=round(stepped), next_cycle_at=due_at.isoformat())
        self._due_again(due_at)

    def _due_again(self, at: datetime) -> None:
        self._scheduler.modify_job("cycle", next_run_time=at)

    def _clock_offset(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()

    def _tick(self) -> timedelta:
        watchdog = self._systemd.watchdog
        return _LOOKS_EVERY if watchdog is None else min(_LOOKS_EVERY, watchdog / 2)

    def _drain(self) -> None:
        # shutdown joins the running cycle without a limit of its own, so it is joined from outside.
        drain = threading.Thread(target=self._scheduler.shutdown, daemon=True)
        drain.start()
        drain.join(_DRAIN.total_seconds())
        if drain.is_alive():
            log.warning("daemon_stopped", dropped="a cycle that did not notice the end")
            logging.shutdown()
            os._exit(0)


def _scheduler() -> BackgroundScheduler:
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(1)},
        # A cycle that is late still runs; several missed ones are one; never two at a time.
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    scheduler.add_listener(_log_skipped, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
    scheduler.add_listener(_log_broken, EVENT_JOB_ERROR)
    return scheduler


def _trigger(rhythm: Rhythm) -> IntervalTrigger:
    return IntervalTrigger(seconds=int(rhythm.every.total_seconds()), timezone="UTC")


def _status(rhythm: Rhythm) -> str:
    return f"Watching, one cycle every {rhythm.every}"


def _log_skipped(event: Any) -> None:
    log.warning("cycle_skipped", why=_SKIPPED[event.code])


def _log_broken(event: Any) -> None:
    # The scheduler's own line has the traceback.
    log.error("cycle_broke", error=type(event.exception).__name__)
