"""What somebody asks of the daemon by a signal: to end, or to read its configuration again."""

from __future__ import annotations

import os
import signal
from enum import StrEnum
from queue import Empty, SimpleQueue
from types import FrameType


class Order(StrEnum):
    """What the main thread is woken for."""

    END = "end: finish what is committed, drop the rest"
    RELOAD = "read the configuration again"
    LOOK = "nothing is asked: a cycle has ended"


class Asked:
    """The orders in the order they came.

    A SimpleQueue, for it alone may be filled from a signal that interrupts its own reader; an
    Event that is set there can block for ever.
    """

    def __init__(self) -> None:
        self._orders: SimpleQueue[Order] = SimpleQueue()
        self._is_ending = False

    def listen(self) -> None:
        """SIGTERM and SIGINT end, a second one on the spot with 130; SIGHUP reloads."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_end)
        signal.signal(signal.SIGHUP, self._on_reload)

    def give(self, order: Order) -> None:
        """Wake the main thread with the order; from any thread."""
        self._orders.put(order)

    def next(self, seconds: float) -> Order | None:
        """The next order; None when none came for so long."""
        try:
            return self._orders.get(timeout=seconds)
        except Empty:
            return None

    def _on_end(self, _number: int, _frame: FrameType | None) -> None:
        if self._is_ending:
            os._exit(130)
        self._is_ending = True
        self.give(Order.END)

    def _on_reload(self, _number: int, _frame: FrameType | None) -> None:
        self.give(Order.RELOAD)
