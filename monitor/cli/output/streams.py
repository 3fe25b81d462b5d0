"""Where words go: answers to stdout, talk to stderr."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from monitor.cli.invocation import Invocation
from monitor.cli.output.words import Paint, plain

if TYPE_CHECKING:
    from rich.live import Live


def answer(text: str) -> None:
    """Print an answer; nothing at all for an empty one."""
    if not text:
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        # a terminal that cannot show an arrow or an emoji is no reason to say nothing
        sys.stdout.reconfigure(errors="backslashreplace")
    click.echo(text, color=True)


def warn(sentences: Iterable[str]) -> None:
    """Tell on stderr what makes the answer doubtful, or how the question was understood."""
    for sentence in sentences:
        click.echo(f"monitor: {plain(sentence)}", err=True)


def remark(sentence: str, invocation: Invocation) -> None:
    """Say on stderr what only a person wants to know; -q leaves it out."""
    if invocation.verbosity >= 0:
        click.echo(plain(sentence), err=True)


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
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def paint_for(invocation: Invocation) -> Paint:
    """How to colour stdout: ANSI on a terminal, plain text elsewhere."""
    return _painted if invocation.is_colored(sys.stdout) else _unpainted


def _painted(text: str, color: str) -> str:
    return click.style(text, fg=color, bold=True if color == "red" else None)


def _unpainted(text: str, _color: str) -> str:
    return text
