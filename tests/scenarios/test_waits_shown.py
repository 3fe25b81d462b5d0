"""Who looks at a terminal is told what a reading waits for, as long as it waits."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from monitor.adapters.expensify import Limiter
from monitor.app import App
from monitor.cli.invocation import Invocation
from monitor.cli.output.streams import showing
from monitor.clock import SystemClock
from monitor.config.load import load
from tests.scenarios.process import Served, served_acme
from tests.scenarios.story import a_story

_ROOT = Path(__file__).parents[2]
RATE_LIMIT = "for Expensify's rate limit"


def test_a_reading_says_what_it_waits_for_and_when_that_is_over(tmp_path: Path) -> None:
    said: list[str] = []

    @contextmanager
    def waiting(what: str) -> Iterator[None]:
        said.append(what)
        yield
        said.append("over")

    with a_story(tmp_path) as story:
        App(load(story.config), story.clock, waiting).refresh()
    whats, overs = said[::2], set(said[1::2])
    assert overs == {"over"}
    assert {what.partition(" s ")[2] for what in whats} == {RATE_LIMIT, "for Expensify's export"}
    assert whats[0] == "waiting 5 s for Expensify's export"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _shown(verbosity: int, stderr: io.StringIO) -> str:
    with (
        contextlib.redirect_stderr(stderr),
        showing(Invocation(verbosity=verbosity)) as line,
    ):
        line.says("asking Expensify")
        with line.meanwhile("waiting"):
            pass
        line.says("")
        with line.meanwhile("waiting again"):
            pass
    return click.unstyle(stderr.getvalue())


def test_after_a_wait_the_line_says_what_it_said_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    words = _shown(0, Terminal())
    said = [part for part in words.replace("\r", "\n").splitlines() if "…" in part]
    in_order = list(dict.fromkeys(part.partition(" ")[2] for part in said))
    assert in_order == ["asking Expensify …", "waiting …", "waiting again …"]
    last = [part.partition(" ")[2] for part in said]
    assert "asking Expensify …" in last[last.index("waiting …") :]


@pytest.mark.parametrize(
    ("verbosity", "stderr"),
    [
        pytest.param(-1, Terminal(), id="who wants it quiet is told nothing"),
        pytest.param(0, io.StringIO(), id="a pipe is told nothing"),
    ],
)
def test_nobody_looks(verbosity: int, stderr: io.StringIO) -> None:
    assert _shown(verbosity, stderr) == ""


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Served]:
    """Acme, to whom Expensify gives no turn for the next ten seconds."""
    with served_acme(tmp_path) as acme:
        settings = load(acme.config)
        expensify = settings.expensify
        user = (expensify.partner_user_id.reveal(), expensify.partner_user_secret.reveal())
        Limiter(settings.database.parent, *user, SystemClock()).wait_for_turn()
        (rates,) = settings.database.parent.glob("*.rate")
        rates.write_text(json.dumps([datetime.now(UTC).timestamp()] * 20))
        yield acme


@pytest.mark.parametrize(
    "command",
    [("run", "--once"), ("diff", "--refresh"), ("check",)],
    ids=" ".join,
)
def test_a_command_that_reads_shows_it_on_the_terminal(
    acme: Served, command: tuple[str, ...]
) -> None:
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "monitor", "--config", str(acme.config), *command],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        cwd=_ROOT,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    ) as running:
        os.close(theirs)
        written = b""
        while RATE_LIMIT.encode() not in written and (more := _read(ours)):
            written += more
        running.send_signal(signal.SIGINT)
        while _read(ours):
            pass
    os.close(ours)
    assert RATE_LIMIT in click.unstyle(written.decode(errors="replace"))


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # Linux says so when the other side is closed
        return b""
