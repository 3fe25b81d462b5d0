"""`monitor fleet DB…`: every database is a row, whatever became of it, and none is changed."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from monitor.adapters.store import Store
from monitor.answers.fleet import fleet_of
from monitor.cli import main
from monitor.cli.output.fleet_text import fleet_text
from monitor.core.alerts import Alert, RiskState, TrackedRisk
from monitor.core.cycles import Cycle, CycleEnd
from monitor.core.records import ListState, Ref
from monitor.core.risks import Certainty
from monitor.core.sync import Bound, Evidence, Source
from monitor.simulator.sample import MARKETING
from tests.core.builders import a_risk, an_exposed_report
from tests.scenarios.asking import Ended, ago
from tests.scenarios.memory import UK, US, Memory, a_class
from tests.scenarios.story import a_story
from tests.scenarios.test_command_health import _HEAVY

ACME, GLOBEX, INITECH = "1234567_SB1", "7654321", "5550000"


def an_instance(
    path: Path,
    account: str = ACME,
    *workspaces: tuple[str, str],
    minutes: float = 4,
    changes: dict[str, Any] | None = None,
    states: dict[str, ListState] | None = None,
) -> Memory:
    """A database whose last good cycle is so many minutes old."""
    path.parent.mkdir(exist_ok=True)
    memory = Memory(path, *workspaces, changes={"netsuite.account": account, **(changes or {})})
    memory.reads(ago(minutes=minutes), a_class(), states=states)
    with Store.open(path) as store, store.immediate():
        store.cycles.record(Cycle(ago(minutes=minutes), timedelta(seconds=3), CycleEnd.GOOD))
    return memory


def endangered(
    memory: Memory, *reports: str, sure: Certainty = Certainty.CERTAIN, **fields: Any
) -> None:
    """A cycle found these reports at risk, and told of it."""
    exposed = [an_exposed_report(one, **fields) for one in reports]
    risk = a_risk(*exposed, ref=Ref("class", reports[0][1:]), certainty=sure)
    memory.decided(
        TrackedRisk(risk, RiskState.OPEN, ago(hours=2), 1), alerts=[Alert(1, US, ago(hours=2))]
    )


@pytest.fixture
def look(capsys: pytest.CaptureFixture[str]) -> Any:
    def looked(*arguments: str | Path) -> Ended:
        code = main(["fleet", *map(str, arguments)])
        return Ended(code, *capsys.readouterr())

    return looked


def accounts(told: Ended) -> list[str]:
    """The accounts as the view lists them."""
    return [one["name"] for one in told.json("fleet")["databases"]]


# What is shown of each


def test_each_database_is_one_row_and_the_totals_are_one_line(tmp_path: Path, look: Any) -> None:
    well = an_instance(tmp_path / "a.db", ACME)
    well.synced(US, ago(hours=9))
    hit = an_instance(tmp_path / "b.db", GLOBEX, changes={"alerts.shadow": True})
    endangered(hit, "R1", "R2")
    an_instance(tmp_path / "c.db", INITECH, minutes=300)
    told = look(tmp_path / "a.db", tmp_path / "b.db", tmp_path / "c.db")
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines() == [
        "account      health       NetSuite  Expensify  last sync  alerts  Slack   at risk",
        "5550000      not healthy  5 h       5 h        unknown    –       –",
        "7654321      healthy      4 min     4 min      unknown    1       shadow  "
        "1 certain: USD 1,624.00 in 2 reports",
        "1234567_SB1  healthy      4 min     4 min      ≤ 9 h      –       –",
        "",
        "5550000:  not healthy: the last good cycle began 5 h ago, more than 45m; "
        "is `monitor run` running?",
        "",
        "3 databases: 1 not healthy, 2 healthy. At risk: USD 1,624.00 in 2 reports. "
        "1 open alert, 0 messages waiting.",
    ]


def test_what_slack_did_not_take_stands_in_its_column_and_in_the_totals(
    tmp_path: Path, look: Any
) -> None:
    for number, kinds in enumerate(("refused", "waiting", "refused waiting")):
        path = tmp_path / f"{number}.db"
        an_instance(path, f"{number}")
        for kind in kinds.split():
            _letter(path, kind, "dead" if kind == "refused" else "queued")
    told = look(*(tmp_path / f"{number}.db" for number in range(3))).out
    rows = {line.split()[0]: line for line in told.splitlines() if line[:1].isdigit()}
    assert rows["0"].endswith("  1 refused")
    assert rows["1"].endswith("  1 waiting")
    assert rows["2"].endswith("  1 waiting, 1 refused")
    assert told.endswith("0 open alerts, 2 messages waiting, 2 refused by Slack for good.\n")


def test_a_colour_says_which_age_is_too_great_and_which_risk_is_certain(tmp_path: Path) -> None:
    fresh = an_instance(tmp_path / "a.db")
    old = an_instance(tmp_path / "b.db", GLOBEX, minutes=300)
    endangered(fresh, "R1", sure=Certainty.LIKELY)
    endangered(old, "R1")
    view = fleet_of([fresh.path, old.path], now=ago())
    told = fleet_text(view, lambda text, color: f"<{color} {text}>")
    for shown in ("<green 4 min>", "<red 5 h>", "<yellow 1 likely>", "<red 1 certain>"):
        assert shown in told


def test_where_only_the_latest_moment_of_a_sync_is_known_that_is_shown(
    tmp_path: Path, look: Any
) -> None:
    memory = an_instance(tmp_path / "a.db", ACME, (US, "Acme US"), (UK, "Acme UK"))
    none_since = Evidence(UK, Bound.NONE_SINCE, ago(hours=9), Source.OPERATOR, ago())
    with Store.open(memory.path) as store, store.immediate():
        store.evidence.add([none_since])
    assert "  unknown  " in look(memory.path).out
    memory.synced(US, ago(hours=2))
    assert "  ≥ 9 h  " in look(memory.path).out


def test_a_workspace_that_may_have_synced_later_is_said_to(tmp_path: Path, look: Any) -> None:
    memory = an_instance(tmp_path / "a.db", ACME, (US, "Acme US"), (UK, "Acme UK"))
    memory.synced(US, ago(hours=9))
    assert "  unknown  " in look(memory.path).out
    memory.synced(UK, ago(hours=30), read=ago(hours=29))
    assert "  ≤ 1 day 6 h  " in look(memory.path).out
    memory.synced(UK, ago(hours=30), read=ago())
    assert "  1 day 6 h  " in look(memory.path).out


def test_louder_every_workspace_is_named_with_how_its_last_sync_is_known(
    tmp_path: Path, look: Any
) -> None:
    memory = an_instance(tmp_path / "a.db", ACME, (US, "Acme US"), (UK, "Acme UK"))
    memory.synced(UK, ago(hours=9))
    assert "Acme UK" not in look(memory.path).out
    told = look("-v", memory.path).out
    assert "\n1234567_SB1\n  Acme US: nobody knows when Expensify last synced" in told
    assert "\n  Acme UK: last sync " in told
    assert "somebody read it on Expensify's accounting page" in told


def test_json_has_all_of_it(tmp_path: Path, look: Any) -> None:
    memory = an_instance(tmp_path / "a.db")
    endangered(memory, "R1")
    endangered(memory, "R2", sure=Certainty.LIKELY, currency="EUR", amount=Decimal("80.00"))
    told = look("--json", memory.path, tmp_path / "gone.db").json("fleet")
    gone, acme = told["databases"]
    assert gone == {
        "path": str(tmp_path / "gone.db"),
        "name": str(tmp_path / "gone.db"),
        "account": None,
        "code": 3,
        "error": gone["error"],
    }
    assert "is not there" in gone["error"]
    assert (acme["code"], acme["error"], acme["alerts"]) == (1, None, 1)
    assert acme["health"] == {
        "verdict": "healthy",
        "sentence": "healthy: the last good cycle began 4 min ago",
    }
    assert acme["risks"] == {"certain": 1, "likely": 1, "possible": 0}
    assert [one["policy_id"] for one in acme["workspaces"]] == [US]
    assert told["totals"] == {
        "databases": 2,
        "not_read": 1,
        "healthy": 1,
        "unhealthy": 0,
        "refused": 0,
        "alerts": 1,
        "risks": {"certain": 1, "likely": 1, "possible": 0},
        "amounts": [
            {"currency": "EUR", "amount": "80.00", "reports": 1},
            {"currency": "USD", "amount": "812.00", "reports": 1},
        ],
        "queued": 0,
        "dead": 0,
    }


def test_amounts_are_added_over_accounts_and_never_over_currencies(
    tmp_path: Path, look: Any
) -> None:
    endangered(an_instance(tmp_path / "a.db", ACME), "R1")
    endangered(an_instance(tmp_path / "b.db", GLOBEX), "R1")
    endangered(an_instance(tmp_path / "c.db", INITECH), "R1", currency="EUR")
    told = look(*(tmp_path / f"{one}.db" for one in "abc")).out
    assert "At risk: EUR 812.00 in 1 report; USD 1,624.00 in 2 reports." in told


def test_the_verdict_is_the_one_of_health(tmp_path: Path, look: Any) -> None:
    memory = an_instance(tmp_path / "a.db", minutes=50)
    said = look("--json", memory.path).json("fleet")["databases"][0]["health"]
    code = main(["--db", str(memory.path), "health", "--json"])
    assert (code, said["verdict"]) == (3, "unhealthy")


def test_a_source_that_fails_and_a_list_that_is_blind_are_named(tmp_path: Path, look: Any) -> None:
    memory = an_instance(tmp_path / "a.db", states={"class": ListState.BLIND})
    memory.failed("expensify", ago(minutes=2), "Expensify is\naway")
    told = look(memory.path).out
    assert f"{ACME}:  Expensify cannot be read, first noticed 2 min ago: Expensify is; away" in told
    assert f"{ACME}:  the list class is blind" in told


def test_what_the_verdict_says_already_is_said_once(tmp_path: Path, look: Any) -> None:
    memory = an_instance(tmp_path / "a.db", minutes=300)
    memory.failed("netsuite", ago(minutes=2), "gone")
    memory.failed("expensify", ago(minutes=2), "away")
    told = look(memory.path).out
    assert f"{ACME}:  not healthy: the last good cycle began 5 h ago, more than 45m; " in told
    said = [told.count(f"{one} cannot be read") for one in ("NetSuite", "Expensify")]
    assert said == [1, 1]


# Which they are


def test_two_databases_of_one_account_are_told_apart_by_their_paths(
    tmp_path: Path, look: Any
) -> None:
    one, other = tmp_path / "a.db", tmp_path / "b.db"
    for path in (one, other):
        an_instance(path, ACME)
    third = an_instance(tmp_path / "c.db", GLOBEX)
    told = look("--json", one, other, third.path)
    assert accounts(told) == [f"{ACME} ({one})", f"{ACME} ({other})", GLOBEX]


def test_no_path_steers_the_terminal(tmp_path: Path, look: Any) -> None:
    paths = [tmp_path / f"{one}\x1b[2J.db" for one in ("a", "b", "gone")]
    for path in paths[:2]:
        an_instance(path, ACME, minutes=300)
    told = look("-v", *paths)
    assert "\x1b" not in told.out
    # the row, why it is there, and its syncs
    assert told.out.count(f"{ACME} ({tmp_path}/a\ufffd[2J.db)") == 3


def test_a_folder_means_the_database_in_it_and_nothing_is_shown_twice(
    tmp_path: Path, look: Any
) -> None:
    memory = an_instance(tmp_path / "acme" / "monitor.db")
    (tmp_path / "link").symlink_to(tmp_path / "acme")
    told = look("--json", tmp_path / "acme", memory.path, tmp_path / "link")
    assert accounts(told) == [ACME]
    assert "nothing was read" in look(tmp_path).out


def test_the_worst_is_first_and_equals_stand_as_they_were_named(tmp_path: Path, look: Any) -> None:
    named = [an_instance(tmp_path / f"{n}.db", f"{n}") for n in range(4)]
    endangered(named[2], "R1")
    blind = an_instance(tmp_path / "blind.db", "blind", states={"class": ListState.BLIND})
    an_instance(tmp_path / "old.db", "old", minutes=300)
    (tmp_path / "noise.db").write_bytes(b"noise" * 1000)
    others = [tmp_path / f"{one}.db" for one in ("old", "gone", "noise")]
    told = look("--json", *(one.path for one in (*named, blind)), *others)
    assert accounts(told) == [
        *(str(tmp_path / "noise.db"), str(tmp_path / "gone.db")),
        *("OLD", "BLIND", "2", "0", "1", "3"),
    ]


# What cannot be read


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process writes, and does not come to an end."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("begin exclusive")
    yield
    db.close()


def older(path: Path) -> None:
    _changed(
        path,
        "delete from _sqlite_migrations where rowid = (select max(rowid) from _sqlite_migrations)",
    )


def newer(path: Path) -> None:
    _changed(path, "update _sqlite_migrations set name = 'of the future' where rowid = 1")


def foreign(path: Path) -> None:
    path.unlink()
    _changed(path, "create table poems (id integer)")


def unknown(path: Path) -> None:
    _changed(path, "update settings set body = '{\"a\": 1}'")


def without_end(path: Path) -> None:
    _changed(path, "update snapshot set taken_at = 9000000000000000000")


def too_deep(path: Path) -> None:
    _changed(path, f"update settings set body = '{'[' * 100_000}'")


def damaged(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))


def _letter(path: Path, key: str, state: str) -> None:
    _changed(
        path,
        "insert into outbox(key, reason, method, body, state, attempts, created_at, "
        f"next_attempt_at, error) values ('{key}', 'OPENED', 'POST', '', '{state}', 1, 0, 0, 'x')",
    )


def _changed(path: Path, statement: str) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute(statement)
    db.close()


@pytest.mark.parametrize(
    ("spoil", "code", "words"),
    [
        pytest.param(Path.unlink, 3, "is not there", id="missing"),
        pytest.param(lambda path: path.write_bytes(b""), 3, "is not there", id="empty"),
        pytest.param(
            lambda path: path.write_bytes(b"noise" * 999), 2, "not a database", id="noise"
        ),
        pytest.param(damaged, 2, "is damaged", id="damaged"),
        pytest.param(foreign, 2, "not a database of the monitor", id="of another program"),
        pytest.param(older, 2, "is older than this monitor", id="of an older version"),
        pytest.param(newer, 78, "was written by a newer monitor", id="of a newer version"),
        pytest.param(unknown, 2, "holds what cannot be read (KeyError", id="of another hand"),
        pytest.param(without_end, 2, "cannot be read (OverflowError", id="of no calendar"),
        pytest.param(too_deep, 2, "cannot be read (RecursionError", id="of no depth"),
    ],
)
def test_what_cannot_be_read_is_one_row_with_its_sentence(
    tmp_path: Path, look: Any, spoil: Any, code: int, words: str
) -> None:
    bad = an_instance(tmp_path / "bad.db", GLOBEX).path
    spoil(bad)
    good = an_instance(tmp_path / "good.db")
    told = look(good.path, bad)
    assert (told.code, told.err) == (code, "")
    row, _, _, well, _, totals = told.out.splitlines()
    assert row.startswith(f"not read  {bad} ") and words in row
    assert well.split()[:2] == [ACME, "healthy"]
    assert totals.startswith("2 databases: 1 not read, 1 healthy. ")


@pytest.mark.timeout(25)  # less than a writer is waited for elsewhere
def test_a_locked_database_is_not_waited_for_long(tmp_path: Path) -> None:
    held = an_instance(tmp_path / "held.db", GLOBEX).path
    good = an_instance(tmp_path / "good.db").path
    with locked(held):
        view = fleet_of([held, good], now=ago(), patience=timedelta(milliseconds=1))
    assert [one.path for one in view.instances] == [good]
    assert "is locked by another process" in view.unread[0].sentence
    assert view.exit_code(is_asked=False) == 2


def test_a_database_that_may_not_be_read_and_a_link_to_nowhere_are_rows_too(
    tmp_path: Path, look: Any
) -> None:
    bad, loop = an_instance(tmp_path / "bad.db").path, tmp_path / "loop.db"
    loop.symlink_to(loop)
    bad.chmod(0)
    tmp_path.chmod(0)
    rights = os.geteuid()
    try:
        if rights == 0:  # no permission stops the superuser
            os.seteuid(65534)
        told = look(bad, loop, tmp_path)
    finally:
        os.seteuid(rights)
        tmp_path.chmod(0o700)
    assert told.code == 2 and told.out.count("check") == 3
    assert told.out.splitlines()[-1].startswith("3 databases: 3 not read. ")


# How it ends


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        pytest.param("well", 0, id="all is well"),
        pytest.param("well hit", 1, id="risks"),
        pytest.param("hit refused", 4, id="Slack refuses: before risks"),
        pytest.param("refused hit old", 3, id="not healthy: before that"),
        pytest.param("blind hit", 3, id="a list is blind: what is at risk is not known"),
        pytest.param("old newer", 78, id="a newer version: before that"),
        pytest.param("newer noise", 2, id="not read: before all"),
        pytest.param("gone refused", 3, id="not there"),
    ],
)
def test_asked_for_its_code_it_ends_with_the_worst(
    tmp_path: Path, look: Any, kinds: str, code: int
) -> None:
    for number, kind in enumerate(kinds.split()):
        _of_kind(kind, tmp_path / f"{kind}.db", f"{number}")
    paths = [tmp_path / f"{kind}.db" for kind in kinds.split()]
    assert look("--exit-code", *paths).code == code
    is_read = {"newer", "noise", "gone"}.isdisjoint(kinds.split())
    assert look(*paths).code == (0 if is_read else code)


def _of_kind(kind: str, path: Path, account: str) -> None:
    states = {"class": ListState.BLIND} if kind == "blind" else None
    memory = an_instance(path, account, minutes=300 if kind == "old" else 4, states=states)
    if kind == "hit":
        endangered(memory, "R1")
    if kind == "refused":
        _letter(path, "k", "dead")
    spoil = {"newer": newer, "gone": Path.unlink, "noise": damaged}.get(kind)
    if spoil:
        spoil(path)


def test_without_a_database_or_with_the_option_of_one_it_says_what_to_write(look: Any) -> None:
    assert "Missing argument 'DB...'" in look().err
    told = look("--db", "a.db", "b.db")
    assert (told.code, told.out) == (2, "")
    assert told.err == "monitor: name every database behind `monitor fleet`, and leave --db out\n"


# What it leaves alone


def test_no_byte_of_any_database_and_no_file_beside_it_is_changed(
    tmp_path: Path, look: Any
) -> None:
    for name in ("well", "older", "newer", "unknown"):
        an_instance(tmp_path / f"{name}.db", name)
    older(tmp_path / "older.db")
    newer(tmp_path / "newer.db")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    look(*sorted(tmp_path.iterdir()), tmp_path / "gone.db")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_it_answers_beside_a_writer_with_what_was_committed(tmp_path: Path, look: Any) -> None:
    memory = an_instance(tmp_path / "a.db")
    before = look("--json", memory.path).json("fleet")["databases"]
    with Store.open(memory.path) as store, store.immediate():
        store.sources.failed("netsuite", ago(), "half said", is_permanent=False)
        assert look("--json", memory.path).json("fleet")["databases"] == before


def test_what_a_daemon_really_leaves_is_read(
    tmp_path: Path, look: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.tables.inactivate("class", MARKETING)
        story.world.slack.faults.always("invalid_auth")
        story.cycle()
    path = story.app.settings.database
    other = tmp_path / "copy.db"
    shutil.copy(path, other)
    view = fleet_of([path, other], now=story.clock.now())
    assert [(one.code, one.alerts, len(one.syncs)) for one in view.instances] == [(4, 1, 2)] * 2
    capsys.readouterr()
    told = look("--json", path, other).json("fleet")
    assert told["totals"]["dead"] == 2
    with Store.open(path, read_only=True) as store:
        tracked = store.alerts.tracked()
    assert told["databases"][0]["risks"]["certain"] == sum(
        one.risk.certainty is Certainty.CERTAIN and bool(one.risk.reports) for one in tracked
    )


def test_it_loads_nothing_that_the_view_does_not_need(tmp_path: Path) -> None:
    path = an_instance(tmp_path / "a.db").path
    code = (
        "import json, sys; from monitor.cli import main\n"
        f"main(['fleet', {str(path)!r}])\n"
        f"print(json.dumps(sorted({_HEAVY!r} & {{one.partition('.')[0] for one in sys.modules}})))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(ended.stdout.splitlines()[-1]) == []
