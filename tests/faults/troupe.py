"""Processes that rehearse the same cycle, each with faults of its own, and what came of each."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

_ROOT = Path(__file__).parents[2]


class Order(NamedTuple):
    """One fault. `line`, `disk` and `statement` are what the rehearsal takes."""

    said: str
    fault: dict[str, Any]


class Left(NamedTuple):
    """What is there after a cycle."""

    unsound: list[str]
    state: dict[str, list[str]]
    posted: list[str]
    standing: list[str]


class Rehearsed(NamedTuple):
    """What came of one order."""

    order: Order
    code: int
    printed: str
    """By the cycle that failed and those after it."""
    calls: list[str]
    uses: list[str]
    statements: list[str]
    first: Left
    """After the cycle that failed."""
    next_codes: list[int]
    waits: list[str]
    """Why what was not told by the next cycle was written."""
    left: Left


class Troupe:
    """Some processes that lived through the same morning."""

    def __init__(self, folder: Path, processes: int) -> None:
        self._processes = [_started(folder / str(number)) for number in range(processes)]
        self._free: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        for process in self._processes:
            self.before: dict[str, list[str]] = json.loads(_line(process))
            self._free.put(process)
        self._names = map(str, count(1))

    def rehearse(self, orders: Iterable[Order]) -> Iterator[Rehearsed]:
        """In the order in which they were given."""
        with ThreadPoolExecutor(len(self._processes)) as pool:
            yield from pool.map(self._one, orders)

    def end(self) -> None:
        for process in self._processes:
            process.communicate()

    def _one(self, order: Order) -> Rehearsed:
        process = self._free.get()
        try:
            assert process.stdin
            print(
                json.dumps({"name": next(self._names), **order.fault}),
                file=process.stdin,
                flush=True,
            )
            answer = _line(process)
        finally:
            self._free.put(process)
        assert answer, f"no answer: {order.said}"
        return _rehearsed(order, json.loads(answer))


def _started(folder: Path) -> subprocess.Popen[str]:
    folder.mkdir()
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.rehearsal", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
    )


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def _rehearsed(order: Order, told: dict[str, Any]) -> Rehearsed:
    first, later = told["first"], told["later"]
    return Rehearsed(
        order,
        first["code"],
        "".join(one["printed"] for one in (first, *later)),
        told["points"]["calls"],
        told["points"]["uses"],
        told["points"]["statements"],
        Left(*(first[name] for name in Left._fields)),
        [one["code"] for one in later],
        told["waits"],
        Left(**told["left"]),
    )
