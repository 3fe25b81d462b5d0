"""One cycle with everything in it, rehearsed in forks of this process, each with its own fault.

The process lives through a morning, and then waits for orders. Each order is the next cycle, in a
fork that has the whole world to itself: something fails in that cycle, and later ones are good.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import socket
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from monitor.app import App
from monitor.cli import main as monitor
from monitor.cli.demo.folder import prepare
from monitor.cli.group import Lazy
from monitor.cli.invocation import Invocation
from monitor.logs import start_logs
from monitor.secret import forget
from monitor.simulator import World, serve
from monitor.simulator.line import Break, Line
from monitor.simulator.sample import acme
from monitor.simulator.servers import served
from monitor.simulator.web import Page
from tests.faults.day import NotingSlack
from tests.faults.disk import Defect, Disk, mount
from tests.faults.morning import DAY, MORNING, SETTINGS, TESTED, everything
from tests.faults.shared_clock import SharedClock
from tests.faults.state import Marks, marks, posted, standing, state, unsound, waiting
from tests.faults.statements import Statements

_BETWEEN = timedelta(minutes=40)
_IMPATIENT_SECONDS = 0.2


class PingPage(Page):
    """A dead man's switch."""

    def about(self) -> str:
        return "ping"

    def do_GET(self) -> None:
        self.do_POST()

    def respond(self) -> None:
        self.answer(200, b"OK")


@click.command()
@click.option("--clock", type=click.Path(path_type=Path))
@click.pass_obj
def once(invocation: Invocation, clock: Path) -> int:
    """`monitor run --once`, by the story's clock."""
    settings = invocation.settings()
    start_logs(color="never")
    return App(settings, SharedClock(clock)).run_once()


class Rehearsal:
    """The world, its clock, and the folder of those who watch it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._clock_file = folder / "clock"
        self._clock = SharedClock(self._clock_file)
        self._clock.move_to(DAY)
        self._world = acme(World(self._clock.now))
        self._slack = self._world.slack = NotingSlack(self._clock.now)

    def live(self) -> Marks:
        """Through the morning, until the cycle that is tested."""
        with self._watched("morning") as config:
            for time, happens in MORNING:
                hour, minute = map(int, time.split(":"))
                self._clock.move_to(DAY.replace(hour=hour, minute=minute))
                happens(self._world)
                ended = self._cycle(config)
                assert ended["code"] in (0, 4), ended
        for thread in threading.enumerate():
            if thread is not threading.current_thread():
                thread.join()  # of those that are about to end: a fork has only this one
        self._slack.files.origin = ""
        everything(self._world, self._clock.move_to)
        return marks(config.parent / "monitor.db", TESTED)

    def fail(self, order: dict[str, Any], since: Marks) -> dict[str, Any]:
        """The cycle with the fault of the order, and those that follow until one is good."""
        name, defect = order["name"], order.get("disk")
        self._clock_file = self._folder / f"{name}.clock"
        self._clock.keep_apart(self._clock_file)
        line, statements = self._world.line, Statements(order.get("statement"))
        disk = Disk(Defect(**defect) if defect else None, self._clock.sleep)
        with self._watched(name) as config:
            database = config.parent / "monitor.db"
            line.breaks(Break(**(order.get("line") or _UNBROKEN), passes=self._clock.sleep))
            _listen(line)
            mount(disk)
            statements.listen()
            first = self._cycle(config)
            points = {"calls": [*line.calls], "uses": [*disk.uses], "statements": [*statements.run]}
            for one in (line, disk, statements):
                one.mend()
            first |= self._left(database, since)
            self._clock.sleep(_BETWEEN.total_seconds())
            later = [self._cycle(config)]
            waits = waiting(database)
            if waits:
                self._clock.sleep(_BETWEEN.total_seconds())
                later.append(self._cycle(config))
            left = self._left(database, since)
        shutil.rmtree(self._folder / name)
        return {"points": points, "first": first, "waits": waits, "later": later, "left": left}

    @contextmanager
    def _watched(self, name: str) -> Iterator[Path]:
        """The configuration of who watches the world; they know what was known in the morning."""
        with (
            serve(self._world) as servers,
            served(PingPage, self._world.line) as ping,
        ):
            config = prepare(self._folder / name, self._world, servers)
            text = config.read_text().replace("[netsuite]\n", "[netsuite]\npage_size = 5\n")
            config.write_text(text + SETTINGS.format(ping=ping))
            for kept in (self._folder / "morning").glob("*"):
                if name != "morning" and kept.name.startswith(("monitor.db", "expensify-")):
                    shutil.copy(kept, config.parent)
            yield config

    def _cycle(self, config: Path) -> dict[str, Any]:
        """One, as the command runs it: how it ended, and what it printed."""
        commands = {"once": Lazy("tests.faults.rehearsal:once", "")}
        arguments = ["--config", str(config), "once", "--clock", str(self._clock_file)]
        printed, code = io.StringIO(), -1
        forget()  # a command is a process of its own, which knows nobody else's secrets
        with contextlib.redirect_stderr(printed), contextlib.redirect_stdout(printed):
            try:
                code = monitor(arguments, commands=commands)
            except BaseException:
                traceback.print_exc()
        return {"code": code, "printed": printed.getvalue()}

    def _left(self, database: Path, since: Marks) -> dict[str, Any]:
        """What is stored, and what Slack shows."""
        return {
            "unsound": unsound(database),
            "state": state(database, since),
            "posted": posted(self._slack),
            "standing": standing(self._slack),
        }


_UNBROKEN = {"at": 0, "way": "cut"}


def _listen(line: Line) -> None:
    """Where a call is made: nobody waits in earnest for an answer that never comes."""

    class Impatient(socket.socket):
        def settimeout(self, seconds: float | None) -> None:
            is_in_vain = seconds is not None and line.is_silent_next()
            super().settimeout(_IMPATIENT_SECONDS if is_in_vain else seconds)

    def hear(event: str, _arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            line.knock()

    socket.socket = Impatient  # type: ignore[misc]
    sys.addaudithook(hear)


def _in_a_fork(rehearsal: Rehearsal, order: dict[str, Any], since: Marks) -> str:
    """The answer to an order as one line; empty when the fork did not live to give it."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read)
            with os.fdopen(write, "w") as answer:
                answer.write(json.dumps(rehearsal.fail(order, since)))
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as said:
        answer = said.read()
    os.waitpid(child, 0)
    return answer


def main(folder: Path) -> None:
    rehearsal = Rehearsal(folder)
    since = rehearsal.live()
    print(json.dumps(state(folder / "morning" / "monitor.db", since)), flush=True)
    for line in sys.stdin:
        print(_in_a_fork(rehearsal, json.loads(line), since), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
