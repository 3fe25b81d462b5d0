"""A process that waits for orders: each is one cycle in a fork of it, killed where it was told.

A point is passed before and after every COMMIT and every call of Slack. Nothing of the program is
replaced for that: SQLite tells its statements, and Python's audit events the calls. What is
written outside a transaction is TEMP, and dies with the process wherever that is killed.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sqlite3
import sys
import traceback
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog

from monitor.app import App
from monitor.config.load import load
from tests.faults.as_opened import each_connection
from tests.faults.shared_clock import SharedClock


class Points:
    """Counts the points that this process passes, and dies at one of them."""

    def __init__(self, dies_at: int | None, slack_url: str) -> None:
        self.passed: list[str] = []
        self._dies_at = dies_at
        self._slack = urlsplit(slack_url).netloc
        self._under_way = ""
        self._has_promised = False

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit event: an address is about to be called."""
        if event == "urllib.Request":
            url = urlsplit(arguments[0])
            if url.netloc == self._slack:
                _, place, method, *_ = url.path.split("/")
                self._begins(method if place == "api" else place)

    def listen_to(self, connection: sqlite3.Connection) -> None:
        """A connection is open."""
        connection.set_trace_callback(self._is_to_run)

    def end(self) -> None:
        """What was under way is done."""
        if self._under_way:
            self._pass(f"after {self._under_way}")
            self._under_way = ""

    def _is_to_run(self, statement: str) -> None:
        if statement.strip().casefold() == "commit":
            self._begins("commit of letters" if self._has_promised else "commit")
            self._has_promised = False
        else:
            self.end()
            self._has_promised |= statement.startswith("insert into outbox")

    def _begins(self, what: str) -> None:
        self.end()
        self._pass(f"before {what}")
        self._under_way = what

    def _pass(self, point: str) -> None:
        if len(self.passed) == self._dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.passed.append(point)


def _run(order: dict[str, Any]) -> dict[str, Any]:
    """`monitor run --once`, at the story's moment."""
    settings = load(Path(order["config"]))
    points = Points(order["dies_at"], settings.slack.base_url)
    sys.addaudithook(points.hear)
    each_connection(points.listen_to)
    code = App(settings, SharedClock(Path(order["clock"]))).run_once()
    points.end()
    return {"code": code, "points": points.passed}


def _obey(order: dict[str, Any]) -> dict[str, Any]:
    """One fork and how it ended."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(write, json.dumps(_run(order)).encode())
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as said:
        answer = said.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return {"signal": os.WTERMSIG(status)}
    ended: dict[str, Any] = json.loads(answer or '{"code": -1, "points": []}')
    return ended


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    for line in sys.stdin:
        print(json.dumps(_obey(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
