"""A table that is wider than the terminal goes on below; elsewhere a row stays one line."""

from __future__ import annotations

import os
import subprocess
import sys
import termios
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.output.words import table
from tests.core.builders import a_report
from tests.scenarios.asking import ago
from tests.scenarios.memory import US, Memory, a_class

ROWS = [
    ("R-1", "Boston", "USD 812.00", "will fail", "class “Sales” is inactive in NetSuite"),
    ("R-20", "Rome", "USD 1,300.50", "may fail", ""),
]
_ROOT = Path(__file__).parents[1]


def test_without_a_terminal_a_row_is_one_line() -> None:
    assert table(ROWS) == [
        "R-1   Boston  USD 812.00    will fail  class “Sales” is inactive in NetSuite",
        "R-20  Rome    USD 1,300.50  may fail",
    ]


def test_where_it_fits_nothing_goes_below() -> None:
    assert table(ROWS, room=76) == table(ROWS)
    assert len(table(ROWS, room=75)) == 3


def test_what_does_not_fit_goes_below_in_columns_and_only_a_sentence_is_wrapped() -> None:
    assert table(ROWS, room=30) == [
        "R-1   Boston  USD 812.00",
        "    will fail",
        "    class “Sales” is inactive",
        "    in NetSuite",
        "R-20  Rome    USD 1,300.50",
        "    may fail",
    ]


def test_colours_take_no_room() -> None:
    painted = [(*row[:3], click.style(row[3], fg="red"), row[4]) for row in ROWS]
    assert [click.unstyle(line) for line in table(painted, room=40)] == table(ROWS, room=40)


@given(
    st.lists(st.tuples(*[st.text("ab-1", min_size=1, max_size=9)] * 4), min_size=1, max_size=4),
    st.integers(min_value=13, max_value=60),
)
def test_no_cell_is_ever_broken_and_no_line_is_wider(
    rows: list[tuple[str, ...]], room: int
) -> None:
    lines = table(rows, room=room)
    assert " ".join(lines).split() == [cell for row in rows for cell in row]
    assert max(map(len, lines)) <= room


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["what-if", "--inactivate", "class:12"], id="what-if"),
        pytest.param(["explain", f"{US}/class:12"], id="explain"),
    ],
)
def test_a_narrow_terminal_gets_its_tables_folded_a_pipe_does_not(
    tmp_path: Path, arguments: list[str]
) -> None:
    memory = Memory(tmp_path / "monitor.db", (US, "Acme US"))
    memory.reads(ago(minutes=5), a_class())
    memory.waits(a_report("R-1041", name="A long name of a trip to Boston and to New York"))
    command = [sys.executable, "-m", "monitor", "--db", str(memory.path), *arguments]
    whole = subprocess.run(command, capture_output=True, text=True, cwd=_ROOT, check=True).stdout
    narrow = _on_a_terminal(command, columns=60)
    rows = [line for line in narrow.splitlines() if line.startswith(("  R-", "    not", "    tag"))]
    assert rows and max(map(len, rows)) <= 60
    assert max(map(len, whole.splitlines())) > 100
    assert narrow.split() == whole.split()


def _on_a_terminal(command: list[str], *, columns: int) -> str:
    """What the command writes to a terminal of so many columns, without colours."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, columns))
    env = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    with subprocess.Popen(
        command, stdout=theirs, stderr=subprocess.DEVNULL, cwd=_ROOT, env=env
    ) as running:
        os.close(theirs)
        written = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    assert running.returncode == 0
    return click.unstyle(written.decode()).replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other side is closed
        return b""
