"""Runs commands as cold processes, by turns, and keeps what each of them cost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
_SPAWN = Path(__file__).with_name("spawn.py")
_ENVIRONMENT = {
    "PATH": os.environ.get("PATH", ""),
    "HOME": os.environ.get("HOME", "/"),
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "COLUMNS": "1000",
    "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
}


class Command(NamedTuple):
    """What is measured, under the name that the table shows."""

    name: str
    arguments: tuple[str, ...]
    prepare: Callable[[], None] = lambda: None
    """Done before each run, outside the measured time."""


class Run(NamedTuple):
    """What one process cost. CPU is user and system time; `out` is what it printed, when kept."""

    wall: float
    cpu: float
    peak_mb: float
    out: str = ""


class CommandFailed(Exception):
    """A command that should be measured did not do its work."""


def python_module(name: str, *arguments: str) -> tuple[str, ...]:
    """The command line of one of our own measured programs."""
    return (sys.executable, "-m", f"tests.benchmarks.work.{name}", *arguments)


def monitor(database: Path, *arguments: str) -> tuple[str, ...]:
    """The command line of `monitor`, as people call it."""
    path = script("monitor")
    if path is None:
        raise CommandFailed("monitor is not installed here: pip install -e '.[dev,bench]'")
    return (path, "--db", str(database), *arguments)


def script(name: str) -> str | None:
    """The environment's script of that name; None when it is not installed."""
    path = Path(sys.prefix) / "bin" / name
    return str(path) if path.exists() else None


def by_turns(commands: Sequence[Command], rounds: int, folder: Path) -> dict[str, list[Run]]:
    """A B A B …: each command once a round, after one round that only warms the caches."""
    for command in commands:
        run(command, folder)
    results: dict[str, list[Run]] = {command.name: [] for command in commands}
    for _ in range(rounds):
        for command in commands:
            results[command.name].append(run(command, folder))
    return results


def run(command: Command, folder: Path) -> Run:
    """One cold process. Raises CommandFailed when it does not end well."""
    command.prepare()
    out, err = folder / "out.txt", folder / "err.txt"
    told = subprocess.run(
        [sys.executable, "-I", "-S", str(_SPAWN), str(out), str(err), *command.arguments],
        cwd=ROOT,
        env=_ENVIRONMENT,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    wall, user, system, peak_kib, code = told.stdout.split()
    if code != "0":
        raise CommandFailed(f"{command.name} ended {code}: {err.read_text()[-2000:]}")
    return Run(
        float(wall), float(user) + float(system), int(peak_kib) / 1024, out.read_text("utf-8")
    )
