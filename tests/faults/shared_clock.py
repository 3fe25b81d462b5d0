"""A story's clock that outlives who reads it: the world and each process share it in a file."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

_DIGITS = 20


class SharedClock:
    """Whoever sleeps moves it on for all, also for who comes after a kill."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def now(self) -> datetime:
        return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=self._read())

    def monotonic(self) -> float:
        return self._read() / 1_000_000

    def sleep(self, seconds: float) -> None:
        self._write(self._read() + max(0, round(seconds * 1_000_000)))

    def move_to(self, moment: datetime) -> None:
        """Let time pass until the moment; never backwards."""
        later = (moment - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)
        self._write(max(self._read(), later))

    def keep_apart(self, path: Path) -> None:
        """From here on this process has a time of its own, which it keeps in that file."""
        own = SharedClock(path)
        own.move_to(self.now())
        os.dup2(own._file, self._file, inheritable=False)
        own.close()

    def close(self) -> None:
        os.close(self._file)

    def _read(self) -> int:
        return int(os.pread(self._file, _DIGITS, 0) or b"0")

    def _write(self, microseconds: int) -> None:
        os.pwrite(self._file, b"%0*d" % (_DIGITS, microseconds), 0)
