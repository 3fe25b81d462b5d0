"""Tab offers what only the database or the configuration knows, as the shell will take it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.shell_completion import split_arg_string

from monitor.adapters.store import Store
from monitor.cli import COMMANDS, main, root
from monitor.core.records import Kind
from tests.configuration import a_file
from tests.scenarios.asking import ago
from tests.scenarios.memory import UK, US, Memory, a_class

SEGMENT = "segment:customrecord_region"
Tab = Callable[..., list[str]]


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """Two lists and a custom segment are watched in two workspaces."""
    changes = {
        "netsuite.lists": ["class", "customer"],
        "netsuite.custom_segments": [SEGMENT.removeprefix("segment:")],
    }
    memory = Memory(tmp_path / "monitor.db", (US, "Acme US"), (UK, "acme O'Hara"), changes=changes)
    memory.reads(ago(minutes=5), a_class())
    return memory


@pytest.fixture
def tab(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Tab:
    """What is offered after what was typed."""

    def press(typed: str, shell: str = "bash") -> list[str]:
        monkeypatch.setenv("_MONITOR_COMPLETE", f"{shell}_complete")
        monkeypatch.setenv("COMP_WORDS", typed)
        words = split_arg_string(typed)
        monkeypatch.setenv("COMP_CWORD", str(len(words) - (not typed.endswith(" "))))
        main([])
        out, err = capsys.readouterr()
        assert err == ""
        return [line.removeprefix("plain,") for line in out.splitlines() if line]

    return press


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        pytest.param("diff --kind ", ["class", "customer", SEGMENT], id="what is watched"),
        pytest.param("diff --kind cl", ["class"], id="a part of one"),
        pytest.param(
            "diff --kind class,c", ["class,customer"], id="after a comma the next one, each once"
        ),
        pytest.param("diff --kind x,", ["x,class", "x,customer", f"x,{SEGMENT}"], id="after any"),
        pytest.param("silence --kind w", ["workspace"], id="what a risk may be about besides"),
        pytest.param("accept-deletions cu", ["customer"], id="of whose deletions"),
        pytest.param(
            "risks --workspace A", ["'Acme US'", """'acme O'"'"'Hara'"""], id="in any case"
        ),
        pytest.param('risks --workspace "Acme U', ["Acme US"], id="within quotes as it is"),
        pytest.param(r"risks --workspace Acme\ U", ["'Acme US'"], id="escaped by hand"),
        pytest.param('synced "Acme US" --note "x" ', [], id="after the workspace no second one"),
        pytest.param(r"synced Acme\ U", ["'Acme US'"], id="which synced"),
        pytest.param("db ", ["check", "prune", "stats"], id="what can be done to the database"),
    ],
)
def test_bash_offers(tab: Tab, memory: Memory, typed: str, offered: list[str]) -> None:
    assert tab(f"monitor --db {memory.path} {typed}") == offered


def test_other_shells_quote_by_themselves(tab: Tab, memory: Memory) -> None:
    (_, said, *_) = tab(f"monitor --db {memory.path} risks --workspace Acme", "zsh")
    assert said == "Acme US"


def _with_the_option(option: str) -> list[str]:
    group = root(COMMANDS)
    context = click.Context(group)
    commands = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return [
        name
        for name, command in commands.items()
        if command and any(option in param.opts for param in command.params)
    ]


@pytest.mark.parametrize(
    "command", [name for name in _with_the_option("--workspace") if name != "init"]
)
def test_every_command_about_a_workspace_offers_their_names(
    tab: Tab, memory: Memory, command: str
) -> None:
    assert tab(f"monitor --db {memory.path} {command} --workspace Acme\\ U") == ["'Acme US'"]


@pytest.mark.parametrize("command", _with_the_option("--kind"))
def test_every_command_about_a_list_offers_those_that_are_watched(
    tab: Tab, memory: Memory, command: str
) -> None:
    assert tab(f"monitor --db {memory.path} {command} --kind cu") == ["customer"]


def test_before_the_first_cycle_the_configuration_knows_the_workspaces(
    tab: Tab, tmp_path: Path
) -> None:
    config = tmp_path / "monitor.toml"
    config.write_text(a_file({"workspace.0.name": "Acme US"}))
    assert tab(f"monitor --config {config} synced ") == ["'Acme US'"]
    with Store.open(tmp_path / "empty.db"):
        pass
    nothing = tab(f"monitor --config {config} --db {tmp_path / 'empty.db'} synced ")
    assert nothing == []
    assert set(tab(f"monitor --config {config} diff --kind ")) == set(Kind)


def test_a_configuration_that_is_wrong_offers_nothing_and_says_nothing(
    tab: Tab, tmp_path: Path
) -> None:
    config = tmp_path / "monitor.toml"
    config.write_text("[slack\n")
    assert tab(f"monitor --config {config} synced ") == []
