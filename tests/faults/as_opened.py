"""Every connection of this process to SQLite, as soon as it is open."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from typing import Any


def each_connection(then: Callable[[sqlite3.Connection], None]) -> None:
    """Hand every connection that is opened from now on to `then`, as long as the process lives."""

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "sqlite3.connect/handle":
            _as_soon_as_it_is_open(arguments[0], then)

    sys.addaudithook(hear)


def _as_soon_as_it_is_open(
    connection: sqlite3.Connection, then: Callable[[sqlite3.Connection], None]
) -> None:
    """That is when what opens it returns: the event comes before."""

    def returned(_frame: object, event: str, _argument: object) -> None:
        if event == "c_return":
            sys.setprofile(None)
            then(connection)

    sys.setprofile(returned)
