"""Every benchmark works: over a hundred records, once, asking for no speed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.benchmarks.__main__ import MEASURES, main
from tests.benchmarks.figures import Bound, Figure, ratios
from tests.benchmarks.runs import CommandFailed, Run
from tests.benchmarks.scale import SMALL, Bench
from tests.benchmarks.table import section


@pytest.mark.parametrize("name", MEASURES)
def test_a_benchmark_measures_something_and_says_every_figure(name: str, tmp_path: Path) -> None:
    measured = MEASURES[name](Bench(tmp_path, SMALL, 1))
    assert [f.name for f in measured.figures if not f.values and f.note != "not installed"] == []
    assert len(section(measured).splitlines()) == len(measured.figures) + 2


def test_a_time_does_not_count_when_a_tool_and_the_truth_disagree(tmp_path: Path) -> None:
    bench = Bench(tmp_path, SMALL, 1)
    bench.edits.pop()
    with pytest.raises(CommandFailed, match="is not right about"):
        MEASURES["diff"](bench)


@pytest.mark.parametrize(
    ("bound", "is_missed"),
    [
        pytest.param(Bound("<=", 2), False, id="at most two, and it is two: held"),
        pytest.param(Bound("<=", 1.9), True, id="at most 1.9: missed"),
        pytest.param(Bound(">=", 10), True, id="at least ten: missed"),
        pytest.param(None, False, id="nothing was promised"),
    ],
)
def test_the_median_is_held_against_the_bound(bound: Bound | None, *, is_missed: bool) -> None:
    assert Figure("x", values=(1.0, 2.0, 9.0), bound=bound).is_missed is is_missed


def test_what_cannot_be_measured_is_named_and_not_missed() -> None:
    figure = Figure("sqldiff", bound=Bound("<=", 2), note="not installed")
    assert figure.is_missed is False


def test_ratios_are_of_the_runs_of_one_round() -> None:
    ours, theirs = [Run(2, 1, 8), Run(9, 3, 8)], [Run(1, 2, 4), Run(3, 3, 4)]
    assert [figure.values for figure in ratios("a / b", ours, theirs)] == [(2, 3), (0.5, 1)]


def test_an_unknown_benchmark_is_refused() -> None:
    ended = CliRunner().invoke(main, ["speed"])
    assert (ended.exit_code, "no benchmark speed" in ended.output) == (2, True)
