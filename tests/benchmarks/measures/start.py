"""What it costs to start: the commands that people type, against the interpreter alone."""

from __future__ import annotations

import sys

from tests.benchmarks.figures import Figure, Measured, absent, costs, ratios
from tests.benchmarks.runs import Command, by_turns, monitor, script
from tests.benchmarks.scale import SMALL, Bench
from tests.benchmarks.shapes import write_two_readings

_FLOOR, _DIFF = "python -c pass", "monitor diff --json (100 records)"
_PEER = "csv-diff --version"


def measure(bench: Bench) -> Measured:
    """Start everything by turns; the database is as small as one can be."""
    few = Bench(bench.folder, SMALL, bench.rounds)
    database = bench.folder / "start.db"
    write_two_readings(few.before, few.after, database)
    peer = script("csv-diff")
    commands = [
        Command(_FLOOR, (sys.executable, "-c", "pass")),
        Command("python -c 'import click'", (sys.executable, "-c", "import click")),
        Command("monitor --help", monitor(database, "--help")),
        Command(_DIFF, monitor(database, "diff", "--json")),
        Command("monitor status", monitor(database, "status")),
        Command("what `monitor run` imports", (sys.executable, "-c", "import monitor.app")),
        *([Command(_PEER, (peer, "--version"))] if peer else []),
    ]
    runs = by_turns(commands, bench.rounds, bench.folder)
    figures = [figure for one in commands for figure in costs(one.name, runs[one.name])]
    missing: list[Figure] = [] if peer else [absent(_PEER)]
    return Measured(
        "start: cold processes, page cache warm",
        (*figures, *missing, *ratios("monitor diff / python", runs[_DIFF], runs[_FLOOR])),
    )
