"""Where words go: answers to stdout, talk to stderr."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import click

from monitor.cli.invocation import Invocation
from monitor.cli.output.words import Paint, plain


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


@contextmanager
def showing(invocation: Invocation) -> Iterator[Callable[[str], None]]:
    """Say on stderr, in one line that goes away again, what is being waited for; only to a person
    who looks at a terminal, and not under -q.
    """
    if invocation.verbosity < 0 or not sys.stderr.isatty():
        yield lambda _what: None
        return
    from rich.console import Console
    from rich.live import Live
    from rich.spinner import Spinner

    with Live(console=Console(stderr=True), transient=True) as live:
        yield lambda what: live.update(Spinner("dots", f"{what} …"), refresh=True)


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
