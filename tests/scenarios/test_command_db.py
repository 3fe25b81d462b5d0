"""`monitor db`: how big it is, whether it is sound, and what it gives up."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.adapters.store import Store
from monitor.adapters.store.outbox import Standing, promise
from monitor.adapters.store.pruning import GivenUp, prunable, prune
from monitor.core.alerts import Letter, Method, Reason
from monitor.core.message import Message, Tone
from monitor.core.predictions import Prediction
from monitor.core.recorded import Given, RecordedCycle
from monitor.core.records import Ref
from monitor.core.risks import Cause, Certainty
from tests.adapters.store_memory import contents, rows_of
from tests.adapters.test_store_recording import a_cycle, of_class
from tests.core.builders import a_report
from tests.scenarios.asking import Run, ago, asking
from tests.scenarios.memory import US, Memory, a_class

LONG_AGO, LATELY = timedelta(days=900), timedelta(days=100)


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    memory = Memory(tmp_path / "monitor.db")
    for days in (900, 899, 1):
        memory.reads(ago(days=days), a_class(name=f"Marketing {days}"), a_class("13", "Travel"))
    return memory


@pytest.fixture
def monitor(memory: Memory, capsys: pytest.CaptureFixture[str]) -> Run:
    return asking(memory.path, capsys)


def changed(path: Path, *statements: str) -> None:
    """Somebody else wrote into the file."""
    db = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        db.execute(statement)
    db.close()


def test_stats_tell_rows_bytes_and_the_oldest_of_each_table(monitor: Run, memory: Memory) -> None:
    said = monitor("db", "stats", "--json").json("db-stats")
    assert {one["name"]: one["rows"] for one in said["tables"]} == {
        name: len(rows) for name, rows in rows_of(memory.path).items()
    }
    assert said["bytes"] == memory.path.stat().st_size
    assert sum(one["bytes"] for one in said["tables"]) <= said["bytes"]
    assert all(one["bytes"] > 0 for one in said["tables"])
    begun = ago(days=900).date().isoformat()
    assert said["oldest_at"].startswith(begun)
    assert f"the oldest is of {begun}" in monitor("db", "stats").out


def test_a_sound_database_is_called_sound(monitor: Run, memory: Memory) -> None:
    ended = monitor("db", "check")
    assert (ended.code, ended.out, ended.err) == (0, f"{memory.path} is sound.\n", "")


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        pytest.param(
            ("drop index version_open", f"update version set vto = {2**63 - 1}"),
            "record class:12 has several versions that hold",
            id="two open versions of a record",
        ),
        pytest.param(
            ("update version set vto = 3 where vto = 2",),
            "record class:12 has two versions at one time",
            id="two versions at one time",
        ),
        pytest.param(
            ("update version set vto = 1 where vto = 2",),
            "record class:12 has a version that ends before it begins",
            id="a version that never was",
        ),
        pytest.param(
            ("insert into risk values ('f', 1, 'open', 77, null, '', '{}')",),
            "a row of risk refers to a row of alert that is not there",
            id="a reference to nothing",
        ),
        pytest.param(
            (
                "insert into expensify_reading values (1, 1), (2, 2)",
                "insert into report(report_id, first, last, policy_id, body) "
                "values ('R1', 2, 1, '', '')",
            ),
            "report R1 ends before it begins",
            id="a report that ends before it begins",
        ),
        pytest.param(
            (
                "drop index report_open",
                "insert into expensify_reading values (1, 1), (2, 2)",
                "insert into report(report_id, first, policy_id, body) "
                "values ('R1', 1, '', ''), ('R1', 2, '', '')",
            ),
            "report R1 is pending several times",
            id="a report that is pending twice",
        ),
        pytest.param(
            (
                "insert into prediction(report_id, fingerprint, since, policy_id, kind, record, "
                "cause, certainty) values ('R1', 'f', 1, '', '', '', '', ''), "
                "('R1', 'f', 2, '', '', '', '', '')",
            ),
            "of report R1 the same is predicted several times: f",
            id="one prediction twice",
        ),
        pytest.param(
            (
                "drop index recorded_fact_open",
                "insert into recorded_run values (1, 1, 1, 1, ''), (2, 2, 2, 1, '')",
                "insert into recorded_fact(sort, name, rfrom, body) "
                "values ('risk', 'f', 1, x'00'), ('risk', 'f', 2, x'00')",
            ),
            "the recording holds risk 'f' several times",
            id="one recorded fact twice",
        ),
        pytest.param(
            (
                "insert into outbox(key, reason, method, body, state, attempts, created_at, "
                "next_attempt_at, error) values ('k', '', '', '', 'lost', 0, 0, 0, '')",
            ),
            "letter 1 of the outbox is in no known state: lost",
            id="a letter in no state",
        ),
    ],
)
def test_what_is_broken_is_named_with_what_to_do(
    monitor: Run, memory: Memory, statements: tuple[str, ...], words: str
) -> None:
    changed(memory.path, *statements)
    ended = monitor("db", "check")
    assert ended.code == 2 and words in ended.err
    assert "restore the newest backup" in ended.err


def test_a_file_of_noise_is_no_sound_database(monitor: Run, memory: Memory) -> None:
    memory.path.write_bytes(b"noise" * 1000)
    ended = monitor("db", "check")
    assert ended.code == 2 and "name another file" in ended.err


def remember(store: Store, number: int, at: datetime, *, is_over: bool) -> None:
    """One report, its prediction and the alert of it, as cycles leave them."""
    name, ref = f"R{number}", Ref("class", str(number))
    said = Prediction(name, US, ref, Cause.INACTIVE, Certainty.CERTAIN, "NS0831", at, None)
    letter = Letter(
        f"key {number}", Reason.OPENED, Method.POST, number, Message(Tone.AT_RISK, "told")
    )
    with store.immediate():
        reading = store.reports.new_reading(at)
        store.reports.record(reading, [a_report(name)], {})
        store.outcomes.predict([*_standing(store), said], at)
        store._db.execute(
            "insert into alert(id, policy_id, opened_at, closed_at, shown) values (?, ?, ?, ?, '')",
            (number, US, _ms(at), _ms(at) if is_over else None),
        )
        tell(store, letter, at)
        if is_over:
            reading = store.reports.new_reading(at)
            store.reports.record(reading, [], {name: "was exported"})
            store.outcomes.predict(_standing(store, besides=name), at + timedelta(minutes=1))


def tell(store: Store, letter: Letter, at: datetime) -> None:
    promise(store._db, [letter], at)
    row = store.outbox.undelivered()[-1].row
    store.outbox.sent(row, at, Standing("C1", str(row)), method=letter.method)


def _standing(store: Store, besides: str = "") -> list[Prediction]:
    ids = [row[0] for row in store._db.execute("select report_id from prediction")]
    every = store.outcomes.predictions(ids).values()
    return [one for some in every for one in some if one.until is None and one.report_id != besides]


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


@pytest.fixture
def lived(memory: Memory) -> Memory:
    """1: over long ago; 2: open since long ago, and changed then; 3: over lately."""
    with Store.open(memory.path) as store:
        remember(store, 1, ago() - LONG_AGO, is_over=True)
        remember(store, 2, ago() - LONG_AGO, is_over=False)
        with store.immediate():
            reading = store.reports.new_reading(ago() - LONG_AGO)
            store.reports.record(reading, [a_report("R2", name="Another name")], {})
        remember(store, 3, ago() - LATELY, is_over=True)
    return memory


def names(path: Path) -> dict[str, list[str]]:
    """Which of the three are still known, by table."""
    queries = {
        "report": "select report_id from report order by 1",
        "prediction": "select report_id from prediction order by 1",
        "outbox": "select key from outbox order by 1",
        "alert": "select id from alert order by 1",
    }
    db = sqlite3.connect(path)
    found = {table: [row[0] for row in db.execute(query)] for table, query in queries.items()}
    db.close()
    return found


def test_pruning_gives_up_what_ended_long_ago_and_no_version(lived: Memory, monitor: Run) -> None:
    before = rows_of(lived.path)
    ended = monitor("db", "prune")
    assert ended.code == 0
    assert ended.out.splitlines() == [
        "Removed 1 versions of reports that left.",
        "Removed 1 letters of alerts that are over.",
        "Removed 1 predictions that ended.",
    ]
    assert names(lived.path) == {
        "report": ["R2", "R2", "R3"],
        "prediction": ["R2", "R3"],
        "outbox": ["key 2", "key 3"],
        "alert": [1, 2, 3],
    }
    after = rows_of(lived.path)
    given_up = {"report", "prediction", "outbox"}
    assert {name for name in after if after[name] != before[name]} == given_up
    assert monitor("db", "check").code == 0
    assert monitor("db", "prune").out == "Nothing is old enough to be removed.\n"


def test_a_dry_run_says_the_same_and_removes_nothing(lived: Memory, monitor: Run) -> None:
    before = rows_of(lived.path)
    said = monitor("db", "prune", "--dry-run", "--compact").out
    assert rows_of(lived.path) == before
    assert said.replace("Would remove", "Removed") == monitor("db", "prune").out


def test_only_compacting_makes_the_file_smaller(memory: Memory, monitor: Run) -> None:
    changed(memory.path, "create table heap(x)", "insert into heap values (zeroblob(400000))")
    changed(memory.path, "drop table heap")
    size = memory.path.stat().st_size
    assert monitor("db", "prune").code == 0 and memory.path.stat().st_size == size
    assert monitor("db", "prune", "--compact").code == 0
    assert memory.path.stat().st_size < size - 390_000


def test_what_repeats_goes_and_its_first_and_newest_stay(memory: Memory, monitor: Run) -> None:
    columns = "insert into evidence(policy_id, bound, moment, source, observed_at, note) values"
    rows = ", ".join(f"('P', 'EXACT', 1, 'OPERATOR', {at}, '')" for at in (1, 2, 3, 4))
    changed(memory.path, f"{columns} {rows}", "insert into settings select * from settings")
    ended = monitor("db", "prune")
    assert ended.out == "Removed 1 repeated settings.\nRemoved 2 repeated evidence.\n"
    kept = [row[5] for row in rows_of(memory.path)["evidence"]]
    assert kept == [1, 4]


def recorded(days: list[int], path: Path) -> list[RecordedCycle]:
    cycles = [a_cycle(ago(days=day), of_class(1), of_class(day)) for day in days]
    with Store.open(path) as store:
        for cycle in cycles:
            with store.immediate():
                store.recording.keep(cycle.given, cycle.at, has_spoken=True)
    return cycles


def test_a_recording_is_cut_and_what_is_left_of_it_is_replayed_as_before(memory: Memory) -> None:
    recorded([900, 850, 10, 5], memory.path)

    def whole(store: Store) -> dict[datetime, Given]:
        found = store.recording.cycles(ago(days=2000), ago())
        return {one.at: one.given for one in found}

    with Store.open(memory.path) as store:
        before = whole(store)
        cut = ago(days=730)
        said = prunable(store._db, cut)
        with store.immediate():
            assert prune(store._db, cut) == said
        assert GivenUp("recorded runs", 2) in said
        assert whole(store) == {at: given for at, given in before.items() if at >= cut}


def test_of_a_recording_that_is_all_old_the_last_run_stays(memory: Memory) -> None:
    recorded([900, 850], memory.path)
    with Store.open(memory.path) as store, store.immediate():
        prune(store._db, ago(days=730))
        (last,) = contents(store._db)["recorded_run"]
        assert last[0] == 2


@pytest.mark.parametrize(
    ("length", "words"),
    [("1d", "at least 30d"), ("0y", "write a length"), ("long", "write a length")],
)
def test_a_length_that_makes_no_sense_removes_nothing(
    lived: Memory, monitor: Run, length: str, words: str
) -> None:
    before = rows_of(lived.path)
    ended = monitor("db", "prune", "--keep", length)
    assert ended.code == 2 and words in ended.err
    assert rows_of(lived.path) == before


def test_a_shorter_length_gives_up_more(lived: Memory, monitor: Run) -> None:
    assert monitor("db", "prune", "--keep", "90d").code == 0
    assert names(lived.path)["report"] == ["R2", "R2"]


def test_a_prediction_that_ended_lately_stays_however_old_it_is(memory: Memory) -> None:
    old = Prediction(
        "R9", US, Ref("class", "12"), Cause.INACTIVE, Certainty.CERTAIN, None, ago(), None
    )
    with Store.open(memory.path) as store, store.immediate():
        store.outcomes.predict([old], ago() - LONG_AGO)
        store.outcomes.predict([], ago() - LATELY)
        assert GivenUp("predictions that ended", 0) in prune(store._db, ago(days=730))
        assert GivenUp("predictions that ended", 1) in prune(store._db, ago(days=90))
