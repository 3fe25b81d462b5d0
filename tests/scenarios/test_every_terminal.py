"""Every answer on a narrow terminal: broken between words only, in colour; a pipe gets lines."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout

import click
import pytest

from monitor.cli import main
from tests.scenarios.story import Story, a_story

MARKETING = "12"
SINCE = ("--since", "2026-11-20")
AN_HOUR = ("--for", "1h", "--by", "dana", "--reason", "we recode them all before noon")
FOLDED = [
    pytest.param("risks", id="risks"),
    pytest.param("explain class:12", id="explain"),
    pytest.param("explain R-1041", id="explain of a report"),
    pytest.param("what-if --inactivate class:11", id="what-if"),
    pytest.param("status", id="status"),
    pytest.param("alerts 1", id="one alert"),
    pytest.param("diff --since baseline", id="diff"),
    pytest.param("score", id="score"),
    pytest.param("db stats", id="db stats"),
    pytest.param("replay --since 2026-11-20", id="replay"),
]
IN_BLOCKS = [
    pytest.param(" ".join(["alerts", *SINCE]), id="alerts"),
    pytest.param("silences", id="silences"),
    pytest.param("fleet", id="fleet"),
]


class Terminal(io.StringIO):
    """What is written to it; its width is COLUMNS."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """An alert is open, and somebody is at it."""
    with a_story(tmp_path_factory.mktemp("told")) as story:
        story.cycle()
        story.at("09:00").tables.inactivate("class", MARKETING)
        story.at("09:15").cycle()
        with redirect_stdout(io.StringIO()):
            assert main(["--db", str(story.app.settings.database), "ack", "1", *AN_HOUR]) == 0
        yield story


class Asked:
    """The same command, asked by a terminal and by a pipe."""

    def __init__(self, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
        self._database = str(story.app.settings.database)
        self._env = monkeypatch

    def on(self, out: io.StringIO, command: str, *, columns: int = 80, color: str = "auto") -> str:
        self._env.setenv("COLUMNS", str(columns))
        name, *words = command.split()
        whose = [self._database] if name == "fleet" else ["--db", self._database]
        with redirect_stdout(out), redirect_stderr(Terminal()) as said:
            main([name, *words, *whose, "--color", color])
        held_to(said.getvalue(), columns)
        return out.getvalue()


def held_to(text: str, columns: int) -> None:
    """No line is wider, but one that is a single word: an address cannot be broken."""
    wide = [line for line in text.splitlines() if len(click.unstyle(line)) > columns]
    assert [line for line in wide if len(line.split()) > 1] == []


def words(text: str) -> list[str]:
    """Its words, without what changes from one second to the next."""
    return re.sub(r"(\d+ (d|h|min|s)\b ?)+|\d\d:\d\d", "T ", " ".join(text.split())).split()


@pytest.fixture
def asked(told: Story, monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(told, monkeypatch)


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize("command", [*FOLDED, *IN_BLOCKS])
def test_no_line_is_wider_than_the_terminal(asked: Asked, command: str, columns: int) -> None:
    narrow = asked.on(Terminal(), command, columns=columns)
    assert narrow
    held_to(narrow, columns)


@pytest.mark.parametrize("command", FOLDED)
def test_the_same_words_stand_in_the_same_order(asked: Asked, command: str) -> None:
    narrow = asked.on(Terminal(), command, columns=60, color="never")
    assert words(narrow) == words(asked.on(io.StringIO(), command))


@pytest.mark.parametrize("command", IN_BLOCKS)
def test_no_word_of_a_table_is_lost_or_broken(asked: Asked, command: str) -> None:
    narrow = asked.on(Terminal(), command, columns=60, color="never")
    assert set(words(asked.on(io.StringIO(), command))) == set(words(narrow))


@pytest.mark.parametrize("command", ["risks", "status", "alerts " + " ".join(SINCE)])
def test_colours_are_where_they_were(asked: Asked, command: str) -> None:
    painted = asked.on(Terminal(), command, columns=60, color="always")
    assert painted != click.unstyle(painted)
    unpainted = asked.on(Terminal(), command, columns=60, color="never")
    assert words(click.unstyle(painted)) == words(unpainted)
    assert len(painted.splitlines()) == len(unpainted.splitlines())


@pytest.mark.parametrize("command", ["risks --json", "diff --since baseline --format csv"])
def test_what_is_for_programs_is_never_broken(asked: Asked, command: str) -> None:
    on_a_terminal = asked.on(Terminal(), command, columns=60)
    at = re.compile(r'"generated_at": "[^"]*"')
    assert at.sub("", on_a_terminal) == at.sub("", asked.on(io.StringIO(), command))
