"""Months of cycles in one process: what it holds stays what it was after the first of them."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from urllib.request import urlopen

import pytest

from tests.faults.months import months

LOOKS = 20
A_TENTH = LOOKS // 10
SAME = ("threads", "descriptors", "files", "journal_bytes")
"""These never change; the rest may grow by so much."""
OF_A_DAY = {"resident_kb": 2_000, "blocks": 2_000, "heap_kb": 300, "database_bytes": 150_000}
OF_A_HUNDRED_DAYS = {
    "resident_kb": 8_000,  # what a cycle once used for a moment stays with the process
    "blocks": 5_000,
    "heap_kb": 1_000,
    "database_bytes": 50_000_000 // 7,  # of the 50 MB that two years may take
}


@pytest.mark.parametrize(
    ("cycles", "alert_every", "most"),
    [
        pytest.param(60, 40, OF_A_DAY, id="half a day"),
        pytest.param(
            10_000,
            480,
            OF_A_HUNDRED_DAYS,
            id="a hundred days",
            marks=[pytest.mark.slow, pytest.mark.timeout(6 * 3600)],
        ),
    ],
)
def test_a_process_that_runs_on_and_on_holds_no_more_than_at_first(
    tmp_path: Path, cycles: int, alert_every: int, most: dict[str, int]
) -> None:
    looks = _live(tmp_path, cycles, alert_every)
    print(*looks, sep="\n")
    assert [{name: look[name] for name in SAME} for look in looks] == [
        {name: looks[0][name] for name in SAME} | {"journal_bytes": 0}
    ] * LOOKS
    assert max(look["free_bytes"] for look in looks) < 100_000
    grown = {name: _growth([look[name] for look in looks]) for name in most if name in looks[0]}
    assert {name: by for name, by in grown.items() if by > most[name]} == {}


def _live(folder: Path, cycles: int, alert_every: int) -> list[dict[str, int]]:
    """That many cycles, and the figures at evenly spaced moments of them."""
    looks = []
    with months(folder, alert_every=alert_every) as (lived, address):
        for number in range(1, cycles + 1):
            lived.pass_cycle()
            if number % (cycles // LOOKS) == 0:
                looks.append(lived.figures())
                with urlopen(f"http://{address}/metrics", timeout=60) as answer:
                    answer.read()
    return looks


def _growth(values: list[int]) -> float:
    """From the second tenth, when everything was asked for once, to the last."""
    return median(values[-A_TENTH:]) - median(values[A_TENTH : 2 * A_TENTH])
