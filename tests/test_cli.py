"""Every command starts fast, takes the global options anywhere, and ends with an honest code."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import __version__
from monitor.cli import COMMANDS, main
from monitor.cli.invocation import Invocation
from tests.configuration import a_file
from tests.sample_commands import COMMANDS as SAMPLES

_ROOT = Path(__file__).parent.parent

_HEAVY = ("requests", "slack_sdk", "apscheduler", "structlog", "sqlite_utils", "rich", "pydantic")


@pytest.fixture(autouse=True)
def _hook_as_it_was() -> Iterator[None]:
    hook = sys.excepthook
    yield
    sys.excepthook = hook


def _process(code: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=_ROOT,
        env={**os.environ, **environ},
        check=False,
    )


@pytest.mark.parametrize("arguments", [["-h"], ["--version"], ["config", "-h"], ["nonsense"]])
def test_help_imports_nothing_heavy_and_no_other_command(arguments: list[str]) -> None:
    ended = _process(
        "import sys; from monitor.cli import main\n"
        f"main({arguments!r})\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        f"print('HEAVY', sorted(loaded & set({_HEAVY!r})))\n"
        "print('COMMANDS', 'monitor.cli.diff' in sys.modules, 'monitor.cli.demo' in sys.modules)"
    )
    assert ended.stdout.splitlines()[-2:] == ["HEAVY []", "COMMANDS False False"]


def test_help_lists_every_command_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-h"]) == 0
    listed = capsys.readouterr().out.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == list(COMMANDS)


def test_the_version_is_told_without_looking_it_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"monitor, version {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--db", "x.db", "--config", "c.toml", "-vv", "say"], id="before"),
        pytest.param(["say", "--db", "x.db", "--config", "c.toml", "-vv"], id="after"),
        pytest.param(["--db", "x.db", "-v", "say", "--config", "c.toml", "-v"], id="both"),
        pytest.param(
            ["--db", "y.db", "-vvv", "say", "--db", "x.db", "--config", "c.toml", "-q"],
            id="the later one counts",
        ),
    ],
)
def test_global_options_stand_before_or_after_the_command(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments, commands=SAMPLES) == 0
    said = Invocation(config=Path("c.toml"), db=Path("x.db"), verbosity=2)
    assert capsys.readouterr().out == f"{said!r}\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param(["dif"], 2, "There is no command `dif`: did you mean `diff`?", id="near"),
        pytest.param(["xyzzy"], 2, "There is no command `xyzzy`: `monitor -h` lists", id="far"),
        pytest.param(["--nonsense"], 2, "No such option", id="unknown option"),
        pytest.param(["--color", "blue", "config"], 2, "'blue' is not one of", id="wrong value"),
        pytest.param([], 2, "Usage: monitor", id="nothing asked"),
    ],
)
def test_what_cannot_be_understood_ends_with_2(
    arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == code
    output = capsys.readouterr()
    assert (words in output.err, output.out) == (True, "")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("MonitorError", 2),
        ("UsageError", 2),
        ("SourceError", 2),
        ("StoreError", 2),
        ("Busy", 2),
        ("CannotAnswer", 3),
        ("DeliveryError", 4),
        ("ConfigError", 78),
        ("NewerDatabase", 78),
        ("Stopped", 130),
    ],
)
def test_each_error_is_one_sentence_on_stderr_and_its_own_exit_code(
    error: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fail", error, "x failed: do y"], commands=SAMPLES) == code
    output = capsys.readouterr()
    assert (output.out, output.err) == ("", "monitor: x failed: do y\n")


def test_each_problem_of_many_has_its_own_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fail", "ConfigError", "first\nsecond"], commands=SAMPLES) == 78
    assert capsys.readouterr().err == "monitor: first\nmonitor: second\n"


@pytest.mark.parametrize("code", [0, 1, 3, 4])
def test_the_exit_code_is_the_one_the_command_returns(code: int) -> None:
    assert main(["end", str(code)], commands=SAMPLES) == code


def test_ctrl_c_ends_with_130_and_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["interrupt"], commands=SAMPLES) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_an_error_shows_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["leak", "very-secret-0042"], commands=SAMPLES) == 2
    assert capsys.readouterr().err == "monitor: refused [secret]\n"


def test_a_bug_shows_its_traceback_without_secrets_and_never_looks_like_a_difference() -> None:
    ended = _process(
        "import sys; from monitor.cli import main\n"
        "from tests.sample_commands import COMMANDS\n"
        "sys.exit(main(['bug', 'very-secret-' + '0042'], commands=COMMANDS))"
    )
    assert ended.returncode == 2
    assert "RuntimeError: unforeseen [secret]" in ended.stderr
    assert "very-secret-0042" not in ended.stderr


@pytest.mark.parametrize(
    "arguments", [["config", "schema"], ["-h"], ["config", "-h"], ["--version"]]
)
def test_a_reader_that_goes_away_is_met_quietly(arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(
        [sys.executable, "-m", "monitor", *arguments],
        stdout=writer,
        stderr=subprocess.PIPE,
        cwd=_ROOT,
        check=False,
    )
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (141, b"")


@pytest.mark.parametrize(
    ("words", "stream", "code"),
    [
        pytest.param("fail CannotAnswer sorry", "2>/dev/full", 3, id="an error of ours, full"),
        pytest.param("nonsense", "2>/dev/full", 2, id="no such command, full"),
        pytest.param("bug x", "2>/dev/full", 2, id="a bug, full"),
        pytest.param("fail CannotAnswer sorry", "2>&-", 3, id="an error of ours, closed"),
        pytest.param("say", ">&- 2>&-", 0, id="an answer, both closed"),
    ],
)
def test_without_a_place_for_words_the_exit_code_is_the_same(
    words: str, stream: str, code: int
) -> None:
    program = (
        "import sys; from monitor.cli import main; from tests.sample_commands import COMMANDS; "
        "sys.exit(main(sys.argv[1:], commands=COMMANDS))"
    )
    call = f'exec "$0" -c "$1" {words} {stream}'
    ended = subprocess.run(
        ["/bin/sh", "-c", call, sys.executable, program],
        capture_output=True,
        cwd=_ROOT,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (code, b"")


def test_an_answer_that_cannot_be_written_is_no_success() -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "monitor", "--version"],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=_ROOT,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (
        2,
        b"monitor: the output cannot be written or read (No space left on device)\n",
    )


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        pytest.param("monitor di", ["plain,diff"], id="a command"),
        pytest.param("monitor config s", ["plain,schema", "plain,show"], id="a part of a command"),
        pytest.param("monitor config show --js", ["plain,--json"], id="an option"),
        pytest.param("monitor --co", ["plain,--color", "plain,--config"], id="a global option"),
    ],
)
def test_tab_completes(typed: str, offered: list[str]) -> None:
    words = typed.split()
    ended = subprocess.run(
        [sys.executable, "-m", "monitor"],
        capture_output=True,
        text=True,
        cwd=_ROOT,
        env={
            **os.environ,
            "_MONITOR_COMPLETE": "bash_complete",
            "COMP_WORDS": typed,
            "COMP_CWORD": str(len(words) - 1),
        },
        check=False,
    )
    assert sorted(ended.stdout.splitlines()) == offered


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("color", "no_color", "stream", "is_colored"),
    [
        pytest.param("auto", "", _Terminal(), True, id="a terminal is coloured"),
        pytest.param("auto", "", io.StringIO(), False, id="a file is not"),
        pytest.param("auto", "1", _Terminal(), False, id="NO_COLOR holds"),
        pytest.param("always", "1", io.StringIO(), True, id="unless it is asked for"),
        pytest.param("never", "", _Terminal(), False, id="or asked not to"),
    ],
)
def test_colour_is_for_terminals_unless_somebody_says_otherwise(
    color: str,
    no_color: str,
    stream: io.StringIO,
    is_colored: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    assert Invocation(color=color).is_colored(stream) is is_colored


def test_the_database_is_the_one_given_and_then_no_configuration_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Invocation(db=Path("given.db")).database() == Path("given.db")
    (tmp_path / "m.toml").write_text(a_file({"store.path": "named.db"}))
    assert Invocation(config=Path("m.toml")).database() == Path("named.db")


@pytest.mark.parametrize("command", ["diff", "risks", "status", "synced X", "score", "explain X"])
@pytest.mark.parametrize("is_named", [True, False], ids=["named", "found"])
def test_a_configuration_with_mistakes_ends_every_command(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    is_named: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    file = Path("config/monitor.toml")
    file.parent.mkdir()
    file.write_text(a_file() + '[store]\npth = "x.db"\n[schedul]\n')
    assert main([*(["--config", str(file)] if is_named else []), *command.split()]) == 78
    assert capsys.readouterr() == (
        "",
        f"monitor: {file}: unknown key `pth` in [store]: did you mean `path`?\n"
        f"monitor: {file}: unknown key `schedul` at the top level: did you mean `schedule`?\n",
    )
    assert not Path("monitor.db").exists()


def test_a_file_that_cannot_be_written_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stumble"], commands=SAMPLES) == 2
    assert capsys.readouterr() == (
        "",
        "monitor: there/it.db cannot be written or read (Permission denied)\n",
    )
