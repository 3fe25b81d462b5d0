"""Tells the service manager how the daemon is: ready, alive, reloading, ending."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta


class ServiceManager:
    """Whoever started the daemon and listens at $NOTIFY_SOCKET (systemd); without one, nobody.

    The protocol is a datagram of lines, so it needs no library; see sd_notify(3).
    """

    def __init__(self, address: str = "", watchdog: timedelta | None = None) -> None:
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self.watchdog = watchdog
        """After so long without `alive` it ends the daemon; None = it does not watch."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], pid: int) -> ServiceManager:
        """The one that the environment names, which may be meant for another process."""
        microseconds = environ.get("WATCHDOG_USEC", "")
        is_ours = environ.get("WATCHDOG_PID", str(pid)) == str(pid)
        is_watched = is_ours and microseconds.isdecimal() and int(microseconds) > 0
        watchdog = timedelta(microseconds=int(microseconds)) if is_watched else None
        return cls(environ.get("NOTIFY_SOCKET", ""), watchdog)

    @classmethod
    def of_this_process(cls) -> ServiceManager:
        """The one that started this process."""
        return cls.from_environment(os.environ, os.getpid())

    def ready(self, status: str) -> None:
        """The start or the reload is over."""
        self._tell("READY=1", f"STATUS={status}")

    def alive(self) -> None:
        """Cycles make progress."""
        if self.watchdog is not None:
            self._tell("WATCHDOG=1")

    def reloading(self) -> None:
        """The configuration is read again; `ready` follows."""
        microseconds = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._tell("RELOADING=1", f"MONOTONIC_USEC={microseconds}")

    def stopping(self) -> None:
        """The end has begun."""
        self._tell("STOPPING=1")

    def _tell(self, *lines: str) -> None:
        if not self._address:
            return
        # Nobody who watches must be able to stop what is watched.
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.settimeout(1)
            sender.sendto("\n".join(lines).encode(), self._address)
