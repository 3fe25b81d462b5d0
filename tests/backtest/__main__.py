"""`python -m tests.backtest`: precision and recall of the predictions over random worlds."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator

import click
import structlog

from tests.backtest.history import live
from tests.backtest.laws import Tally, figures


@click.command()
@click.option("--worlds", default=100, show_default=True, help="How many worlds to live.")
@click.option("--seed", default=1, show_default=True, help="The first world's seed.")
@click.option("--lenient", default=0.0, show_default=True, help="Share of lenient accounts.")
@click.option("--most", default=20, show_default=True, help="How many disagreements to print.")
@click.option("--story", "has_story", is_flag=True, help="Tell what happened in the last world.")
def main(worlds: int, seed: int, lenient: float, most: int, *, has_story: bool) -> None:
    """Live random worlds and hold what the monitor said against what NetSuite refused."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    tally = Tally()
    for number in range(seed, seed + worlds):
        tally.add(live(number, is_lenient=(number * 7919 % 100) < lenient * 100))
    click.echo("\n".join(_report(tally, worlds, most)))
    if has_story:
        click.echo("\n".join(tally.story))
    sys.exit(1 if tally.disagreements else 0)


def _report(tally: Tally, worlds: int, most: int) -> Iterator[str]:
    yield f"{worlds} worlds, {len(tally.disagreements)} disagreements"
    yield from figures(tally)
    yield from map(str, tally.disagreements[:most])


if __name__ == "__main__":
    main()
