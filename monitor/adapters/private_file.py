"""A file beside the database: its owner's alone, and of use to whoever owns the folder."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def open_private(path: Path) -> int:
    """Open the file to read and write, made where it is not there; the descriptor.

    It is made with mode 0600. What root makes belongs to the owner of its folder, as SQLite has it
    for its journal: the service, which is another user, goes on with what root's commands left.
    """
    flags = os.O_RDWR | os.O_CLOEXEC
    with suppress(FileNotFoundError):
        return os.open(path, flags)
    place = os.path.realpath(path)  # a link to a file that is not made yet
    try:
        # Made by nobody else and through no link: nothing that was there is ever given away.
        descriptor = os.open(place, flags | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return os.open(path, flags)  # somebody else was quicker
    if os.geteuid() == 0:
        folder = Path(place).parent.stat()
        with suppress(OSError):  # not every root may; then it stays root's
            os.fchown(descriptor, folder.st_uid, folder.st_gid)
    return descriptor
