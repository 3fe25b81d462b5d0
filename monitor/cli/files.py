"""The files that a command was given: the text of one, or the place where one is to be."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp

from monitor.errors import UsageError

STANDARD = Path("-")
"""Standard input, or standard output."""


def text_of(file: Path, otherwise: Callable[[str], UsageError]) -> str:
    """The file's text, a byte order mark left out. Raises UsageError, that of `otherwise` where it
    is no UTF-8.
    """
    try:
        return sys.stdin.read() if file == STANDARD else file.read_text(encoding="utf-8-sig")
    except UnicodeError as error:
        raise otherwise(name_of(file)) from error
    except OSError as error:
        raise unreadable(name_of(file), error) from error


def must_be_replaceable(file: Path, *, begins: bytes) -> None:
    """Refuse, by UsageError, what cannot become a new file, or holds anything but what begins so:
    a slip of the hand must not cost somebody a database, a configuration or a key.
    """
    with _writing(file):
        if file.is_dir():
            raise UsageError(f"{file} is a folder: name a file in it")
        if not file.parent.is_dir():
            raise UsageError(f"there is no folder {file.parent}: make it, or name another file")
        if not file.exists():
            return
        if not file.is_file():
            raise UsageError(f"{file} is no file that can be replaced: name another")
        with file.open("rb") as there:
            held = there.read(len(begins)).lower()
        if held not in (b"", begins):
            raise UsageError(f"{file} is there and is something else: name another file")


def write_private(file: Path, content: bytes) -> None:
    """Write a file that only its owner may read; it is there whole, or as it was before.

    Raises UsageError, in the system's plain words.
    """
    with _writing(file):
        descriptor, name = mkstemp(prefix=".", suffix=".partial", dir=file.parent)  # mode 0600
        partial = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = (error.strerror or "the system does not say why").lower()
        raise UsageError(f"{file} cannot be written: {why}") from error


def no_utf8_csv(name: str) -> UsageError:
    """What to do with a table in another encoding."""
    return UsageError(f"{name} is not UTF-8: save it as CSV UTF-8")


def unreadable(name: str, error: OSError) -> UsageError:
    """Why the file cannot be read, in the system's plain words."""
    why = (error.strerror or "the system does not say why").lower()
    return UsageError(f"{name} cannot be read: {why}")


def name_of(file: Path) -> str:
    """The file as people call it."""
    return "standard input" if file == STANDARD else str(file)
