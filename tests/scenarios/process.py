"""The real command as a process of its own, against simulated services on the machine's clock."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from monitor.cli.demo.folder import prepare
from monitor.simulator import World, serve
from monitor.simulator.sample import acme

_ROOT = Path(__file__).parents[2]
_LONGEST_SECONDS = 60


class Ended(NamedTuple):
    """How a process ended, and what it printed."""

    code: int
    out: str
    err: str


class Served(NamedTuple):
    """A world that is served, and the configuration that watches it."""

    world: World
    config: Path


@contextmanager
def served_acme(folder: Path) -> Iterator[Served]:
    """Acme now, with its three services up until the context ends."""
    world = acme(World(lambda: datetime.now(UTC)))
    with serve(world) as servers:
        yield Served(world, prepare(folder / "acme", world, servers))


def start(*arguments: str, folder: Path = _ROOT) -> subprocess.Popen[str]:
    """Start `monitor` with the arguments; its output is piped."""
    return subprocess.Popen(
        [sys.executable, "-m", "monitor", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(_ROOT), "MONITOR_CONFIG": "", "COLUMNS": "100"},
    )


def run(*arguments: str, folder: Path = _ROOT) -> Ended:
    """Run `monitor` with the arguments to its end."""
    process = start(*arguments, folder=folder)
    out, err = process.communicate(timeout=_LONGEST_SECONDS)
    return Ended(process.returncode, out, err)
