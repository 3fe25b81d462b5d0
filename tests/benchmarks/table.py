"""The figures as a table in the terminal, with the machine, the versions and the date."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.benchmarks.figures import Figure, Measured

_NAME, _VALUE, _SPREAD = 46, 10, 21


def head(rounds: int) -> str:
    """Where and with what it was measured."""
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    interpreter = Path(sys.executable).resolve()
    return "\n".join(
        (
            f"Speed and size, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {rounds} rounds by turns",
            f"  machine      {os.cpu_count()} x {_processor()}, {_memory_gb():.0f} GB, "
            f"{platform.system()} {platform.release()}, load {load}",
            f"  versions     Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
            f"sqldiff {_sqldiff()}, csv-diff {_package('csv-diff')}, "
            f"click {_package('click')}, monitor {_package('sync-drift-monitor')}",
            f"  commands     the scripts of {sys.prefix}/bin, run by {interpreter}",
            "  values       median, then (least - most); CPU is user and system time",
        )
    )


def section(measured: Measured) -> str:
    """One benchmark's figures under its title."""
    return "\n".join(("", measured.title, *map(_line, measured.figures)))


def _line(figure: Figure) -> str:
    name = f"  {figure.name:<{_NAME}}"
    if not figure.values:
        return f"{name} {figure.note}"
    value = f"{_number(figure.median):>{_VALUE}} {figure.unit:<8}"
    spread = f"({_number(min(figure.values))} - {_number(max(figure.values))})"
    return f"{name} {value} {spread:<{_SPREAD}} {_verdict(figure)}".rstrip()


def _verdict(figure: Figure) -> str:
    if figure.bound is None:
        return figure.note
    word = "MISSED" if figure.is_missed else "held"
    return f"{figure.bound.word} {figure.bound.value:g}: {word}"


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _processor() -> str:
    names = (
        line.partition(":")[2].strip()
        for line in _text("/proc/cpuinfo").splitlines()
        if line.startswith("model name")
    )
    return next(names, platform.machine())


def _memory_gb() -> float:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30


def _sqldiff() -> str:
    if shutil.which("sqldiff") is None:
        return "not installed"
    if shutil.which("dpkg-query") is None:
        return "of unknown version"  # it does not tell itself
    asked = ["dpkg-query", "-W", "-f", "${Version}", "sqlite3-tools"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout or "unknown"


def _package(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _text(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
