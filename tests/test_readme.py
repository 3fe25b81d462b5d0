"""The README is a promise: its commands exist, its outputs are real, its tables are true."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
import structlog

from monitor import errors
from monitor.cli import COMMANDS, root
from monitor.cli.demo.story import play
from monitor.config.duration import format_duration
from monitor.core.alerts import Reason
from monitor.core.predict.rules import SURE_UNTIL
from tests.test_config_example import keys_of_the_example

_ROOT = Path(__file__).parent.parent
README = (_ROOT / "README.md").read_text()
STORY_ENDS_AT = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
"""The README shows the demo as it is told at this moment."""


def indented(text: str) -> list[str]:
    """The lines of code blocks."""
    return [line.strip() for line in text.splitlines() if line.startswith("    ")]


def commands() -> Iterator[str]:
    """Every `monitor …` the README shows, without comments."""
    for line in indented(README):
        line = line.partition("  #")[0].partition(" && ")[0].removeprefix(".venv/bin/")
        if line.startswith("monitor "):
            yield line
    yield from (
        found.removeprefix(".venv/bin/")
        for found in re.findall(r"`((?:\.venv/bin/)?monitor [^`]+)`", README)
        if "COMMAND" not in found
    )


@pytest.mark.parametrize("command", sorted(set(commands())))
def test_every_command_it_names_is_understood(command: str) -> None:
    words = shlex.split(command)[1:]
    group = root()
    context = click.Context(group, info_name="monitor", **group.context_settings)
    found = group.get_command(context, words[0])
    assert found is not None, f"there is no command {words[0]}"
    found.make_context(words[0], words[1:], parent=context)


def test_every_command_that_answers_is_in_it() -> None:
    assert [name for name in COMMANDS if f"monitor {name}" not in README] == []


def test_the_message_and_the_difference_it_shows_are_what_the_demo_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    play(Path("monitor-demo"), now=STORY_ENDS_AT, keeps_serving=False)
    structlog.reset_defaults()  # a demo logs nothing; other tests want to see what is logged
    told = [line.strip().removeprefix("│").strip() for line in capsys.readouterr().out.splitlines()]
    quoted = [line[1:].strip() for line in README.splitlines() if line.startswith(">")]
    assert quoted, "the README shows no message"
    assert [line for line in quoted if line not in told] == []
    shown = [line for line in indented(README) if line.startswith("inactivated ")]
    assert shown and [line for line in shown if line not in told] == []


def test_its_exit_codes_are_those_of_the_errors() -> None:
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.M)}
    raised = {
        error.exit_code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.MonitorError)
    }
    assert raised | {0, 1} == told


def test_it_explains_every_reason_to_speak() -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", README, re.M))
    assert {reason.code for reason in Reason} - {"sample"} <= told
    assert f"{SURE_UNTIL.total_seconds() / 3600:.0f} h after an edit" in README


def test_its_table_of_settings_is_the_example_file() -> None:
    rows = [
        f"| `{key.section}.{key.name}` | {_shown(key.default)} | {key.comment} |"
        for key in keys_of_the_example()
    ]
    shown = [line for line in README.splitlines() if re.match(r"\| `\w+\.[\w.]+` \|", line)]
    assert shown == rows, "write:\n" + "\n".join(rows)


def _shown(default: str) -> str:
    return default if default in ("required", "none") else f"`{default}`"


def test_lengths_of_time_are_written_as_the_example_writes_them() -> None:
    assert format_duration(SURE_UNTIL) == "26h"
