"""How the database grows: a thousand readings of the same records, a few of them edited."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Bound, Figure, Measured, costs
from tests.benchmarks.runs import Command, by_turns, monitor, python_module, run
from tests.benchmarks.scale import Bench

_MB = Bound("<=", 5)


def measure(bench: Bench) -> Measured:
    """Write the history once, weigh it, then ask it for its newest and for its whole difference."""
    scale, database = bench.scale, bench.folder / "history.db"
    told = _write(bench, database)
    commands = [
        Command(
            f"monitor diff --since {since}", monitor(database, "diff", "--since", since, "--json")
        )
        for since in ("@-2", "baseline")
    ]
    runs = by_turns(commands, bench.rounds, bench.folder)
    return Measured(
        f"history: {scale.snapshots:,} snapshots of {scale.history_records:,} records, "
        f"{scale.history_edits} edited in each; written through staging and commit",
        (
            Figure("the database", "MB", (told["bytes"] / 1e6,), _MB),
            *(Figure(f"  {name}", "MB", (size / 1e6,)) for name, size in told["parts"].items()),
            Figure("staging and commit of one, parsed before", "ms wall", (told["wall"] * 1e3,)),
            *(figure for one in commands for figure in costs(one.name, runs[one.name])),
        ),
    )


def _write(bench: Bench, database: Path) -> dict[str, Any]:
    scale = bench.scale
    sizes = (scale.history_records, scale.history_edits, scale.snapshots)
    asked = python_module("history", str(database), *map(str, sizes))
    told: dict[str, Any] = json.loads(run(Command("history", asked), bench.folder).out)
    return told
