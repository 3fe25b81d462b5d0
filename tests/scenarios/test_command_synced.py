"""`monitor synced` and `monitor accept-deletions`: what only a person can know."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from monitor.adapters.store import Store
from monitor.cli import main
from monitor.core.records import ListState
from monitor.core.sync import Bound, Evidence, Source
from tests.scenarios.memory import UK, US, Memory, a_class


class Ended(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    memory = Memory(tmp_path / "monitor.db", (US, "Acme US"), (UK, "Acme UK"))
    memory.reads(ago(hours=30), a_class())
    memory.reads(ago(hours=5), a_class("12", "Brand"))
    return memory


@pytest.fixture
def monitor(memory: Memory, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> Ended:
        code = main(["--db", str(memory.path), *arguments])
        return Ended(code, *capsys.readouterr())

    return run


def ago(**span: float) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(**span)


def stored(memory: Memory, policy_id: str = US) -> tuple[Evidence, ...]:
    with Store.open(memory.path, read_only=True) as store:
        return store.evidence.all(policy_id)


@pytest.mark.parametrize("name", ["Acme US", "acme us", US])
def test_a_reading_is_remembered_with_who_read_it(memory: Memory, monitor: Run, name: str) -> None:
    at = ago(hours=2)
    ended = monitor("synced", name, "--at", at.isoformat(), "--by", "ana", "--note", "page 2")
    (row,) = stored(memory)
    assert ended.code == 0
    assert row._replace(observed_at=at) == Evidence(
        US, Bound.EXACT, at, Source.OPERATOR, at, "ana, page 2"
    )
    assert stored(memory, UK) == ()


def test_it_prints_what_is_now_known(monitor: Run) -> None:
    ended = monitor("synced", "Acme US", "--at", "2026-07-01T09:30", "--by", "ana")
    first, second = ended.out.splitlines()
    assert first == "Acme US: last sync 2026-07-01 09:30 EDT"
    assert second.endswith(
        "the last sync was that of 2026-07-01 09:30 EDT "
        "(somebody read it on Expensify's accounting page, ana)"
    )


def test_without_a_time_it_was_just_now(memory: Memory, monitor: Run) -> None:
    before = ago(seconds=1)
    assert monitor("synced", "Acme US").code == 0
    (row,) = stored(memory)
    assert before <= row.moment == row.observed_at


def test_a_failed_sync_leaves_the_good_one_before_it(memory: Memory, monitor: Run) -> None:
    monitor("synced", "Acme US", "--at", "10h")
    ended = monitor("synced", "Acme US", "--at", "7h", "--failed", "--by", "ana")
    assert [row.bound for row in stored(memory)] == [Bound.EXACT, Bound.FAILED]
    assert "a sync failed at" in ended.out.splitlines()[-1]
    answer = json.loads(monitor("diff", "--workspace", "Acme US", "--json").out)
    since = datetime.fromisoformat(answer["range"]["from"])
    assert abs(since - ago(hours=10)) < timedelta(minutes=1)


def test_what_was_said_last_is_taken_back_then_what_was_said_before(
    memory: Memory, monitor: Run
) -> None:
    monitor("synced", "Acme US", "--at", "2026-07-01T09:30", "--by", "ana")
    monitor("synced", "Acme US", "--at", "2026-07-03T09:30", "--by", "omar")
    before = stored(memory)
    undone = monitor("synced", "Acme US", "--undo", "--by", "dana", "--note", "it was June")
    first, *known = undone.out.splitlines()
    assert (undone.code, undone.err) == (0, "")
    assert first.startswith("Taken back: at ")
    assert first.endswith(
        "the last sync was that of 2026-07-03 09:30 EDT "
        "(somebody read it on Expensify's accounting page, omar)."
    )
    assert known[0] == "Acme US: last sync 2026-07-01 09:30 EDT or later"
    *kept, retracted = stored(memory)
    assert tuple(kept) == before, "nothing is overwritten"
    assert (retracted.bound, retracted.note) == (Bound.RETRACTED, "dana, it was June")
    assert "2026-07-01 09:30 EDT" in monitor("synced", "Acme US", "--undo").out.splitlines()[0]
    status = json.loads(monitor("status", "--json").out)["workspaces"][0]
    assert (status["last_sync"]["not_before"], status["last_sync"]["evidence"]) == (None, [])


def test_all_that_one_file_said_is_taken_back(memory: Memory, monitor: Run, tmp_path: Path) -> None:
    moments = {
        "lastSyncDate": ago(hours=5).isoformat(),
        "lastErrorSyncDate": ago(hours=4).isoformat(),
    }
    written = ago(hours=3) + timedelta(microseconds=7)
    said = ("synced", "Acme US", "--from-json", _exported(tmp_path, written, **moments))
    monitor(*said)
    undone = monitor("synced", "Acme US", "--undo").out.splitlines()
    assert ["Taken back" in line for line in undone] == [True, True, False]
    assert undone[-1].startswith("Acme US: nobody knows")
    before = stored(memory)
    again = monitor(*said)
    assert (again.code, "export the policy once more" in again.err) == (2, True), again.err
    assert stored(memory) == before
    assert monitor(*said, "--exported", "2h").out.startswith("Acme US: last sync ")


def test_a_statement_that_is_made_again_counts_again(memory: Memory, monitor: Run) -> None:
    said = ("synced", "Acme US", "--at", "2026-07-01T09:30", "--by", "ana")
    monitor(*said)
    monitor("synced", "Acme US", "--undo")
    assert monitor(*said).out.startswith("Acme US: last sync 2026-07-01 09:30 EDT")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param([], "nobody said anything of Acme US", id="nothing is there"),
        pytest.param(["--at", "2h"], "say nothing else with it", id="a moment beside it"),
        pytest.param(["--failed"], "say nothing else with it", id="a failure beside it"),
    ],
)
def test_what_cannot_be_taken_back_ends_2_and_changes_nothing(
    memory: Memory, monitor: Run, options: list[str], said: str
) -> None:
    monitor("synced", "Acme UK")
    ended = monitor("synced", "Acme US", "--undo", *options)
    assert (ended.code, ended.out, said in ended.err) == (2, "", True), ended.err
    assert (stored(memory), len(stored(memory, UK))) == ((), 1)


def test_what_was_told_moves_the_next_diff(monitor: Run) -> None:
    def basis() -> str:
        answer = json.loads(monitor("diff", "--workspace", "Acme US", "--json").out)
        return str(answer["range"]["basis"])

    assert basis() == "last-24h"
    monitor("synced", "Acme US", "--at", "10h")
    assert basis() == "last-sync"


def _exported(folder: Path, written: datetime, **connection: object) -> str:
    """A policy exported then; its secrets are in it."""
    secrets = {"accountID": "ACC-1", "tokenID": "very-token", "tokenSecret": "very-secret"}
    policy = {"id": US, "connections": {"netsuite": {**secrets, **connection}}}
    file = folder / "policy.json"
    file.write_text(json.dumps(policy))
    os.utime(file, (written.timestamp(), written.timestamp()))
    return str(file)


def test_an_exported_policy_says_when_the_last_sync_was_as_of_its_export(
    memory: Memory, monitor: Run, tmp_path: Path
) -> None:
    at, exported = ago(hours=4), ago(hours=3)
    file = _exported(tmp_path, exported, lastSyncDate=at.isoformat())
    ended = monitor("synced", "Acme US", "--from-json", file, "--by", "ana")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("Acme US: last sync ")
    row = Evidence(US, Bound.EXACT, at, Source.POLICY_JSON, exported, "ana")
    assert stored(memory) == (row,)
    assert monitor("synced", "Acme US", "--from-json", file, "--by", "ana").code == 0
    assert stored(memory) == (row,), "the same file twice says nothing more"


def test_nothing_of_the_tokens_in_an_exported_policy_is_kept(
    memory: Memory, monitor: Run, tmp_path: Path
) -> None:
    file = _exported(tmp_path, ago(hours=3), lastSyncDate=ago(hours=4).isoformat())
    told = monitor("synced", "Acme US", "--from-json", file).out.encode()
    kept = b"".join(one.read_bytes() for one in memory.path.parent.glob("monitor.db*"))
    for secret in (b"ACC-1", b"very-token", b"very-secret"):
        assert secret not in told + kept


def test_when_the_policy_was_exported_can_be_said(
    memory: Memory, monitor: Run, tmp_path: Path
) -> None:
    at, exported = ago(hours=4), ago(hours=2)
    file = _exported(tmp_path, ago(hours=6), lastSync={"successfulDate": at.isoformat()})
    assert "later than the file" in monitor("synced", "Acme US", "--from-json", file).err
    arguments = ("--from-json", file, "--exported", exported.isoformat())
    assert monitor("synced", "Acme US", *arguments).code == 0
    assert [(one.moment, one.observed_at) for one in stored(memory)] == [(at, exported)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["Acme UK", "--from-json", "{}"], "of another policy", id="another policy"),
        pytest.param(["Acme US", "--from-json", "{}", "--at", "2h"], "leave --at", id="two times"),
        pytest.param(["Acme US", "--from-json", "{}", "--failed"], "and --failed", id="failed"),
        pytest.param(["Acme US", "--exported", "2h"], "name it, too", id="no file"),
        pytest.param(
            ["Acme US", "--from-json", "{}.not"],
            ".not cannot be read: no such file or directory\n",
            id="no such file",
        ),
        pytest.param(["Acme US", "--from-json", "{}/.."], "directory", id="a folder"),
    ],
)
def test_a_file_that_is_not_this_workspaces_is_refused_and_nothing_remembered(
    memory: Memory, monitor: Run, tmp_path: Path, arguments: list[str], said: str
) -> None:
    file = _exported(tmp_path, ago(hours=3), lastSyncDate=ago(hours=4).isoformat())
    folder = str(tmp_path)
    told = [folder if one == "{}/.." else one.replace("{}", file) for one in arguments]
    ended = monitor("synced", *told)
    assert (ended.code, ended.out, said in ended.err) == (2, "", True), ended.err
    assert (stored(memory), stored(memory, UK)) == ((), ())


def test_a_file_that_is_no_text_is_refused_in_plain_words(
    memory: Memory, monitor: Run, tmp_path: Path
) -> None:
    (tmp_path / "policy.json").write_bytes(b"\xff\xfe")
    ended = monitor("synced", "Acme US", "--from-json", str(tmp_path / "policy.json"))
    assert (ended.code, "policy.json is no text" in ended.err) == (2, True), ended.err
    assert stored(memory) == ()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(
            ["Nowhere"], f"the monitor knows Acme US ({US}), Acme UK ({UK})", id="unknown name"
        ),
        pytest.param(["Acme US", "--at", "2099-01-01"], "is in the future", id="the future"),
        pytest.param(["Acme US", "--at", "soon"], "2026-11-20T09:30", id="no moment"),
        pytest.param(["Acme US", "--at", "last-sync"], "is no moment", id="no moment of its own"),
        pytest.param(["Acme US", "--at", "2026-11-01T01:30"], "came twice", id="came twice"),
        pytest.param([], "Missing argument", id="no workspace"),
    ],
)
def test_what_is_unclear_is_refused_and_nothing_remembered(
    memory: Memory, monitor: Run, arguments: list[str], said: str
) -> None:
    ended = monitor("synced", *arguments)
    assert (ended.code, ended.out, said in ended.err) == (2, "", True), ended.err
    assert (stored(memory), stored(memory, UK)) == ((), ())


def test_two_workspaces_of_one_name_are_told_apart_by_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memory = Memory(tmp_path / "twins.db", (US, "Acme"), (UK, "Acme"))
    memory.reads(ago(hours=1), a_class())
    assert main(["synced", "Acme", "--db", str(memory.path)]) == 2
    assert f"say the id of one: Acme ({US}), Acme ({UK})" in capsys.readouterr().err
    assert main(["synced", UK, "--db", str(memory.path)]) == 0


def test_a_database_that_is_not_there_is_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "typo.db"
    assert main(["synced", "Acme US", "--db", str(missing)]) == 3
    assert "is not there" in capsys.readouterr().err
    assert not missing.exists()


def test_where_no_cycle_came_so_far_the_configuration_knows_the_workspaces_without_a_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store.open(tmp_path / "new.db"):
        pass  # as a first reading leaves it that failed
    config = tmp_path / "monitor.toml"
    config.write_text(
        f"""
        [store]
        path = "{tmp_path / "new.db"}"
        [netsuite]
        account = "1234567"
        [netsuite.auth]
        client_id = "env:NETSUITE_CLIENT_ID"
        certificate_id = "kid"
        private_key = "env:NETSUITE_PRIVATE_KEY"
        [expensify]
        partner_user_id = "env:EXPENSIFY_PARTNER_USER_ID"
        partner_user_secret = "env:EXPENSIFY_PARTNER_USER_SECRET"
        [[workspace]]
        policy_id = "{US}"
        name = "Acme US"
        [slack]
        token = "env:SLACK_BOT_TOKEN"
        channel = "C0123456789"
        """
    )
    assert main(["synced", "Acme US", "--at", "2h", "--config", str(config)]) == 0
    assert "Acme US: last sync " in capsys.readouterr().out
    assert main(["diff", "--config", str(config)]) == 3


def test_a_held_list_can_be_accepted(memory: Memory, monitor: Run) -> None:
    memory.reads(ago(minutes=20), a_class(), states={"department": ListState.HELD})
    ended = monitor("accept-deletions", "department")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "The next cycle counts the vanished department records as deleted.\n"


def test_what_was_accepted_is_deleted_by_the_next_reading(memory: Memory, monitor: Run) -> None:
    memory.reads(ago(hours=2))  # the only class has vanished: too much to believe at once
    assert json.loads(monitor("diff", "--since", "@-2", "--json").out)["changes"] == []
    assert monitor("accept-deletions", "class").code == 0
    memory.reads(ago(minutes=5))
    (change,) = json.loads(monitor("diff", "--since", "@-2", "--json").out)["changes"]
    assert change["change"] == "deleted"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("class", "the list class is not held, there is nothing to accept (held: department)"),
        ("clas", "did you mean class?"),
    ],
)
def test_what_is_not_held_is_not_accepted(
    memory: Memory, monitor: Run, kind: str, said: str
) -> None:
    memory.reads(ago(minutes=20), a_class(), states={"department": ListState.HELD})
    ended = monitor("accept-deletions", kind)
    assert (ended.code, said in ended.err) == (2, True)


def test_before_the_first_reading_there_is_nothing_to_accept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["accept-deletions", "class", "--db", str(tmp_path / "none.db")]) == 3
    assert "monitor run --once" in capsys.readouterr().err


def test_a_slip_is_corrected_by_saying_it_again(monitor: Run) -> None:
    monitor("synced", "Acme US")
    at = ago(hours=3)
    corrected = monitor("synced", "Acme US", "--at", at.isoformat())
    said = f"{at.astimezone(ZoneInfo('America/New_York')):%Y-%m-%d %H:%M %Z}"
    assert corrected.out.splitlines()[0] == f"Acme US: last sync {said}"
    assert "contradiction" not in monitor("status").out
    assert "next auto-sync" not in monitor("status").out, "a slip is no past sync"
