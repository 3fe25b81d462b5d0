"""What a measured process knows of itself: seconds and memory."""

from __future__ import annotations

import os
from pathlib import Path
from time import perf_counter, process_time


class Stopwatch:
    """Runs from where it is made."""

    def __init__(self) -> None:
        self._wall, self._cpu = perf_counter(), process_time()

    def spent(self) -> dict[str, float]:
        """Wall and CPU seconds since then."""
        return {"wall": perf_counter() - self._wall, "cpu": process_time() - self._cpu}


def memory_mb() -> float:
    """Resident memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def peak_mb() -> float:
    """The most that was ever resident."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
