"""Two daemons on one database: one runs, the other says so and ends; a lock dies with its owner."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.ready import LONGEST_SECONDS, ROOT, Started
from tests.faults.rounds import Rounds, rounds

PAIRS = 20
_REFUSAL = re.compile(
    r"monitor: another monitor \(pid (\d+|unknown)\) runs cycles on \S*monitor\.db: "
    r"stop it first, or give this one a database of its own\n"
)


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rounds]:
    """A daemon of it runs a cycle every second."""
    with rounds(tmp_path_factory.mktemp("two"), seed=0) as life:
        life.five_weeks_pass()
        yield life


def test_the_first_goes_on_and_after_its_death_another_starts_at_once(acme: Rounds) -> None:
    with acme.ready.start("run") as first:
        first.must_say("cycle_done")
        for arguments in (["run"], ["run", "--once"]):
            with acme.ready.start(*arguments) as second:
                assert second.ended() == 2
                assert refusal_of(second) == str(first.pid)
        so_far = first.said().count("cycle_done")
        first.must_say("cycle_done", so_far + 1)
        assert first.kill() == -signal.SIGKILL
    with acme.ready.start("run") as heir:
        heir.must_say("cycle_done")
        with acme.ready.start("run") as second:
            assert second.ended() == 2
            assert refusal_of(second) == str(heir.pid)


@pytest.mark.timeout(600)
def test_of_two_that_start_together_exactly_one_runs(acme: Rounds) -> None:
    for _ in range(PAIRS):
        exactly_one_runs(acme, acme.config, acme.config)


@pytest.mark.parametrize("by", ["link", "folder", "relative", "hop"])
def test_another_path_is_no_other_database(acme: Rounds, tmp_path: Path, by: str) -> None:
    exactly_one_runs(acme, acme.config, configured_by(by, acme, tmp_path))
    exactly_one_runs(acme, configured_by(by, acme, tmp_path), acme.config)


def exactly_one_runs(acme: Rounds, *configs: Path) -> None:
    """Of daemons that start together one starts, and ends as asked; the others are refused."""
    with ExitStack() as stack:
        daemons = [
            stack.enter_context(acme.ready.start("run", config=config)) for config in configs
        ]
        deadline = time.monotonic() + LONGEST_SECONDS
        while not any(daemon.is_over(0.01) for daemon in daemons):
            assert time.monotonic() < deadline, "both run"
        (loser,) = (daemon for daemon in daemons if daemon.is_over())
        (winner,) = (daemon for daemon in daemons if daemon is not loser)
        assert loser.ended() == 2
        assert refusal_of(loser) in (str(winner.pid), "unknown")
        winner.must_say("daemon_started")
        assert winner.kill() == -signal.SIGKILL
        assert loser.said() == []


def refusal_of(second: Started) -> str:
    """The pid that it names; it says nothing else."""
    said = _REFUSAL.fullmatch(second.log.read_text())
    assert said is not None, second.log.read_text()
    return said[1]


def configured_by(way: str, acme: Rounds, folder: Path) -> Path:
    """A second configuration, which names the same database in another way."""
    real = acme.database
    link, linked_folder = folder / "elsewhere.monitor.db", folder / "linked"
    for new, target in ((link, real), (linked_folder, real.parent)):
        if not new.is_symlink():
            new.symlink_to(target)
    path = {
        "link": str(link),
        "folder": str(linked_folder / "monitor.db"),
        "relative": os.path.relpath(real, ROOT),
        "hop": f"{real.parent}/logs/../monitor.db",
    }[way]
    config = acme.config.with_name(f"{way}.toml")
    config.write_text(acme.config.read_text().replace(f'path = "{real}"', f'path = "{path}"'))
    assert path in config.read_text()
    return config
