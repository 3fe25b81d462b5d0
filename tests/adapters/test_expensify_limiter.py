"""Both rate windows, kept in one file by everybody who uses the credential."""

from __future__ import annotations

import fcntl
import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.expensify import (
    Expensify,
    ExpensifyCredentials,
    ExpensifyOptions,
    Limiter,
)
from monitor.clock import Deadline
from monitor.errors import SourceError, Stopped, StoreError
from tests.adapters.expensify_office import NOW, RecordingClock, a_desk, a_workspace

FULL = 61.0
"""How long the longer window is full, with the margin for the way to Expensify."""


def a_limiter(folder: Path, clock: RecordingClock, user: str = "aa_user") -> Limiter:
    return Limiter(folder, user, "secret", clock)


def most_within(moments: list[datetime], seconds: float) -> int:
    """The largest number of moments in any window of that length, both ends included."""
    window = timedelta(seconds=seconds)
    return max(sum(begin <= one <= begin + window for one in moments) for begin in moments)


def the_file(folder: Path) -> Path:
    (path,) = folder.glob("expensify-*.rate")
    return path


@given(st.lists(st.floats(0, 70), min_size=1, max_size=60), st.integers(1, 3))
def test_whenever_requests_come_no_window_holds_too_many(
    tmp_path_factory: pytest.TempPathFactory, pauses: list[float], parties: int
) -> None:
    folder, clock, made = tmp_path_factory.mktemp("rates"), RecordingClock(), []
    limiters = [a_limiter(folder, clock) for _ in range(parties)]
    for number, pause in enumerate(pauses):
        clock.move_to(clock.now() + timedelta(seconds=pause))
        limiters[number % parties].wait_for_turn()
        made.append(clock.now())
    assert most_within(made, 10) <= 5
    assert most_within(made, 60) <= 20


def test_requests_that_are_rare_enough_never_wait(tmp_path: Path) -> None:
    clock = RecordingClock()
    limiter = a_limiter(tmp_path, clock)
    for _ in range(50):
        limiter.wait_for_turn()
        clock.move_to(clock.now() + timedelta(seconds=4))
    assert clock.waits == []


def test_a_burst_goes_five_at_a_time_and_then_waits_for_the_minute(tmp_path: Path) -> None:
    clock = RecordingClock()
    limiter = a_limiter(tmp_path, clock)
    for _ in range(21):
        limiter.wait_for_turn()
    assert clock.waits == [11.0, 11.0, 11.0, 28.0]


def test_two_limiters_on_one_folder_share_one_budget(tmp_path: Path) -> None:
    clock = RecordingClock()
    for _ in range(5):
        a_limiter(tmp_path, clock).wait_for_turn()
    assert clock.waits == []
    a_limiter(tmp_path, clock).wait_for_turn()
    assert clock.waits == [11.0]


def test_another_credential_has_a_budget_and_a_file_of_its_own(tmp_path: Path) -> None:
    clock = RecordingClock()
    for _ in range(5):
        a_limiter(tmp_path, clock).wait_for_turn()
    a_limiter(tmp_path, clock, user="aa_other").wait_for_turn()
    Limiter(tmp_path, "aa_user", "renewed secret", clock).wait_for_turn()
    assert clock.waits == []
    assert len(list(tmp_path.iterdir())) == 3


def test_the_file_is_for_its_owner_and_names_nobody(tmp_path: Path) -> None:
    a_limiter(tmp_path, RecordingClock()).wait_for_turn()
    path = the_file(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert "aa_user" not in path.name and "secret" not in path.name
    assert json.loads(path.read_text()) == [NOW.timestamp()]


class _Locksmith(RecordingClock):
    """Tries the file's lock from another side while the limiter looks at it, and while it waits."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.found: list[str] = []

    def now(self) -> datetime:
        self.found.append("locked" if self._is_locked() else "free")
        return super().now()

    def meanwhile(self) -> None:
        self.found.append("waiting: locked" if self._is_locked() else "waiting: free")

    def _is_locked(self) -> bool:
        descriptor = os.open(the_file(self._folder), os.O_RDWR)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False


def test_the_lock_is_held_while_counting_and_never_while_waiting(tmp_path: Path) -> None:
    clock = _Locksmith(tmp_path)
    for _ in range(6):
        a_limiter(tmp_path, clock).wait_for_turn()
    assert clock.found == [*["locked"] * 6, "waiting: free", "locked"]


def test_a_clock_that_was_set_back_costs_one_wait_and_no_more(tmp_path: Path) -> None:
    ahead, clock = RecordingClock(NOW + timedelta(days=400)), RecordingClock()
    for _ in range(20):
        a_limiter(tmp_path, ahead).wait_for_turn()
    a_limiter(tmp_path, clock).wait_for_turn()
    assert clock.waits == [FULL]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"[1795521600.0, 17955", id="torn"),
        pytest.param(b"{}x", id="no JSON"),
        pytest.param(b"7", id="no list"),
        pytest.param(b"[[1]]", id="no moments"),
        pytest.param(b'["NaN"]', id="no number"),
        pytest.param(b"[" + b"9" * 400 + b"]", id="a number too large"),
        pytest.param(b"\xff\xfe\x00", id="no text"),
        pytest.param(b"[" + b"1," * 5000 + b"1]", id="far too long"),
    ],
)
def test_a_file_that_cannot_be_read_counts_as_full_once_and_is_mended(
    tmp_path: Path, content: bytes
) -> None:
    clock = RecordingClock()
    a_limiter(tmp_path, clock).wait_for_turn()
    the_file(tmp_path).write_bytes(content)
    a_limiter(tmp_path, clock).wait_for_turn()
    assert clock.waits == [FULL]
    a_limiter(tmp_path, clock).wait_for_turn()
    assert clock.waits == [FULL]


def test_an_empty_file_is_a_fresh_start(tmp_path: Path) -> None:
    clock = RecordingClock()
    a_limiter(tmp_path, clock).wait_for_turn()
    the_file(tmp_path).write_bytes(b"")
    for _ in range(5):
        a_limiter(tmp_path, clock).wait_for_turn()
    assert clock.waits == []


def test_a_folder_that_is_not_there_is_said_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        a_limiter(tmp_path / "gone", RecordingClock()).wait_for_turn()
    assert "No such file or directory" in str(refused.value)
    assert "the monitor keeps Expensify's rate limits there" in str(refused.value)


class _Stopping(RecordingClock):
    def meanwhile(self) -> None:
        raise Stopped("stopped while waiting")


def test_a_stop_ends_the_wait_and_takes_no_turn(tmp_path: Path) -> None:
    clock = _Stopping()
    limiter = a_limiter(tmp_path, clock)
    for _ in range(5):
        limiter.wait_for_turn()
    with pytest.raises(Stopped):
        limiter.wait_for_turn()
    assert len(json.loads(the_file(tmp_path).read_text())) == 5


def test_a_wait_that_would_outlast_the_cycle_is_not_begun_and_takes_no_turn(
    tmp_path: Path,
) -> None:
    clock = RecordingClock()
    cycle = Deadline(clock, timedelta(seconds=11), "the limit")
    limiter = Limiter(tmp_path, "aa_user", "secret", clock, cycle)
    with cycle.running(), pytest.raises(SourceError) as failure:
        for _ in range(6):
            limiter.wait_for_turn()
    assert (str(failure.value), failure.value.source) == (
        "Expensify was not read to its end, as the cycle took longer than the limit: "
        "its rate limit left no turn in time",
        "expensify",
    )
    assert clock.waits == []
    assert len(json.loads(the_file(tmp_path).read_text())) == 5


def test_an_export_is_waited_for_no_longer_than_the_cycle(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        cycle = Deadline(desk.clock, timedelta(minutes=1), "the limit")
        pair = ExpensifyCredentials("aa_simulated", "simulated-secret")
        limiter = Limiter(tmp_path, *desk.world.expensify.credentials, desk.clock, cycle)
        options = ExpensifyOptions(desk.url, export_deadline=timedelta(minutes=8))
        desk.faults.always("never-ready", match="download")
        with (
            Expensify(options, pair, desk.clock, limiter, cycle) as expensify,
            cycle.running(),
            pytest.raises(SourceError) as failure,
        ):
            expensify.reports([a_workspace()], now=desk.clock.now())
        assert desk.clock.now() - NOW < timedelta(minutes=1)
    assert str(failure.value) == (
        "Expensify was not read to its end, as the cycle took longer than the limit: "
        "an export is not ready yet"
    )


def test_expensify_itself_never_has_to_refuse(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        desk.office.add_report("R1", "4C6722D4BD2BD941", tags=[("Sales",)])
        for _ in range(6):
            desk.expensify.policies()
            desk.expensify.reports([a_workspace()], now=desk.clock.now())
        jobs = 6 * (1 + 3 + 3 * 2)  # the list; three exports, each fetched at the second try
        assert len(desk.world.expensify.moments) == jobs
        assert len(desk.office.asked) == jobs
