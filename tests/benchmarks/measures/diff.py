"""`monitor diff --json` against sqldiff and csv-diff, over two states of the same records."""

from __future__ import annotations

import json
import re
import shutil

from tests.benchmarks.account import Edit
from tests.benchmarks.figures import Bound, Figure, Measured, absent, costs, ratios
from tests.benchmarks.runs import Command, CommandFailed, Run, by_turns, monitor, run, script
from tests.benchmarks.scale import Bench
from tests.benchmarks.shapes import write_csv, write_table, write_two_readings

OURS, SQLDIFF, CSV_DIFF = "monitor diff --json", "sqldiff --primarykey", "csv-diff --key id --json"
CSV_DIFF_BEST = "csv-diff --format csv (its best)"

_UPDATE = re.compile(r"UPDATE record SET (.+) WHERE id=(\d+);")
_OTHER = re.compile(r"DELETE FROM record WHERE id=(\d+);|INSERT INTO record\(.*?\) VALUES\((\d+),")
_COLUMN = re.compile(r"(?:^|, )(\w+)=(?:'(?:[^']|'')*'|NULL)")


def measure(bench: Bench) -> Measured:
    """Check that all tools report the same changes, then let them run by turns."""
    commands = _commands(bench)
    for command in commands:
        _check(command, bench)
    runs = by_turns(commands, bench.rounds, bench.folder)
    return Measured(
        f"diff: {bench.scale.records:,} records, {len(bench.edits)} edited; "
        "cold processes; all tools reported the same changes",
        (*_all_costs(runs), *_all_ratios(runs)),
    )


def _commands(bench: Bench) -> list[Command]:
    folder = bench.folder
    sqldiff, csv_diff = shutil.which("sqldiff"), script("csv-diff")
    database = folder / "diff.db"
    write_two_readings(bench.before, bench.after, database)
    commands = [Command(OURS, monitor(database, "diff", "--json"))]
    if sqldiff:
        before, after = folder / "before.db", folder / "after.db"
        write_table(bench.before, before)
        write_table(bench.after, after)
        commands.append(Command(SQLDIFF, (sqldiff, "--primarykey", str(before), str(after))))
    if csv_diff:
        before, after = folder / "before.csv", folder / "after.csv"
        write_csv(bench.before, before)
        write_csv(bench.after, after)
        asked = (csv_diff, str(before), str(after), "--key", "id", "--json")
        commands += [Command(CSV_DIFF, asked), Command(CSV_DIFF_BEST, (*asked, "--format", "csv"))]
    return commands


def _all_costs(runs: dict[str, list[Run]]) -> list[Figure]:
    names = (OURS, SQLDIFF, CSV_DIFF, CSV_DIFF_BEST)
    return [
        figure
        for name in names
        for figure in (costs(name, runs[name]) if name in runs else (absent(name),))
    ]


def _all_ratios(runs: dict[str, list[Run]]) -> list[Figure]:
    figures: list[Figure] = []
    if SQLDIFF in runs:
        figures += ratios("monitor / sqldiff", runs[OURS], runs[SQLDIFF], Bound("<=", 2))
    for name in (CSV_DIFF, CSV_DIFF_BEST):
        if name in runs:
            times = f"{name} / monitor"
            figures += ratios(times, runs[name], runs[OURS], Bound(">=", 10))
    return figures


def _check(command: Command, bench: Bench) -> None:
    """A time only counts when the tool told the truth."""
    out = run(command, bench.folder).out
    told = {OURS: _of_monitor, SQLDIFF: _of_sqldiff}.get(command.name, _of_csv_diff)(out)
    if told != sorted(bench.edits):
        wrong = set(told) ^ set(bench.edits)
        raise CommandFailed(f"{command.name} is not right about {sorted(wrong)[:5]}")


def _of_monitor(out: str) -> list[Edit]:
    words = {"added": "added", "deleted": "removed"}
    edits = []
    for change in json.loads(out)["changes"]:
        what = words.get(change["change"], "changed")
        fields = sorted(one["field"] for one in change["fields"]) if what == "changed" else ()
        edits.append(Edit(what, int(change["id"]), tuple(fields)))
    return sorted(edits)


def _of_sqldiff(out: str) -> list[Edit]:
    edits = []
    for line in out.splitlines():
        if updated := _UPDATE.fullmatch(line):
            fields = tuple(sorted(_COLUMN.findall(updated[1])))
            edits.append(Edit("changed", int(updated[2]), fields))
        elif other := _OTHER.match(line):
            what = "removed" if other[1] else "added"
            edits.append(Edit(what, int(other[1] or other[2])))
        else:
            raise CommandFailed(f"sqldiff said what nobody understands: {line[:200]}")
    return sorted(edits)


def _of_csv_diff(out: str) -> list[Edit]:
    told = json.loads(out)
    changed = [
        Edit("changed", int(one["key"]), tuple(sorted(one["changes"]))) for one in told["changed"]
    ]
    added = [Edit("added", int(one["id"])) for one in told["added"]]
    removed = [Edit("removed", int(one["id"])) for one in told["removed"]]
    return sorted([*changed, *added, *removed])
