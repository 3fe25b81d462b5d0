"""What a service manager hears, and whose watchdog it is."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.daemon import ServiceManager
from tests.daemons import listening

PID = 4711


def test_every_state_is_one_datagram(tmp_path: Path) -> None:
    with listening(tmp_path) as systemd:
        manager = ServiceManager(systemd.address, watchdog=timedelta(minutes=2))
        manager.ready("Watching")
        manager.alive()
        manager.stopping()
        heard = [systemd.hear() for _ in range(3)]
    assert heard == [["READY=1", "STATUS=Watching"], ["WATCHDOG=1"], ["STOPPING=1"]]


def test_an_abstract_address_is_spoken_to() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("")  # the kernel names it
        name = systemd.getsockname().decode()
        assert name.startswith("\0")
        ServiceManager("@" + name[1:]).stopping()
        assert systemd.recv(64) == b"STOPPING=1"


def test_a_watchdog_that_is_off_is_not_fed(tmp_path: Path) -> None:
    with listening(tmp_path) as systemd:
        ServiceManager(systemd.address).alive()
        assert systemd.all_so_far() == []


@pytest.mark.parametrize("address", ["", "/nowhere/notify", "@nobody"])
def test_nobody_who_listens_stops_nothing(address: str) -> None:
    manager = ServiceManager(address, watchdog=timedelta(minutes=2))
    manager.ready("Watching")
    manager.alive()


@pytest.mark.parametrize(
    ("environ", "watchdog"),
    [
        pytest.param({}, None, id="nobody watches"),
        pytest.param({"WATCHDOG_USEC": "2000000"}, 2, id="whoever runs is watched"),
        pytest.param({"WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "4711"}, 2, id="we are watched"),
        pytest.param({"WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "1"}, None, id="another one is"),
        pytest.param({"WATCHDOG_USEC": "0"}, None, id="it is switched off"),
        pytest.param({"WATCHDOG_USEC": "soon"}, None, id="it cannot be read"),
    ],
)
def test_the_environment_says_whether_a_watchdog_waits(
    environ: dict[str, str], watchdog: int | None
) -> None:
    expected = None if watchdog is None else timedelta(seconds=watchdog)
    assert ServiceManager.from_environment(environ, PID).watchdog == expected
