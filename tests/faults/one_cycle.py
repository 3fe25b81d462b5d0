"""One cycle in a process of its own, and what it cost: `one_cycle CONFIG CLOCK`."""

from __future__ import annotations

import json
import logging
import resource
import sys
import time
from pathlib import Path
from typing import Any

import structlog

from monitor.app import App
from monitor.config.load import load
from tests.faults.shared_clock import SharedClock


def one_cycle(app: App, clock: SharedClock) -> dict[str, Any]:
    """How it ended, its seconds by the story's clock and by ours, and the peak of memory."""
    began, wall, cpu = clock.monotonic(), time.perf_counter(), time.process_time()
    with app.sources() as (netsuite, expensify):
        result, delivery = app.cycle(netsuite, expensify)
    return {
        "failures": list(result.failures),
        "letters": len(result.outcome.letters),
        "risks": len(result.outcome.tracked),
        "sent": delivery.sent,
        "error": delivery.error,
        "story_seconds": round(clock.monotonic() - began),
        "wall": round(time.perf_counter() - wall, 2),
        "cpu": round(time.process_time() - cpu, 2),
        "peak_mb": round(_peak_mb()),
    }


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    clock = SharedClock(Path(sys.argv[2]))
    print(json.dumps(one_cycle(App(load(Path(sys.argv[1])), clock), clock)))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
