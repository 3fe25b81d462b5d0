"""What `monitor run` serves for Prometheus: the numbers of its cycles, until it ends."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from monitor.app import App
from monitor.config.load import load
from monitor.pulse import numbers_of
from monitor.simulator.sample import MARKETING
from tests.scenarios.process import Served, served_acme, start
from tests.scenarios.story import a_story
from tests.scenarios.test_command_run import wait_for

WITHOUT_THE_PACKAGE = """
import sys
sys.modules["prometheus_client"] = None
from monitor.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Served]:
    with served_acme(tmp_path) as served:
        served.world.expensify.polls_until_ready = 0
        yield served


def served_at(acme: Served) -> str:
    """Let it serve numbers at a free port; returns where."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with acme.config.open("a") as config:
        config.write(f'\n[health]\nmetrics = "{address}"\n')
    return address


def scrape(address: str) -> str:
    with urlopen(f"http://{address}/metrics", timeout=10) as answer:
        text: str = answer.read().decode()
    return text


def test_the_daemon_serves_its_numbers_from_before_its_first_cycle_until_its_end(
    acme: Served,
) -> None:
    address = served_at(acme)
    daemon = start("--config", str(acme.config), "run")
    wait_for("metrics_served", daemon)
    assert "sync_drift_monitor_pending_reports" in scrape(address)
    daemon.terminate()
    daemon.communicate(timeout=30)
    assert daemon.returncode == 0
    with pytest.raises(URLError):
        scrape(address)


def test_one_cycle_alone_serves_nothing(tmp_path: Path) -> None:
    with a_story(tmp_path) as story, socket.create_server(("127.0.0.1", 0)) as taken:
        with story.config.open("a") as config:
            config.write(f'\n[health]\nmetrics = "127.0.0.1:{taken.getsockname()[1]}"\n')
        assert App(load(story.config), story.clock).run_once() == 0


def test_without_the_package_the_daemon_says_in_one_sentence_what_to_install(
    acme: Served,
) -> None:
    served_at(acme)
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_THE_PACKAGE, "--config", str(acme.config), "run"],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )
    assert ended.returncode == 78
    assert ended.stderr.splitlines()[-1] == (
        "monitor: [health] metrics needs the package prometheus-client: run "
        "`pip install '.[metrics]'`, or leave metrics out"
    )


def test_the_numbers_are_those_of_the_cycles_and_name_nobody(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.tables.inactivate("class", MARKETING)
        story.at("08:15").cycle()
        second = story.clock.now().timestamp()
        story.world.netsuite.faults.always("401")
        story.at("08:30").cycle()
        with story.store() as store:
            numbers = numbers_of(store)
            last = store.cycles.last()
            sources = [store.sources.freshness(one) for one in ("netsuite", "expensify")]
            pending = len(store.reports.pending_ids())
    assert last is not None
    assert numbers.last_cycle_at == last.began_at.timestamp() > second
    assert numbers.last_good_read == {
        one.source: one.last_good_at.timestamp() for one in sources if one.last_good_at
    }
    assert replace(numbers, last_cycle_at=None, last_cycle_seconds=None, last_good_read={}) == (
        type(numbers)(
            is_failing={"netsuite": True, "expensify": False},
            cycles={"good": 2, "untold": 0, "unread": 1, "broken": 0},
            open_risks={"possible": 0, "likely": 0, "certain": 1},
            pending_reports=pending,
            open_alerts=1,
            snapshot_id=2,
        )
    )
