"""Where words go: answers to stdout, talk to stderr."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click

from monitor.cli.invocation import Invocation
from monitor.cli.output.folding import fold, folded
from monitor.cli.output.words import Paint, plain

if TYPE_CHECKING:
    from rich.live import Live

_NAME = "monitor: "


def answer(text: str) -> None:
    """Print an answer for people, within the width of a terminal; nothing at all for an empty one.

    Where stdout is no terminal, every line is as long as what it says.
    """
    hand_over(fold(text, room_for()))


def hand_over(text: str) -> None:
    """Print an answer for programs as it is; nothing at all for an empty one."""
    if not text:
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        # a terminal that cannot show an arrow or an emoji is no reason to say nothing
        sys.stdout.reconfigure(errors="backslashreplace")
    click.echo(text, color=True)


def warn(sentences: Iterable[str]) -> None:
    """Tell on stderr what makes the answer doubtful, or how the question was understood."""
    for sentence in sentences:
        complain(plain(sentence))


def complain(sentence: str) -> None:
    """Say on stderr, in the monitor's name, what is safe on a terminal."""
    said = f"{_NAME}{sentence}"
    room = _room_of(sys.stderr)
    lines = [said] if room is None else folded(said, room, below=len(_NAME))
    click.echo("\n".join(lines), err=True)


def remark(sentence: str, invocation: Invocation) -> None:
    """Say on stderr what only a person wants to know; -q leaves it out."""
    if invocation.verbosity >= 0:
        click.echo(fold(plain(sentence), _room_of(sys.stderr)), err=True)


class Line:
    """The line that says what is being waited for; where there is none, nobody looks."""

    def __init__(self, live: Live | None) -> None:
        self._live = live
        self._said = ""

    def says(self, what: str) -> None:
        """From now on this; nothing = no line."""
        self._said = what
        self._show(what)

    @contextmanager
    def meanwhile(self, what: str) -> Iterator[None]:
        """This as long as the context, then again what it said before."""
        self._show(what)
        try:
            yield
        finally:
            self._show(self._said)

    def _show(self, what: str) -> None:
        if self._live is None:
            return
        if not what:
            # Whoever writes to stderr now, as a log does, writes to nothing but the terminal.
            self._live.stop()
            return
        from rich.spinner import Spinner

        self._live.update(Spinner("dots", f"{what} …"))
        self._live.start()
        self._live.refresh()


@contextmanager
def showing(invocation: Invocation) -> Iterator[Line]:
    """Say on stderr, in one line that goes away again, what is being waited for; only to a person
    who looks at a terminal, and not under -q.
    """
    if invocation.verbosity < 0 or not sys.stderr.isatty():
        yield Line(None)
        return
    from rich.console import Console
    from rich.live import Live

    line = Line(Live(console=Console(stderr=True), transient=True))
    try:
        yield line
    finally:
        line.says("")


def room_for() -> int | None:
    """How many columns stdout has: None where it is no terminal, and takes lines of any length."""
    return _room_of(sys.stdout)


def _room_of(stream: TextIO) -> int | None:
    return shutil.get_terminal_size().columns if stream.isatty() else None


def paint_for(invocation: Invocation) -> Paint:
    """How to colour stdout: ANSI on a terminal, plain text elsewhere."""
    return _painted if invocation.is_colored(sys.stdout) else _unpainted


def _painted(text: str, color: str) -> str:
    return click.style(text, fg=color, bold=True if color == "red" else None)


def _unpainted(text: str, _color: str) -> str:
    return text
