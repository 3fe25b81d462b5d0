"""Processes of the monitor that start at once, and can be killed at any moment of theirs.

One process stands ready with everything imported; each process of the monitor is a fork of it, so
that a kill hits the work and not the second in which Python starts. What runs is what the command
line runs; only the clock is the story's.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
import traceback
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from monitor.adapters.store.connection import transaction
from monitor.adapters.store.existing import existing
from monitor.adapters.store.pruning import compact, prune
from monitor.app import App
from monitor.cli import main as command_line
from monitor.clock import SystemClock
from monitor.config.load import load
from monitor.errors import MonitorError, Stopped
from monitor.logs import start_logs
from monitor.service import Service
from tests.faults.shared_clock import SharedClock

ROOT = Path(__file__).parents[2]
_KEEP = timedelta(days=30)
LONGEST_SECONDS = 120.0


class Ready:
    """Stands ready to become the monitor that this configuration describes."""

    def __init__(self, config: Path, clock: Path) -> None:
        self._order = {"config": str(config), "clock": str(clock)}
        self._logs = config.parent / "logs"
        self._logs.mkdir(exist_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.ready"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self._started = 0

    def start(self, *arguments: str, config: Path | None = None) -> Started:
        """`monitor` with these arguments, from now on."""
        other = {} if config is None else {"config": str(config)}
        self._started += 1
        log = self._logs / f"{self._process.pid}-{self._started}.log"
        pid = self._ask(start=arguments, log=str(log), **other)
        return Started(self, pid, log)

    def run(self, *arguments: str) -> int:
        """`monitor` with these arguments, to its end; returns its exit code."""
        started = self.start(*arguments)
        code = started.ended()
        assert code >= 0, f"{arguments} was killed by signal {-code}"
        return code

    def wait(self, pid: int) -> int:
        """Its exit code; of one that was killed the signal, negative."""
        return os.waitstatus_to_exitcode(self._ask(wait=pid))

    def end(self) -> None:
        """Nobody is to be started any more."""
        self._process.communicate()

    def _ask(self, **order: Any) -> int:
        assert self._process.stdin and self._process.stdout
        print(json.dumps({**self._order, **order}), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())


class Started:
    """A process of the monitor that runs, or has ended."""

    def __init__(self, ready: Ready, pid: int, log: Path) -> None:
        self._ready = ready
        self.pid = pid
        self._fd = os.pidfd_open(pid)
        self.log = log
        self.code: int | None = None
        """How it ended, as `Ready.wait` says it; None = it was not asked yet."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.code is None:
            self.kill()

    def ended(self, within: float = LONGEST_SECONDS) -> int:
        """Wait for its end; returns how it ended."""
        is_over = self.is_over(within)
        assert is_over, f"still running:\n{self.log.read_text()}"
        return self._buried()

    def is_over(self, within: float = 0.0) -> bool:
        """Whether it ends within so many seconds."""
        return bool(select.select([self._fd], [], [], within)[0])

    def send(self, number: int) -> None:
        """A signal; who has ended hears none."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._fd, number)

    def kill(self) -> int:
        """End it on the spot; returns how it ended, which may have been before."""
        self.send(signal.SIGKILL)
        self.is_over(LONGEST_SECONDS)
        return self._buried()

    def said(self) -> list[str]:
        """The events of its log so far; the last line may be torn."""
        events = []
        for line in self.log.read_text().splitlines() if self.log.exists() else ():
            with suppress(ValueError):
                line_ = json.loads(line)
                events.append(" ".join(filter(None, (line_["event"], line_.get("source")))))
        return events

    def must_say(self, event: str, times: int = 1, *, seconds: float = LONGEST_SECONDS) -> None:
        """Wait until it has said so, that often; a process that ends without it has failed."""
        deadline = time.monotonic() + seconds
        while self.said().count(event) < times:
            in_time = time.monotonic() < deadline
            assert in_time and not self.is_over(0.01), self.log.read_text()

    def answer(self) -> str:
        """What it printed."""
        return _out(self.log).read_text()

    def _buried(self) -> int:
        if self.code is None:
            self.code = self._ready.wait(self.pid)
            os.close(self._fd)
        return self.code


class _StoryTime(SystemClock):
    """The story's moment for everybody who shares it; waiting takes no time."""

    def __init__(self, shared: SharedClock) -> None:
        super().__init__(threading.Event())
        self._shared = shared

    def now(self) -> datetime:
        return self._shared.now()

    def monotonic(self) -> float:
        return self._shared.monotonic()

    def sleep(self, seconds: float) -> None:
        if self.stop.is_set():
            raise Stopped("stopped while waiting")
        self._shared.sleep(seconds)


def _run(order: dict[str, Any]) -> int:
    config, arguments = Path(order["config"]), order["start"]
    clock = _StoryTime(SharedClock(Path(order["clock"])))
    if arguments[:2] == ["db", "prune"]:
        database = load(config).database
        with existing(database, read_only=False) as db:
            with transaction(db, database):
                prune(db, clock.now() - _KEEP)
            compact(db)
        return 0
    if arguments[0] != "run":
        return command_line(["--config", str(config), *arguments])
    start_logs()
    settings = load(config)
    if "--once" in arguments:
        return App(settings, clock).run_once()
    return Service(settings, clock, lambda: settings, lambda _: lambda *_: "").run()


def _become(order: dict[str, Any]) -> int:
    """The fork's whole life."""
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(os.open(_out(order["log"]), os.O_WRONLY | os.O_CREAT, 0o600), 1)
    os.dup2(log, 2)
    try:
        return _run(order)
    except MonitorError as error:
        print(f"monitor: {error}", file=sys.stderr, flush=True)
        return error.exit_code
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        return 99


def _out(log: Path | str) -> Path:
    """Where its answer goes; what it says of itself goes to the log."""
    return Path(log).with_suffix(".out")


def _forked(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        code = _become(order)
        sys.stdout.flush()
        os._exit(code)
    return pid


def main() -> None:
    """Obey orders, one a line: start one, or wait for one."""
    for line in sys.stdin:
        order = json.loads(line)
        answer = os.waitpid(order["wait"], 0)[1] if "wait" in order else _forked(order)
        print(answer, flush=True)


if __name__ == "__main__":
    main()
