"""`monitor forget EMAIL`: a person goes from all that is stored, and what is counted stays."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.store import Store
from monitor.adapters.store.forgetting import forget, pseudonym_of
from monitor.adapters.store.given import packed, unpacked
from monitor.adapters.store.outbox import promise
from monitor.core.alerts import Endings, Letter, Method, Overlay, Reason, Sort, TrackedRisk
from monitor.core.alerts.values import RiskState
from monitor.core.employees import EmployeeFound
from monitor.core.message import Message, Tone
from monitor.core.notes import Note
from monitor.core.predict.usage import employee_ref
from monitor.core.predictions import Prediction
from monitor.core.records import Record, Ref
from monitor.core.risks import Cause, Certainty
from tests.adapters.store_memory import contents, in_memory, rows_of
from tests.adapters.test_store_recording import a_cycle
from tests.core.builders import a_report, a_risk, an_exposed_report
from tests.scenarios.asking import Run, ago, asking
from tests.scenarios.memory import US, Memory, a_class

ANA, DIANA = "ana@acme.example", "diana@acme.example"
PSEUDONYM = pseudonym_of(ANA)
NAME = "Ana Müller"
NOBODY = employee_ref(EmployeeFound(ANA))


def an_employee(record_id: str = "45", name: str = NAME, email: str = ANA, **more: Any) -> Record:
    return Record("employee", record_id, name, name, is_inactive=False, email=email, **more)


def remember(memory: Memory) -> None:
    """Everything that a cycle writes of a person."""
    risk = a_risk(an_exposed_report(submitter="Ana@Acme.example"), ref=NOBODY, changed_by=NAME)
    told = Message(Tone.AT_RISK, f"“{NAME}” ({ANA}).\n{NAME}: 1 report\n{ANA}")
    silence = Overlay(1, Sort.SNOOZE, ANA, f"{NAME} is away", ago(), None, None, risk.fingerprint)
    said = Prediction("R1", US, NOBODY, Cause.INACTIVE, Certainty.CERTAIN, None, ago(), None)
    cycle = a_cycle(ago(), risk, endings=Endings({risk.fingerprint: f"{NAME} left"}))
    memory.decided(TrackedRisk(risk, RiskState.OPEN, ago()))
    memory.waits(
        a_report("R1", name=f"{NAME}'s trip", submitter="Ana@Acme.example"),
        a_report("R2", name="Diana's trip", submitter=DIANA),
    )
    with Store.open(memory.path) as store, store.immediate():
        promise(store._db, [Letter("k", Reason.OPENED, Method.POST, None, told)], ago())
        store.notes.add([Note(Ref("class", "12"), ago(), NAME, "email", ANA, f"x{ANA}")])
        store.overlays.add(silence)
        store.outcomes.predict([said], ago())
        store.recording.keep(cycle.given, cycle.at, has_spoken=True)


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """Ana was called Ana Ames once; Diana and a class are called nearly like her."""
    memory = Memory(tmp_path / "monitor.db")
    others = (an_employee("46", "Diana Müller", DIANA), a_class("12", NAME))
    memory.reads(ago(days=2), an_employee(name="Ana Ames", other_names=("Ames, Ana",)), *others)
    memory.reads(ago(days=1), an_employee(), *others)
    remember(memory)
    return memory


@pytest.fixture
def monitor(memory: Memory, capsys: pytest.CaptureFixture[str]) -> Run:
    return asking(memory.path, capsys)


def stored(path: Path) -> list[tuple[str, str]]:
    """Every text with its table, also what is compressed."""
    return [
        (table, unpacked(value) if isinstance(value, bytes) else value)
        for table, rows in rows_of(path).items()
        for row in rows
        for value in row
        if isinstance(value, str | bytes)
    ]


def naming(path: Path, *words: str) -> list[tuple[str, str]]:
    return [
        (table, text)
        for table, text in stored(path)
        if any(word.casefold() in text.casefold() for word in words)
    ]


def test_nothing_that_is_stored_names_the_person_any_more(memory: Memory, monitor: Run) -> None:
    tables = {table for table, _ in naming(memory.path, ANA, NAME)}
    assert tables >= {"note", "outbox", "overlay", "recorded_fact", "report", "risk", "version"}
    counts = {table: len(rows) for table, rows in rows_of(memory.path).items()}
    assert monitor("forget", "  ANA@acme.example ").code == 0
    left = [text for _, text in naming(memory.path, ANA, NAME, "Ana Ames", "Ames, Ana", NOBODY.id)]
    kept = {NAME, f"Sales : {NAME}", f"x{ANA}"}  # a class is called so, and it is another address
    assert all(DIANA in text or text in kept or "Diana" in text for text in left)
    assert {table: len(rows) for table, rows in rows_of(memory.path).items()} == counts
    assert ANA.encode() not in memory.path.read_bytes().replace(DIANA.encode(), b"").replace(
        f"x{ANA}".encode(), b""
    )


def test_the_values_are_whole_and_the_pseudonym_joins_them(memory: Memory, monitor: Run) -> None:
    monitor("forget", ANA)
    nobody = employee_ref(EmployeeFound(PSEUDONYM))
    with Store.open(memory.path, read_only=True) as store:
        one, other = store.reports.pending()
        assert (one.name, one.submitter) == (f"{PSEUDONYM}'s trip", PSEUDONYM)
        assert (other.name, other.submitter) == ("Diana's trip", DIANA)
        (letter,) = store.outbox.undelivered()
        assert letter.letter.message.headline == (
            f"“{PSEUDONYM}” ({PSEUDONYM}).\n{PSEUDONYM}: 1 report\n{PSEUDONYM}"
        )
        (overlay,) = store.overlays.all()
        (tracked,) = store.alerts.tracked()
        assert overlay.fingerprint == tracked.risk.fingerprint == f"{US}/{nobody}"
        assert (overlay.author, overlay.reason) == (PSEUDONYM, f"{PSEUDONYM} is away")
        (said,) = store.outcomes.predictions(["R1"])["R1"]
        assert said.ref == nobody
        (cycle,) = store.recording.cycles(ago(days=1), ago())
        assert cycle.given.endings.by_fingerprint == {f"{US}/{nobody}": f"{PSEUDONYM} left"}
        records = {one.ref: one for one in store.records.at(2)}
        assert records[Ref("employee", "45")] == an_employee(name=PSEUDONYM, email=PSEUDONYM)
        assert records[Ref("employee", "46")].name == "Diana Müller"
        assert records[Ref("class", "12")].name == NAME
    assert monitor("db", "check").code == 0


def test_it_says_what_it_changed_and_what_it_does_not_reach(memory: Memory, monitor: Run) -> None:
    lines = monitor("forget", ANA).out.splitlines()
    assert lines[0] == f"Replaced {ANA} by {PSEUDONYM}, in rows of"
    assert {"  version: 2", "  report: 1", "  note: 1", "  outbox: 1"} < set(lines)
    assert lines[-2].startswith(
        "NetSuite still listed employee:45 at the last look; Expensify still showed R1: "
        "the next cycle reads the person again"
    )
    assert "Slack, backups, logs" in lines[-1]


def test_a_dry_run_says_the_same_and_changes_nothing(memory: Memory, monitor: Run) -> None:
    before = rows_of(memory.path)
    said = monitor("forget", ANA, "--dry-run").out
    assert rows_of(memory.path) == before
    assert sorted(said.replace("Would replace", "Replaced").splitlines()) == sorted(
        monitor("forget", ANA).out.splitlines()
    )


def test_to_forget_again_changes_nothing(memory: Memory, monitor: Run) -> None:
    monitor("forget", ANA)
    before = rows_of(memory.path)
    ended = monitor("forget", ANA)
    assert ended.code == 0 and ended.out.startswith(f"Nothing that is stored names {ANA}.")
    assert rows_of(memory.path) == before


def test_who_was_read_again_is_forgotten_again_by_the_same_pseudonym(
    memory: Memory, monitor: Run
) -> None:
    monitor("forget", ANA)
    memory.reads(ago(), an_employee(), an_employee("46", "Diana Müller", DIANA), a_class())
    assert "  version: 1" in monitor("forget", ANA).out.splitlines()
    with Store.open(memory.path, read_only=True) as store:
        again, _ = store.records.current(["employee"])
        assert again == an_employee(name=PSEUDONYM, email=PSEUDONYM)
        assert [one for one in store.changes.each(2, 3) if one.kind == "employee"] == []


def test_another_address_of_the_same_employee_is_told(memory: Memory, monitor: Run) -> None:
    memory.reads(ago(), an_employee(email="ana.m@acme.example"))
    assert "also had ana.m@acme.example: forget that, too" in monitor("forget", ANA).out


def test_a_name_that_netsuite_does_not_tell_can_be_said(memory: Memory, monitor: Run) -> None:
    with Store.open(memory.path) as store, store.immediate():
        store.notes.add([Note(Ref("class", "12"), ago(), "A. Müller (admin)", "f", "", "")])
    monitor("forget", ANA, "--name", "A. Müller")
    assert [row[4] for row in rows_of(memory.path)["note"]] == [PSEUDONYM, f"{PSEUDONYM} (admin)"]


@pytest.mark.parametrize("text", ["ana", "@acme.example", "ana@", "ana b@acme.example"])
def test_what_is_no_address_forgets_nobody(memory: Memory, monitor: Run, text: str) -> None:
    before = rows_of(memory.path)
    ended = monitor("forget", text)
    assert ended.code == 2 and "is no e-mail address" in ended.err
    assert rows_of(memory.path) == before


APART = st.text(st.sampled_from(" \n\t\"'\\,;:()<>“–é@"), max_size=3)


@given(APART, APART, st.booleans(), st.sampled_from([ANA, ANA.upper(), NAME, NAME.upper()]))
def test_in_whatever_json_it_stands_it_is_found(
    before: str, after: str, is_ascii: bool, written: str
) -> None:
    if written[:3].isupper() and is_ascii:
        written = written.title() if "@" not in written else written
    text = f"{before} {written} {after}".replace("é", "\u00e9 ")
    with in_memory() as store:
        store._db.execute(
            "insert into settings values (1, ?)",
            (json.dumps({"aliases": [text, text]}, ensure_ascii=is_ascii),),
        )
        forget(store._db, ANA, [NAME])
        ((_, body),) = contents(store._db)["settings"]
    (one, other) = json.loads(body)["aliases"]
    assert one == other == text.replace(written, PSEUDONYM)


@given(st.sampled_from(["x{}", "{}.org", "x.{}", "x+{}", "{}x", "-{}"]))
def test_another_persons_address_is_left_alone(form: str) -> None:
    with in_memory() as store:
        store._db.execute("insert into settings values (1, ?)", (form.format(ANA),))
        forget(store._db, ANA)
        assert contents(store._db)["settings"] == [(1, form.format(ANA))]


def columns_of(db: sqlite3.Connection) -> list[tuple[str, str, str, str]]:
    """Every column of every table: (table, column, type, what a row needs there)."""
    return [
        (table, row[1], row[2], row[2] if row[3] else "")
        for (table,) in db.execute("select name from sqlite_schema where type = 'table'")
        if not table.startswith("_")
        for row in db.execute(f'select * from pragma_table_info("{table}")')
    ]


def test_wherever_a_person_may_stand_no_column_and_no_page_names_them_afterwards(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every text that the schema has, also one that a later version adds."""
    path = tmp_path / "monitor.db"
    with Store.open(path):
        pass
    said = f"{NAME} <{ANA}>"
    harmless = {"INTEGER": 1, "REAL": 1.0, "TEXT": "x", "BLOB": packed('"x"'), "ANY": "x"}
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("pragma ignore_check_constraints = on")
        db.execute("pragma foreign_keys = off")
        columns = columns_of(db)
        texts = [one for one in columns if one[2] in ("TEXT", "BLOB")]
        for number, (table, column, kind, _) in enumerate(texts):
            row = {name: harmless[need] for of, name, _, need in columns if of == table and need}
            for of, name, sort, _ in columns:
                if of == table and sort == "INTEGER":
                    row[name] = 1_000 + number
            row[column] = packed(json.dumps(said)) if kind == "BLOB" else said
            names = ", ".join(f'"{name}"' for name in row)
            slots = ", ".join("?" * len(row))
            db.execute(
                f"insert or replace into {table} ({names}) values ({slots})", [*row.values()]
            )
    assert len({table for table, _ in naming(path, ANA)}) >= 20
    assert asking(path, capsys)("forget", ANA, "--name", NAME).code == 0
    shared = {"version", "offered_value", "list_reading"}  # a class may be called so
    assert naming(path, ANA) == []
    assert {table for table, _ in naming(path, NAME)} <= shared
    assert ANA.encode() not in path.read_bytes()
