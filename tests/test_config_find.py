"""Where the configuration is looked for, and what is said when it cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config.find import find_config, read_toml, store_path
from monitor.errors import ConfigError


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
        assert str(refused.value) == ("gone.toml not found: copy config/monitor.example.toml there")


def test_without_any_file_it_says_where_it_looked_and_what_to_do(working_folder: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        find_config(None, {})
    assert str(refused.value) == (
        "no configuration (looked at --config, $MONITOR_CONFIG, config/monitor.toml, "
        "/etc/sync-drift-monitor/monitor.toml): copy config/monitor.example.toml to "
        "config/monitor.toml, or try `monitor demo`, which needs none"
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
    ("text", "environ", "path"),
    [
        pytest.param('[store]\npath = "a.db"', {"STATE_DIRECTORY": "/s"}, "a.db", id="as named"),
        pytest.param("", {"STATE_DIRECTORY": "/s"}, "/s/monitor.db", id="systemd's state folder"),
        pytest.param("", {}, "monitor.db", id="else here"),
        pytest.param("store = 3", {}, "monitor.db", id="the rest of the file is not judged"),
    ],
)
def test_reading_commands_learn_the_database_without_checking_the_file(
    working_folder: Path, text: str, environ: dict[str, str], path: str
) -> None:
    assert store_path(_a_file(working_folder / "m.toml", text), environ) == Path(path)
