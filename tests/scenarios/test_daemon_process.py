"""The daemon as a real process: what a restart waits for, and what SIGHUP changes."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.adapters.store import Store
from monitor.adapters.store.outbox import promise
from monitor.core.alerts import Letter, Method, Reason
from monitor.core.message import Message, Tone
from tests.daemons import listening
from tests.scenarios.process import Served, run, served_acme, start


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Served]:
    with served_acme(tmp_path) as served:
        served.world.expensify.polls_until_ready = 0
        yield served


def said(event: str, daemon: subprocess.Popen[str]) -> dict[str, Any]:
    """The next line of its log about the event."""
    assert daemon.stderr is not None
    for line in daemon.stderr:
        if f'"event": "{event}"' in line:
            return dict(json.loads(line))
    raise AssertionError(f"it ended with {daemon.wait()} and never said {event}")


@contextmanager
def running(acme: Served) -> Iterator[subprocess.Popen[str]]:
    """The daemon, as long as the context; it must end as asked."""
    daemon = start("--config", str(acme.config), "run")
    try:
        yield daemon
    finally:
        daemon.terminate()
        daemon.communicate(timeout=30)
    assert daemon.returncode == 0


def reload(acme: Served, daemon: subprocess.Popen[str], old: str, new: str) -> None:
    """Change the configuration and send SIGHUP."""
    text = acme.config.read_text()
    assert old in text
    acme.config.write_text(text.replace(old, new))
    daemon.send_signal(signal.SIGHUP)


def first_cycle_in(daemon: subprocess.Popen[str]) -> timedelta:
    return datetime.fromisoformat(said("daemon_started", daemon)["first_cycle_at"]) - datetime.now(
        UTC
    )


def test_a_restart_after_a_good_cycle_waits_for_the_rest_of_the_interval(acme: Served) -> None:
    run("--config", str(acme.config), "run", "--once")
    with running(acme) as daemon:
        assert first_cycle_in(daemon) > timedelta(minutes=10)


def test_a_restart_after_a_bad_cycle_looks_at_once(acme: Served) -> None:
    run("--config", str(acme.config), "run", "--once")
    acme.world.netsuite.faults.always("403")
    run("--config", str(acme.config), "run", "--once")
    with running(acme) as daemon:
        assert first_cycle_in(daemon) <= timedelta()


def test_a_restart_while_something_waits_for_slack_looks_at_once(acme: Served) -> None:
    run("--config", str(acme.config), "run", "--once")
    letter = Letter("k", Reason.OPENED, Method.POST, None, Message(Tone.AT_RISK, "2 reports"))
    with Store.open(acme.config.parent / "monitor.db") as store, store.immediate():
        promise(store._db, [letter], datetime.now(UTC))
    with running(acme) as daemon:
        assert first_cycle_in(daemon) <= timedelta()


def test_sighup_takes_a_right_configuration_from_the_next_cycle_on(acme: Served) -> None:
    with running(acme) as daemon:
        said("cycle_done", daemon)
        reload(acme, daemon, 'every = "15m"', 'every = "1s"')
        assert said("configuration_reloaded", daemon)["workspaces"] == 2
        said("reading", daemon)  # not in a quarter of an hour


def test_sighup_keeps_the_old_configuration_when_the_new_one_is_wrong(acme: Served) -> None:
    with running(acme) as daemon:
        said("cycle_done", daemon)
        reload(acme, daemon, "[slack]", "[slack]\nchanel = 1")
        kept = said("configuration_kept", daemon)
        assert "unknown key `chanel` in [slack]" in kept["error"]


def test_sighup_says_that_another_database_needs_a_restart(acme: Served, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with running(acme) as daemon:
        said("cycle_done", daemon)
        acme.config.write_text(acme.config.read_text().replace('every = "15m"', 'every = "1s"'))
        reload(acme, daemon, str(acme.config.parent / "monitor.db"), str(other))
        assert said("setting_needs_restart", daemon)["key"] == "store.path"
        said("reading", daemon)
    assert not other.exists()


def test_systemd_hears_when_it_is_ready_alive_and_ending(
    acme: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening(tmp_path) as systemd:
        monkeypatch.setenv("NOTIFY_SOCKET", systemd.address)
        monkeypatch.setenv("WATCHDOG_USEC", "1000000")
        with running(acme):
            assert systemd.hear()[0] == "READY=1"
            systemd.hear_until("WATCHDOG=1")
        systemd.hear_until("STOPPING=1")
