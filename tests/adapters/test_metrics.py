"""Numbers for Prometheus over a real socket, in its own text format."""

from __future__ import annotations

import socket
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor.adapters.health.metrics import Metrics
from monitor.adapters.health.numbers import Numbers
from monitor.errors import MonitorError

NUMBERS = Numbers(
    last_good_read={"netsuite": 1000.5},
    is_failing={"netsuite": False, "expensify": True},
    cycles={"good": 7, "unread": 1},
    last_cycle_at=2000.0,
    last_cycle_seconds=9.5,
    open_risks={"possible": 0, "likely": 1, "certain": 2},
    pending_reports=8,
    open_alerts=3,
    waiting_messages=4,
    refused_messages=5,
    snapshot_id=71,
    is_ping_failing=True,
)


def scraped(metrics: Metrics) -> dict[str, float]:
    """Every sample by its name and labels, as Prometheus reads them."""
    with urlopen(f"http://127.0.0.1:{metrics.port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return {
        " ".join([sample.name.removeprefix("sync_drift_monitor_"), *sample.labels.values()]): (
            sample.value
        )
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_scrape_is_told_everything() -> None:
    with Metrics("127.0.0.1:0", "1.2.3") as metrics:
        metrics.show(NUMBERS)
        assert scraped(metrics) == {
            "build_info 1.2.3": 1,
            "last_good_read_timestamp_seconds netsuite": 1000.5,
            "source_failing netsuite": 0,
            "source_failing expensify": 1,
            "last_cycle_timestamp_seconds": 2000,
            "last_cycle_duration_seconds": 9.5,
            "cycles_total good": 7,
            "cycles_total unread": 1,
            "open_risks possible": 0,
            "open_risks likely": 1,
            "open_risks certain": 2,
            "pending_reports": 8,
            "open_alerts": 3,
            "outbox_messages waiting": 4,
            "outbox_messages refused": 5,
            "snapshot_id": 71,
            "ping_failing": 1,
        }


def test_what_never_was_is_no_sample() -> None:
    with Metrics("127.0.0.1:0", "1.2.3") as metrics:
        assert set(scraped(metrics)) == {
            "build_info 1.2.3",
            "pending_reports",
            "open_alerts",
            "outbox_messages waiting",
            "outbox_messages refused",
        }


def test_the_newest_numbers_are_shown() -> None:
    with Metrics("127.0.0.1:0", "1.2.3") as metrics:
        metrics.show(NUMBERS)
        metrics.show(Numbers(pending_reports=9))
        assert scraped(metrics)["pending_reports"] == 9


def test_it_listens_as_long_as_the_context_and_at_that_address_again() -> None:
    with Metrics("127.0.0.1:0", "1.2.3") as metrics:
        port = metrics.port
    with pytest.raises(URLError, match="refused"):
        scraped(metrics)
    with Metrics(f"127.0.0.1:{port}", "1.2.3") as again:
        assert again.port == port


@pytest.mark.parametrize("address", ["127.0.0.1:{port}", "no..host:{port}"])
def test_where_it_cannot_listen_it_says_so(address: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        named = address.format(port=taken.getsockname()[1])
        with pytest.raises(MonitorError) as refused, Metrics(named, "1.2.3"):
            pass
    assert str(refused.value).startswith(f"{named} cannot be listened on (")
    assert str(refused.value).endswith("[health] metrics, or stop what listens there")
