"""`monitor diff`, through the real command, over databases as cycles leave them."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from monitor.adapters.store import Store
from monitor.answers.compare import Question, compare
from monitor.answers.known import known
from monitor.cli import main
from monitor.core.records import ListState
from tests.configuration import a_file
from tests.scenarios.memory import UK, US, Memory, a_class

_ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((_ROOT / "tests" / "schemas" / "diff.schema.json").read_text())
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
HEAVY = ("requests", "slack_sdk", "apscheduler", "structlog", "sqlite_utils", "pydantic", "rich")

Run = Callable[..., "Ended"]


class Ended:
    """How a command ended, and what it printed."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        answer = json.loads(self.out)
        Draft202012Validator(SCHEMA).validate(answer)
        return answer

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        return [(c["change"], c["kind"], c["id"]) for c in self.json["changes"]]


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "monitor.db")


@pytest.fixture
def diff(memory: Memory, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> Ended:
        code = main(["diff", "--db", str(memory.path), *arguments])
        return Ended(code, *capsys.readouterr())

    return run


def ago(**span: float) -> datetime:
    return datetime.now(UTC) - timedelta(**span)


def inactivated(memory: Memory, read: datetime | None = None) -> None:
    """All was well when Expensify synced; then a class was made inactive."""
    newest = read or ago(minutes=5)
    memory.reads(newest - timedelta(hours=2), a_class())
    memory.reads(newest - timedelta(hours=1), a_class())
    memory.synced(US, newest - timedelta(minutes=80), read=newest + timedelta(minutes=5))
    memory.reads(newest, a_class(is_inactive=True))


def test_by_default_it_says_what_changed_since_the_last_sync(memory: Memory, diff: Run) -> None:
    memory.reads(ago(hours=4), a_class("12"), a_class("13", "Events"))
    memory.reads(ago(hours=3), a_class("12"), a_class("13", "Fairs"))
    memory.synced(US, ago(hours=2))
    memory.reads(ago(minutes=5), a_class("12", is_inactive=True), a_class("13", "Fairs"))
    ended = diff("--json")
    assert ended.changes == [("inactivated", "class", "12")]
    assert ended.json["range"]["basis"] == "last-sync"
    assert (ended.code, ended.err) == (0, "")


def test_text_is_one_line_a_change_and_talk_goes_to_stderr(memory: Memory) -> None:
    read = NOW - timedelta(minutes=5)
    inactivated(memory, read)
    with known(memory.path) as database:
        difference = compare(database, Question(), now=NOW)
    from monitor.cli.output.diff_text import diff_text, span_sentence

    assert diff_text(difference, lambda text, _color: text) == (
        "inactivated  class:12 Sales : Marketing · inactive: no → yes · "
        "seen 2026-11-22 03:55 EST to 2026-11-22 04:55 EST · Expensify has not imported it"
    )
    assert span_sentence(difference) == (
        "1 change between 2026-11-22 03:35 EST (Expensify's last known sync) "
        "and 2026-11-22 04:55 EST"
    )


def test_nothing_different_says_nothing_on_stdout(memory: Memory, diff: Run) -> None:
    memory.reads(ago(hours=2), a_class())
    memory.synced(US, ago(hours=1))
    memory.reads(ago(minutes=5), a_class())
    ended = diff()
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.startswith("No differences between ")
    assert diff("-q").err == ""


def test_a_piped_answer_has_no_colour_and_a_forced_one_has(memory: Memory, diff: Run) -> None:
    inactivated(memory)
    assert diff().out.startswith("inactivated  class:12 ")
    assert diff("--color", "always").out.startswith("\x1b[31m\x1b[1minactivated\x1b[0m  class:12 ")


def test_csv_has_its_header_even_when_nothing_is_different(memory: Memory, diff: Run) -> None:
    inactivated(memory)
    (row,) = csv.DictReader(io.StringIO(diff("--format", "csv").out))
    assert (row["change"], row["field"], row["old"], row["new"]) == (
        "inactivated",
        "is_inactive",
        "false",
        "true",
    )
    empty = diff("--format", "csv", "--since", "@-1")
    assert empty.out.splitlines() == [
        "kind,id,full_name,change,field,old,new,seen_from,seen_to,modified_at,modified_by"
    ]


def test_stat_counts_by_list(memory: Memory, diff: Run) -> None:
    inactivated(memory)
    assert diff("--stat").out == "class  1 inactivated\n"


def test_each_tells_every_step_and_the_net_difference_none(memory: Memory, diff: Run) -> None:
    first = memory.reads(ago(hours=3), a_class())
    second = memory.reads(ago(hours=2), a_class(is_inactive=True))
    third = memory.reads(ago(minutes=5), a_class())
    assert diff("--since", "baseline", "--json").changes == []
    ended = diff("--since", "baseline", "--each", "--json")
    assert [word for word, _, _ in ended.changes] == ["inactivated", "reactivated"]
    moments = [f"{s.taken_at:%Y-%m-%dT%H:%M:%SZ}" for s in (first, second, third)]
    assert [c["seen_between"] for c in ended.json["changes"]] == [moments[:2], moments[1:]]


def test_a_record_that_is_gone_twice_is_deleted_and_may_be_restored(
    memory: Memory, diff: Run
) -> None:
    other = a_class("13", "Events")
    memory.reads(ago(hours=4), a_class(), other)
    memory.reads(ago(hours=3), other)
    gone = memory.reads(ago(hours=2), other)
    memory.reads(ago(minutes=5), a_class(), other)
    (deleted,) = diff("--since", "baseline", "--until", f"@{gone.id}", "--json").json["changes"]
    assert deleted["change"] == "deleted"
    assert {field["new"] for field in deleted["fields"]} == {None}
    (restored,) = diff("--since", f"@{gone.id}", "--json").json["changes"]
    assert restored["change"] == "restored"
    assert {"field": "name", "old": None, "new": "Marketing"} in restored["fields"]
    assert {field["old"] for field in restored["fields"]} == {None}


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        pytest.param([], ["12", "13", "4"], id="all"),
        pytest.param(["--kind", "class"], ["12", "13"], id="one list"),
        pytest.param(["--kind", "class,department"], ["12", "13", "4"], id="two lists"),
        pytest.param(["--record", "class:12"], ["12"], id="one record"),
        pytest.param(["--record", "class:12", "--record", "department:4"], ["12", "4"], id="two"),
        pytest.param(["--record", "class:1"], [], id="a record that never changed"),
        pytest.param(["--kind", "location"], [], id="a list that was never read"),
    ],
)
def test_the_answer_can_be_narrowed(
    memory: Memory, diff: Run, arguments: list[str], ids: list[str]
) -> None:
    memory.reads(ago(hours=2), a_class("1", "Other"))
    records = [a_class("1", "Other"), a_class("12"), a_class("13", "Events")]
    department = a_class("4", "Sales")._replace(kind="department")
    memory.reads(ago(minutes=5), *records, department)
    ended = diff("--since", "baseline", "--json", *arguments)
    assert [change["id"] for change in ended.json["changes"]] == ids


@pytest.mark.parametrize("name", ["Acme UK", "acme uk", UK])
def test_a_workspace_brings_its_own_sync_and_its_own_verdict(tmp_path: Path, name: str) -> None:
    memory = Memory(tmp_path / "monitor.db", (US, "Acme US"), (UK, "Acme UK"))
    memory.reads(NOW - timedelta(hours=30), a_class())
    memory.synced(US, NOW - timedelta(hours=20))
    memory.reads(NOW - timedelta(hours=5), a_class(is_inactive=True))
    memory.synced(UK, NOW - timedelta(hours=2))
    memory.reads(NOW - timedelta(minutes=5), a_class(is_inactive=True, subsidiary_ids=("1", "2")))
    with known(memory.path) as database:
        both = compare(database, Question(), now=NOW)
        one = compare(database, Question(workspace=name), now=NOW)
    assert (both.range.since, one.range.since) == (
        NOW - timedelta(hours=20),
        NOW - timedelta(hours=2),
    )
    assert set(both.changes[0].imported) == {US, UK}
    assert set(one.changes[0].imported) == {UK}
    assert [change.change.change.value for change in one.changes] == ["edited"]


@pytest.mark.parametrize(
    ("record", "is_said"), [("class:12", False), ("class:999", True), ("location:12", True)]
)
def test_a_record_that_never_was_is_said(
    memory: Memory, diff: Run, record: str, is_said: bool
) -> None:
    memory.reads(ago(hours=2), a_class())
    ended = diff("--record", record, "--since", "baseline")
    said = f"monitor: the monitor has never seen {record} in NetSuite: check its kind and id\n"
    assert (ended.code, said in ended.err) == ((2, True) if is_said else (0, False))


def test_all_records_that_never_were_are_named_at_once(memory: Memory, diff: Run) -> None:
    memory.reads(ago(hours=2), a_class())
    records = ("class:12", "class:998", "class:999")
    ended = diff(*(word for one in records for word in ("--record", one)))
    assert (ended.code, ended.err.count("has never seen"), ended.out) == (2, 2, "")


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--exit-code",), 3)])
def test_an_end_before_the_first_reading_is_no_truthful_answer(
    memory: Memory, diff: Run, options: tuple[str, ...], code: int
) -> None:
    memory.reads(ago(hours=2), a_class())
    ended = diff("--since", "2019-01-01", "--until", "2020-01-01", *options)
    assert (ended.code, ended.err.count("answered from the first")) == (code, 2)


def test_what_json_prints_as_a_moment_finds_the_same_snapshot(memory: Memory, diff: Run) -> None:
    memory.reads(ago(hours=3), a_class())
    memory.reads(ago(hours=2).replace(microsecond=789_000), a_class("12", "Brand"))
    memory.reads(ago(minutes=5), a_class("12", "Brand", is_inactive=True))
    shown = diff("--since", "@-2", "--json").json["snapshots"]["from"]
    assert diff("--since", shown["taken_at"], "--json").json["snapshots"]["from"] == shown


@pytest.mark.parametrize(
    ("state", "said"), [(ListState.BLIND, "is blind"), (ListState.HELD, "accept-deletions")]
)
def test_a_list_that_cannot_be_believed_is_said_and_ends_3_only_when_asked(
    memory: Memory, diff: Run, state: ListState, said: str
) -> None:
    memory.reads(ago(hours=2), a_class())
    memory.reads(ago(minutes=5), a_class("12", "Brand"), states={"department": state})
    ended = diff()
    assert (ended.code, said in ended.err) == (0, True)
    assert diff("--exit-code").code == 3
    assert diff("--exit-code", "--kind", "class").code == 1


def test_old_data_is_said_and_ends_3_only_when_asked(memory: Memory, diff: Run) -> None:
    inactivated(memory, ago(minutes=46))
    ended = diff()
    assert (ended.code, "NetSuite was last read 46 min ago" in ended.err) == (0, True)
    assert diff("--exit-code").code == 3


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param([], 0, id="differences alone: done"),
        pytest.param(["--exit-code"], 1, id="differences, asked for a code"),
        pytest.param(["--exit-code", "--since", "@-1"], 0, id="none, asked for a code"),
        pytest.param(["--since", "soon"], 2, id="no moment"),
        pytest.param(["--until", "2099-01-01"], 2, id="the future"),
        pytest.param(["--since", "2026-11-01T01:30"], 2, id="a moment that came twice"),
        pytest.param(["--since", "@99"], 2, id="no such snapshot"),
        pytest.param(["--since", "now", "--until", "3d"], 2, id="the wrong way round"),
        pytest.param(["--kind", "vendor"], 2, id="no such list"),
        pytest.param(["--record", "12"], 2, id="no record"),
        pytest.param(["--workspace", "Nowhere"], 2, id="no such workspace"),
        pytest.param(["--json", "--format", "csv"], 2, id="two forms at once"),
        pytest.param(["--format", "xml"], 2, id="no such form"),
    ],
)
def test_the_exit_code_is_honest(
    memory: Memory, diff: Run, arguments: list[str], code: int
) -> None:
    inactivated(memory)
    ended = diff(*arguments)
    assert ended.code == code
    if code == 2:
        assert ended.out == ""


def test_an_unknown_workspace_is_answered_with_those_there_are(memory: Memory, diff: Run) -> None:
    inactivated(memory)
    assert diff("--workspace", "Nowhere").err == (
        f"monitor: there is no workspace 'Nowhere': the monitor knows Acme US ({US})\n"
    )


def test_an_unknown_sync_is_said_and_the_last_day_shown(memory: Memory, diff: Run) -> None:
    memory.reads(ago(hours=30), a_class())
    memory.reads(ago(minutes=5), a_class("12", "Brand"))
    ended = diff("--json")
    assert ended.json["range"]["basis"] == "last-24h"
    assert "the last sync of Acme US is not known" in ended.err
    assert [word for word, _, _ in ended.changes] == ["renamed"]


def test_a_moment_before_the_first_snapshot_is_answered_from_it(memory: Memory, diff: Run) -> None:
    memory.reads(ago(hours=2), a_class())
    memory.reads(ago(minutes=5), a_class("12", "Brand"))
    ended = diff("--since", "2w", "--json")
    assert (ended.code, ended.json["range"]["basis"]) == (0, "baseline")
    assert "answered from the first" in ended.err


@pytest.mark.parametrize("is_made", [False, True], ids=["no file", "an empty database"])
def test_without_a_snapshot_there_is_no_answer(memory: Memory, diff: Run, is_made: bool) -> None:
    if is_made:
        with Store.open(memory.path):
            pass
    ended = diff()
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == (
        "monitor: nothing was read from NetSuite yet: run `monitor run --once` first\n"
        if is_made
        else f"monitor: {memory.path} is not there: nothing was read from NetSuite yet (run "
        "`monitor run --once`), or the database is another file: name it by --db, [store] path "
        "or $STATE_DIRECTORY\n"
    )
    assert diff("--since", "soon").code == 2


def test_a_wrong_question_weighs_more_than_a_missing_answer(memory: Memory, diff: Run) -> None:
    memory.knows_settings()
    assert diff("--workspace", "Acme US").code == 3
    assert diff("--workspace", "Nowhere").code == 2
    assert diff("--since", "@-1").code == 3
    assert diff("--since", "soon").code == 2


def test_it_answers_while_another_process_writes(memory: Memory, diff: Run) -> None:
    inactivated(memory)
    with sqlite3.connect(memory.path, isolation_level=None) as writer:
        writer.execute("begin immediate")
        writer.execute("insert into source values ('other', 1, null, '', 0)")
        assert diff("--json").changes == [("inactivated", "class", "12")]
        writer.execute("rollback")
    writer.close()


def test_a_reader_changes_nothing(memory: Memory, diff: Run) -> None:
    inactivated(memory)
    files = {path: path.read_bytes() for path in memory.path.parent.iterdir()}
    memory.path.chmod(0o400)
    assert diff("--since", "baseline").code == 0
    assert {path: path.read_bytes() for path in memory.path.parent.iterdir()} == files


def test_it_answers_after_a_writer_died_in_its_commit(memory: Memory, diff: Run) -> None:
    inactivated(memory)
    dying = (
        "import os, signal, sqlite3, sys\n"
        "db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "db.execute('pragma cache_size = 1')\n"
        "db.execute('begin immediate')\n"
        "db.execute('create table torn(text)')\n"
        "db.executemany('insert into torn values (?)', [['x' * 2000]] * 200)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert _process(str(memory.path), code=dying).returncode == -9
    journal = memory.path.with_name("monitor.db-journal")
    assert journal.stat().st_size > 0
    assert diff("--json").changes == [("inactivated", "class", "12")]


def _process(*arguments: str, code: str = "") -> subprocess.CompletedProcess[str]:
    command = ["-c", code] if code else ["-m", "monitor"]
    return subprocess.run(
        [sys.executable, *command, *arguments],
        capture_output=True,
        text=True,
        cwd=_ROOT,
        env={**os.environ, "MONITOR_CONFIG": ""},
        check=False,
    )


def test_the_real_command_ends_with_each_code(memory: Memory, tmp_path: Path) -> None:
    inactivated(memory)
    newer, config = tmp_path / "newer.db", tmp_path / "monitor.toml"
    with Store.open(newer):
        pass
    with sqlite3.connect(newer) as db:
        db.execute(
            "insert into _sqlite_migrations(migration_set, name, applied_at) "
            "select migration_set, 'm9999_future', applied_at from _sqlite_migrations limit 1"
        )
    db.close()
    config.write_text("[store\n")
    here = ["--db", str(memory.path)]
    ended = {
        "0": _process("diff", *here),
        "1": _process("diff", *here, "--exit-code"),
        "2": _process("diff", *here, "--since", "soon"),
        "3": _process("diff", "--db", str(tmp_path / "none.db")),
        "78 newer": _process("diff", "--db", str(newer)),
        "78 config": _process("diff", "--config", str(config)),
    }
    assert {name: process.returncode for name, process in ended.items()} == {
        name: int(name.partition(" ")[0]) for name in ended
    }
    assert all("Traceback" not in process.stderr for process in ended.values())
    assert all(process.stderr.count("\n") == 1 for process in ended.values())


def test_it_imports_nothing_heavy(memory: Memory) -> None:
    inactivated(memory)
    code = (
        "import sys; from monitor.cli import main\n"
        f"code = main(['diff', '--db', {str(memory.path)!r}, sys.argv[1]])\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        f"print(code, sorted(loaded & set({HEAVY!r})), file=sys.stderr)"
    )
    for form in ("--json", "--format=csv", "--stat"):
        assert _process(form, code=code).stderr.splitlines()[-1] == "0 []", form


def test_the_configuration_that_is_named_says_the_zone(
    memory: Memory, capsys: pytest.CaptureFixture[str]
) -> None:
    inactivated(memory)
    config = memory.path.with_name("monitor.toml")
    config.write_text(a_file({"store.path": str(memory.path), "schedule.time_zone": "Asia/Tokyo"}))
    assert main(["--config", str(config), "diff"]) == 0
    assert " JST " in capsys.readouterr().out
    config.write_text(a_file({"store.path": str(memory.path)}))
    assert main(["--config", str(config), "diff"]) == 0
    assert " EST " in capsys.readouterr().out, "as the last cycle ran"
