"""`monitor config` shows what is in force, in a form that can be read back, without a secret."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from monitor.cli import main
from monitor.config.load import check
from monitor.config.show import as_toml, as_values
from tests.configuration import ENVIRON, settings_of

_ROOT = Path(__file__).parent.parent
_EXAMPLE = _ROOT / "config" / "monitor.example.toml"


def _monitor(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "monitor", *arguments],
        capture_output=True,
        text=True,
        cwd=_ROOT,
        env={**os.environ, **environ},
        check=False,
    )


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="the smallest"),
        pytest.param(
            {
                "netsuite.custom_segments": ["customrecord_x"],
                "workspace": [
                    {
                        "policy_id": "P1",
                        "name": 'Acme "West" \\ Zürich',
                        "aliases": {"dana@old.example": "dana@new.example"},
                        "coding": {"segment:customrecord_x": "report_field:Cost Center"},
                    },
                    {"policy_id": "P2", "required": ["class"]},
                ],
                "alerts.mentions": {"ana@acme.example": "U0123ABC"},
                "schedule.every": "90s",
            },
            id="with quotes, tables and several workspaces",
        ),
        pytest.param({"slack": {"webhook_url": "env:SLACK_WEBHOOK_URL"}}, id="with a webhook"),
    ],
)
def test_what_is_shown_reads_back_to_the_same_settings(changes: dict[str, object]) -> None:
    settings = settings_of(changes)
    again = check(tomllib.loads(as_toml(settings)), Path("monitor.toml"), ENVIRON)
    assert as_values(again) == as_values(settings)
    assert (again.workspaces, again.public()) == (settings.workspaces, settings.public())


def test_show_prints_every_key_in_force_as_toml_or_json_and_no_secret() -> None:
    shown = _monitor("config", "show", "--config", str(_EXAMPLE), **ENVIRON)
    as_json = _monitor("--config", str(_EXAMPLE), "config", "show", "--json", **ENVIRON)
    assert (shown.returncode, shown.stderr, as_json.stderr) == (0, "", "")
    assert tomllib.loads(shown.stdout) == json.loads(as_json.stdout)
    assert tomllib.loads(shown.stdout)["slack"] == {
        "token": "env:SLACK_BOT_TOKEN",
        "channel": "C0123456789",
        "base_url": "https://slack.com/api/",
    }
    assert [secret for secret in ENVIRON.values() if secret in shown.stdout] == []


def test_show_needs_no_secret_to_be_there() -> None:
    bare, full = (
        _monitor("config", "show", "--config", str(_EXAMPLE), **environ)
        for environ in ({}, ENVIRON)
    )
    assert (bare.returncode, bare.stderr, bare.stdout) == (0, "", full.stdout)


def test_schema_prints_the_schema_in_the_folder() -> None:
    printed = _monitor("config", "schema")
    assert printed.stdout == (_EXAMPLE.parent / "monitor.schema.json").read_text()


def test_a_bad_configuration_ends_with_78_and_all_its_mistakes(tmp_path: Path) -> None:
    path = tmp_path / "monitor.toml"
    path.write_text('[slack]\nchanel = "C1"\ntoken = "xoxb-literal-1"\n[schedule]\nevery = 5\n')
    ended = _monitor("config", "show", MONITOR_CONFIG=str(path))
    assert (ended.returncode, ended.stdout) == (78, "")
    assert ended.stderr.splitlines() == [
        f"monitor: {path}: {problem}"
        for problem in (
            "schedule.every: write a length of time like 90s, 15m, 6h or 2d",
            "netsuite: the section [netsuite] is missing (The NetSuite account.)",
            "expensify: the section [expensify] is missing (The Expensify credentials.)",
            "workspace: the section [[workspace]] is missing (The Expensify workspaces connected "
            "to the NetSuite account.)",
            "slack.token: secrets never stand in the configuration: write env:NAME, file:PATH or "
            "credential:NAME",
            "unknown key `chanel` in [slack]: did you mean `channel`?",
            'slack.channel: is missing: write the channel\'s id, like "C0123456789"',
        )
    ]


def test_without_a_configuration_the_command_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["config", "show"]) == 78
    assert capsys.readouterr().err.startswith("monitor: no configuration (looked at --config, ")
