"""`monitor diff` while nothing changed: what a script pays that asks every minute."""

from __future__ import annotations

import json
import shutil

from tests.benchmarks.figures import Measured, absent, costs, ratios
from tests.benchmarks.runs import Command, CommandFailed, by_turns, monitor
from tests.benchmarks.scale import Bench
from tests.benchmarks.shapes import write_table, write_two_readings

_OURS, _SQLDIFF = "monitor diff --json", "sqldiff --primarykey"


def measure(bench: Bench) -> Measured:
    """Two equal readings against two equal tables, by turns."""
    database, table = bench.folder / "quiet.db", bench.folder / "quiet-table.db"
    write_two_readings(bench.before, bench.before, database)
    commands = [Command(_OURS, monitor(database, "diff", "--json"))]
    sqldiff = shutil.which("sqldiff")
    if sqldiff:
        write_table(bench.before, table)
        twin = bench.folder / "quiet-twin.db"
        shutil.copyfile(table, twin)
        commands.append(Command(_SQLDIFF, (sqldiff, "--primarykey", str(table), str(twin))))
    runs = by_turns(commands, bench.rounds, bench.folder)
    if any(json.loads(one.out)["changes"] for one in runs[_OURS]):
        raise CommandFailed("monitor diff found changes where there are none")
    theirs = (
        (
            *costs(_SQLDIFF, runs[_SQLDIFF]),
            *ratios("monitor / sqldiff", runs[_OURS], runs[_SQLDIFF]),
        )
        if sqldiff
        else (absent(_SQLDIFF),)
    )
    return Measured(
        f"quiet: {bench.scale.records:,} records, none edited; cold processes",
        (*costs(_OURS, runs[_OURS]), *theirs),
    )
