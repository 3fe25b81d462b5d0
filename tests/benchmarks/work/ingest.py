"""One reading of NetSuite from paper into a database, as a cycle does it: `ingest DB FOLDER`."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import monitor.app  # noqa: F401  what the waiting daemon has in memory
from monitor.adapters.store import Store
from monitor.core.records import Kind
from monitor.reading import NetSuiteSource, read_netsuite
from tests.benchmarks.paper import PaperNetSuite, written
from tests.benchmarks.work.gauges import Stopwatch, memory_mb, peak_mb

_LISTS = tuple(kind for kind in Kind if kind is not Kind.SUBSIDIARY)


def ingest(database: Path, netsuite: NetSuiteSource) -> None:
    """The NetSuite half of a cycle: every list read into the staging area, then committed."""
    with Store.open(database) as store:
        staging = store.staging()
        reading = read_netsuite(netsuite, staging, _LISTS, taken_at=datetime.now(UTC))
        with store.immediate():
            staging.commit(reading.taken_at, reading.lists, reading.confirmed_deleted)


def main() -> None:
    """Print what the reading cost beyond the process that was there before."""
    database, folder = map(Path, sys.argv[1:])
    netsuite = PaperNetSuite(written(folder))
    idle = memory_mb()
    watch = Stopwatch()
    ingest(database, netsuite)
    print(json.dumps({**watch.spent(), "idle_mb": idle, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
