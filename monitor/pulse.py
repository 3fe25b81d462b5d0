"""After each cycle: how it ended is remembered, pinged, and shown to Prometheus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import structlog

from monitor import __version__
from monitor.adapters.health.numbers import Numbers
from monitor.adapters.health.ping import Ping
from monitor.adapters.store import Store
from monitor.adapters.store.cycles import PING
from monitor.clock import Clock
from monitor.core.alerts import RiskState
from monitor.core.cycles import Cycle, CycleEnd
from monitor.core.freshness import SourceFreshness
from monitor.core.risks import Certainty
from monitor.errors import ConfigError, MonitorError, Stopped
from monitor.sight import EXPENSIFY, NETSUITE

if TYPE_CHECKING:
    from monitor.adapters.health.metrics import Metrics

log = structlog.get_logger("monitor")

_STANDING = (RiskState.OPEN, RiskState.BLIND)
"""What cannot be looked at just now is not over."""


class Display(Protocol):
    """Whoever shows the newest numbers."""

    def show(self, numbers: Numbers) -> None:
        """From now on these."""


class Running:
    """A cycle that runs; what is not said of it was good."""

    def __init__(self) -> None:
        self.end = CycleEnd.GOOD

    def went(self, *, has_read: bool, is_told: bool) -> None:
        """Both systems were read whole; Slack took what was due."""
        if not has_read:
            self.end = CycleEnd.UNREAD
        elif not is_told:
            self.end = CycleEnd.UNTOLD


class Pulse:
    """Whether the monitor lives, for those outside; nothing here delays or fails a cycle."""

    def __init__(self, database: Path, clock: Clock, ping_url: str, metrics_at: str) -> None:
        self._database = database
        self._clock = clock
        self._ping = Ping(ping_url, clock) if ping_url else None
        self._metrics_at = metrics_at
        self._display: Display | None = None

    @contextmanager
    def of_a_cycle(self) -> Iterator[Running]:
        """One cycle, delivery and all; what breaks it off is raised again, and was remembered.

        One that somebody stopped is none.
        """
        began_at, began = self._clock.now(), self._clock.monotonic()
        running, why = Running(), ""
        try:
            yield running
        except (Stopped, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            running.end = CycleEnd.BROKEN
            # The words of a bug were written for nobody, and may hold anything.
            why = str(error) if isinstance(error, MonitorError) else type(error).__name__
            self._ended(began_at, began, running.end, why)
            raise
        self._ended(began_at, began, running.end, why)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Prometheus may ask as long as the context; nothing where no address is named for it.

        Raises ConfigError without its package, MonitorError where nobody can listen.
        """
        if not self._metrics_at:
            yield
            return
        with _display(self._metrics_at) as self._display:
            self._show()  # what an earlier process left: it does not begin at nothing
            log.info("metrics_served", address=self._metrics_at)
            try:
                yield
            finally:
                self._display = None

    def _show(self) -> None:
        if self._display is None:
            return
        with Store.open(self._database) as store:
            numbers = numbers_of(store)
        self._display.show(numbers)

    def _ended(self, began_at: datetime, began: float, end: CycleEnd, why: str) -> None:
        took = timedelta(seconds=self._clock.monotonic() - began)
        cycle = Cycle(began_at, took, end, why)
        is_remembered = self._remember(lambda store: store.cycles.record(cycle))
        if self._ping is not None:
            self._send(self._ping, is_good=is_remembered and end is CycleEnd.GOOD)
        try:
            self._show()
        except MonitorError as error:
            log.error("metrics_stale", error=str(error))

    def _send(self, ping: Ping, *, is_good: bool) -> None:
        objection = ping.send(is_good=is_good)
        now = self._clock.now()
        if not objection:
            self._remember(lambda store: store.sources.good(PING, now))
            return
        log.error("ping_failed", error=objection)
        self._remember(lambda store: store.sources.failed(PING, now, objection, is_permanent=False))

    def _remember(self, write: Callable[[Store], None]) -> bool:
        """One short transaction of its own: a cycle that could not be kept is remembered, too."""
        try:
            with Store.open(self._database) as store, store.immediate():
                write(store)
        except MonitorError as error:
            log.error("cycle_not_remembered", error=str(error))
            return False
        return True


def _display(address: str) -> Metrics:
    try:
        from monitor.adapters.health.metrics import Metrics
    except ModuleNotFoundError as error:
        raise ConfigError(
            "[health] metrics needs the package prometheus-client: run "
            "`pip install '.[metrics]'`, or leave metrics out"
        ) from error
    return Metrics(address, __version__)


def numbers_of(store: Store) -> Numbers:
    """How everything stands in the database."""
    sources = [store.sources.freshness(source) for source in (NETSUITE, EXPENSIFY)]
    surely = Counter(
        one.risk.certainty.code for one in store.alerts.tracked() if one.state in _STANDING
    )
    last, newest, delivery = store.cycles.last(), store.snapshots.latest(), store.outbox.delivery()
    return Numbers(
        last_good_read={
            one.source: one.last_good_at.timestamp() for one in sources if one.last_good_at
        },
        is_failing={one.source: one.failing_since is not None for one in sources},
        cycles={end.code: times for end, times in store.cycles.counts().items()},
        last_cycle_at=last and last.began_at.timestamp(),
        last_cycle_seconds=last and last.duration.total_seconds(),
        open_risks={certainty.code: surely[certainty.code] for certainty in Certainty},
        pending_reports=len(store.reports.pending_ids()),
        open_alerts=len(store.alerts.open()),
        waiting_messages=delivery.waiting,
        refused_messages=delivery.dead,
        snapshot_id=newest and newest.id,
        is_ping_failing=_is_ping_failing(store.sources.freshness(PING)),
    )


def _is_ping_failing(ping: SourceFreshness) -> bool | None:
    return None if ping == SourceFreshness(PING) else ping.failing_since is not None
