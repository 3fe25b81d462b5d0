"""Reads lists side by side. What they bring is taken by the thread that asked for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import NamedTuple

from monitor.adapters.netsuite.lanes import GivenUp, Lanes
from monitor.core.records import ListReading, ListSink, Record

Read = Callable[[str, ListSink], ListReading]


def read_together(
    read: Read, into: Mapping[str, ListSink], lanes: Lanes
) -> tuple[ListReading, ...]:
    """Read every list, as many at once as there are lanes; the readings come in the order asked.

    The sinks are called by this thread only: a page is taken before the next one of its list is
    asked for, so that no more pages are held than lists are under way. The first failure gives up
    the others; it is raised when all have ended.
    """
    brought: SimpleQueue[_Brought | None] = SimpleQueue()

    def read_one(kind: str, sink: ListSink) -> ListReading:
        try:
            return read(kind, _Relay(sink, brought))
        except BaseException:
            lanes.give_up()  # at once: this thread may begin the next list before anybody looks
            raise

    with ThreadPoolExecutor(lanes.most, thread_name_prefix="netsuite") as threads:
        reads = [threads.submit(read_one, kind, sink) for kind, sink in into.items()]
        for one in reads:
            one.add_done_callback(lambda _ended: brought.put(None))
        try:
            _take(reads, brought)
        finally:
            _give_up(reads, brought, lanes)
    for one in filter(_has_failed, reads):
        one.result()  # raises why
    return tuple(one.result() for one in reads)


class _Brought(NamedTuple):
    """What a sink is to be told, and where the reader waits for it to have been taken."""

    tell: Callable[[], None]
    is_taken: Future[None]


class _Relay:
    """A sink for a thread that may not touch the real one."""

    def __init__(self, sink: ListSink, brought: SimpleQueue[_Brought | None]) -> None:
        self._sink = sink
        self._brought = brought

    def restart(self) -> None:
        self._bring(self._sink.restart)

    def add(self, records: Sequence[Record]) -> None:
        self._bring(lambda: self._sink.add(records))

    def _bring(self, tell: Callable[[], None]) -> None:
        is_taken: Future[None] = Future()
        self._brought.put(_Brought(tell, is_taken))
        try:
            is_taken.result()
        except CancelledError as error:
            raise GivenUp("nobody takes the list any more", source="netsuite") from error


def _take(reads: Sequence[Future[ListReading]], brought: SimpleQueue[_Brought | None]) -> None:
    """Tell the sinks what arrives, until every list has ended or one has failed."""
    while not all(one.done() for one in reads) and not any(map(_has_failed, reads)):
        if page := brought.get():
            try:
                page.tell()
                page.is_taken.set_result(None)
            finally:
                page.is_taken.cancel()  # without effect when it was taken


def _give_up(
    reads: Sequence[Future[ListReading]], brought: SimpleQueue[_Brought | None], lanes: Lanes
) -> None:
    """End every list that is still under way; without effect when there is none."""
    for one in reads:
        one.cancel()
    if not all(one.done() for one in reads):
        lanes.give_up()
    while not all(one.done() for one in reads):
        if page := brought.get():
            page.is_taken.cancel()


def _has_failed(one: Future[ListReading]) -> bool:
    """Of itself, not because another one did."""
    if not one.done() or one.cancelled():
        return False
    error = one.exception()
    return error is not None and not isinstance(error, GivenUp)
