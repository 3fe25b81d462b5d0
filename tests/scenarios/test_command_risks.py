"""`monitor risks` and `monitor status`, through the real command, over what cycles recorded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from monitor.cli import main
from monitor.core.alerts import Alert, RiskState, TrackedRisk
from monitor.core.records import ListState, Ref
from monitor.core.reports import ReportState
from monitor.core.risks import (
    THEN_EXPORT,
    Cause,
    Certainty,
    ExposedReport,
    Remedy,
    RemedyCode,
    Risk,
)
from monitor.core.sync import Imported
from tests.scenarios.asking import Run, ago, asking
from tests.scenarios.memory import UK, US, Memory, a_class

_ROOT = Path(__file__).parents[2]


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    memory = Memory(tmp_path / "monitor.db", (US, "Acme US"), (UK, "Acme UK"))
    memory.reads(ago(hours=1), a_class())
    memory.reads(ago(minutes=5), a_class(is_inactive=True))
    return memory


@pytest.fixture
def monitor(memory: Memory, capsys: pytest.CaptureFixture[str]) -> Run:
    return asking(memory.path, capsys)


def a_risk(*reports: ExposedReport, policy_id: str = US, **changes: Any) -> Risk:
    risk = Risk(
        policy_id=policy_id,
        ref=Ref("class", "12"),
        full_name="Sales : Marketing",
        cause=Cause.INACTIVE,
        certainty=Certainty.CERTAIN,
        likely_code="NS0831",
        imported=Imported.NO,
        import_sentence="the last known sync was before it",
        remedy=Remedy(RemedyCode.SYNC_AND_RECODE, "partly", ("Recode it.",), (THEN_EXPORT,)),
        reports=reports,
        since=ago(minutes=20),
    )
    return replace(risk, **changes)


def a_report(report_id: str = "R1", state: ReportState = ReportState.APPROVED) -> ExposedReport:
    return ExposedReport(
        report_id, "October", "ana@acme.example", state, Decimal("812.10"), "USD", 1, 2
    )


def tracked(risk: Risk, state: RiskState = RiskState.OPEN, alert: int | None = 1) -> TrackedRisk:
    return TrackedRisk(risk, state, opened_at=ago(minutes=4), alert_id=alert)


OPENED = Alert(1, US, ago(minutes=4))


def test_what_the_cycle_recorded_is_said(memory: Memory, monitor: Run) -> None:
    memory.decided(tracked(a_risk(a_report())), alerts=[OPENED])
    answer = monitor("risks", "--json").json("risks")
    (risk,) = answer["risks"]
    assert answer["totals"] == [
        {"currency": "USD", "amount": "812.10", "reports": 1, "submitters": 1}
    ]
    assert (risk["id"], risk["workspace"], risk["alert"], risk["state"]) == (
        f"{US}/class:12",
        "Acme US",
        1,
        "open",
    )
    assert (risk["cause"], risk["certainty"], risk["likely_code"], risk["imported"]) == (
        "inactive",
        "certain",
        "NS0831",
        "no",
    )
    assert (risk["sync_helps"], risk["remedy"]["code"], risk["remedy"]["also"]) == (
        "partly",
        "sync_and_recode",
        ["then_export"],
    )
    assert [report["report_id"] for report in risk["reports"]] == ["R1"]
    assert answer["freshness"]["is_fresh"] is True


def test_text_says_the_risk_the_remedy_and_how_old_that_is(memory: Memory, monitor: Run) -> None:
    memory.decided(tracked(a_risk(a_report())), alerts=[OPENED])
    ended = monitor("risks")
    assert ended.out.startswith(
        "Acme US: class “Sales : Marketing” is inactive in NetSuite: will fail with NS0831"
    )
    assert "What to do: Recode the lines" in ended.out
    assert ended.out.endswith("\nTotal: USD 812.10 in 1 report of 1 person\n")
    assert ended.err == "Last read: NetSuite 5 min ago, Expensify 5 min ago.\n"


def test_no_risk_says_nothing_on_stdout(monitor: Run) -> None:
    ended = monitor("risks")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.startswith("No pending report would fail")


def test_a_workspace_is_asked_about_alone(memory: Memory, monitor: Run) -> None:
    memory.decided(
        tracked(a_risk(a_report())),
        tracked(a_risk(a_report("R2"), policy_id=UK), alert=2),
        alerts=[OPENED, Alert(2, UK, ago(minutes=4))],
    )
    assert len(monitor("risks", "--json").json("risks")["risks"]) == 2
    answer = monitor("risks", "--json", "--workspace", "acme uk").json("risks")
    assert [risk["policy_id"] for risk in answer["risks"]] == [UK]
    assert [total["reports"] for total in answer["totals"]] == [1]
    assert monitor("risks", "--workspace", "Nowhere").code == 2


def test_watched_risks_are_listed_only_with_reports(memory: Memory, monitor: Run) -> None:
    draft = a_risk(a_report(state=ReportState.OPEN), ref=Ref("class", "7"))
    memory.decided(
        tracked(draft, RiskState.WATCH, alert=None), tracked(a_risk(), RiskState.WATCH, alert=None)
    )
    (risk,) = monitor("risks", "--json").json("risks")["risks"]
    assert (risk["record"]["id"], risk["state"], risk["alert"]) == ("7", "watch", None)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param([], 0, id="risks alone: done"),
        pytest.param(["--exit-code"], 1, id="risks, asked for a code"),
        pytest.param(["--exit-code", "--workspace", "Acme UK"], 0, id="none there"),
    ],
)
def test_risks_end_1_only_when_asked(
    memory: Memory, monitor: Run, arguments: list[str], code: int
) -> None:
    memory.decided(tracked(a_risk(a_report())), alerts=[OPENED])
    assert monitor("risks", *arguments).code == code


@pytest.mark.parametrize("trouble", ["failing", "old", "blind", "held"])
def test_what_cannot_be_seen_is_said_and_ends_3_only_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], trouble: str
) -> None:
    memory = Memory(tmp_path / "monitor.db", (US, "Acme US"))
    states = {"department": ListState(trouble)} if trouble in ("blind", "held") else {}
    memory.reads(ago(hours=2 if trouble == "old" else 0.1), a_class(), states=states)
    if trouble == "failing":
        memory.failed("expensify", ago(minutes=3), "Expensify says 500")
    memory.decided(tracked(a_risk(a_report()), RiskState.BLIND), alerts=[OPENED])
    assert main(["risks", "--db", str(memory.path)]) == 0
    said = {
        "failing": "Expensify cannot be read, first noticed 3 min ago: Expensify says 500",
        "old": "NetSuite was last read 2 h ago",
        "blind": "the list department is blind",
        "held": "monitor accept-deletions department",
    }
    assert said[trouble] in capsys.readouterr().err
    assert main(["risks", "--db", str(memory.path), "--exit-code", "--json"]) == 3
    answer = json.loads(capsys.readouterr().out)
    assert answer["freshness"]["is_fresh"] is False
    assert said[trouble] in "; ".join(answer["freshness"]["doubts"])


@pytest.mark.parametrize("command", ["risks", "status"])
def test_without_a_database_there_is_no_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert main([command, "--db", str(tmp_path / "none.db")]) == 3
    assert "monitor run --once" in capsys.readouterr().err


def test_status_answers_before_the_first_good_reading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memory = Memory(tmp_path / "monitor.db")
    memory.failed("netsuite", ago(minutes=3), "NetSuite says 401")
    assert main(["status", "--db", str(memory.path)]) == 0
    assert "first noticed 3 min ago: NetSuite says 401" in capsys.readouterr().out
    assert main(["risks", "--db", str(memory.path)]) == 3


def test_status_says_how_everything_stands(memory: Memory, monitor: Run) -> None:
    memory.decided(tracked(a_risk(a_report())), alerts=[OPENED])
    monitor("synced", "Acme US", "--at", "2h", "--by", "ana")
    answer = monitor("status", "--json").json("status")
    assert [(one["kind"], one["state"], one["rows"]) for one in answer["lists"]] == [
        ("class", "read", 0),
        ("department", "read", 0),
        ("subsidiary", "read", 0),
    ]
    assert [one["workspace"] for one in answer["workspaces"]] == ["Acme US", "Acme UK"]
    assert [row["note"] for row in answer["workspaces"][0]["last_sync"]["evidence"]] == ["ana"]
    assert [(one["id"], one["risks"]) for one in answer["alerts"]] == [(1, [f"{US}/class:12"])]
    assert answer["counts"] == {"pending_reports": 0, "risks": {"open": 1, "watch": 0, "blind": 0}}
    text = monitor("status").out
    assert "Acme US: last sync " in text
    assert "Acme UK: nobody knows when Expensify last synced" in text
    assert "alert 1 of Acme US, open since " in text


def test_an_alert_that_is_closed_is_not_open(memory: Memory, monitor: Run) -> None:
    resolved = replace(tracked(a_risk(a_report())), state=RiskState.RESOLVED, resolved_at=ago())
    memory.decided(resolved, alerts=[replace(OPENED, closed_at=ago())])
    assert monitor("status", "--json").json("status")["alerts"] == []
    assert monitor("risks", "--json").json("risks")["risks"] == []


@pytest.mark.parametrize(
    "command", ["diff", "risks", "explain", "what-if", "status", "synced", "accept-deletions"]
)
def test_help_shows_examples_and_exit_codes(command: str, monitor: Run) -> None:
    ended = monitor(command, "-h")
    assert (ended.code, f"  monitor {command}" in ended.out) == (0, True)
    assert "Ends with" in ended.out


@pytest.mark.parametrize("command", ["risks", "status"])
def test_a_reading_command_imports_nothing_heavy(memory: Memory, command: str) -> None:
    code = (
        "import sys; from monitor.cli import main\n"
        f"code = main([{command!r}, '--db', {str(memory.path)!r}, '--json'])\n"
        "heavy = {'requests', 'slack_sdk', 'apscheduler', 'structlog', 'pydantic', 'rich'}\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "print(code, sorted(loaded & {*heavy, 'sqlite_utils'}), file=sys.stderr)"
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


def test_a_database_that_is_none_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "notes.db"
    path.write_text("these are my notes, not a database" * 40)
    assert main(["risks", "--db", str(path)]) == 2
    assert capsys.readouterr().err == (
        f"monitor: {path} is not a database of the monitor: "
        "name another file, or move this one away\n"
    )


def test_a_damaged_page_is_told_in_one_sentence(
    memory: Memory, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = bytearray(memory.path.read_bytes())
    middle = len(whole) // 2
    whole[4096 + 1 : middle] = b"\xff" * (middle - 4097)
    memory.path.write_bytes(bytes(whole))
    assert main(["diff", "--db", str(memory.path), "--since", "baseline"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert str(memory.path) in error
