"""Numbers for Prometheus over HTTP, from the last cycle: a scrape asks no database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Self

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric

from monitor.adapters.health.numbers import Numbers
from monitor.errors import MonitorError

_NAME = "sync_drift_monitor"


class Metrics:
    """Serves the newest numbers while it is open; raises MonitorError where it cannot listen."""

    def __init__(self, address: str, version: str) -> None:
        self._host, _, port = address.rpartition(":")
        self._port = int(port)
        self._version = version
        self._numbers = Numbers()

    def show(self, numbers: Numbers) -> None:
        """From now on these."""
        self._numbers = numbers

    def collect(self) -> Iterator[Metric]:
        """What one scrape is told; prometheus_client asks for it."""
        build = InfoMetricFamily(f"{_NAME}_build", "This monitor.")
        build.add_metric([], {"version": self._version})
        yield build
        yield from _families(self._numbers)

    def __enter__(self) -> Self:
        registry = CollectorRegistry()
        registry.register(self)
        try:
            self._server, self._thread = start_http_server(
                self._port, addr=self._host, registry=registry
            )
        except (OSError, UnicodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "no name of a host"
            raise MonitorError(
                f"{self._host}:{self._port} cannot be listened on ({why}): "
                "write another [health] metrics, or stop what listens there"
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        """Where it listens; the system has chosen when the address says 0."""
        return int(self._server.server_port)


def _families(numbers: Numbers) -> Iterator[Metric]:
    yield _by(
        "last_good_read_timestamp_seconds",
        "When the source was last read whole.",
        "source",
        numbers.last_good_read,
    )
    yield _by("source_failing", "1: the last try failed.", "source", numbers.is_failing)
    yield _one("last_cycle_timestamp_seconds", "When it began.", numbers.last_cycle_at)
    yield _one("last_cycle_duration_seconds", "How long it took.", numbers.last_cycle_seconds)
    cycles = CounterMetricFamily(f"{_NAME}_cycles", "Cycles that ended.", labels=["outcome"])
    for outcome, times in numbers.cycles.items():
        cycles.add_metric([outcome], times)
    yield cycles
    yield _by("open_risks", "Risks that stand, as last seen.", "certainty", numbers.open_risks)
    yield _one("pending_reports", "Reports not yet exported.", numbers.pending_reports)
    yield _one("open_alerts", "Alerts that are not resolved.", numbers.open_alerts)
    messages = {"waiting": numbers.waiting_messages, "refused": numbers.refused_messages}
    yield _by("outbox_messages", "Messages that Slack has not taken.", "state", messages)
    yield _one("snapshot_id", "The newest reading of NetSuite.", numbers.snapshot_id)
    yield _one("ping_failing", "1: the last ping was not taken.", numbers.is_ping_failing)


def _one(name: str, says: str, value: float | None) -> Metric:
    """A number; without a sample while there is none."""
    family = GaugeMetricFamily(f"{_NAME}_{name}", says)
    if value is not None:
        family.add_metric([], value)
    return family


def _by(name: str, says: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"{_NAME}_{name}", says, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
