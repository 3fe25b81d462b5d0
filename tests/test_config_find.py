"""Where the configuration is looked for, and what is said when it cannot be read."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from monitor.config.find import find_config, read_toml
from monitor.config.load import database_of
from monitor.errors import ConfigError
from tests.configuration import a_file


@pytest.fixture
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _a_file(path: Path, text: str = "") -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_the_file_that_is_named_wins_over_all_others(working_folder: Path) -> None:
    named = _a_file(working_folder / "named.toml")
    environment = _a_file(working_folder / "environment.toml")
    usual = _a_file(working_folder / "config/monitor.toml")
    environ = {"MONITOR_CONFIG": str(environment)}
    assert find_config(named, environ) == named
    assert find_config(None, environ) == environment
    assert find_config(None, {"MONITOR_CONFIG": ""}).resolve() == usual


def test_a_named_file_that_is_missing_is_never_replaced_by_another(working_folder: Path) -> None:
    _a_file(working_folder / "config/monitor.toml")
    for given, environ in ((Path("gone.toml"), {}), (None, {"MONITOR_CONFIG": "gone.toml"})):
        with pytest.raises(ConfigError) as refused:
            find_config(given, environ)
        assert str(refused.value) == (
            "gone.toml not found: `monitor init --config gone.toml` writes a first one"
        )


def test_the_command_that_writes_a_missing_file_can_be_pasted(working_folder: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        find_config(Path("my files/it's.toml"), {})
    command = str(refused.value).split("`")[1]
    assert shlex.split(command) == ["monitor", "init", "--config", "my files/it's.toml"]


def test_without_any_file_it_says_where_it_looked_and_what_to_do(working_folder: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        find_config(None, {})
    assert str(refused.value) == (
        "no configuration (looked at --config, $MONITOR_CONFIG, config/monitor.toml, "
        "/etc/sync-drift-monitor/monitor.toml): `monitor init` writes a first one, "
        "or try `monitor demo`, which needs none"
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(
            b"[slack]\ntoken = xoxb-1\n",
            "is not valid TOML: Invalid value (at line 2, column 9)",
            id="a broken line is named, and not repeated",
        ),
        pytest.param(b'name = "M\xfcnchen"\n', "is not UTF-8 text: save it as UTF-8", id="latin 1"),
        pytest.param(None, "cannot be read: Is a directory", id="a folder is no file"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    working_folder: Path, content: bytes | None, sentence: str
) -> None:
    path = working_folder / "monitor.toml"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(ConfigError) as refused:
        read_toml(path)
    assert str(refused.value) == f"{path} {sentence}"


@pytest.mark.parametrize(
    ("store", "folder", "path"),
    [
        pytest.param('path = "a.db"', "/s", "a.db", id="as named"),
        pytest.param("", "/s", "/s/monitor.db", id="systemd's state folder"),
        pytest.param("", "", "monitor.db", id="else here"),
    ],
)
def test_reading_commands_learn_the_database_though_no_secret_is_there(
    working_folder: Path, monkeypatch: pytest.MonkeyPatch, store: str, folder: str, path: str
) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", folder)
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    named = _a_file(working_folder / "m.toml", f"{a_file()}\n[store]\n{store}\n")
    assert database_of(named) == Path(path)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        pytest.param(
            a_file() + '[store]\npth = "x.db"\n[schedul]\n',
            [
                "unknown key `pth` in [store]: did you mean `path`?",
                "unknown key `schedul` at the top level: did you mean `schedule`?",
            ],
            id="misspelt keys",
        ),
        pytest.param(
            a_file().replace("env:SLACK_BOT_TOKEN", "xoxb-1-2"),
            [
                "slack.token: secrets never stand in the configuration: "
                "write env:NAME, file:PATH or credential:NAME"
            ],
            id="a secret itself",
        ),
        pytest.param(
            a_file().replace("SLACK_BOT_TOKEN", "xoxb-1-2"),
            ["slack.token: what follows env: is no variable's name: write env:NAME"],
            id="a secret where a variable's name belongs",
        ),
        pytest.param(
            a_file({"schedule.time_zone": "No/Where", "netsuite.page_size": 0}),
            [
                "netsuite.page_size: write a number from 1 on",
                "schedule.time_zone: 'No/Where' is no time zone: write one like America/New_York",
            ],
            id="wrong values",
        ),
    ],
)
def test_a_mistake_never_leads_a_reading_command_to_another_database(
    working_folder: Path, text: str, problems: list[str]
) -> None:
    named = _a_file(working_folder / "m.toml", text)
    with pytest.raises(ConfigError) as refused:
        database_of(named)
    assert sorted(refused.value.problems) == sorted(f"{named}: {one}" for one in problems)


def test_a_webhook_that_is_not_there_is_no_mistake_to_a_reader(working_folder: Path) -> None:
    text = a_file({"slack": {"webhook_url": "env:NOT_SET"}, "store.path": "a.db"})
    assert database_of(_a_file(working_folder / "m.toml", text)) == Path("a.db")
