"""A process that runs cycle after cycle as the daemon does, and tells what it holds by then."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from monitor.app import App
from monitor.config.load import load
from monitor.logs import start_logs
from tests.faults.shared_clock import SharedClock

_PAGE_KB = os.sysconf("SC_PAGESIZE") // 1024
_ALLOCATION = (
    *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
    *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
)


class _Allocation(ctypes.Structure):
    """What mallinfo2(3) tells."""

    _fields_ = tuple((name, ctypes.c_size_t) for name in _ALLOCATION)


def _memory() -> dict[str, int]:
    """Resident memory, Python's small blocks, and the bytes of everything that is bigger."""
    gc.collect()
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_KB
    ask = getattr(ctypes.CDLL(None), "mallinfo2", None)  # glibc's, since 2.33
    if ask is None:
        return {"resident_kb": resident, "blocks": sys.getallocatedblocks()}
    ask.restype = _Allocation
    used = ask()
    heap = (used.uordblks + used.hblkhd) // 1024
    return {"resident_kb": resident, "blocks": sys.getallocatedblocks(), "heap_kb": heap}


def figures(database: Path) -> dict[str, int]:
    """What this process and its database hold, when nothing is under way."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        pages, free, page = (
            db.execute(f"pragma {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
    folder = list(database.parent.iterdir())
    beside = [one for one in folder if one != database and one.name.startswith(database.name)]
    return _memory() | {
        "threads": len(list(Path("/proc/self/task").iterdir())),
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "files": len(folder),
        "journal_bytes": sum(one.stat().st_size for one in beside),
        "free_bytes": free * page,
        "database_bytes": pages * page,
    }


def main(config: Path, clock: Path) -> None:
    """Obey each line: run a cycle, or tell the figures."""
    start_logs(is_terminal=False)
    settings = load(config)
    app = App(settings, SharedClock(clock))
    with app.sources() as sources, app.pulse.shown(), ThreadPoolExecutor(1) as pool:
        for line in sys.stdin:
            if line.strip() == "cycle":
                result, delivery = pool.submit(app.cycle, *sources).result()
                print(json.dumps([*result.failures, delivery.error]), flush=True)
            else:
                print(json.dumps(figures(settings.database)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
