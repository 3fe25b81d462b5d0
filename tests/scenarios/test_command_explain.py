"""`monitor explain`, through the real command, over what cycles recorded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from monitor.answers.explained import explain
from monitor.answers.known import known
from monitor.cli.output.words import local
from monitor.core.alerts import Alert, Reason, RiskState, TrackedRisk
from monitor.core.records import ListState
from monitor.core.reports import ReportLine
from tests.core.builders import a_line, a_report, a_risk, a_subsidiary
from tests.scenarios.asking import Run, ago, asking
from tests.scenarios.memory import UK, US, Memory, a_class
from tests.scenarios.story import a_story

_ROOT = Path(__file__).parents[2]
EVERYTHING = (a_subsidiary("1"), a_class("7", "Field"), a_class("30", "Old", is_inactive=True))


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """A class that was inactivated after the last sync; one report of two uses it."""
    memory = Memory(tmp_path / "monitor.db", (US, "Acme US"), (UK, "Acme UK"))
    memory.reads(ago(hours=2), a_class(), *EVERYTHING)
    memory.synced(US, ago(hours=1), read=ago(minutes=1))
    memory.reads(ago(minutes=30), a_class(), *EVERYTHING)
    memory.reads(ago(minutes=5), a_class(is_inactive=True), *EVERYTHING)
    memory.waits(a_report("R1"), a_report("R2", a_line("Sales : Field")))
    return memory


@pytest.fixture
def monitor(memory: Memory, capsys: pytest.CaptureFixture[str]) -> Run:
    return asking(memory.path, capsys)


def case_of(monitor: Run, asked: str, *options: str) -> dict[str, Any]:
    """The only case there is."""
    (case,) = monitor("explain", asked, "--json", *options).json("explain")["cases"]
    assert isinstance(case, dict)
    return case


def states(case: dict[str, Any]) -> dict[str, str]:
    return {rule["cause"]: rule["state"] for rule in case["rules"]}


def test_every_link_of_the_chain_is_told(monitor: Run) -> None:
    case = case_of(monitor, f"{US}/class:12")
    assert (case["id"], case["workspace"]) == (f"{US}/class:12", "Acme US")
    assert case["matches"] == [
        {
            "place": "tag:1",
            "text": "Sales : Marketing",
            "basis": "full_path",
            "lines": 1,
            "reports": ["R1"],
        }
    ]
    assert (case["risk"]["cause"], case["risk"]["certainty"]) == ("inactive", "certain")
    assert case["risk"]["totals"] == [
        {"currency": "USD", "amount": "812.00", "reports": 1, "submitters": 1}
    ]
    assert case["import"]["imported"] == "no"
    assert case["import"]["source"] == "operator"
    assert (case["change"]["change"], case["counted_from"]["id"]) == ("inactivated", 1)
    assert [row["source"] for row in case["last_sync"]["evidence"]] == ["operator"]
    assert case["risk"]["remedy"]["code"] == "sync_and_recode"
    assert case["resolves_when"] == [
        "it is active in NetSuite",
        "no pending report uses it any more: recoded, exported or deleted",
    ]


def test_every_rule_says_whether_it_fired_and_why(monitor: Run) -> None:
    case = case_of(monitor, f"{US}/class:12")
    assert states(case) == {
        "deleted": "not_fired",
        "inactive": "fired",
        "outside_subsidiary": "not_fired",
        "employee_default_broken": "not_fired",
        "edited_since_sync": "not_fired",
        "parent_inactive": "not_fired",
    }
    by_cause = {rule["cause"]: rule for rule in case["rules"]}
    assert by_cause["inactive"]["reports"] == ["R1"]
    assert by_cause["deleted"]["why"] == "it exists in NetSuite"


def test_what_no_rule_knows_is_named(monitor: Run) -> None:
    answer = monitor("explain", "class:12", "--json").json("explain")
    assert "closed accounting periods" in answer["not_modelled"]
    assert "Known and not modelled: " in monitor("explain", "class:12").out


def test_a_record_is_explained_for_every_workspace_the_surest_first(monitor: Run) -> None:
    answer = monitor("explain", "class:12", "--json").json("explain")
    assert [case["workspace"] for case in answer["cases"]] == ["Acme US", "Acme UK"]
    assert case_of(monitor, "class:12", "--workspace", "Acme UK")["policy_id"] == UK


def test_a_workspace_is_named_as_people_call_it(monitor: Run) -> None:
    assert case_of(monitor, "acme us/class:12")["policy_id"] == US
    assert case_of(monitor, "Acme UK/class:12")["policy_id"] == UK


def test_a_report_is_explained_by_all_that_it_uses(monitor: Run) -> None:
    assert case_of(monitor, "R1")["record"]["id"] == "12"
    harmless = case_of(monitor, "R2")
    assert (harmless["record"]["id"], harmless["risk"], harmless["resolves_when"]) == (
        "7",
        None,
        [],
    )
    assert "Nothing speaks against it." in monitor("explain", "R2").out


def test_what_would_fail_comes_before_what_is_harmless(memory: Memory, monitor: Run) -> None:
    memory.reads(ago(minutes=1), a_class(is_inactive=True), a_class("100", "Garden"), *EVERYTHING)
    memory.waits(a_report("R5", a_line("Sales : Garden"), a_line("Sales : Marketing")))
    answer = monitor("explain", "R5", "--json").json("explain")
    told = [
        (case["record"]["full_name"], (case["risk"] or {}).get("cause")) for case in answer["cases"]
    ]
    assert told == [
        ("Sales : Marketing", "inactive"),
        ("Sales : Garden", "new_not_imported"),
        ("Sales : Garden", None),
    ]


def test_an_employee_is_explained_for_the_workspaces_of_their_subsidiary(tmp_path: Path) -> None:
    with a_story(tmp_path) as story:
        story.at("08:15").cycle()
        with known(story.app.settings.database) as database:
            told = explain(database, "employee:504", None, now=story.clock.now())
    assert [case.workspace.name for case in told.cases] == ["Acme UK"]


def test_a_report_that_uses_nothing_watched_says_so(memory: Memory, monitor: Run) -> None:
    memory.waits(a_report("R3", ReportLine("l1")))
    ended = monitor("explain", "R3")
    assert (ended.code, ended.out.splitlines()) == (
        0,
        [
            "R3 “Trip to Boston” of ana@acme.example: USD 812.00, approved",
            "  R3 would export, as far as the monitor can see.",
        ],
    )
    assert ended.err == "The report uses nothing that the monitor watches.\n"


def test_a_record_that_nobody_uses_is_refused_only_for_whoever_would(monitor: Run) -> None:
    text = monitor("explain", "class:30", "--workspace", "Acme US").out
    assert "No pending report uses it; one that did would be refused." in text


def test_a_report_begins_with_what_it_is_and_whether_it_would_export(monitor: Run) -> None:
    assert monitor("explain", "R1").out.splitlines()[:3] == [
        "R1 “Trip to Boston” of ana@acme.example: USD 812.00, approved",
        "  R1 will fail with NS0831: class “Sales : Marketing” is inactive in NetSuite.",
        "",
    ]
    assert "  R2 would export, as far as the monitor can see.\n\n" in monitor("explain", "R2").out


def test_a_risk_without_reports_neither_fails_nor_is_recoded(memory: Memory, monitor: Run) -> None:
    memory.left("R1", "was exported to NetSuite")
    text = monitor("explain", f"{US}/class:12").out
    assert (
        "It is inactive in NetSuite: would fail with NS0831 if a report used it; "
        "no pending report does"
    ) in text
    assert "What to do for new expenses\n    1. Code new expenses to another class." in text
    assert "ecode the lines" not in text and "No pending report uses it" not in text


@pytest.mark.parametrize(
    ("ended", "said"),
    [
        pytest.param("it is active again", "resolved on {at} because it is active again.", id="so"),
        pytest.param("", "resolved on {at}.", id="nobody knows why"),
        pytest.param(
            Reason.UNCERTAIN.value,
            f"closed on {{at}}: {Reason.UNCERTAIN.value}.",
            id="what stayed unknown is never called resolved",
        ),
    ],
)
def test_a_past_alert_says_when_and_why_it_ended(
    memory: Memory, monitor: Run, ended: str, said: str
) -> None:
    over = ago(minutes=3)
    risk = TrackedRisk(a_risk(policy_id=US), RiskState.RESOLVED, ago(hours=1), 4, over, ended)
    memory.decided(risk, alerts=[Alert(4, US, ago(hours=1), over)])
    memory.left("R1", "was exported to NetSuite")
    text = monitor("explain", f"{US}/class:12").out
    assert f"Alert 4 told of it; it was {said.format(at=local(over, 'America/New_York'))}" in text


def test_a_former_name_is_told_as_the_basis(memory: Memory, monitor: Run) -> None:
    memory.reads(ago(minutes=1), a_class(name="Brand"), *EVERYTHING)
    (match,) = case_of(monitor, f"{US}/class:12")["matches"]
    assert (match["text"], match["basis"]) == ("Sales : Marketing", "former_name")


def test_a_text_that_matches_nothing_is_explained_through_its_report(
    memory: Memory, monitor: Run
) -> None:
    memory.waits(a_report("R4", a_line("Nowhere")))
    case = case_of(monitor, "R4")
    assert (case["record"]["kind"], case["record"]["full_name"]) == ("text", "Nowhere")
    assert case["matches"][0]["basis"] == "none"
    assert case_of(monitor, case["id"])["record"] == case["record"]


def test_rules_of_a_list_that_cannot_be_read_are_off(memory: Memory, monitor: Run) -> None:
    memory.reads(ago(minutes=1), *EVERYTHING, states={"class": ListState.BLIND})
    ended = monitor("explain", "class:12", "--workspace", "Acme US", "--json")
    (case,) = ended.json("explain")["cases"]
    assert set(states(case).values()) == {"off"}
    assert "cannot be read now" in case["rules"][0]["why"]
    assert "the list class is blind" in ended.err


def test_text_goes_from_what_was_seen_to_what_would_end_it(monitor: Run) -> None:
    text = monitor("explain", f"{US}/class:12").out
    told = [
        "Acme US: class:12 “Sales : Marketing”",
        "It is inactive in NetSuite: will fail with NS0831; USD 812.00 in 1 report of 1 person",
        "Rests on snapshot @3 of ",
        "tag:1  “Sales : Marketing”  by its full path  1 line  R1",
        "fired      inactive",
        "Expensify has not imported it: the last known sync was before it",
        "What to do: Recode the lines",
        "It is resolved when",
        "it is active in NetSuite",
        "Last sync",
    ]
    places = [text.find(sentence) for sentence in told]
    assert -1 not in places and places == sorted(places)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        pytest.param(
            "class:99",
            "there is no class:99 in NetSuite as far as it was read",
            id="a record that never was",
        ),
        pytest.param("clas:12", "did you mean class:12?", id="nearly a kind"),
        pytest.param("Acme US/clas:12", "did you mean class:12?", id="nearly a kind, somewhere"),
        pytest.param("clas:twelve", "nothing is called 'clas:twelve': write", id="no id at all"),
        pytest.param("nothing", "or KIND:ID like class:12", id="a word: what is understood"),
        pytest.param("marketing", "did you mean class:12?", id="a name: the record it means"),
        pytest.param("R11", "did you mean R1?", id="nearly a report"),
        pytest.param(
            f"{US}/class:99", "there is no class:99 in NetSuite", id="a risk of no record"
        ),
        pytest.param(
            "4C67/class:12",
            "there is no workspace '4C67': the monitor knows",
            id="a risk of no workspace",
        ),
        pytest.param("subsidiary:1", "nothing is called", id="no rule is about subsidiaries"),
        pytest.param("", "nothing is called ''", id="nothing at all"),
    ],
)
def test_an_unknown_name_is_refused_with_what_would_be_understood(
    monitor: Run, asked: str, said: str
) -> None:
    ended = monitor("explain", asked)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_a_report_that_left_says_how(memory: Memory, monitor: Run) -> None:
    memory.left("R2", "was exported to NetSuite")
    ended = monitor("explain", "R2")
    assert (ended.code, ended.err) == (
        2,
        "monitor: report R2 is not pending: it was exported to NetSuite\n",
    )


def test_before_anything_was_read_nothing_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memory = Memory(tmp_path / "monitor.db")
    assert asking(memory.path, capsys)("explain", "class:12").code == 3
    memory.knows_settings()
    ended = asking(memory.path, capsys)("explain", "class:12")
    assert (ended.code, "monitor run --once" in ended.err) == (3, True)


def test_it_writes_nothing(memory: Memory, monitor: Run) -> None:
    before = memory.path.read_bytes()
    monitor("explain", "class:12")
    assert memory.path.read_bytes() == before


@pytest.mark.parametrize("command", [["explain", "class:12"]])
def test_it_imports_nothing_heavy(memory: Memory, command: list[str]) -> None:
    code = (
        "import sys; from monitor.cli import main\n"
        f"code = main([*{command!r}, '--db', {str(memory.path)!r}, '--json'])\n"
        "heavy = {'requests', 'slack_sdk', 'apscheduler', 'structlog', 'pydantic', 'rich'}\n"
        "print(code, sorted(heavy & {n.partition('.')[0] for n in sys.modules}), file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=_ROOT,
        env=dict(os.environ),
        check=False,
    )
    assert ended.stderr.splitlines()[-1] == "0 []"
