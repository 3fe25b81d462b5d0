"""What a bug prints, wherever it comes out: a traceback without secrets that steers no terminal."""

from __future__ import annotations

import sys
import threading
from contextlib import suppress
from types import TracebackType

_BUG = 2


def speak_for_python() -> None:
    """From now on Python's own last words are ours: it would print an error's text as it is."""
    sys.unraisablehook = _print_unraisable
    threading.excepthook = _print_dead_thread


def print_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print a bug's traceback, and end with 2: Python's own 1 means differences."""
    _print("", kind, error, trace)
    raise SystemExit(_BUG)


def harmless(text: str) -> str:
    """The text without secrets, and without what would steer a terminal; lines stay lines."""
    from monitor.core.visible import plain
    from monitor.secret import redact

    return "\n".join(map(plain, redact(text).split("\n")))


def _print_unraisable(died: sys.UnraisableHookArgs) -> None:
    _print(
        "an error that nobody could be told of", died.exc_type, died.exc_value, died.exc_traceback
    )


def _print_dead_thread(died: threading.ExceptHookArgs) -> None:
    if died.exc_type is not SystemExit:
        _print("a thread died", died.exc_type, died.exc_value, died.exc_traceback)


def _print(
    what: str,
    kind: type[BaseException],
    error: BaseException | None,
    trace: TracebackType | None,
) -> None:
    import traceback

    text = "".join(traceback.format_exception(kind, error, trace))
    with suppress(OSError):  # stderr is full or gone: the exit code must do
        sys.stderr.write(harmless(f"monitor: {what}\n{text}" if what else text))
