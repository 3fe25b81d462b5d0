"""A reading of NetSuite, from its JSON pages until it is committed: time and memory."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from monitor.adapters.store import Store
from tests.benchmarks.account import Account, Edit
from tests.benchmarks.figures import Bound, Figure, Measured
from tests.benchmarks.paper import Author, PaperNetSuite
from tests.benchmarks.runs import Command, CommandFailed, Run, by_turns, python_module
from tests.benchmarks.scale import Bench
from tests.benchmarks.work.ingest import ingest

_SECONDS, _MB = Bound("<=", 2), Bound("<=", 80)


def measure(bench: Bench) -> Measured:
    """The first load and the second reading, by turns."""
    runs = by_turns(_commands(bench, bench.folder / "ingest"), bench.rounds, bench.folder)
    pairs = sum(len(one) for of in bench.before.attached.values() for one in of.values())
    return Measured(
        f"ingest: {bench.scale.records:,} records, and {pairs:,} rows of the tables beside them; "
        f"JSON pages of 1,000 -> committed; the second time {len(bench.edits)} edited",
        tuple(figure for name, of_one in runs.items() for figure in _figures(name, of_one)),
    )


def _commands(bench: Bench, folder: Path) -> list[Command]:
    """Two readings, written down once; each is read again in every round, from where it began."""
    first, second = folder / "first", folder / "second"
    filled, database = folder / "filled.db", folder / "monitor.db"
    _write_down(bench.before, first, filled)

    def nothing() -> None:
        database.unlink(missing_ok=True)

    def one_reading() -> None:
        shutil.copyfile(filled, database)

    one_reading()
    _write_down(bench.after, second, database)
    _check(database, bench.edits)
    return [
        Command("first load", python_module("ingest", str(database), str(first)), nothing),
        Command("second reading", python_module("ingest", str(database), str(second)), one_reading),
    ]


def _write_down(account: Account, sheets: Path, database: Path) -> None:
    ingest(database, PaperNetSuite(Author(account, sheets)))


def _check(database: Path, edits: Sequence[Edit]) -> None:
    """A time only counts when what was read is what happened."""
    with Store.open(database, read_only=True) as store:
        found = {int(change.id) for change in store.changes.between(1, 2)}
    if wrong := found ^ {one.id for one in edits}:
        raise CommandFailed(f"the second reading is not right about {sorted(wrong)[:5]}")


def _figures(name: str, runs: Sequence[Run]) -> tuple[Figure, ...]:
    told = [json.loads(run.out) for run in runs]
    above = tuple(one["peak_mb"] - one["idle_mb"] for one in told)
    return (
        Figure(name, "s wall", tuple(one["wall"] for one in told), _SECONDS),
        Figure("", "s CPU", tuple(one["cpu"] for one in told), _SECONDS),
        Figure("", "MB more", above, _MB, f"than {told[0]['idle_mb']:.0f} MB idle"),
    )
