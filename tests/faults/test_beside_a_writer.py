"""Small commands beside a commit that takes long: they wait for it, and none of them fails."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from monitor.simulator.sample import MARKETING
from tests.faults.rounds import Rounds, rounds

_A_WHILE_SECONDS = 0.3
"""Longer than a command needs that does not wait; on a slow machine nothing fails for that."""

COMMANDS = (
    ("ack", "1", "--reason", "on it"),
    ("snooze", "1", "--for", "2h", "--reason", "on it"),
    ("silence", "--kind", "class", "--for", "2h", "--reason", "on it"),
    ("synced", "Acme US"),
    ("accept-deletions", "location"),
    ("score", "--import", "{folder}/outcomes.csv"),
    ("db", "prune"),
    ("run", "--once"),
)


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rounds]:
    """With an open alert, and a list that is held because much of it vanished."""
    folder = tmp_path_factory.mktemp("beside")
    with rounds(folder, seed=0) as life:
        life.five_weeks_pass()
        added = range(100, 140)
        for number in added:
            life.tables.add("location", number, name=f"Office {number}", subsidiary=[1])
        life.is_left_alone()
        life.tables.inactivate("class", MARKETING)
        for number in added:
            life.tables.delete("location", number, is_logged=False)
        life.is_left_alone()
        (folder / "outcomes.csv").write_text(
            "report_id,at,outcome,code,words\nR-1041,3h,failed,NS0831,\n"
        )
        yield life


@contextmanager
def a_commit_under_way(database: Path) -> Iterator[None]:
    """Somebody writes, and has not committed yet."""
    writer = sqlite3.connect(database, isolation_level=None)
    writer.execute("begin immediate")
    try:
        yield
    finally:
        writer.close()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_it_waits_and_then_does_its_work(acme: Rounds, command: tuple[str, ...]) -> None:
    arguments = [one.format(folder=acme.config.parents[1]) for one in command]
    with acme.ready.start(*arguments) as started:
        with a_commit_under_way(acme.database):
            assert not started.is_over(_A_WHILE_SECONDS), started.log.read_text()
        assert started.ended() == 0, started.log.read_text()
