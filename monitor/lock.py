"""One process runs cycles on a database: a lock file beside it that says who holds it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from monitor.adapters.private_file import open_private
from monitor.errors import Busy, StoreError


@contextmanager
def cycles_lock(database: Path) -> Iterator[None]:
    """Hold the right to run cycles on the database; the kernel frees it when the process ends.

    Raises Busy, naming the process that holds it, and StoreError when the lock file cannot be made.
    """
    # Beside the file itself, as SQLite's own journal is: a link to it is no other database.
    real = Path(os.path.realpath(database))
    path = real.with_name(real.name + ".lock")
    try:
        descriptor = open_private(path)
    except FileNotFoundError as error:
        raise StoreError(
            f"the folder {real.parent} of the database ([store] path) is not there: make it, or "
            "name another file"
        ) from error
    except OSError as error:
        raise StoreError(
            f"{path} cannot be opened ({error.strerror}): "
            "the monitor needs a folder it can write to"
        ) from error
    try:
        _take(descriptor, database)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, database: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
        raise Busy(
            f"another monitor (pid {holder}) runs cycles on {database}: "
            f"stop it first, or give this one a database of its own"
        ) from error
    with suppress(OSError):  # a full disk keeps nobody from holding it, only from saying who does
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
