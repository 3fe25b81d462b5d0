"""Runs the cycle again and again until SIGTERM or SIGINT; a second signal ends it at once."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

_DRAIN = timedelta(seconds=8)
"""How long a cycle may take to notice the stop; generous, for every wait in it ends at once."""


def run_until_stopped(
    cycle: Callable[[], None], *, every: timedelta, first_at: datetime, stop: threading.Event
) -> None:
    """Run `cycle` at `first_at` and then every `every`, one at a time, until `stop` is set.

    Returns once the running cycle has ended. One that does not notice the stop ends with the whole
    process after the drain time, so that it never writes beside a successor: what it had not
    committed is dropped, the outbox is whole. `cycle` must not raise and must not touch the
    scheduler.
    """
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(1)},
        # A cycle that is late still runs; several missed ones are one; never two at a time.
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    scheduler.add_job(
        cycle,
        IntervalTrigger(seconds=int(every.total_seconds()), timezone="UTC"),
        id="cycle",
        next_run_time=first_at,
    )
    scheduler.start()
    while not stop.wait(timeout=3600):
        pass
    # shutdown joins the running cycle without a limit of its own, so it is joined from outside.
    drain = threading.Thread(target=scheduler.shutdown, daemon=True)
    drain.start()
    drain.join(_DRAIN.total_seconds())
    if drain.is_alive():
        logging.shutdown()
        os._exit(0)


def stop_on_signals(stop: threading.Event) -> None:
    """SIGTERM or SIGINT sets `stop`; a second one ends the process on the spot with 130."""

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            os._exit(130)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
