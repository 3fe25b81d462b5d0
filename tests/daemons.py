"""Builders: a clock that a test sets itself, and somebody who listens as systemd would."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from monitor.clock import SystemClock
from monitor.daemon import Asked, Daemon, Rhythm, ServiceManager

QUIET_RHYTHM = Rhythm(every=timedelta(hours=1), cycle_deadline=timedelta(minutes=10))


class SetClock(SystemClock):
    """The machine's clock, which may be set, and whose seconds may be made to have passed."""

    def __init__(self) -> None:
        super().__init__(threading.Event())
        self.set_by = timedelta()
        self.passed = timedelta()

    def now(self) -> datetime:
        return super().now() + self.set_by + self.passed

    def monotonic(self) -> float:
        return super().monotonic() + self.passed.total_seconds()


class Listener:
    """What systemd would hear, datagram by datagram."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.settimeout(30)
        self.address = str(path)

    def hear(self) -> list[str]:
        """The lines of the next datagram."""
        return self._socket.recv(4096).decode().split("\n")

    def hear_until(self, line: str) -> list[str]:
        """The lines of the first datagram that has this one."""
        while line not in (lines := self.hear()):
            pass
        return lines

    def all_so_far(self) -> list[str]:
        """The first line of everything that waits to be heard."""
        self._socket.setblocking(False)
        heard = []
        try:
            while True:
                heard.append(self.hear()[0])
        except BlockingIOError:
            return heard

    def close(self) -> None:
        self._socket.close()


@contextmanager
def listening(folder: Path) -> Iterator[Listener]:
    """A socket in the folder, as long as the context."""
    listener = Listener(folder / "notify")
    try:
        yield listener
    finally:
        listener.close()


def a_daemon(
    cycle: Callable[[], None],
    clock: SystemClock,
    *,
    rhythm: Rhythm = QUIET_RHYTHM,
    asked: Asked | None = None,
    systemd: ServiceManager | None = None,
    reload: Callable[[], Rhythm] | None = None,
) -> Daemon:
    """A daemon that nobody watches and nobody asks anything of."""
    return Daemon(
        cycle,
        rhythm,
        clock=clock,
        asked=asked or Asked(),
        systemd=systemd or ServiceManager(),
        reload=reload or (lambda: rhythm),
    )


def microseconds_now() -> int:
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
