"""`python -m tests.benchmarks`: speed and size on this machine, against what was promised."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from tests.benchmarks.figures import Measured
from tests.benchmarks.measures import diff, history, ingest, predict, quiet, start
from tests.benchmarks.runs import CommandFailed
from tests.benchmarks.scale import Bench, Scale
from tests.benchmarks.table import head, section

MEASURES: dict[str, Callable[[Bench], Measured]] = {
    "diff": diff.measure,
    "quiet": quiet.measure,
    "ingest": ingest.measure,
    "history": history.measure,
    "start": start.measure,
    "predict": predict.measure,
}


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--rounds", default=7, show_default=True, help="How often everything runs, by turns.")
@click.option("--list", "is_list", is_flag=True, help="Only say which benchmarks there are.")
@click.option("--check", is_flag=True, help="End 1 when a bound is missed.")
def main(names: tuple[str, ...], rounds: int, *, is_list: bool, check: bool) -> None:
    """Measure NAME... (default: everything) and print one table. Takes minutes."""
    if is_list:
        for name in MEASURES:
            click.echo(f"{name:<8}  {_caption(name)}")
        return
    if unknown := [name for name in names if name not in MEASURES]:
        raise click.UsageError(f"no benchmark {', '.join(unknown)}: see --list")
    click.echo(head(rounds))
    missed = sum(_measure(name, rounds) for name in names or MEASURES)
    click.echo(f"\nbounds missed: {missed}" if missed else "\nevery bound was held")
    sys.exit(1 if check and missed else 0)


def _measure(name: str, rounds: int) -> int:
    """Print one benchmark; returns how many of its bounds were missed."""
    with tempfile.TemporaryDirectory(prefix="monitor-benchmark-") as folder:
        try:
            measured = MEASURES[name](Bench(Path(folder), Scale(), rounds))
        except CommandFailed as error:
            raise click.ClickException(f"{name}: {error}") from error
    click.echo(section(measured))
    return sum(figure.is_missed for figure in measured.figures)


def _caption(name: str) -> str:
    module = sys.modules[MEASURES[name].__module__]
    return (module.__doc__ or "").strip()


if __name__ == "__main__":
    main()
