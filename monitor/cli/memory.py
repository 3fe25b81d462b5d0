"""Keeps the memory of this process to itself: whoever has looked secrets up holds them there."""

from __future__ import annotations

import resource
import sys
from contextlib import suppress

_PR_SET_DUMPABLE = 4


def keep_memory_private() -> None:
    """From now on no crash leaves a core file, and no other process of the same user looks in.

    Where the system refuses either, the program goes on: its service unit refuses dumps, too.
    """
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        _refuse_to_be_dumped()


def _refuse_to_be_dumped() -> None:
    """The limit alone does not hold where dumps are piped to a program."""
    with suppress(OSError, ImportError, AttributeError, MemoryError):
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
