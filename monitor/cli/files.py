"""The text of a file that a command was given, or of standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from monitor.errors import UsageError

STDIN = Path("-")


def text_of(file: Path, otherwise: Callable[[str], UsageError]) -> str:
    """The file's text, a byte order mark left out. Raises UsageError, that of `otherwise` where it
    is no UTF-8.
    """
    try:
        return sys.stdin.read() if file == STDIN else file.read_text(encoding="utf-8-sig")
    except UnicodeError as error:
        raise otherwise(name_of(file)) from error
    except OSError as error:
        raise unreadable(name_of(file), error) from error


def no_utf8_csv(name: str) -> UsageError:
    """What to do with a table in another encoding."""
    return UsageError(f"{name} is not UTF-8: save it as CSV UTF-8")


def unreadable(name: str, error: OSError) -> UsageError:
    """Why the file cannot be read, in the system's plain words."""
    why = (error.strerror or "the system does not say why").lower()
    return UsageError(f"{name} cannot be read: {why}")


def name_of(file: Path) -> str:
    """The file as people call it."""
    return "standard input" if file == STDIN else str(file)
