"""`monitor health` as cron and probes ask it: one line, an exit code, and only the database."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.adapters.store import Store
from monitor.cli import main
from monitor.core.cycles import Cycle, CycleEnd
from monitor.simulator.sample import MARKETING
from tests.scenarios.asking import Run, ago, asking
from tests.scenarios.story import a_story

_HEAVY = {"requests", "slack_sdk", "apscheduler", "structlog", "sqlite_utils", "rich", "pydantic"}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "monitor.db"


@pytest.fixture
def ask(database: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    return asking(database, capsys)


def ended(database: Path, began_at: datetime, end: CycleEnd = CycleEnd.GOOD) -> None:
    with Store.open(database) as store, store.immediate():
        store.cycles.record(Cycle(began_at, timedelta(seconds=3), end))


def test_a_young_good_cycle_is_healthy_in_one_line(database: Path, ask: Run) -> None:
    ended(database, ago(minutes=20))
    assert ask("health") == (0, "healthy: the last good cycle began 20 min ago\n", "")


def test_after_three_cycles_without_a_good_one_it_is_not(database: Path, ask: Run) -> None:
    ended(database, ago(minutes=46))
    ended(database, ago(minutes=1), CycleEnd.UNREAD)
    told = ask("health")
    assert (told.code, told.out.count("\n"), told.err) == (3, 1, "")
    assert told.out.startswith("not healthy: the last good cycle began 46 min ago, more than 45m")


@pytest.mark.parametrize(("max_age", "code"), [("30m", 3), ("2h", 0)])
def test_another_age_may_be_asked_for(database: Path, ask: Run, max_age: str, code: int) -> None:
    ended(database, ago(minutes=50))
    assert ask("health", "--max-age", max_age).code == code


def test_an_age_that_is_none_is_refused(database: Path, ask: Run) -> None:
    assert ask("health", "--max-age", "soon") == (
        2,
        "",
        "monitor: --max-age: write a length of time like 90s, 15m, 6h or 2d\n",
    )


def test_nothing_read_yet_is_not_healthy(database: Path, ask: Run) -> None:
    missing = ask("health")
    assert (missing.code, missing.out) == (3, "")
    assert "nothing was read from NetSuite yet" in missing.err
    Store.open(database).__exit__(None, None, None)
    assert ask("health").code == 3


def test_json_has_the_verdict_and_what_it_rests_on(database: Path, ask: Run) -> None:
    ended(database, ago(minutes=20))
    told = ask("health", "--json")
    answer = told.json("health")
    assert told.code == 0
    assert answer.pop("generated_at") > answer["last_good_cycle"].pop("began_at")
    assert answer.pop("last_cycle")["outcome"] == "good"
    assert answer == {
        "schema_version": 1,
        "verdict": "healthy",
        "sentence": "healthy: the last good cycle began 20 min ago",
        "max_age_seconds": 2700,
        "last_good_cycle": {"seconds": 3.0, "outcome": "good", "detail": None},
        "refused_messages": 0,
    }


def test_a_message_that_slack_refused_for_good_ends_4(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
        story.tables.inactivate("class", MARKETING)
        story.world.slack.faults.always("invalid_auth")
        story.cycle()
        capsys.readouterr()
        told = asking(story.app.settings.database, capsys)("health", "--max-age", "999999d")
    assert told.code == 4
    assert told.out.startswith("not healthy: 1 message refused by Slack for good: ")


def test_it_finds_the_database_by_the_configuration_without_a_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_story(tmp_path) as story:
        story.cycle()
    (story.config.parent / "slack_token").unlink()
    capsys.readouterr()
    assert main(["--config", str(story.config), "health", "--max-age", "999999d"]) == 0
    assert capsys.readouterr().out.startswith("healthy: the last good cycle began ")


def test_it_loads_nothing_that_a_probe_would_wait_for(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    ended(path, ago(minutes=1))
    code = (
        "import sys; from monitor.cli import main\n"
        f"main(['--db', {str(path)!r}, 'health'])\n"
        f"print(sorted({_HEAVY!r} & {{name.partition('.')[0] for name in sys.modules}}))"
    )
    ended_process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert ended_process.stdout.splitlines()[1:] == ["[]"]
