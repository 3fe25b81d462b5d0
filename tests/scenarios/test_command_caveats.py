"""What is not predicted, in `risks` and `status`; and employees without any report."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.adapters.store import Store
from monitor.cli import main
from monitor.core.records import Kind, ListState, Record, Ref
from monitor.core.refutations import Refutation
from monitor.core.reports import Route
from monitor.core.risks import Cause
from tests.core.builders import a_line, a_report, a_subsidiary
from tests.scenarios.asking import Run, ago, asking
from tests.scenarios.memory import UK, US, Memory, a_class
from tests.scenarios.story import a_story

CODING = {"class": "tag:1", "department": "employee_default"}
TRAVEL = Record("department", "3", "Travel", "Travel", True, subsidiary_ids=("1",))
OFFICE = TRAVEL._replace(id="4", name="Office", full_name="Office", is_inactive=False)


def an_employee(record_id: str, name: str, department: str | None, **fields: Any) -> Record:
    """An employee of subsidiary 1."""
    return Record(
        **{
            "kind": "employee",
            "id": record_id,
            "name": name,
            "full_name": name,
            "is_inactive": False,
            "email": f"{name.lower()}@acme.example",
            "department_id": department,
            "subsidiary_id": "1",
            **fields,
        }
    )


PEOPLE = (
    an_employee("501", "Ana", "3"),
    an_employee("502", "Bo", "3"),
    an_employee("503", "Cem", "4"),
    an_employee("504", "Dee", "3", is_inactive=True),
    an_employee("505", "Eli", "3", subsidiary_id="2"),
    an_employee("506", "Fay", None),
)
EVERYTHING = (a_subsidiary("1"), a_class(), TRAVEL, OFFICE, *PEOPLE)


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """A department is inactive; two usable employees of the workspace have it as their default."""
    memory = Memory(tmp_path / "monitor.db", (US, "Acme US"), coding=CODING)
    memory.reads(ago(minutes=5), *EVERYTHING)
    memory.waits(a_report("R1", a_line("Sales : Marketing"), submitter="Ana@acme.example"))
    return memory


@pytest.fixture
def monitor(memory: Memory, capsys: pytest.CaptureFixture[str]) -> Run:
    return asking(memory.path, capsys)


def test_employees_whose_default_would_fail_are_told_without_any_report(monitor: Run) -> None:
    answer = monitor("risks", "--employees", "--json").json("risks")
    default = {"kind": "department", "id": "3", "full_name": "Travel"}
    assert answer["employees"] == [
        {
            "workspace": "Acme US",
            "policy_id": US,
            "employee": {"id": record_id, "name": name},
            "default": default,
            "cause": "inactive",
            "certainty": "certain",
            "has_pending_report": is_pending,
        }
        for record_id, name, is_pending in (("501", "Ana", True), ("502", "Bo", False))
    ]


def test_text_tells_them_below_the_risks(monitor: Run) -> None:
    assert monitor("risks", "--employees").out.splitlines() == [
        "Employees whose next report would fail by a default:",
        "  Acme US  employee:501 Ana  department “Travel” is inactive in NetSuite  will fail  "
        "has a pending report",
        "  Acme US  employee:502 Bo   department “Travel” is inactive in NetSuite  will fail",
    ]


def test_they_are_looked_for_only_when_asked(monitor: Run) -> None:
    assert monitor("risks", "--json").json("risks")["employees"] is None
    assert monitor("risks", "--exit-code").code == 0
    assert monitor("risks", "--employees", "--exit-code").code == 1


def test_where_every_default_is_fine_that_is_said(memory: Memory, monitor: Run) -> None:
    active = TRAVEL._replace(is_inactive=False)
    memory.reads(ago(minutes=1), *(r for r in EVERYTHING if r != TRAVEL), active)
    ended = monitor("risks", "--employees")
    assert (ended.code, ended.out) == (0, "")
    assert "No employee's default would be refused" in ended.err


def test_another_workspaces_employees_are_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memory = Memory(tmp_path / "two.db", (US, "Acme US"), (UK, "Acme UK"), coding=CODING)
    memory.reads(ago(minutes=5), *EVERYTHING)
    answer = asking(memory.path, capsys)("risks", "--employees", "--json", "--workspace", "Acme UK")
    assert {one["policy_id"] for one in answer.json("risks")["employees"]} == {UK}


@pytest.mark.parametrize(
    ("kind", "state", "causes"),
    [
        pytest.param(
            Kind.CLASS,
            ListState.OFF,
            [
                "deleted",
                "inactive",
                "outside_subsidiary",
                "employee_default_broken",
                "edited_since_sync",
                "parent_inactive",
            ],
            id="a coded list: its own rules",
        ),
        pytest.param(
            Kind.SUBSIDIARY,
            ListState.OFF,
            ["outside_subsidiary"],
            id="the subsidiaries: who may use what",
        ),
        pytest.param(
            Kind.EMPLOYEE,
            ListState.BLIND,
            [
                "employee_default_broken",
                "employee_unusable",
                "employee_default_empty",
                "employee_edited_since_sync",
                "employee_rule_stale",
            ],
            id="the employees: whatever is about submitters",
        ),
    ],
)
def test_a_list_that_cannot_be_read_names_the_rules_that_are_off(
    memory: Memory, monitor: Run, kind: str, state: ListState, causes: list[str]
) -> None:
    memory.reads(ago(minutes=1), *EVERYTHING, states={kind: state})
    (off,) = monitor("risks", "--json").json("risks")["rules_off"]
    assert (off["list"], off["causes"]) == (kind, causes)
    assert monitor("status", "--json").json("status")["rules_off"] == [off]
    text = monitor("status").out
    assert f"Not predicted\n  rules that are off ({', '.join(causes)}): the list {kind} " in text
    is_told_as_a_doubt = f"the list {kind} is blind" in monitor("risks").err
    is_told_as_off = f"Rules that are off ({', '.join(causes)})" in monitor("risks").err
    assert is_told_as_off is not is_told_as_a_doubt


def test_columns_that_the_role_is_not_shown_turn_off_the_rules_that_rest_on_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_story(tmp_path) as story:
        suiteql = story.world.netsuite.suiteql
        suiteql.hidden_columns["job", "limittimetoassignees"] = "identifier"
        suiteql.hidden_columns["job", "allowexpenses"] = "identifier"
        suiteql.hidden_tables.add("jobresources")
        story.cycle()
        monitor = asking(story.app.settings.database, capsys)
        capsys.readouterr()
        sentences = {
            "project_closed_to_expenses": "NetSuite shows the role no allowexpenses of project "
            "records",
            "not_a_resource": "NetSuite shows the role no limittimetoassignees and no jobresources "
            "of project records",
        }
        status = monitor("status", "--json").json("status")
        assert status["rules_off"] == [
            {"list": "project", "causes": [cause], "sentence": sentence}
            for cause, sentence in sentences.items()
        ]
        assert monitor("risks", "--json").json("risks")["rules_off"] == status["rules_off"]
        assert main(["--config", str(story.config), "check", "--offline"]) == 0
    told = capsys.readouterr().out
    for cause, sentence in sentences.items():
        assert f"rules that are off ({cause}): {sentence}" in told


def test_a_list_that_nobody_keeps_turns_no_rule_off(memory: Memory, monitor: Run) -> None:
    memory.reads(ago(minutes=1), *EVERYTHING, states={Kind.LOCATION: ListState.OFF})
    assert monitor("risks", "--json").json("risks")["rules_off"] == []


def test_where_all_is_well_nothing_is_asked(monitor: Run) -> None:
    answer = monitor("status", "--json").json("status")
    for key in ("rules_off", "capped_rules", "set_up_questions"):
        assert answer[key] == []
    assert "Not predicted" not in monitor("status").out


def refuted(memory: Memory, *moments: datetime) -> None:
    """Reports that exported although the class was inactive."""
    with Store.open(memory.path) as store, store.immediate():
        store.lessons.add(
            Refutation(Cause.INACTIVE, Ref("class", "12"), "1", Route.EXPENSE_REPORT, f"R{n}", at)
            for n, at in enumerate(moments)
        )


def test_a_rule_that_two_exports_refuted_is_capped(memory: Memory, monitor: Run) -> None:
    refuted(memory, ago(hours=3))
    assert monitor("status", "--json").json("status")["capped_rules"] == []
    refuted(memory, ago(hours=3), ago(hours=2))
    (cap,) = monitor("status", "--json").json("status")["capped_rules"]
    assert (cap["cause"], cap["reports"]) == ("inactive", ["R0", "R1"])
    assert "rule inactive: only possible since reports R0, R1 exported" in monitor("status").out
