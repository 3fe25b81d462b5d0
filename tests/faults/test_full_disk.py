"""The disk is full, at any page of a cycle or all around it: nothing is half written, or lost."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from monitor.adapters.store import Store
from monitor.adapters.store.connection import connect
from monitor.cycle import run_cycle
from monitor.delivery import deliver
from monitor.errors import StoreError
from monitor.simulator.sample import MARKETING
from tests.adapters.store_memory import rows_of
from tests.faults import tight
from tests.scenarios.process import served_acme
from tests.scenarios.telling import Tale, a_tale

FULL = "cannot grow, the disk is full: free some space; nothing was half written"


@contextmanager
def _room_for(pages: int, path: Path) -> Iterator[Store]:
    """The database on a disk where it may grow by so many pages."""
    db = connect(path, read_only=False)
    (there,) = db.execute("pragma page_count").fetchone()
    db.execute(f"pragma max_page_count = {there + pages}")
    with Store(db, path) as store:
        yield store


def _read(tale: Tale, store: Store) -> None:
    """The reading half of a cycle, a quarter of an hour later."""
    tale.clock.sleep(900)
    with tale.app.sources() as (netsuite, expensify):
        run_cycle(tale.app.parts(netsuite, expensify), store)


def _tell(tale: Tale, store: Store) -> None:
    deliver(store, tale.app.channel, tale.clock, tale.app.settings.policy())


def _much_happens(tale: Tale) -> None:
    """Enough for several pages: reports, a class that they use, and a long list of them."""
    for number in range(26):
        tale.spend(f"R-{5000 + number}")
    tale.inactivate(f"class:{MARKETING}")


def _remembered(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All but where this run's services are, and when the file was made."""
    rows = rows_of(path)
    return {name: rows[name] for name in rows if name not in ("settings", "_sqlite_migrations")}


def _seen(tale: Tale) -> list[tuple[str, str, bool]]:
    """All that Slack shows."""
    return [
        (one["ts"], one["text"], bool(one.get("thread_ts"))) for one in tale.world.slack.messages
    ]


def test_at_whatever_page_the_disk_is_full_the_next_good_cycle_is_as_if_it_never_was(
    tmp_path: Path,
) -> None:
    with a_tale(tmp_path / "full") as tale:
        path = tale.app.settings.database
        _much_happens(tale)
        before = rows_of(path)
        for pages in count():
            at = tale.clock.now()
            try:
                with _room_for(pages, path) as store:
                    _read(tale, store)
            except StoreError as error:
                assert str(error) == f"{path} {FULL}"
                assert rows_of(path) == before
                continue
            break
        assert pages > 5, "it was tried at more than a handful of pages"
        with tale.store() as store:
            _tell(tale, store)
        rows, seen = _remembered(path), _seen(tale)
    with a_tale(tmp_path / "calm") as calm:
        _much_happens(calm)
        calm.clock.move_to(at)
        with calm.store() as store:
            _read(calm, store)
            _tell(calm, store)
        assert _seen(calm) == seen
        assert _remembered(calm.app.settings.database) == rows


def test_what_cannot_be_noted_of_a_delivery_is_told_once_all_the_same(tmp_path: Path) -> None:
    told = []
    for name, rooms in (("calm", [1_000]), ("full", [0, 0, 1, 1, 1_000])):
        with a_tale(tmp_path / name) as tale:
            path = tale.app.settings.database
            _much_happens(tale)
            with tale.store() as store:
                _read(tale, store)
            for pages in rooms:
                try:
                    with _room_for(pages, path) as store:
                        _tell(tale, store)
                except StoreError as error:
                    assert str(error) == f"{path} {FULL}"
            told.append([words for _, words, _ in _seen(tale)])
    calm, full = told
    assert full == calm


ENOUGH = f"DB {FULL}"
WHEN_FULL = {
    "status": (0, ""),
    "synced 'Acme US'": (2, ENOUGH),
    "backup DIR": (2, f"DIR {FULL}"),
    "db prune --compact": (2, ENOUGH),
    "run --once": (
        2,
        "DIR/expensify-ID.rate cannot be read and written (No space left on device): the monitor "
        "keeps Expensify's rate limits there, check the disk and the permissions",
    ),
}
"""How each command ends on the full disk, and the last that it says."""


@pytest.mark.parametrize(
    "afterwards",
    [
        pytest.param(["backup DIR", "db check"], id="small commands"),
        # A cycle waits for Expensify's windows, on the clock of the machine.
        pytest.param(["run --once", "db check"], id="a cycle", marks=pytest.mark.slow),
    ],
)
def test_on_a_full_disk_each_command_says_so_and_all_goes_on_when_there_is_room(
    tmp_path: Path, afterwards: list[str]
) -> None:
    if reason := tight.impossible():
        pytest.skip(reason)
    with a_tale(tmp_path / "lived") as tale:
        database = tale.app.settings.database.read_bytes()
    with served_acme(tmp_path) as acme:
        (acme.config.parent / "monitor.db").write_bytes(database)
        told = _in_tight_place(acme.config, tmp_path / "tight", [*WHEN_FULL], afterwards)
    assert told["when full"] == {words: list(ended) for words, ended in WHEN_FULL.items()}
    assert told["is as it was"]
    assert told["with room again"] == dict.fromkeys(afterwards, 0)


def _in_tight_place(config: Path, folder: Path, *commands: list[str]) -> dict[str, Any]:
    folder.mkdir()
    ran = subprocess.run(
        [
            *(*tight.NAMESPACE, sys.executable, "-m", "tests.faults.tight"),
            *(str(config), str(folder), *map(json.dumps, commands)),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
        cwd=Path(__file__).parents[2],
    )
    told: dict[str, Any] = json.loads(ran.stdout)
    return told
