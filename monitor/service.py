"""The daemon as its configuration makes it, and makes it anew when somebody asks."""

from __future__ import annotations

import faulthandler
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

import structlog

from monitor.adapters.expensify import Expensify
from monitor.adapters.netsuite import NetSuite
from monitor.adapters.store import Store
from monitor.app import App
from monitor.clock import SystemClock
from monitor.config.settings import Settings
from monitor.daemon import Asked, Daemon, Rhythm, ServiceManager, first_cycle_at
from monitor.errors import MonitorError, Stopped
from monitor.lock import cycles_lock

log = structlog.get_logger("monitor")

Explaining = Callable[[Settings], Callable[[str, datetime], str]]
"""What the Explain button tells, under a configuration."""


class Service:
    """The program that runs until it is told to end, under the newest configuration that is right.

    `load` reads the configuration again and raises MonitorError when it is wrong.
    """

    def __init__(
        self,
        settings: Settings,
        clock: SystemClock,
        load: Callable[[], Settings],
        explaining: Explaining,
    ) -> None:
        self.clock = clock
        self._load = load
        self._explaining = explaining
        self._app = App(settings, self.clock)
        self._newest = settings
        # The main thread puts it there, the cycles' thread takes it.
        self._waiting: deque[App] = deque(maxlen=1)
        self._opened = ExitStack()

    def run(self) -> int:
        """Cycle after cycle until SIGTERM or SIGINT; 0 when it ended as asked."""
        faulthandler.enable()  # a watchdog ends us with SIGABRT: say where we hung
        asked = Asked()
        asked.listen()
        database = self._app.settings.database
        with cycles_lock(database):
            # What cannot be opened at all is said at once, not by every cycle.
            self._sources = self._open(self._app)
            first_at = self._first_cycle_at()
            rhythm = _rhythm(self._app.settings)
            log.info(
                "daemon_started",
                every=str(rhythm.every),
                database=str(database),
                first_cycle_at=first_at.isoformat(timespec="seconds"),
            )
            Daemon(
                self.cycle,
                rhythm,
                clock=self.clock,
                asked=asked,
                systemd=ServiceManager.of_this_process(),
                reload=self.reload,
            ).run_until_stopped(first_at)
            self._opened.close()
        log.info("daemon_stopped")
        return 0

    def cycle(self) -> None:
        """One cycle under the newest configuration; what fails is said, and the next one tries."""
        try:
            self._renew()
            self._app.cycle(*self._sources)
        except Stopped:
            log.info("cycle_dropped")
        except MonitorError as error:
            log.error("cycle_failed", error=str(error))

    def reload(self) -> Rhythm:
        """Take what the configuration says now from the next cycle on; keep the old one when it
        is wrong. Another database needs a restart: this one is locked and known.
        """
        running = self._newest
        try:
            settings = self._load()
            if settings.database != running.database:
                log.warning("setting_needs_restart", key="store.path", kept=str(running.database))
                settings = settings.model_copy(update={"store": running.store})
            self._waiting.append(App(settings, self.clock))
        except MonitorError as error:
            log.error("configuration_kept", error=str(error))
            return _rhythm(running)
        self._newest = settings
        log.info("configuration_reloaded", workspaces=len(settings.workspace))
        return _rhythm(settings)

    def _renew(self) -> None:
        """Move to the configuration that waits, if one does; back, when it cannot be opened."""
        if not self._waiting:
            return
        app = self._waiting.pop()
        self._opened.close()  # first: the new one may want the same address
        try:
            self._sources = self._open(app)
        except MonitorError as error:
            log.error("configuration_kept", error=str(error))
            self._opened.close()
            self._sources = self._open(self._app)
        else:
            self._app = app

    def _open(self, app: App) -> tuple[NetSuite, Expensify]:
        sources = self._opened.enter_context(app.sources())
        self._opened.enter_context(app.buttons(self._explaining(app.settings)))
        self._opened.enter_context(app.pulse.shown())
        return sources

    def _first_cycle_at(self) -> datetime:
        """At once when something waits for Slack; else as the last reading of both sides says."""
        settings, now = self._app.settings, self.clock.now()
        with Store.open(settings.database) as store:
            seen = [store.sources.freshness(source) for source in ("expensify", "netsuite")]
            if store.outbox.undelivered() or any(source.failing_since for source in seen):
                return now
        times = [source.last_good_at for source in seen if source.last_good_at is not None]
        last_good_at = min(times) if len(times) == len(seen) else None
        return first_cycle_at(now, last_good_at, settings.schedule.every)


def _rhythm(settings: Settings) -> Rhythm:
    return Rhythm(settings.schedule.every, settings.schedule.cycle_deadline)
