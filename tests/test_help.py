"""Every -h fits a terminal of 80 columns, and says how the command ends and how it is called."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from monitor.cli import main, root


def _every(command: click.Command, *names: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Every command by its words, and whether it is a group of others."""
    yield names, isinstance(command, click.Group)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _every(found, *names, name)


COMMANDS = list(_every(root()))
ALL = [pytest.param(names, id=" ".join(("monitor", *names))) for names, _ in COMMANDS]
LEAVES = [pytest.param(names, id=" ".join(names)) for names, is_group in COMMANDS if not is_group]
GROUPS = [pytest.param(names, id=" ".join(names)) for names, is_group in COMMANDS if is_group]


@pytest.fixture
def lines(names: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main([*names, "-h"]) == 0
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("columns", ["80", "200"])
@pytest.mark.parametrize("names", ALL)
def test_no_line_is_wider_than_eighty_columns(
    names: tuple[str, ...],
    columns: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert main([*names, "-h"]) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("names", LEAVES)
def test_it_says_how_the_command_ends_and_how_it_is_called(
    names: tuple[str, ...], lines: list[str]
) -> None:
    (ends,) = (number for number, line in enumerate(lines) if line.startswith("  Ends with"))
    codes = [line.split()[0] for line in lines[ends + 1 :] if line[:5].strip().isdigit()]
    assert "0" in codes
    (begin,) = (number for number, line in enumerate(lines) if line.startswith("  Example"))
    assert lines[begin + 1].startswith("    monitor ")
    assert " ".join(names) in lines[begin + 1]


@pytest.mark.parametrize("names", GROUPS)
def test_a_group_lists_each_command_with_a_whole_sentence(
    names: tuple[str, ...], lines: list[str]
) -> None:
    listed = lines[lines.index("Commands:") + 1 :]
    begins = [number for number, line in enumerate(listed) if line[:3].strip()]
    ends = [*begins[1:], len(listed)]
    for begin, end in zip(begins, ends, strict=True):
        said = " ".join(listed[begin:end]).rstrip()
        assert said.endswith((".", "?")) and not said.endswith("...")
