"""`monitor run` and `test-alert` as real processes: signals, the lock, and exit codes."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.adapters.store import Store
from monitor.lock import cycles_lock
from tests.scenarios.process import Served, run, served_acme, start


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Served]:
    with served_acme(tmp_path) as served:
        yield served


def wait_for(event: str, process: subprocess.Popen[str]) -> str:
    """Read its log until the event is there."""
    assert process.stderr is not None
    for line in process.stderr:
        if event in line:
            return line
    raise AssertionError(f"it ended with {process.wait()} and never said {event}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_in_the_middle_of_a_cycle_ends_the_daemon_cleanly(
    acme: Served, number: int
) -> None:
    daemon = start("--config", str(acme.config), "run")
    # NetSuite is read last; until then the cycle waits for Expensify's exports.
    wait_for('"reading"', daemon)
    daemon.send_signal(number)
    _, err = daemon.communicate(timeout=30)
    assert daemon.returncode == 0
    assert "daemon_stopped" in err
    with Store.open(acme.config.parent / "monitor.db") as store:
        assert store.snapshots.latest() is None, "an unfinished reading is dropped"


@pytest.fixture
def silent(acme: Served) -> Iterator[Served]:
    """Expensify takes every connection and says nothing: the cycle notices no stop."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        text = re.sub(
            r'(?s)(\[expensify\]\nbase_url = )"[^"]*"', rf'\1"{address}"', acme.config.read_text()
        )
        acme.config.write_text(text)
        yield acme


def test_a_second_signal_ends_it_on_the_spot(silent: Served) -> None:
    daemon = start("--config", str(silent.config), "run")
    wait_for('"reading"', daemon)
    while daemon.poll() is None:
        daemon.send_signal(signal.SIGTERM)
    daemon.communicate(timeout=30)
    assert daemon.returncode == 130


def test_a_cycle_that_notices_no_stop_ends_with_its_process(silent: Served) -> None:
    daemon = start("--config", str(silent.config), "run")
    wait_for('"reading"', daemon)
    daemon.send_signal(signal.SIGTERM)
    daemon.communicate(timeout=30)
    assert daemon.returncode == 0
    with cycles_lock(silent.config.parent / "monitor.db"):
        pass  # nobody holds it any more, and nobody is left to write beside us


@pytest.mark.parametrize("command", [["run", "--once"], ["diff", "--refresh"]])
def test_what_writes_refuses_another_database(acme: Served, command: list[str]) -> None:
    ended = run("--config", str(acme.config), "--db", "another.db", *command)
    assert (ended.code, ended.out) == (2, "")
    assert "writes to the database that [store] path names: leave --db out" in ended.err
    assert acme.world.netsuite.requests == []


def test_a_refreshed_difference_is_json_on_stdout_and_talk_on_stderr(acme: Served) -> None:
    acme.world.expensify.polls_until_ready = 0
    ended = run("--config", str(acme.config), "diff", "--refresh", "--json")
    assert ended.code == 0
    assert json.loads(ended.out)["changes"] == []
    assert '"cycle_done"' in ended.err


def test_both_sources_that_fail_are_told(acme: Served) -> None:
    acme.world.netsuite.faults.always("403")
    acme.world.expensify.faults.always("401")
    ended = run("--config", str(acme.config), "diff", "--refresh")
    assert (ended.code, ended.out) == (2, "")
    assert "monitor: NetSuite forbids" in ended.err
    assert "monitor: Expensify refused the credentials" in ended.err


def test_a_second_monitor_says_who_holds_the_database_and_ends_2(acme: Served) -> None:
    daemon = start("--config", str(acme.config), "run")
    wait_for("daemon_started", daemon)
    for command in (["run", "--once"], ["run"], ["diff", "--refresh"]):
        ended = run("--config", str(acme.config), *command)
        assert (ended.code, ended.out) == (2, "")
        assert f"another monitor (pid {daemon.pid}) runs cycles on " in ended.err
    daemon.terminate()
    daemon.communicate(timeout=30)
    assert daemon.returncode == 0


def test_a_cycle_whose_sources_fail_ends_2_and_says_which_and_what_to_do(acme: Served) -> None:
    acme.world.netsuite.faults.always("403")
    acme.world.expensify.faults.always("401")
    ended = run("--config", str(acme.config), "run", "--once")
    assert ended.code == 2
    assert "NetSuite forbids the monitor's role to ask (HTTP 403" in ended.err
    assert "Expensify refused the credentials (401" in ended.err
    assert "Traceback" not in ended.err


def test_a_refused_sample_ends_4_and_an_accepted_one_0(acme: Served) -> None:
    acme.world.slack.faults.next("not_in_channel")
    refused = run("--config", str(acme.config), "test-alert")
    assert (refused.code, refused.out) == (4, "")
    assert "/invite it there" in refused.err
    assert run("--config", str(acme.config), "test-alert").code == 0
    (message,) = acme.world.slack.messages
    assert message["text"].startswith("Test message: ")
